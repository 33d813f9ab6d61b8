// The small worlds of every stack in which fates of unsynced writes are tried.

import type { FateTable, FateWorld } from '../sim/stack-runtime.ts';
import { runtimes } from './runtimes.ts';

export const fateTables: readonly FateTable[] = runtimes.flatMap(({ fates }) => fates ?? []);

export const fateWorlds: readonly FateWorld[] = fateTables.flatMap(({ worlds }) => worlds);

export const findFateWorld = (name: string): FateWorld | undefined =>
  fateWorlds.find((world) => world.name === name);
