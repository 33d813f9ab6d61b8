// What a tape action is, as one definition: its target and arguments (from which its type, parser, printer and random
// draw follow), its limits, the action that undoes it, and what it does to the world. A stack adds actions of its own to
// the typed union by merging its table into `StackActions`.

import type { NodeId, Time } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Params } from '../../core/kernel/params.ts';
import type { Role } from '../../core/kernel/view.ts';
import type { Refusal } from '../../presets/refusals.ts';
import type { ActionHost, Fabric } from '../fabric-state.ts';
import type { FaultPart } from '../fault-parts.ts';
import type { NodeKinds } from '../node-templates.ts';
import type { Arg } from './args.ts';

/** Both ends of link faults: every pair of a node in `from` and one in `to`, this way or both ways. */
export interface LinkTarget {
  readonly from: readonly NodeId[];
  readonly to: readonly NodeId[];
  readonly isBothWays: boolean;
}

/** One node's disk as of the last thing it committed before a power cut, as the browser's database has it. */
export interface PowerStamp {
  readonly node: NodeId;
  readonly until: Time;
  readonly ordinal: number;
  readonly life: number;
  /** Running hash of that life at the stamp, 16 hex digits. */
  readonly hash: string;
  /** Digest of the durable image, 16 hex digits. */
  readonly disk: string;
}

interface OnNode {
  readonly node: NodeId;
}

/** What an action is done to: decides where a menu offers it and what its line names first. */
export interface TargetFields {
  readonly node: OnNode;
  readonly driver: OnNode;
  readonly writer: OnNode;
  readonly store: OnNode;
  readonly pcs: OnNode;
  readonly nodes: { readonly nodes: readonly NodeId[] };
  readonly sides: { readonly sides: readonly (readonly NodeId[])[] };
  readonly link: { readonly link: LinkTarget };
  /** `<from>.<sequence>.<copy>` */
  readonly message: { readonly message: string };
  readonly world: object;
}
export type ActionTarget = keyof TargetFields;

export type Args = Readonly<Record<string, Arg<unknown>>>;
export type ArgFields<A> = { readonly [K in keyof A]: A[K] extends Arg<infer T> ? T : never };

/** Undone by itself after `forUs`; null: stays. */
type Lasting<U> = U extends string ? { readonly forUs: number | null } : object;

type Fields<T extends ActionTarget, A, U> = TargetFields[T] & ArgFields<A> & Lasting<U>;

/** Methods, not function types: a table holds kinds of different fields, each called with an action of its own kind. */
interface Behaviour<F> {
  /** Node that it may be done to besides those of its target. */
  readonly alsoFor?: readonly Role[];
  /** Nodes that it names besides its target; all of them must exist. */
  names?(action: F): readonly NodeId[];
  /** Why it cannot be done in this world, or null; takes the place of the target's own check of its form. */
  check?(action: F & Timed, cluster: ClusterSpec, params: Params, kinds: NodeKinds): Refusal | null;
  /** Does it at the fabric's time; false when there was nothing to do it to. */
  do(fabric: Fabric, action: F & Timed, host: ActionHost): boolean;
  /** Of a fault that stays, asked once it is done: what it has changed, all of which its end changes back. */
  parts?(fabric: Fabric, action: F): readonly FaultPart[];
  /** Its end, after `forUs`. */
  end?(fabric: Fabric, action: F & Timed): boolean;
  /** Time between doing it and its effect, from which `forUs` counts. */
  delayUs?(action: F): number;
}

interface Timed {
  readonly at: Time;
}

export interface ActionKind<F = object> extends Behaviour<F> {
  readonly target: ActionTarget;
  /** By name, in their order on the line. */
  readonly args: Args;
  /** True: takes `for <time> ms`, after which `end` is done. */
  readonly isLasting: boolean;
  /** The action that undoes it, if one does. */
  readonly undo: string | null;
  /** True for faults, false for what clients and operators do. */
  readonly isFault: boolean;
}

interface Definition<T extends ActionTarget, A, U> extends Behaviour<NoInfer<Fields<T, A, U>>> {
  readonly target: T;
  readonly args?: A;
  readonly undo?: U;
  readonly isFault?: true;
}

/** One entry of a table of actions; its key there is the word on the tape. */
export const defineAction = <
  T extends ActionTarget,
  A extends Args = Record<never, never>,
  U extends string | null = null,
>(
  definition: Definition<T, A, U>,
): ActionKind<Fields<T, A, U>> => ({
  ...definition,
  args: definition.args ?? {},
  isLasting: definition.undo !== undefined,
  undo: definition.undo ?? null,
  isFault: definition.isFault === true,
});

/** Tables of the stacks' actions, by stack: each stack declares its own here (`declare module`). */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the stacks
export interface StackActions {}

export interface StackTapeActions {
  readonly id: string;
  /** Tape actions that only this stack has, by their word on the tape. */
  readonly actions: Readonly<Record<string, ActionKind>>;
}

type Flat<T> = { readonly [K in keyof T]: T[K] };

/** The actions of a table, as a union by `kind`. */
export type ActionsOf<Table> = Table extends unknown
  ? {
      [K in keyof Table]: Table[K] extends ActionKind<infer F> ? Flat<Timed & { kind: K } & F> : never;
    }[keyof Table]
  : never;
