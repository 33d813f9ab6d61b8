// What a node shows of itself: one plain view per role, computed where the node lives (`nodeView`), pure and tested
// headless. The screen draws nothing else. Each role's view is in a file of its own.

import type { NodeId, Time } from '../../base/ids.ts';
import type { AgentView } from './agent-view.ts';

/** The view of each role: who plays it declares it (declaration merging), and with it `Role` and `RoleView`. */
// biome-ignore lint/suspicious/noEmptyInterface: rooms extend it
export interface RoleViews {}

/** What a node hosts: the roles that have a view. */
export type Role = keyof RoleViews;

export type RoleView = RoleViews[Role];

/** A node's roles in the order of its configuration. */
export interface NodeView {
  readonly node: NodeId;
  /** The node's clock at its last input: ages in the view are as of then. Absent: nothing in it ages. */
  readonly now?: Time;
  readonly roles: readonly RoleView[];
  /** Once it has a configuration, where a lens asks for the metadata. */
  readonly agent?: AgentView;
}
