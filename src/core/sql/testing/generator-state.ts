// What the generator of statements keeps from one to the next, and what all its parts draw with.

import { nextBelow, type Prng } from '../../../base/prng.ts';
import type { ColumnType } from '../access.ts';
import type { Relation } from './generator-query.ts';
import type { GeneratorTable } from './generator-schema.ts';

export interface Generator {
  readonly prng: Prng;
  table: GeneratorTable | null;
  /** Values of the parameters used so far; null when there are to be none. */
  params: string[] | null;
  inBlock: boolean;
  /** Aliases of relations used so far. */
  aliases: number;
  /** WITH queries of the statement. */
  ctes: Relation[];
  /** Both databases have pg_catalog and information_schema. */
  readonly hasSystem: boolean;
  /** No expression that can fail: where the order of evaluation is open, errors would depend on it. */
  safe: boolean;
}

export function pick<T>(prng: Prng, list: readonly T[]): T {
  const item = list[nextBelow(prng, list.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** Makes an expression of a type, less deep. */
export type Inner = (type: ColumnType) => string;

/** Bounded in safe mode, so that arithmetic stays in range. */
export const small = (g: Generator, e: string): string => (g.safe ? `mod(${e}, 1000)` : e);
