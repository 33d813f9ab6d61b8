// Every action a tape may hold: the world's own (src/sim/actions) and those of the stacks, as one typed union, and the tables of
// a tape. Parser, printer, checks, fabric, menus, palette and CLI read these tables.

import { mergeTables } from '../base/merge-tables.ts';
import { clientActions } from './actions/clients.ts';
import type { ActionKind, ActionsOf, StackActions } from './actions/define.ts';
import { diskActions } from './actions/disk.ts';
import { hostActions } from './actions/host.ts';
import { linkActions } from './actions/links.ts';
import { messageActions } from './actions/messages.ts';
import { nodeActions } from './actions/nodes.ts';
import { powerActions } from './actions/power.ts';
import { makeTargets, type Targets } from './actions/targets.ts';
import { timeActions } from './actions/time.ts';
import type { CrashMoments } from './crash-points.ts';
import type { NodeKinds } from './node-templates.ts';
import type { Presets } from './presets.ts';

const worldActions = (moments: CrashMoments) =>
  [
    powerActions(moments),
    timeActions,
    diskActions,
    linkActions,
    messageActions,
    clientActions,
    nodeActions,
  ] as const;

export type TapeAction =
  | ActionsOf<ReturnType<typeof worldActions>[number]>
  | ActionsOf<StackActions[keyof StackActions]>
  | ActionsOf<typeof hostActions>;

export type ActionName = TapeAction['kind'];
export type ActionOf<K extends ActionName> = Extract<TapeAction, { kind: K }>;

/** What the lines of a tape are read, printed, checked and done with. */
export interface TapeTables {
  /** In the order in which an unknown word is compared with them. */
  readonly kinds: Readonly<Record<ActionName, ActionKind>>;
  readonly names: readonly ActionName[];
  readonly targets: Targets;
  readonly nodes: NodeKinds;
  readonly presets: Presets;
}

/** `actions`: tables of the stacks. */
export function makeTapeTables(
  actions: readonly Readonly<Record<string, ActionKind>>[],
  moments: CrashMoments,
  nodes: NodeKinds,
  presets: Presets,
): TapeTables {
  const kinds: TapeTables['kinds'] = mergeTables('tape action', [
    ...worldActions(moments),
    ...actions,
    hostActions,
  ]);
  const names = Object.keys(kinds) as ActionName[];
  return { kinds, names, targets: makeTargets(nodes), nodes, presets };
}
