// Nodes of `postdb-v4` come and leave while the cluster runs: one is added and gets its share, or is drained and ends once it holds
// nothing; until then it may be kept (PCS-78, PCS-79).

import { asLaidOut, initialPcs } from '../../../core/pcs/pcs-nodes.ts';
import { isVoteNeeded } from '../../../core/pcs/vote-needed.ts';
import { metadataIn } from '../../../state/role-views.ts';
import { type FaultContext, type FaultEntry, subjectNode } from '../../faults/entry.ts';
import { addEntries, drainEntries } from '../../faults/new-node.ts';
import './texts.ts';

const isHost = (context: FaultContext): boolean =>
  context.frame.cluster.placement !== undefined &&
  context.frame.cluster.nodes.some(({ id, roles }) => id === subjectNode(context) && roles.includes('store'));

/** PCS-80: it votes on the metadata, and there is nobody who could vote instead. */
function isVoterNeeded(context: FaultContext): boolean {
  const { cluster, nodes } = context.frame;
  const meta = metadataIn(context.frame);
  if (meta === null) return false;
  const { voters, outgoing, learners, sharding } = meta;
  const placed = [...voters, ...outgoing, ...learners];
  const spares = nodes.filter(
    ({ id, roles, status }) => roles.includes('meta') && status === 'up' && !placed.includes(id),
  );
  return isVoteNeeded(subjectNode(context), {
    voters,
    spares: spares.map(({ id }) => id),
    offline: sharding?.offline ?? [],
    fewest: initialPcs(asLaidOut(cluster)).length,
  });
}

export const nodeFaults: readonly FaultEntry[] = [
  ...addEntries({
    id: 'addHost',
    label: 'fault.addHost',
    template: 'node',
    after: 'powerOn',
    shown: ({ placement }) => placement !== undefined,
    alike: ({ nodes }) => nodes.filter(({ roles }) => roles.includes('store')).map(({ id }) => id),
  }),
  ...drainEntries({
    ids: { offline: 'offline', cancelOffline: 'cancelOffline' },
    labels: { offline: 'fault.offline', cancelOffline: 'fault.cancelOffline' },
    shown: isHost,
    isDrained: (context) =>
      metadataIn(context.frame)?.sharding?.offline.includes(subjectNode(context)) ?? false,
    mayLeave: (context) => !isVoterNeeded(context),
  }),
];
