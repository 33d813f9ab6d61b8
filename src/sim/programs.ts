// What each stack runs, by the stack's id or by a cluster of one of its presets. States and messages of node programs
// differ; a runner is only ever used with its own program.

import { present } from '../base/assert.ts';
import type { ClusterSpec } from '../core/kernel/door.ts';
import { runtimes } from '../stacks/runtimes.ts';
import { stackOf } from './presets.ts';
import type { AnyProgram, StackRuntime } from './stack.ts';

const byStack = new Map(runtimes.map((runtime) => [runtime.id, runtime]));

export const programOf = (stack: string): AnyProgram =>
  present(byStack.get(stack), `the stack ${stack}`).nodes;

export const runtimeOf = (cluster: Pick<ClusterSpec, 'preset'>): StackRuntime =>
  present(byStack.get(stackOf(cluster)), 'a stack');
