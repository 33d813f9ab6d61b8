// Which volume a trace event is about: the one it names, or the one of the group it names (a restored volume's groups are
// announced by restore.begin; no two volumes have one group). A name may be given again once its volume is gone, and the
// old one's writer may not know that yet, so a name counts together with the node that writes.

import type { NodeId } from '../../base/ids.ts';
import type { TraceEvent, TraceKind } from '../../core/kernel/trace.ts';
import type { Monitors, Volume } from './monitor.ts';

/** Places in `Monitors.volumes`; what is not in it belongs to the cluster's own volume. */
export interface Directory {
  readonly byGroup: Map<string, number>;
  /** By `attachmentKey`. */
  readonly byWriter: Map<string, number>;
  /** Volumes whose name is given once, whoever writes them (tablets.ts). */
  readonly byName: Map<string, number>;
}

export const makeDirectory = (): Directory => ({
  byGroup: new Map(),
  byWriter: new Map(),
  byName: new Map(),
});

/** A writer at one of its volumes. */
export const attachmentKey = (node: string, volume: string): string => `${node}/${volume}`;

/** About nodes: every volume's monitors read them. */
export const nodeKinds: ReadonlySet<TraceKind> = new Set(['node.open', 'node.boot', 'node.down']);
/** By a replica and by a writer, about the one volume that they have open. */
const atVolume: ReadonlySet<TraceKind> = new Set(['volume.open', 'volume.fenced']);
/** What there is of volumes, as the metadata has it. */
const isOfCatalogue = (kind: TraceKind): boolean =>
  kind.startsWith('restore.') || (kind.startsWith('volume.') && !atVolume.has(kind));

export const volumeOfGroup = ({ volumes, directory }: Monitors, group: string): Volume =>
  volumes[directory.byGroup.get(group) ?? 0] ?? volumes[0];

/** The volume that the node writes, or last wrote, under this name. */
export const volumeOfWriter = ({ volumes, directory }: Monitors, node: string, volume: string): Volume =>
  volumes[directory.byWriter.get(attachmentKey(node, volume)) ?? directory.byName.get(volume) ?? 0] ??
  volumes[0];

export function volumeOf(m: Monitors, event: TraceEvent, node: NodeId): Volume {
  if (m.volumes.length === 1 || isOfCatalogue(event.kind)) return m.volumes[0];
  if ('group' in event && event.group !== '') return volumeOfGroup(m, event.group);
  if (!('volume' in event)) return m.volumes[0];
  if (event.kind === 'token.grant') return volumeOfWriter(m, event.holder, event.volume);
  if (event.kind === 'meta.writer') return volumeOfWriter(m, event.writer, event.volume);
  return volumeOfWriter(m, node, event.volume);
}
