// A node by the tables of its roles: its cards, icon, height and accessible name. The leading role of a node that has several
// is the first in the registry's order. Files of src/ui/stacks/<id> do not import this one: the registry imports them.

import { CircleHelp, type LucideIcon } from 'lucide-react';
import type { Role, RoleView } from '../../core/kernel/view.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import type { Translate } from '../i18n/i18n.ts';
import { worded } from '../kit/term.tsx';
import { uiStacks } from '../stacks/registry.ts';
import type { RoleCard, RoleDetails } from '../stacks/stack-ui.ts';
import type { Belief } from './knowledge.ts';
import { type CardMark, healthOf, healthText, joinNames } from './node-facts.ts';

interface HasRoles {
  readonly roles: readonly Role[];
}

type MayReport = HasRoles & Partial<Pick<NodeFrame, 'view'>>;

const allCards = uiStacks.flatMap(({ cards = [] }) => cards);
const roleCards = allCards.filter(({ fits }) => fits === undefined);

/** The cards of a node's roles, the leading one first: of each the one that its view fits. */
export const cardsOf = ({ roles, view }: MayReport): readonly RoleCard[] =>
  roleCards
    .filter(({ role }) => roles.includes(role))
    .map((card) => {
      const own = view?.roles.find(({ role }) => role === card.role);
      return (own && allCards.find(({ role, fits }) => role === card.role && fits?.(own))) ?? card;
    });

/** Undefined: no stack knows any of its roles. */
export const leadOf = (node: MayReport): RoleCard | undefined => cardsOf(node)[0];

export function roleIcon(node: MayReport): LucideIcon {
  const lead = leadOf(node);
  const view = node.view?.roles.find(({ role }) => role === lead?.role);
  return (view && lead?.iconOf?.(view)) ?? lead?.icon ?? CircleHelp;
}

/** What the node last reported of a role; null: nothing yet. */
export const viewOf = (node: NodeFrame, role: RoleView['role']): RoleView | null =>
  node.view?.roles.find((view) => view.role === role) ?? null;

export interface ReportedRole {
  readonly card: RoleCard;
  readonly view: RoleView;
}

/** The roles of which there is a view, the leading one first. */
export const reportedRoles = (node: NodeFrame): readonly ReportedRole[] =>
  cardsOf(node).flatMap((card) => {
    const view = viewOf(node, card.role);
    return view === null ? [] : [{ card, view }];
  });

/** The watermarks of its leading role, those of the group that is looked at first. */
export function cardMarks(node: NodeFrame, t: Translate, group: string | null): readonly CardMark[] {
  const [lead] = reportedRoles(node);
  return lead === undefined ? [] : lead.card.marks(lead.view, t, group);
}

/** "storage replica": what a card from far has its icon for, without groups. */
const shortName = (card: RoleCard, node: NodeFrame, t: Translate): string =>
  card.name(card.iconOf === undefined ? null : viewOf(node, card.role), t);

/** Of its leading role, as its icon is. */
export function leadName(node: NodeFrame, t: Translate): string {
  const lead = leadOf(node);
  return lead === undefined ? '' : shortName(lead, node, t);
}

/** Of all its roles. */
export const roleNames = (node: NodeFrame, t: Translate): string =>
  joinNames(
    cardsOf(node).map((card) => shortName(card, node, t)),
    t,
  );

/** "store-3, storage replica of g1 and g2, up, has all up to 111 and 110, 4 holes": the name the map and tests know a node by. */
export function nodeName(node: NodeFrame, t: Translate): string {
  const roles = cardsOf(node).map((card) => card.name(viewOf(node, card.role), t));
  const spoken = reportedRoles(node).flatMap(({ card, view }) => card.spoken?.(view, t) ?? []);
  const parts = [node.id, joinNames(roles, t), healthText(healthOf(node), t), ...spoken];
  return worded(parts.join(t('list.comma')));
}

let details: ReadonlyMap<RoleCard, RoleDetails> = new Map();

/** Loads what outline, inspector and point of view say of roles; they are loaded together with it. */
export async function loadRoleDetails(): Promise<void> {
  details = new Map(await Promise.all(allCards.map(async (card) => [card, await card.details()] as const)));
}

/** Of a node's roles, the leading one first; empty before they are loaded. */
export const detailsOf = (node: MayReport): readonly RoleDetails[] =>
  cardsOf(node).flatMap((card) => details.get(card) ?? []);

/** What `viewer` knows of `other`; of itself it knows everything, which is not listed here. */
export const beliefsOf = (viewer: NodeFrame, other: NodeFrame): readonly Belief[] =>
  detailsOf(viewer).flatMap((one) => {
    const view = viewOf(viewer, one.role);
    return view === null ? [] : (one.beliefs?.(view, other) ?? []);
  });
