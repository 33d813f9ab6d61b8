// What a story remembers of commits, members and the way of a replica from its first missing record to its last.

import { nodeId } from '../../../base/ids.ts';
import type { ClusterSpec } from '../../../core/kernel/cluster-spec.ts';
import type { TraceOf } from '../../../core/kernel/trace.ts';
import { type Healing, lostQuorum, type Story, type StoryStep, storyStep } from '../../story/story.ts';

/** The members that a writer writes to; while there are two sets the old one is the one people know. */
function withMembers(cluster: ClusterSpec, { group, sets }: TraceOf<'member.adopt'>): ClusterSpec {
  const [only, second] = sets.split('|');
  if (only === undefined || second !== undefined) return cluster;
  // in the order of the configuration, behind them those that were added since
  const members = only.split(',').map(nodeId);
  const first = cluster.nodes.map(({ id }) => id).filter((id) => members.includes(id));
  const replicas = [...first, ...members.filter((id) => !first.includes(id))];
  return { ...cluster, groups: cluster.groups.map((one) => (one.id === group ? { ...one, replicas } : one)) };
}

const nothingYet: Healing = {
  open: new Set(),
  asked: new Set(),
  records: 0,
  given: new Set(),
  from: [],
  commits: 0,
};

const giveOnce = (
  { records, given }: Healing,
  range: string,
  count: number,
): Pick<Healing, 'records' | 'given'> =>
  given.has(range) ? { records, given } : { records: records + count, given: new Set([...given, range]) };

function setHealing(story: Story, node: string, change: (one: Healing) => Healing): Story {
  const begun = story.healing.get(node) ?? { ...nothingYet, commits: story.commitsInFault };
  return { ...story, healing: new Map([...story.healing, [node, change(begun)]]) };
}

/** Who asks for a group again while nothing is open begins anew: what was asked for before came otherwise. */
function recordAsked(story: Story, node: string, group: string): Story {
  const one = story.healing.get(node);
  const isOver = one !== undefined && one.open.size === 0 && one.asked.has(group);
  const from = isOver ? { ...story, healing: without(story.healing, node) } : story;
  return setHealing(from, node, (known) => ({ ...known, asked: new Set([...known.asked, group]) }));
}

function closeHole(story: Story, node: string, group: string): Story {
  const one = story.healing.get(node);
  if (one === undefined) return story;
  const open = new Set([...one.open].filter((id) => id !== group));
  return open.size === 0
    ? {
        ...story,
        healing: without(story.healing, node),
        healed: story.healed + (one.records > 0 ? 1 : 0),
      }
    : { ...story, healing: new Map([...story.healing, [node, { ...one, open }]]) };
}

const without = <V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> =>
  new Map([...map].filter(([id]) => id !== key));

const mapValues = <V>(map: ReadonlyMap<string, V>, change: (value: V) => V): ReadonlyMap<string, V> =>
  map.size === 0 ? map : new Map([...map].map(([key, value]) => [key, change(value)]));

const atLeast = (
  map: ReadonlyMap<string, number>,
  key: string,
  value: number,
): ReadonlyMap<string, number> => ((map.get(key) ?? -1) >= value ? map : new Map([...map, [key, value]]));

const withVolume = (
  story: Story,
  { volume, groups }: { readonly volume: string; readonly groups: string },
): Story => ({ ...story, volumes: new Map([...story.volumes, [volume, groups.split(',')]]) });
const withoutVolume = (story: Story, { volume }: { readonly volume: string }): Story => ({
  ...story,
  volumes: without(story.volumes, volume),
});

/** In place of its term: it is a voter no more. */
export const LEAVES = 0;

export const storySteps: readonly StoryStep[] = [
  storyStep('raft.leader', (story, { term }, node) => ({
    ...story,
    leads: new Map([...story.leads, [node, term]]),
  })),
  storyStep('raft.follower', (story, _event, node) => ({ ...story, leads: without(story.leads, node) })),
  // A leader that the new configuration leaves out hands over.
  storyStep('raft.members', (story, { voters, outgoing }, node) =>
    story.leads.has(node) && outgoing === '' && !voters.split(',').some((name) => name.split('#')[0] === node)
      ? { ...story, leads: new Map([...story.leads, [node, LEAVES]]) }
      : story,
  ),
  storyStep('raft.open', (story, _event, node) => ({ ...story, leads: without(story.leads, node) })),
  storyStep('restore.begin', withVolume),
  storyStep('restore.standing', withVolume),
  storyStep('restore.failed', withoutVolume),
  storyStep('restore.cancelled', withoutVolume),
  storyStep('volume.dropped', withoutVolume),
  // A quorum has answered: what waited before waits no more.
  storyStep('recovery.done', (story, { volume, token }) => ({
    ...story,
    terms: atLeast(story.terms, volume, token),
    handovers: without(story.handovers, volume),
    stalled: false,
  })),
  // Who thaws goes on writing: what it handed over is not the end any more.
  storyStep('attachment.freeze', (story, { volume, state, vdl }, writer) =>
    state === 'handoff'
      ? { ...story, handovers: new Map([...story.handovers, [volume, { writer, lsn: vdl }]]) }
      : { ...story, handovers: without(story.handovers, volume) },
  ),
  storyStep('mark.vdl', (story, { volume, term, value }) => ({
    ...story,
    terms: atLeast(story.terms, volume, term),
    vdls: term < (story.terms.get(volume) ?? 0) ? story.vdls : atLeast(story.vdls, volume, value),
  })),
  storyStep('commit.ack', (story, { scn, volume }) => ({
    ...story,
    acked: atLeast(story.acked, volume, scn),
    // An acknowledgement that was on its way when the quorum went is no sign of another.
    stalled: story.stalled && lostQuorum(story) !== null,
    relieved: story.relieved + (story.stalled && lostQuorum(story) === null ? 1 : 0),
    failed: 0,
    commitsInFault: story.cuts.length + story.down.size > 0 ? story.commitsInFault + 1 : 0,
    healing: mapValues(story.healing, (one) => ({ ...one, commits: one.commits + 1 })),
  })),
  storyStep('member.adopt', (story, event) => ({ ...story, cluster: withMembers(story.cluster, event) })),
  storyStep('hole.open', (story, { group }, node) =>
    setHealing(story, node, (one) => ({ ...one, open: new Set([...one.open, group]) })),
  ),
  storyStep('hole.restore', (story, { group, error }, node) =>
    error === '' ? { ...story, restored: new Set([...story.restored, `${node} ${group}`]) } : story,
  ),
  storyStep('hole.rebuild', (story, { group }, node) => ({
    ...story,
    restored: new Set([...story.restored].filter((one) => one !== `${node} ${group}`)),
  })),
  storyStep('hole.sent', (story, { mode, group }, node) =>
    mode === 'normal' ? recordAsked(story, node, group) : story,
  ),
  storyStep('hole.serve', (story, event, node) =>
    event.error !== '' || !story.healing.has(event.to)
      ? story
      : setHealing(story, event.to, (one) => ({
          ...one,
          ...giveOnce(one, `${event.group} ${event.first} ${event.end}`, event.records),
          from: one.from.includes(node) ? one.from : [...one.from, node],
        })),
  ),
  storyStep('hole.closed', (story, { group }, node) => closeHole(story, node, group)),
];
