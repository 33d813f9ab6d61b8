// The outline below a node: its roles, each with its state in words, and the groups that a role has to do with. Pure.

import type { ComputeView } from '../../core/compute/compute-view.ts';
import type { DriverView, RoleView } from '../../core/kernel/view.ts';
import { openHoles, type StoreGroupView, type StoreView } from '../../core/log-store/store-view.ts';
import type { ObjectStoreView } from '../../core/object-store/object-store-view.ts';
import type { MetaGroupView, MetaView } from '../../core/pcs/pcs-view.ts';
import type { WriterGroupView } from '../../core/quorum-log/log-view.ts';
import type { NodeFrame } from '../../sim/frame.ts';
import { joinNames } from '../canvas/node-facts.ts';
import type { Translate } from '../i18n/i18n.ts';
import { bytesText } from '../kit/format.ts';
import './tree-texts.ts';

export interface GroupLine {
  /** Among the groups of its role. */
  readonly key: string;
  /** Of the group, for its menu. */
  readonly id: string;
  readonly text: string;
}

export interface RoleLine {
  readonly role: RoleView['role'];
  readonly text: string;
  readonly groups: readonly GroupLine[];
}

type Parts = readonly (string | null)[];

const inWords = (parts: Parts): string => parts.filter((part) => part !== null).join(', ');

const storeParts = (store: StoreView, t: Translate): Parts => {
  const holes = store.groups.reduce((sum, group) => sum + openHoles(group), 0);
  const asked = store.groups.reduce((sum, group) => sum + group.sentCount, 0);
  const { importing } = store;
  return [
    store.groups.length === 0 ? t('tree.noGroups') : null,
    holes === 0 ? null : t('holes.count', { count: holes }),
    asked === 0 ? null : t('tree.asked', { count: asked }),
    importing.length === 0 ? null : t('tree.importing', { count: importing.length }),
  ];
};

const computeParts = (compute: ComputeView, t: Translate): Parts => {
  const { state, vdl, vcl, tail, recovery, buffer, token } = compute;
  return [
    t(`compute.${state}`),
    recovery === null ? null : t('tree.step', { step: recovery.step }),
    t('token.value', { token }),
    t('tree.marks', { vdl, vcl, tail }),
    t('tree.transactions', { count: compute.activeTransactions }),
    t('tree.commitsWaiting', { count: compute.commitsWaiting.length }),
    t('tree.buffer', buffer),
  ];
};

const metaParts = ({ term, commit, applied, ...meta }: MetaView, t: Translate): Parts => [
  t('tree.raft', { term, commit, applied }),
  t('tree.volume', { state: meta.volumeState, writer: meta.writer ?? '–', token: meta.token }),
  t('tree.map', { version: meta.mapVersion }),
  t('tree.nodesUp', { up: meta.nodes.filter(({ up }) => up).length, count: meta.nodes.length }),
];

const driverParts = ({ clients, ok, failed, unknown, ...driver }: DriverView, t: Translate): Parts => [
  t('tree.clients', { count: clients }),
  t('tree.outcomes', { ok, failed, unknown }),
  t('tree.statements', { inFlight: driver.inFlight, retrying: driver.retrying }),
  t('tree.map', { version: driver.mapVersion }),
];

const objectParts = ({ objects, bytes, bad }: ObjectStoreView, t: Translate): Parts => [
  t('tree.objects', { count: objects }),
  bytesText(bytes),
  bad.length === 0 ? null : t('tree.bad', { count: bad.length }),
];

function partsOf(role: RoleView, t: Translate): Parts {
  switch (role.role) {
    case 'store':
      return storeParts(role, t);
    case 'compute':
      return computeParts(role, t);
    case 'meta':
      return metaParts(role, t);
    case 'driver':
      return driverParts(role, t);
    case 'objectStore':
      return objectParts(role, t);
    case 'toy':
      return [String(role.counter)];
  }
}

function storeGroup(view: StoreGroupView, t: Translate): GroupLine {
  const { group, scl, ncl, nwl, pgcl, pages, failed, mode, maxNwl, asksNothing } = view;
  const text = inWords([
    t('tree.storeGroup', { group, scl, ncl, nwl, pgcl, pages, holes: openHoles(view) }),
    failed === null ? null : t('tree.storeGroup.failed', { reason: failed }),
    mode === 'normal' ? null : t('tree.storeGroup.recovery', { nwl: maxNwl ?? '–' }),
    asksNothing ? t('tree.storeGroup.asksNothing') : null,
  ]);
  return { key: group, id: group, text };
}

function writerGroup(
  { group, pgcl, tail, replicas, belowWriteQuorum }: WriterGroupView,
  t: Translate,
): GroupLine {
  const live = replicas.filter((replica) => replica.live).length;
  const text = inWords([
    t('tree.writerGroup', { group, pgcl, tail, live, count: replicas.length }),
    belowWriteQuorum ? t('tree.writerGroup.below') : null,
  ]);
  return { key: group, id: group, text };
}

function metaGroup({ group, members, move }: MetaGroupView, t: Translate): GroupLine {
  const { sets, learners, vw, vr } = members;
  const names = joinNames([...new Set(sets.flat())], t);
  const text = inWords([
    t('tree.metaGroup', { group, members: names, vw, vr }),
    learners.length === 0 ? null : t('tree.metaGroup.learners', { learners: joinNames(learners, t) }),
    move === null ? null : t('tree.metaGroup.move', { from: move.from, to: move.to }),
  ]);
  return { key: group, id: group, text };
}

const backupGroups = ({ backups }: ObjectStoreView, t: Translate): readonly GroupLine[] =>
  backups.flatMap(({ volume, groups }) =>
    groups.map(({ group, archivedTo, logs, bases, gaps }) => ({
      key: `${volume} ${group}`,
      id: group,
      text: t('tree.backupGroup', {
        ...{ group, volume, lsn: archivedTo },
        ...{ logs: logs.length, bases: bases.length, gaps: gaps.length },
      }),
    })),
  );

function groupsOf(role: RoleView, t: Translate): readonly GroupLine[] {
  switch (role.role) {
    case 'store':
      return role.groups.map((group) => storeGroup(group, t));
    case 'compute':
      return role.groups.map((group) => writerGroup(group, t));
    case 'meta':
      return role.groups.map((group) => metaGroup(group, t));
    case 'objectStore':
      return backupGroups(role, t);
    case 'driver':
    case 'toy':
      return [];
  }
}

/** A node's roles in the order of its configuration; of one that was never heard of, their names. */
export function roleLines({ roles, view, status }: NodeFrame, t: Translate): readonly RoleLine[] {
  if (view === null)
    return roles.map((role) => ({ role, text: inWords([t(`role.${role}`), t('tree.unknown')]), groups: [] }));
  const isPast = status !== 'up' && status !== 'frozen' && status !== 'opening';
  return view.roles.map((role) => ({
    role: role.role,
    text: inWords([
      t(`role.${role.role}`),
      isPast ? t('tree.lastKnown') : null,
      role.role === 'toy' ? null : t('tree.boot', { count: role.bootEpoch }),
      ...partsOf(role, t),
    ]),
    groups: groupsOf(role, t),
  }));
}
