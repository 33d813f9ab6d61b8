// The node programs by name. Their states and messages differ; a runner is only ever used with its own program.

import type { NodeProgram } from '../core/kernel/door.ts';
import { clusterProgram } from '../core/kernel/node.ts';
import { toyProgram } from './toy/toy-program.ts';

export type ProgramName = 'cluster' | 'toy';

export type AnyProgram = NodeProgram<unknown, unknown>;

export const programs: Readonly<Record<ProgramName, AnyProgram>> = {
  cluster: clusterProgram as unknown as AnyProgram,
  toy: toyProgram as unknown as AnyProgram,
};
