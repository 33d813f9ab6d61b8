// A node that holds replicas of the log, of shards or of chunks leaves the cluster by a click: it is drained, and ends once it holds nothing;
// until then it may be kept (PCS-79, PCS-80, PCS-100; FS-77).

import { LogOut, Undo2 } from 'lucide-react';
import type { NodeId } from '../../base/ids.ts';
import { offlineNodes } from '../../core/pcs/offline-nodes.ts';
import { asLaidOut, initialPcs } from '../../core/pcs/pcs-nodes.ts';
import { isVoteNeeded } from '../../core/pcs/vote-needed.ts';
import { metadataIn } from '../../state/role-views.ts';
import {
  act,
  type FaultContext,
  type FaultEntry,
  hasRole,
  type Refusal,
  subjectNode,
  unless,
} from './entry.ts';
import '../../words/faults/operation.en.json';

const holdsReplicas = (context: FaultContext): boolean =>
  hasRole(context, 'store') || hasRole(context, 'chunk');

function drainedNodes(context: FaultContext): readonly NodeId[] {
  const meta = metadataIn(context.frame);
  return meta === null ? [] : offlineNodes(meta);
}

const isDrained = (context: FaultContext): boolean => drainedNodes(context).includes(subjectNode(context));

/** PCS-80: it votes on the metadata, or is to, and there is nobody who could vote instead. */
function isVoterNeeded(context: FaultContext): boolean {
  const { cluster, nodes } = context.frame;
  const meta = metadataIn(context.frame);
  if (meta === null) return false;
  const { voters } = meta;
  const spares = nodes.filter(
    ({ id, roles, status }) => roles.includes('meta') && status === 'up' && !voters.includes(id),
  );
  return isVoteNeeded(subjectNode(context), {
    voters,
    spares: spares.map(({ id }) => id),
    offline: drainedNodes(context),
    fewest: initialPcs(asLaidOut(cluster)).length,
  });
}

/** How many others are up, and not drained themselves, and how many the replicas of a group, or of a chunk, need. */
function othersOf(context: FaultContext): { readonly count: number; readonly need: number } {
  const { cluster, nodes } = context.frame;
  const { placement, chunks, groups } = cluster;
  const role = chunks === undefined ? 'store' : 'chunk';
  const away = [subjectNode(context), ...drainedNodes(context)];
  const others = nodes.filter(
    ({ id, roles, status }) => roles.includes(role) && status === 'up' && !away.includes(id),
  );
  const replicas = chunks?.[0]?.replicas ?? groups[0]?.replicas;
  return { count: others.length, need: placement?.vw ?? replicas?.length ?? 0 };
}

function refusalOf(context: FaultContext): Refusal | null {
  const names = othersOf(context);
  if (names.count < names.need) return { key: 'operation.othersNeeded', names };
  return isVoterNeeded(context) ? { key: 'operation.voteNeeded' } : null;
}

export const drainFaults: readonly FaultEntry[] = (['offline', 'cancelOffline'] as const).map((kind) => ({
  id: kind,
  target: 'node',
  section: 'main',
  after: 'healNode',
  label: `fault.${kind}`,
  icon: kind === 'offline' ? LogOut : Undo2,
  shown: (context) => holdsReplicas(context) && isDrained(context) === (kind === 'cancelOffline'),
  does: `operation.${kind}`,
  ...unless((context) => (kind === 'cancelOffline' ? null : refusalOf(context))),
  effect: (context) => act({ kind, node: subjectNode(context) }),
}));
