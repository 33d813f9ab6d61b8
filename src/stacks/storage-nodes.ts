// The nodes of every architecture that has some which keep logs, chunks, objects or metadata and run no SQL, one line each: their program is a
// third as long, and it is what most workers of a cluster have to read before they start.

import type { StackNodes } from '../sim/programs.ts';
import { cynosdbStorage } from './cynosdb/storage-nodes.ts';
import { polardbStorage } from './polardb/storage-nodes.ts';

export const storageOfStacks: readonly StackNodes[] = [cynosdbStorage, polardbStorage];
