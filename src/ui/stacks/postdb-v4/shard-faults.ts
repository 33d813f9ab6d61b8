// What can be done to a shard group and to those who make it: it is split, merged, led by another; its primary dies or is cut off from its replicas, the answer that names
// a new group is lost, the metadata's leader dies while it makes one, or in a definition, a split or a move.

import { Crown, Landmark, Merge, PackageX, Scissors, Split } from 'lucide-react';
import { groupId, type NodeId, nodeId } from '../../../base/ids.ts';
import type { ShardGroupView } from '../../../core/pcs/pcs-view.ts';
import type { WorldFrame } from '../../../run-model/picture/frame.ts';
import { driversOf, metadataIn, nodesWith, viewsIn } from '../../../state/role-views.ts';
import { act, type FaultContext, type FaultEntry, type Refusal, unless } from '../../faults/entry.ts';
import '../../../words/postdb-v4/postdb-v4.en.json';

const isCut = ({ frame }: FaultContext): boolean => frame.cluster.placement !== undefined;

const shardGroup = ({ frame, subject }: FaultContext): ShardGroupView | null =>
  subject.kind === 'group'
    ? (metadataIn(frame)?.sharding?.groups.find(({ group }) => group === subject.id) ?? null)
    : null;

const primaryOf = (context: FaultContext): NodeId | null => shardGroup(context)?.leader ?? null;
const isUp = ({ nodes }: WorldFrame, node: NodeId | null): boolean =>
  nodes.some(({ id, status }) => id === node && status === 'up');

/** The node that leads the metadata in the highest term. */
const leaderIn = (frame: WorldFrame): NodeId | null =>
  viewsIn(frame, 'meta')
    .filter(({ status, view }) => status === 'up' && view.member === 'leader')
    .toSorted((a, b) => b.view.term - a.view.term)[0]?.node ?? null;

const names = (context: FaultContext) => ({
  group: shardGroup(context)?.group ?? '',
  node: primaryOf(context) ?? '–',
});

const ofPrimary = (
  id: 'crash' | 'isolate',
  icon: FaultEntry['icon'],
  effect: (primary: NodeId, context: FaultContext) => ReturnType<FaultEntry['effect']>,
): FaultEntry => ({
  id: `primary.${id}`,
  target: 'group',
  section: 'main',
  label: `fault.primary.${id}`,
  icon,
  shown: isCut,
  names,
  enabled: (context) => isUp(context.frame, primaryOf(context)),
  effect: (context) => {
    const primary = primaryOf(context);
    return primary === null ? { kind: 'actions', actions: [] } : effect(primary, context);
  },
});

/** At the leader of the metadata, while it makes a group or carries out something else. */
const atLeader = (
  id: 'create.lostAnswer' | `${'create' | 'definition' | 'split' | 'merge' | 'move'}.leaderDies`,
  icon: FaultEntry['icon'],
  effect: (leader: NodeId, driver: NodeId) => ReturnType<FaultEntry['effect']>,
): FaultEntry => ({
  id,
  target: 'world',
  section: 'rare',
  label: `fault.${id}`,
  icon,
  shown: isCut,
  names: ({ frame }) => ({ node: leaderIn(frame) ?? '–', driver: driversOf(frame.cluster)[0] ?? '–' }),
  enabled: ({ frame }) => leaderIn(frame) !== null,
  effect: ({ frame }) => {
    const [leader, driver] = [leaderIn(frame), driversOf(frame.cluster)[0]];
    return leader === null || driver === undefined
      ? { kind: 'actions', actions: [] }
      : effect(leader, driver);
  },
});

const leaderless = (group: string): Refusal => ({ key: 'operation.noPrimary', names: { group } });
/** It is led, and neither split nor merged. */
const whileAtWork = (context: FaultContext): Refusal | null => {
  const found = shardGroup(context);
  const group = found?.group ?? '–';
  const isOpen = metadataIn(context.frame)?.sharding?.splits.some((one) =>
    [one.group, one.child, one.other].includes(found?.group ?? null),
  );
  if (isOpen === true) return { key: 'operation.splitOpen', names: { group } };
  return found !== null && found.leader !== null ? null : leaderless(group);
};

/** Replicas that a menu names. */
const REPLICAS_NAMED = 5;

