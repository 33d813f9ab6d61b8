// The small worlds of every stack in which fates of unsynced writes are tried.

import { runtimes } from '../../stacks/runtimes.ts';
import type { FateTable, FateWorld } from '../stack.ts';

export const fateTables: readonly FateTable[] = runtimes.flatMap(({ fates }) => fates ?? []);

export const fateWorlds: readonly FateWorld[] = fateTables.flatMap(({ worlds }) => worlds);

export const findFateWorld = (name: string): FateWorld | undefined =>
  fateWorlds.find((world) => world.name === name);
