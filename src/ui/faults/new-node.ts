// Nodes that come and leave by a click while the cluster runs: one of a template is added, or one is drained and ends once it holds
// nothing; until then it may be kept (PCS-78, PCS-79, PCS-100).

import { LogOut, Plus, Undo2 } from 'lucide-react';
import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/door.ts';
import { nextName, templatesOf, zonesOf } from '../../sim/node-templates.ts';
import type { MessageKey } from '../i18n/i18n.ts';
import { act, type FaultContext, type FaultEntry, subjectNode } from './entry.ts';

/** The first name of the template that no node of the run has had (PCS-78). */
function newNodeName({ frame: { cluster, gone = [] } }: FaultContext, template: string): NodeId {
  const nodes = [...cluster.nodes, ...gone.map((id) => ({ id, zone: '', roles: [] }))];
  return nextName({ ...cluster, nodes }, templatesOf(cluster)[template]?.prefix ?? '');
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
  readonly shown: (cluster: ClusterSpec) => boolean;
  /** Beside what the template itself refuses. */
  readonly enabled?: (cluster: ClusterSpec) => boolean;
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
    names: (context) => ({ node: newNodeName(context, addition.template) }),
    shown: ({ frame: { cluster } }) => addition.shown(cluster),
    enabled: ({ frame: { cluster } }) =>
      templatesOf(cluster)[addition.template]?.refuse(cluster) === null &&
      addition.enabled?.(cluster) !== false,
    effect: (context) =>
      act({
        kind: 'addNode',
        added: newNodeName(context, addition.template),
        template: addition.template,
        zone: zoneFor(context, addition.alike(context.frame.cluster)),
      }),
  }));

interface Draining {
  readonly ids: Readonly<Record<'offline' | 'cancelOffline', string>>;
  readonly labels: Readonly<Record<'offline' | 'cancelOffline', MessageKey>>;
  readonly shown: (context: FaultContext) => boolean;
  readonly isDrained: (context: FaultContext) => boolean;
  /** Others are enough without it. */
  readonly mayLeave: (context: FaultContext) => boolean;
}

/** PCS-79, PCS-80. */
export const drainEntries = (draining: Draining): readonly FaultEntry[] =>
  (['offline', 'cancelOffline'] as const).map((kind) => ({
    id: draining.ids[kind],
    target: 'node',
    section: 'main',
    after: 'healNode',
    label: draining.labels[kind],
    icon: kind === 'offline' ? LogOut : Undo2,
    shown: (context) => draining.shown(context) && draining.isDrained(context) === (kind === 'cancelOffline'),
    enabled: (context) => kind === 'cancelOffline' || draining.mayLeave(context),
    effect: (context) => act({ kind, node: subjectNode(context) }),
  }));
