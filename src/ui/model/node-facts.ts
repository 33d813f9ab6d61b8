// What every part of the page may ask of a node: the views of its roles, its health, its holes. Pure.

import type { DriverView } from '../../core/client/driver-view.ts';
import type { ComputeView } from '../../core/compute/compute-view.ts';
import type { RoleView } from '../../core/kernel/view.ts';
import { openHoles, type StoreView } from '../../core/log-store/store-view.ts';
import type { ObjectStoreView } from '../../core/object-store/object-store-view.ts';
import type { MetaView } from '../../core/pcs/pcs-view.ts';
import type { NodeState } from '../../core/placement/placement-state.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import type { Translate } from '../i18n/i18n.ts';

/** `failed`: the engine stopped at an error of its own; `refusing`: it runs and says why it does not serve a group. */
export type Health = 'up' | 'opening' | 'down' | 'frozen' | 'failed' | 'refusing' | 'fenced' | 'recovering';

type RoleOf<K extends RoleView['role']> = Extract<RoleView, { role: K }>;

function findRole<K extends RoleView['role']>(node: NodeFrame | undefined, kind: K): RoleOf<K> | null {
  for (const role of node?.view?.roles ?? []) if (isRole(role, kind)) return role;
  return null;
}

function isRole<K extends RoleView['role']>(role: RoleView, kind: K): role is RoleOf<K> {
  return role.role === kind;
}

export const storeOf = (node: NodeFrame | undefined): StoreView | null => findRole(node, 'store');
export const computeOf = (node: NodeFrame | undefined): ComputeView | null => findRole(node, 'compute');
export const metaOf = (node: NodeFrame | undefined): MetaView | null => findRole(node, 'meta');
export const driverOf = (node: NodeFrame | undefined): DriverView | null => findRole(node, 'driver');
export const objectStoreOf = (node: NodeFrame | undefined): ObjectStoreView | null =>
  findRole(node, 'objectStore');

export function healthOf(node: NodeFrame): Health {
  if (node.status !== 'up') return node.status;
  const compute = computeOf(node);
  if (compute?.mode === 'ro') return compute.state === 'open' ? 'up' : 'opening';
  if (compute?.state === 'fenced') return 'fenced';
  if (compute !== null && compute.state !== 'open' && compute.state !== 'waiting') {
    // A node that writes several volumes is up while one of them is.
    if (!compute.others.some(({ mode, state }) => mode === 'rw' && state === 'open')) return 'recovering';
  }
  const refusals =
    storeOf(node)
      ?.groups.map(({ failed }) => failed)
      .filter((failed) => failed !== null) ?? [];
  if (refusals.length > 0) return refusals.every((failed) => failed === 'UNCHECKED') ? 'opening' : 'refusing'; // WAL-75
  return 'up';
}

type NodesById = Readonly<Record<string, NodeFrame>>;

/** Of one picture: each of its cards asks for it. */
const leaders = new WeakMap<NodesById, MetaView | null>();

/** The metadata's leader; one that was deposed and does not know leads in an older term. */
function leaderIn(nodes: NodesById): MetaView | null {
  const known = leaders.get(nodes);
  if (known !== undefined) return known;
  let leader: MetaView | null = null;
  for (const node of Object.values(nodes)) {
    const meta = node.status === 'up' ? metaOf(node) : null;
    if (meta?.member === 'leader' && !(leader !== null && leader.term > meta.term)) leader = meta;
  }
  leaders.set(nodes, leader);
  return leader;
}

/**
 * What the leader of the PCS holds the node to be by its heartbeats (PCS-81, PCS-82), once that, or the node itself, is not well; null:
 * both are, or nobody leads.
 */
export function pcsStateOf(nodes: NodesById, id: string): NodeState | null {
  const leader = leaderIn(nodes);
  const state = leader?.nodes.find(({ node }) => node === id)?.state ?? null;
  return state === 'up' && nodes[id]?.status === 'up' ? null : state;
}

export interface HoleCount {
  readonly holes: number;
  readonly asked: number;
}

export function countHoles(store: StoreView | null): HoleCount {
  let holes = 0;
  let asked = 0;
  for (const group of store?.groups ?? []) {
    holes += openHoles(group);
    asked += group.sentCount;
  }
  return { holes, asked };
}

/** How often the node has started, as its own disk counts it; null while it has not said. */
export function bootEpochOf(node: NodeFrame): number | null {
  for (const role of node.view?.roles ?? []) if ('bootEpoch' in role) return role.bootEpoch;
  return null;
}

export function joinNames(names: readonly string[], t: Translate): string {
  const last = names.at(-1) ?? '';
  if (names.length < 2) return last;
  return t('list.and', { first: names.slice(0, -1).join(t('list.comma')), last });
}

const healthKey = {
  up: 'health.up',
  opening: 'health.opening',
  down: 'health.down',
  frozen: 'health.frozen',
  failed: 'health.failed',
  refusing: 'health.refusing',
  fenced: 'health.fenced',
  recovering: 'health.recovering',
} as const;

export const healthText = (health: Health, t: Translate): string => t(healthKey[health]);

export interface CardMark {
  readonly label: string;
  /** Key of its term in the glossary, where the label has one in plain words. */
  readonly term?: string;
  /** What it is of, where the card says so: a group. */
  readonly of?: string;
  /** The volume that it is of. */
  readonly volume?: string;
  readonly value: string;
  readonly alert?: boolean;
}
