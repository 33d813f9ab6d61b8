// The node program of each stack by the stack's id. Their states and messages differ; a runner is only ever used with its
// own program.

import { present } from '../base/assert.ts';
import { runtimes } from '../stacks/runtimes.ts';
import type { AnyProgram } from './stack.ts';

const byStack = new Map(runtimes.map(({ id, nodes }) => [id, nodes]));

export const programOf = (stack: string): AnyProgram => present(byStack.get(stack), `the stack ${stack}`);
