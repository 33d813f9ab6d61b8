// What the map and the inspector say of a node: health, holes, watermarks and its accessible name. Pure.

import type { ComputeView } from '../../core/compute/compute-view.ts';
import type { DriverView, RoleView } from '../../core/kernel/view.ts';
import { openHoles, type StoreView } from '../../core/log-store/store-view.ts';
import type { ObjectStoreView } from '../../core/object-store/object-store-view.ts';
import type { MetaView } from '../../core/pcs/pcs-view.ts';
import type { NodeFrame } from '../../sim/frame.ts';
import type { Translate } from '../i18n/i18n.ts';
import { groupDigits } from '../kit/format.ts';

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
  if (compute?.state === 'fenced') return 'fenced';
  if (compute !== null && compute.state !== 'open' && compute.state !== 'waiting') return 'recovering';
  const refusals =
    storeOf(node)
      ?.groups.map(({ failed }) => failed)
      .filter((failed) => failed !== null) ?? [];
  if (refusals.length > 0) return refusals.every((failed) => failed === 'UNCHECKED') ? 'opening' : 'refusing'; // WAL-75
  return 'up';
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
  for (const role of node.view?.roles ?? []) if (role.role !== 'toy') return role.bootEpoch;
  return null;
}

export function joinNames(names: readonly string[], t: Translate): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : t('list.and', { first: names.slice(0, -1).join(', '), last });
}

function roleText(node: NodeFrame, t: Translate): string {
  const store = storeOf(node);
  if (node.roles.includes('store')) {
    const groups = (store?.groups ?? []).map(({ group }) => group);
    return groups.length === 0 ? t('role.store') : t('role.storeOf', { groups: joinNames(groups, t) });
  }
  if (node.roles.includes('compute')) return t('role.compute');
  if (node.roles.includes('meta')) return t('role.meta');
  if (node.roles.includes('driver')) return t('role.driver');
  if (node.roles.includes('objectStore')) return t('role.objectStore');
  return t('role.toy');
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

/** "store-3, storage replica of g1 and g2, up, SCL 111 and 110, 4 holes": the name the map and tests know a node by. */
export function nodeName(node: NodeFrame, t: Translate): string {
  const parts: string[] = [node.id, roleText(node, t), healthText(healthOf(node), t)];
  const store = storeOf(node);
  if (store !== null && store.groups.length > 0) {
    parts.push(
      `SCL ${joinNames(
        store.groups.map(({ scl }) => String(scl)),
        t,
      )}`,
    );
    const { holes } = countHoles(store);
    if (holes > 0) parts.push(t('holes.count', { count: holes }));
  }
  const compute = computeOf(node);
  if (compute !== null) parts.push(`VDL ${compute.vdl}`, t('token.value', { token: compute.token }));
  const driver = driverOf(node);
  if (driver !== null) parts.push(t('driver.okCount', { count: driver.ok }));
  return parts.join(', ');
}

export interface CardMark {
  readonly label: string;
  readonly value: string;
  readonly alert?: boolean;
}

/** The two to four watermarks that matter to the role. */
export function cardMarks(node: NodeFrame, t: Translate): readonly CardMark[] {
  const compute = computeOf(node);
  if (compute !== null)
    return [
      { label: 'VDL', value: groupDigits(compute.vdl) },
      { label: 'VCL', value: groupDigits(compute.vcl) },
      { label: t('mark.tail'), value: groupDigits(compute.tail) },
    ];
  const store = storeOf(node);
  if (store !== null) {
    const groups = [...store.groups].reverse().slice(0, 2);
    const [main, second] = groups;
    if (main === undefined) return [];
    const scl = (group: typeof main): CardMark => ({
      label: `SCL ${group.group}`,
      value: groupDigits(group.scl),
      alert: openHoles(group) > 0,
    });
    const marks = [scl(main), { label: `NWL ${main.group}`, value: groupDigits(main.nwl) }];
    return second === undefined ? marks : [...marks, scl(second)];
  }
  const meta = metaOf(node);
  if (meta !== null)
    return [
      { label: t('mark.term'), value: String(meta.term) },
      { label: t('mark.commit'), value: groupDigits(meta.commit) },
      { label: t('mark.applied'), value: groupDigits(meta.applied) },
    ];
  const archive = objectStoreOf(node);
  if (archive !== null) {
    const groups = archive.backups.flatMap((backup) => backup.groups);
    const archived = Math.min(...groups.map(({ archivedTo }) => archivedTo));
    const sum = (of: (group: (typeof groups)[number]) => number): string =>
      groupDigits(groups.reduce((total, group) => total + of(group), 0));
    return [
      { label: t('archive.cardTo'), value: groups.length === 0 ? '–' : groupDigits(archived) },
      { label: t('archive.cardSegments'), value: sum(({ logs }) => logs.length) },
      { label: t('archive.cardBases'), value: sum(({ bases }) => bases.length) },
    ];
  }
  const driver = driverOf(node);
  if (driver !== null)
    return [
      { label: t('outcome.ok'), value: groupDigits(driver.ok) },
      { label: t('outcome.failed'), value: String(driver.failed), alert: driver.failed > 0 },
      { label: t('outcome.unknown'), value: String(driver.unknown), alert: driver.unknown > 0 },
    ];
  return [];
}
