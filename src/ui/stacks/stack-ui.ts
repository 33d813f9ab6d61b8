// What one architecture adds to the page, as tables that the registry (src/ui/stacks/registry.ts) merges: the card and the
// details of each of its roles. A stack's folder may read every part of the page below it; the shell reads the registry.

import type { LucideIcon } from 'lucide-react';
import type { ComponentType, ReactNode } from 'react';
import type { RoleView } from '../../core/kernel/view.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import type { InspectorTab } from '../../state/selection-store.ts';
import type { LensId } from '../../state/settings-store.ts';
import type { PlainKey, Translate } from '../i18n/i18n.ts';
import type { LensEntry } from '../lens/lens-entry.ts';
import type { Asked } from '../model/asked-value.ts';
import type { Belief } from '../model/knowledge.ts';
import type { CardMark } from '../model/node-facts.ts';

export interface StackUi {
  readonly id: string;
  /** Of every role, the leading role of a node that has several first. */
  readonly cards?: readonly RoleCard[];
  /** Beside those of any architecture; the id of each extends `LensIds`. */
  readonly lenses?: readonly LensEntry[];
  /** Lenses of another architecture that a run of this one has as well: they read roles that both have. */
  readonly sharedLenses?: readonly LensId[];
  /** Where a value of a result comes from; `place` is whose requests for views it makes. */
  readonly Provenance?: ComponentType<{ readonly asked: Asked; readonly place?: string }>;
}

/** Rows of a zone: compute above, storage below, clients and control beside them in a column of their own. */
export type CardPlace = 'sideTop' | 'sideBottom' | 'upper' | 'lower';
export type Layer = 'compute' | 'storage' | 'control';

export interface RolePart<V extends RoleView> {
  readonly node: NodeFrame;
  readonly view: V;
  readonly t: Translate;
}

interface StripsPlace<V extends RoleView> {
  readonly view: V;
  readonly x: number;
  readonly y: number;
  /** Most of them. */
  readonly most: number;
}

/**
 * A role on the map. Functions are methods so that a table holds cards of all roles: each is called with views of its own
 * role only (model/role-cards.ts). A role that the node has but has not reported yet has no view.
 */
export interface RoleCard<V extends RoleView = RoleView> {
  readonly role: V['role'];
  readonly icon: LucideIcon;
  /** Of a card that takes the place of its role's where an architecture reports more; the role's own has none. */
  fits?(view: V): boolean;
  /** Where nodes of the role differ by what they report. */
  iconOf?(view: V): LucideIcon;
  readonly place: CardPlace;
  readonly layer: Layer;
  /** Links between two such nodes run in arcs below their row. */
  readonly hasArcs?: true;
  name(view: V | null, t: Translate): string;
  /** Watermarks and counts of the node's accessible name, after its health. */
  spoken?(view: V, t: Translate): readonly string[];
  /** The two to four watermarks that matter to the role; `group`: the one that is looked at, whose come first. */
  marks(view: V, t: Translate, group: string | null): readonly CardMark[];
  /** In plain wording the one figure that matters, after its words: "has g2 up to 277". A card without one is as in the field's. */
  plain?(view: V, t: Translate, group: string | null): CardMark;
  /** Below it what the node has: its log, its tablets, its statement. */
  Strip?(part: RolePart<V>): ReactNode;
  /** How the role does, in a word beside the node's name. */
  Chip(part: RolePart<V>): ReactNode;
  /** What is wrong, at the right end of the card's head. */
  Alert?(part: RolePart<V>): ReactNode;
  /** In its place on the card of a node that has no other role. */
  Note?(part: RolePart<V>): ReactNode;
  Body(part: RolePart<V>): ReactNode;
  /** Of the body, in the exported picture of the map: SVG from this place. */
  Strips?(place: StripsPlace<V>): ReactNode;
  Foot(part: RolePart<V>): ReactNode;
  /** At the right end of the foot while the node is down. */
  downNote?(view: V, t: Translate): string;
  /** What outline, inspector and point of view say of the role; loaded with the first of them. */
  details(): Promise<RoleDetails<V>>;
}

export interface GroupLine {
  /** Among the groups of its role. */
  readonly key: string;
  /** Of the group, for its menu. */
  readonly id: string;
  readonly text: string;
}

export interface RoleDetails<V extends RoleView = RoleView> {
  readonly role: V['role'];
  /** Its line of the outline, after name and boot epoch; null parts are left out. */
  words(view: V, t: Translate): readonly (string | null)[];
  /** Its lines below that. */
  groups?(view: V, t: Translate): readonly GroupLine[];
  /** Its section of the inspector's summary. */
  Summary?(props: { readonly view: V; readonly node: string }): ReactNode;
  /** Tabs of its own in the inspector, shown even while there is no view. */
  readonly tabs?: readonly {
    readonly tab: InspectorTab;
    readonly label: PlainKey;
    readonly Body: (props: { readonly node: NodeFrame }) => ReactNode;
  }[];
  /** What the role has cached of another node, beside what is true there. */
  beliefs?(view: V, other: NodeFrame): readonly Belief[];
}
