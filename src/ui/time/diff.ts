// Differences between a node here and in the branch it is compared with: its state, and the numbers that a person reads
// on its card and in the lenses. Pure.

import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { viewOf } from '../../state/role-views.ts';

/** `=` the same, `Δ` another value, `+` only here, `-` only there. */
export type DiffSign = '=' | 'Δ' | '+' | '-';

export const signHues: Readonly<Record<DiffSign, string>> = {
  '=': 'var(--text-muted)',
  Δ: 'var(--hole)',
  '+': 'var(--ack)',
  '-': 'var(--fence)',
};

export interface ValuePair {
  readonly name: string;
  readonly here: string | null;
  readonly there: string | null;
  readonly sign: DiffSign;
}

/** The numbers of a node by name, in the order of its card. */
export function valuesOf(node: NodeFrame): ReadonlyMap<string, string> {
  const values = new Map<string, string>([
    ['status', node.status],
    ['life', String(node.life)],
  ]);
  if (node.status !== 'up' && node.status !== 'frozen') return values;
  const add = (name: string, value: string | number): void => void values.set(name, String(value));
  const store = viewOf(node, 'store');
  for (const { group, scl, ncl, holeCount } of store?.groups ?? []) {
    add(`SCL ${group}`, scl);
    add(`NCL ${group}`, ncl);
    add(`holes ${group}`, holeCount);
  }
  const writer = viewOf(node, 'compute');
  if (writer !== null) {
    const { state, vdl, vcl, tail, token } = writer;
    for (const [name, value] of Object.entries({ state, VDL: vdl, VCL: vcl, tail, token })) add(name, value);
    for (const { group, pgcl } of writer.groups) add(`PGCL ${group}`, pgcl);
  }
  const driver = viewOf(node, 'driver');
  if (driver !== null) {
    add('ok', driver.ok);
    add('clients', driver.clients);
  }
  return values;
}

export function compareNodes(
  here: NodeFrame | undefined,
  there: NodeFrame | undefined,
): readonly ValuePair[] {
  const mine = here === undefined ? new Map<string, string>() : valuesOf(here);
  const other = there === undefined ? new Map<string, string>() : valuesOf(there);
  return [...new Set([...mine.keys(), ...other.keys()])].map((name) => {
    const a = mine.get(name) ?? null;
    const b = other.get(name) ?? null;
    return { name, here: a, there: b, sign: a === b ? '=' : a === null ? '-' : b === null ? '+' : 'Δ' };
  });
}

/** One sign for a node: up here and not there is `+`, the other way round `-`, otherwise whether anything differs. */
export function signOf(here: NodeFrame | undefined, there: NodeFrame | undefined): DiffSign {
  const isHere = here?.status === 'up' || here?.status === 'frozen';
  const isThere = there?.status === 'up' || there?.status === 'frozen';
  if (isHere !== isThere) return isHere ? '+' : '-';
  return compareNodes(here, there).some(({ sign }) => sign !== '=') ? 'Δ' : '=';
}
