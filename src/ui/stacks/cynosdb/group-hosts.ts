// Which stores have a replica of some group, by the metadata's view of the members.

import type { NodeId } from '../../../base/ids.ts';
import { metadataIn } from '../../../state/role-views.ts';
import type { FaultContext } from '../../faults/entry.ts';

export const groupHosts = ({ frame }: FaultContext): readonly NodeId[] =>
  metadataIn(frame)?.groups.flatMap(({ members }) => [...members.sets.flat(), ...members.learners]) ??
  frame.cluster.groups.flatMap(({ replicas }) => [...replicas]);
