// Nodes that come by a click while the cluster runs: one of a template is added (PCS-78, PCS-100; FS-77).

import { Plus } from 'lucide-react';
import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { MAX_NODES, nextName, zonesOf } from '../../sim/node-templates.ts';
import { nodeKinds } from '../../stacks/node-kinds.ts';
import type { MessageKey } from '../i18n/i18n.ts';
import { act, type FaultContext, type FaultEntry, type Refusal, unless } from './entry.ts';
import '../../words/faults/operation.en.json';

/** The first name of the template that no node of the run has had (PCS-78). */
function newNodeName({ frame: { cluster, gone = [] } }: FaultContext, template: string): NodeId {
  const nodes = [...cluster.nodes, ...gone.map((id) => ({ id, zone: '', roles: [] }))];
  return nextName({ ...cluster, nodes }, nodeKinds.templatesOf(cluster)[template]?.prefix ?? '');
}

/** Of the zone that was chosen; of none, that with the fewest of `nodes`. */
function zoneFor({ subject, frame: { cluster } }: FaultContext, nodes: readonly NodeId[]): string {
  if (subject.kind === 'zone') return subject.id;
  const inZone = (zone: string): number =>
    cluster.nodes.filter((node) => node.zone === zone && nodes.includes(node.id)).length;
  return zonesOf(cluster).toSorted((a, b) => inZone(a) - inZone(b) || (a < b ? -1 : 1))[0] ?? '';
}

interface Addition {
  readonly id: string;
  readonly label: MessageKey;
  /** Its word on the tape. */
  readonly template: string;
  /** Entry behind which it stands, without the target. */
  readonly after: string;
  readonly does: MessageKey;
  /** Beside the room that a run has. */
  readonly refusal?: (cluster: ClusterSpec) => Refusal | null;
  /** Among which zones are to be equal. */
  readonly alike: (cluster: ClusterSpec) => readonly NodeId[];
}

/** In the menu of a zone, and of the cluster. */
export const addEntries = (addition: Addition): readonly FaultEntry[] =>
  (['zone', 'world'] as const).map((target) => ({
    id: `${addition.id}.${target}`,
    target,
    section: 'main',
    after: `${addition.after}.${target}`,
    label: addition.label,
    icon: Plus,
    names: (context) => ({
      node: newNodeName(context, addition.template),
      zone: zoneFor(context, addition.alike(context.frame.cluster)),
    }),
    does: addition.does,
    shown: ({ frame: { cluster } }) =>
      nodeKinds.templatesOf(cluster)[addition.template]?.joins?.(cluster) === null,
    ...unless(({ frame: { cluster, gone = [] } }) => {
      if (cluster.nodes.length + gone.length >= MAX_NODES)
        return { key: 'operation.nodesMost', names: { count: MAX_NODES } };
      return addition.refusal?.(cluster) ?? null;
    }),
    effect: (context) =>
      act({
        kind: 'addNode',
        added: newNodeName(context, addition.template),
        template: addition.template,
        zone: zoneFor(context, addition.alike(context.frame.cluster)),
      }),
  }));
