// What the nodes of each stack run, by the stack's id; and what else of a stack runs, by a cluster of one of its presets.
// States and messages of node programs differ; a runner is only ever used with its own program.

import { present } from '../base/assert.ts';
import type { ClusterSpec } from '../core/kernel/cluster-spec.ts';
import type { NodeProgram } from '../core/kernel/door.ts';
import { type Composition, makeNodeProgram } from '../core/kernel/node.ts';
import type { PresetNames } from './preset-names.ts';
import type { AnyProgram, TracedForm } from './runner-state.ts';
import type { StackRuntime } from './stack-runtime.ts';

/** The nodes of a stack: the roles composed, their messages and views. */
export type AnyNodes = NodeProgram<unknown, unknown>;

export interface StackNodes {
  /** The stack's. */
  readonly id: string;
  readonly nodes: AnyNodes;
}

/** A stack's nodes, of the roles that it composes. */
export const nodesOf = (id: string, of: Composition): StackNodes => ({
  id,
  nodes: makeNodeProgram(of) as unknown as AnyNodes,
});

export type ProgramOf = (stack: string) => AnyProgram;

export interface Programs {
  readonly programOf: ProgramOf;
  readonly runtimeOf: (cluster: Pick<ClusterSpec, 'preset'>) => StackRuntime;
}

/** `traced`: the form of every stack's events. */
export function makeProgramOf(all: readonly StackNodes[], traced: TracedForm): ProgramOf {
  const programs = new Map(all.map(({ id, nodes }): [string, AnyProgram] => [id, { ...nodes, ...traced }]));
  return (stack) => present(programs.get(stack), `the stack ${stack}`);
}

export function makeRuntimeOf(
  runtimes: readonly StackRuntime[],
  { stackOf }: PresetNames,
): Programs['runtimeOf'] {
  const byStack = new Map(runtimes.map((runtime) => [runtime.id, runtime]));
  return (cluster) => present(byStack.get(stackOf(cluster)), 'a stack');
}
