// Type of a fault registry entry, and helpers that its entries share: the parts of what they are done to.

import type { LucideIcon } from 'lucide-react';
import { type NodeId, nodeId, time } from '../../base/ids.ts';
import type { Role } from '../../core/kernel/view.ts';
import type { Lab } from '../../lab/api.ts';
import type { NodeFrame, WorldFrame } from '../../run-model/picture/frame.ts';
import type { LinkTarget } from '../../sim/actions/define.ts';
import type { TapeAction } from '../../sim/tape-actions.ts';
import type { Panel } from '../../state/selection-store.ts';
import type { MessageKey } from '../i18n/i18n.ts';
import type { MenuSubject } from './menu-store.ts';
import '../../words/faults/operation.en.json';

/** An action without its time: the lab gives it the next window's. */
type Untimed<A> = A extends unknown ? Omit<A, 'at'> : never;
export type NewAction = Untimed<TapeAction>;

export type FaultTarget = MenuSubject['kind'];
export type FaultKey = 'C' | 'R' | 'Z' | 'X' | 'H' | 'P';

export interface FaultContext {
  readonly frame: WorldFrame;
  readonly subject: MenuSubject;
  /** Selected nodes, for what is done to several. */
  readonly selection: readonly string[];
}

/**
 * What choosing an entry does: one action on the tape, a panel that asks for the rest, or, for what is no action by
 * itself (the view, a rare event made of several actions), a call.
 */
export type FaultEffect =
  | { readonly kind: 'act'; readonly action: NewAction }
  /** One after the other; the first that is refused ends it. */
  | { readonly kind: 'actions'; readonly actions: readonly NewAction[] }
  | { readonly kind: 'panel'; readonly panel: Panel }
  | { readonly kind: 'run'; readonly run: (lab: Lab) => void };

/** Why an entry is not offered now, in words. */
export interface Refusal {
  readonly key: MessageKey;
  readonly names?: Readonly<Record<string, string | number>>;
}

/** Entries of one section stand together in a submenu; `main` in the menu itself. */
export type FaultSection =
  | 'main'
  | 'crashBefore'
  | 'crashAfter'
  | 'replica'
  | 'move'
  | 'lead'
  | 'time'
  | 'disk'
  | 'impair'
  | 'dropNext'
  | 'holdNext'
  | 'rare'
  | 'power';

export interface FaultEntry {
  readonly id: string;
  readonly target: FaultTarget;
  readonly section: FaultSection;
  /** Entry behind which a stack's entry stands; without it at the end. */
  readonly after?: string;
  readonly label: MessageKey;
  readonly icon: LucideIcon;
  readonly key?: FaultKey;
  /** Parameters of the label, from what it is done to. */
  readonly names?: (context: FaultContext) => Readonly<Record<string, string | number>>;
  /** False: shown but not offered now (a node that is down cannot be crashed). */
  readonly enabled: (context: FaultContext) => boolean;
  /** False: not shown for this subject at all. */
  readonly shown?: (context: FaultContext) => boolean;
  /** Of what an operator orders: what it would do. Takes the label's parameters. */
  readonly does?: MessageKey;
  /** Likewise: why it is not offered now; null: it is. */
  readonly refusal?: (context: FaultContext) => Refusal | null;
  readonly effect: (context: FaultContext) => FaultEffect;
}

/** What says itself why it is not offered. */
export const unless = (
  refusal: NonNullable<FaultEntry['refusal']>,
): Required<Pick<FaultEntry, 'enabled' | 'refusal'>> => ({
  refusal,
  enabled: (context) => refusal(context) === null,
});

/** An entry as its file writes it: for that file's target, in `main` unless it says otherwise. */
export type PartEntry = Omit<FaultEntry, 'target' | 'section'> & Partial<Pick<FaultEntry, 'section'>>;

export const inSection = (section: FaultSection, entries: readonly PartEntry[]): readonly PartEntry[] =>
  entries.map((entry) => ({ ...entry, section }));

export const act = (action: NewAction): FaultEffect => ({ kind: 'act', action });
export const open = (panel: Panel): FaultEffect => ({ kind: 'panel', panel });
export const always = (): boolean => true;

/** The action with a time that the printer needs; the lab replaces it by the next window's. */
export const timed = (action: NewAction): TapeAction => ({ ...action, at: time(0) });

export const subjectNode = ({ subject }: FaultContext): NodeId =>
  nodeId(subject.kind === 'node' ? subject.id : '');
export const frameOf = (context: FaultContext): NodeFrame | undefined =>
  context.frame.nodes.find(({ id }) => id === subjectNode(context));
export const statusOf = (context: FaultContext): NodeFrame['status'] => frameOf(context)?.status ?? 'down';
export const isDown = (context: FaultContext): boolean => statusOf(context) === 'down';
export const isUp = (context: FaultContext): boolean => !isDown(context);
export const whileDown = (context: FaultContext): Refusal | null =>
  isDown(context) ? { key: 'operation.down', names: { node: subjectNode(context) } } : null;
export const hasRole = (context: FaultContext, ...roles: readonly Role[]): boolean =>
  frameOf(context)?.roles.some((role) => roles.includes(role)) === true;

export interface Ends {
  readonly a: NodeId;
  readonly b: NodeId;
}
export const endsOf = ({ subject }: FaultContext): Ends =>
  subject.kind === 'link' ? { a: nodeId(subject.a), b: nodeId(subject.b) } : { a: nodeId(''), b: nodeId('') };
export const bothWays = ({ a, b }: Ends): LinkTarget => ({ from: [a], to: [b], isBothWays: true });
export const oneWay = (from: NodeId, to: NodeId): LinkTarget => ({
  from: [from],
  to: [to],
  isBothWays: false,
});
