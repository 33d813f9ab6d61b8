// What a story remembers of tablets: the groups that there are, each the one of its volume, so that a caption says which volume it
// speaks of.

import { type GroupId, groupId, nodeId } from '../../../base/ids.ts';
import type { ClusterSpec } from '../../../core/kernel/cluster-spec.ts';
import type { TraceOf } from '../../../core/kernel/trace.ts';
import { type StoryStep, storyStep } from '../../story/story.ts';

function withGroup(
  cluster: ClusterSpec,
  { group, volume, voters, keyFirst, keyEnd, vw, vr }: TraceOf<'group.made'>,
): ClusterSpec {
  const id: GroupId = groupId(group);
  const replicas = voters.split(',').map((voter) => nodeId(voter));
  const others = cluster.groups.filter((known) => known.id !== id);
  return { ...cluster, groups: [...others, { id, replicas, keyFirst, keyEnd, vw, vr, volume }] };
}

export const storySteps: readonly StoryStep[] = [
  storyStep('group.made', (story, event) => ({
    ...story,
    volumes: new Map([...story.volumes, [event.volume, [event.group]]]),
    cluster: withGroup(story.cluster, event),
  })),
];
