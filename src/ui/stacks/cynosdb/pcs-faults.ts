// Faults at the metadata's Raft log: the leader dies or is cut off, one link is cut, the majority is lost; and what ends them. The
// PCS lens offers them as buttons, the menu of the cluster and the palette as well.

import { Landmark, OctagonX, Play, Scissors, Unplug } from 'lucide-react';
import type { NodeId } from '../../../base/ids.ts';
import type { WorldFrame } from '../../../run-model/picture/frame.ts';
import { nodesWith, viewsIn } from '../../../state/role-views.ts';
import { act, type FaultContext, type FaultEntry } from '../../faults/entry.ts';
import { t } from '../../i18n/i18n.ts';
import '../../../words/cynosdb/fault.en.json';

/** The one of the highest term that is up and says that it leads. */
const leaderIn = (frame: WorldFrame): NodeId | null =>
  viewsIn(frame, 'meta')
    .filter(({ status, view }) => status === 'up' && view.member === 'leader')
    .toSorted((a, b) => b.view.term - a.view.term)[0]?.node ?? null;

/** The other members of its log that are up. */
const followersOf = (frame: WorldFrame, leader: NodeId): readonly NodeId[] =>
  viewsIn(frame, 'meta').flatMap(({ node, status, view }) =>
    node !== leader && status === 'up' && view.last > 0 ? [node] : [],
  );

const downIn = (frame: WorldFrame): readonly NodeId[] =>
  nodesWith(frame, 'meta').filter((node) =>
    frame.nodes.some(({ id, status }) => id === node && status === 'down'),
  );

type Leading = (leader: NodeId, followers: readonly NodeId[]) => ReturnType<FaultEntry['effect']>;

/** `least`: followers without which there is nothing to do; where there are no nodes for them it is not shown. */
const atLeader = (
  id: 'crash' | 'isolate' | 'cut' | 'alone',
  icon: FaultEntry['icon'],
  least: number,
  effect: Leading,
): FaultEntry => {
  const sides = ({ frame }: FaultContext) => {
    const leader = leaderIn(frame);
    return leader === null ? null : { leader, followers: followersOf(frame, leader) };
  };
  return {
    id: `pcs.${id}`,
    target: 'world',
    section: 'rare',
    label: `fault.pcs.${id}`,
    icon,
    shown: (context) => nodesWith(context.frame, 'meta').length > least && sides(context) !== null,
    names: (context) => {
      const { leader = '', followers = [] } = sides(context) ?? {};
      return { node: leader, other: followers[0] ?? '' };
    },
    enabled: (context) => (sides(context)?.followers.length ?? 0) >= least,
    effect: (context) => {
      const { leader, followers } = sides(context) ?? {};
      return leader === undefined || followers === undefined
        ? { kind: 'actions', actions: [] }
        : effect(leader, followers);
    },
  };
};

export const pcsFaults: readonly FaultEntry[] = [
  atLeader('crash', OctagonX, 0, (node) => act({ kind: 'crash', node, mode: 'drawn', forUs: null })),
  atLeader('isolate', Unplug, 1, (leader, followers) =>
    act({ kind: 'cut', link: { from: [leader], to: followers, isBothWays: true }, forUs: null }),
  ),
  atLeader('cut', Scissors, 1, (leader, followers) =>
    act({ kind: 'cut', link: { from: [leader], to: followers.slice(0, 1), isBothWays: true }, forUs: null }),
  ),
  atLeader('alone', Landmark, 2, (_, followers) => act({ kind: 'powerOff', nodes: followers, forUs: null })),
  {
    id: 'pcs.start',
    target: 'world',
    section: 'rare',
    label: 'fault.pcs.start',
    icon: Play,
    shown: ({ frame }) => downIn(frame).length > 0,
    names: ({ frame }) => ({ nodes: downIn(frame).join(t('list.comma')) }),
    enabled: ({ frame }) => downIn(frame).length > 0,
    effect: ({ frame }) => act({ kind: 'powerOn', nodes: downIn(frame) }),
  },
];
