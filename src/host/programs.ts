// The node programs by name. Their states and messages differ; a runner is only ever used with its own program.

import type { NodeProgram } from '../core/door.ts';
import { clusterProgram } from '../core/node.ts';
import { toyProgram } from '../sim/toy/toy-program.ts';
import type { ProgramName } from './worker-messages.ts';

export type AnyProgram = NodeProgram<unknown, unknown>;

export const programs: Readonly<Record<ProgramName, AnyProgram>> = {
  cluster: clusterProgram as unknown as AnyProgram,
  toy: toyProgram as unknown as AnyProgram,
};
