// What each stack runs, by the stack's id or by a cluster of one of its presets. States and messages of node programs
// differ; a runner is only ever used with its own program.

import { present } from '../base/assert.ts';
import type { ClusterSpec } from '../core/kernel/cluster-spec.ts';
import type { Presets } from './presets.ts';
import type { AnyProgram, TracedForm } from './runner-state.ts';
import type { StackRuntime } from './stack-runtime.ts';

export interface Programs {
  readonly programOf: (stack: string) => AnyProgram;
  readonly runtimeOf: (cluster: Pick<ClusterSpec, 'preset'>) => StackRuntime;
}

/** `traced`: the form of every stack's events. */
export function makePrograms(
  runtimes: readonly StackRuntime[],
  { stackOf }: Presets,
  traced: TracedForm,
): Programs {
  const byStack = new Map(runtimes.map((runtime) => [runtime.id, runtime]));
  const programs = new Map(
    runtimes.map(({ id, nodes }): [string, AnyProgram] => [id, { ...nodes, ...traced }]),
  );
  return {
    programOf: (stack) => present(programs.get(stack), `the stack ${stack}`),
    runtimeOf: (cluster) => present(byStack.get(stackOf(cluster)), 'a stack'),
  };
}
