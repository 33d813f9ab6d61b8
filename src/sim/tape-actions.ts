// Every action a tape may hold: the world's own (src/sim/actions) and those of the stacks, as one typed union and one
// table. Parser, printer, checks, fabric, menus, palette and CLI read this table.

import { mergeTables } from '../base/merge-tables.ts';
import { stackActions } from '../stacks/actions.ts';
import { clientActions } from './actions/clients.ts';
import type { ActionKind, ActionsOf, StackActions } from './actions/define.ts';
import { diskActions } from './actions/disk.ts';
import { hostActions } from './actions/host.ts';
import { linkActions } from './actions/links.ts';
import { messageActions } from './actions/messages.ts';
import { nodeActions } from './actions/nodes.ts';
import { powerActions } from './actions/power.ts';
import { timeActions } from './actions/time.ts';

const worldActions = [
  powerActions,
  timeActions,
  diskActions,
  linkActions,
  messageActions,
  clientActions,
  nodeActions,
] as const;

export type TapeAction =
  | ActionsOf<(typeof worldActions)[number]>
  | ActionsOf<StackActions[keyof StackActions]>
  | ActionsOf<typeof hostActions>;

export type ActionName = TapeAction['kind'];
export type ActionOf<K extends ActionName> = Extract<TapeAction, { kind: K }>;

/** In the order in which an unknown word is compared with them. */
export const actionKinds: Readonly<Record<ActionName, ActionKind>> = mergeTables('tape action', [
  ...worldActions,
  ...stackActions.map(({ actions }) => actions),
  hostActions,
]);

export const actionNames: readonly ActionName[] = Object.keys(actionKinds) as ActionName[];