/** PCS-121: one for each replica that does not lead it. */
const transfers: readonly FaultEntry[] = Array.from({ length: REPLICAS_NAMED }, (_, at): FaultEntry => {
  const groupIn = ({ frame, subject }: FaultContext) =>
    subject.kind === 'group'
      ? metadataIn(frame)?.groups.find(({ group }) => group === subject.id)
      : undefined;
  const targetOf = (context: FaultContext): NodeId | undefined =>
    groupIn(context)
      ?.members.sets.at(-1)
      ?.filter((node) => node !== primaryOf(context))[at];
  return {
    id: `transferGroup.${at}`,
    target: 'group',
    section: 'lead',
    label: 'fault.transferGroup',
    icon: Crown,
    does: 'operation.transferGroup',
    shown: (context) => isCut(context) && targetOf(context) !== undefined,
    names: (context) => ({ node: targetOf(context) ?? '–' }),
    ...unless((context) => {
      const node = targetOf(context) ?? '–';
      if (groupIn(context)?.move != null)
        return { key: 'operation.moveOpen', names: { group: shardGroup(context)?.group ?? '–' } };
      return (
        whileAtWork(context) ??
        (context.frame.nodes.find(({ id }) => id === node)?.status === 'down'
          ? { key: 'operation.down', names: { node } }
          : null)
      );
    }),
    effect: (context) =>
      act({
        kind: 'transferGroup',
        group: groupId(shardGroup(context)?.group ?? ''),
        to: targetOf(context) ?? nodeId(''),
      }),
  };
});

/** PCS-46: its keys from the middle of its rows on go to a group of their own. */
const splitGroup: FaultEntry = {
  id: 'splitGroup',
  target: 'group',
  section: 'main',
  label: 'fault.splitGroup',
  icon: Split,
  shown: isCut,
  does: 'operation.splitGroup',
  ...unless(whileAtWork),
  effect: (context) => {
    const found = shardGroup(context);
    return found === null
      ? { kind: 'actions', actions: [] }
      : act({ kind: 'splitGroup', group: found.group, key: null });
  },
};

/** The group of the tablet whose keys follow; null: there is none. */
function groupAfter(context: FaultContext): ShardGroupView | null {
  const found = shardGroup(context);
  const sharding = metadataIn(context.frame)?.sharding;
  const tablets = sharding?.tables.find(({ tablets: all }) =>
    all.some(({ keyFirst }) => keyFirst === found?.keyFirst),
  )?.tablets;
  const at = tablets?.findIndex(({ keyFirst }) => keyFirst === found?.keyFirst) ?? -1;
  const next = at < 0 ? undefined : tablets?.[at + 1];
  return sharding?.groups.find(({ keyFirst }) => keyFirst === next?.keyFirst) ?? null;
}

/** PCS-122: its tablet and the one after it become one. */
const mergeGroups: FaultEntry = {
  id: 'mergeGroups',
  target: 'group',
  section: 'main',
  label: 'fault.mergeGroups',
  icon: Merge,
  shown: isCut,
  names: (context) => ({ group: groupAfter(context)?.group ?? '–' }),
  does: 'operation.mergeGroups',
  ...unless((context) => {
    const after = groupAfter(context);
    if (after === null) return { key: 'operation.nothingAfter' };
    return whileAtWork(context) ?? (after.leader === null ? leaderless(after.group) : null);
  }),
  effect: (context) => {
    const [group, other] = [shardGroup(context), groupAfter(context)];
    return group === null || other === null
      ? { kind: 'actions', actions: [] }
      : act({ kind: 'mergeGroups', group: group.group, other: other.group });
  },
};

export const shardFaults: readonly FaultEntry[] = [
  splitGroup,
  mergeGroups,
  ...transfers,
  ofPrimary('crash', Crown, (node) => act({ kind: 'crash', node, mode: 'drawn', forUs: null })),
  // Drivers still reach it: two nodes may hold themselves to be the primary, and one of them can commit nothing.
  ofPrimary('isolate', Scissors, (primary, { frame }) =>
    act({
      kind: 'cut',
      link: {
        from: [primary],
        to: nodesWith(frame.cluster, 'store').filter((node) => node !== primary),
        isBothWays: true,
      },
      forUs: null,
    }),
  ),
  atLeader('create.lostAnswer', PackageX, (leader, driver) =>
    act({
      kind: 'dropNext',
      link: { from: [leader], to: [driver], isBothWays: false },
      family: 'control',
      count: 1,
    }),
  ),
  atLeader('create.leaderDies', Landmark, (node) =>
    act({ kind: 'crashOn', node, when: 'before', moment: 'token' }),
  ),
  // what it has begun is committed, and nobody has heard of it by its leader
  ...(
    [
      ['definition', 'definition'],
      ['split', 'splitBegun'],
      ['merge', 'mergeBegun'],
      ['move', 'moveBegun'],
    ] as const
  ).map(([what, moment]) =>
    atLeader(`${what}.leaderDies`, Landmark, (node) => act({ kind: 'crashOn', node, when: 'after', moment })),
  ),
];
