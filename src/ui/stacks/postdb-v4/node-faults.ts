// Nodes of `postdb-v4` come and leave while the cluster runs: one is added and gets its share, or is drained and ends once it holds
// nothing; until then it may be kept (PCS-78, PCS-79).

import { LogOut, Plus, Undo2 } from 'lucide-react';
import { asLaidOut, initialPcs } from '../../../core/pcs/pcs-nodes.ts';
import { isVoteNeeded } from '../../../core/pcs/vote-needed.ts';
import { templatesOf, zonesOf } from '../../../sim/node-templates.ts';
import { metadataIn } from '../../../state/role-views.ts';
import { act, type FaultContext, type FaultEntry, subjectNode } from '../../faults/entry.ts';
import { newNodeName } from '../../faults/new-node.ts';
import './texts.ts';

const isPlaced = ({ frame }: FaultContext): boolean => frame.cluster.placement !== undefined;
const PREFIX = 'n';
const TEMPLATE = 'node';

const isHost = (context: FaultContext): boolean =>
  isPlaced(context) &&
  context.frame.cluster.nodes.some(({ id, roles }) => id === subjectNode(context) && roles.includes('store'));

const isDrained = (context: FaultContext): boolean =>
  metadataIn(context.frame)?.sharding?.offline.includes(subjectNode(context)) ?? false;

/** Of the zone that was chosen; of none, that with the fewest nodes. */
function zoneFor({ subject, frame: { cluster } }: FaultContext): string {
  if (subject.kind === 'zone') return subject.id;
  const inZone = (zone: string): number =>
    cluster.nodes.filter((node) => node.zone === zone && node.roles.includes('store')).length;
  return zonesOf(cluster).toSorted((a, b) => inZone(a) - inZone(b) || (a < b ? -1 : 1))[0] ?? '';
}

const addNode = (target: 'zone' | 'world'): FaultEntry => ({
  id: `addHost.${target}`,
  target,
  section: 'main',
  after: `powerOn.${target}`,
  label: 'fault.addHost',
  icon: Plus,
  names: (context) => ({ node: newNodeName(context, PREFIX) }),
  shown: isPlaced,
  enabled: ({ frame: { cluster } }) => templatesOf(cluster)[TEMPLATE]?.refuse(cluster) === null,
  effect: (context) =>
    act({
      kind: 'addNode',
      added: newNodeName(context, PREFIX),
      template: TEMPLATE,
      zone: zoneFor(context),
    }),
});

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

const ofHost = (kind: 'offline' | 'cancelOffline', icon: FaultEntry['icon']): FaultEntry => ({
  id: kind,
  target: 'node',
  section: 'main',
  after: 'healNode',
  label: `fault.${kind}`,
  icon,
  shown: (context) => isHost(context) && isDrained(context) === (kind === 'cancelOffline'),
  enabled: (context) => kind === 'cancelOffline' || !isVoterNeeded(context),
  effect: (context) => act({ kind, node: subjectNode(context) }),
});

export const nodeFaults: readonly FaultEntry[] = [
  addNode('zone'),
  addNode('world'),
  ofHost('offline', LogOut),
  ofHost('cancelOffline', Undo2),
];
