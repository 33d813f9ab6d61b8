// Which volume a trace event is about. Most events name a group, a term or a token, not a volume: a group belongs to one
// volume (a restored volume's are announced by restore.begin), and what names no group is of the volume that its node
// writes; a node that writes several tells them apart by term. Once events name their volume, only `volumeOf` changes.

import type { NodeId } from '../../base/ids.ts';
import type { TraceEvent, TraceKind } from '../../core/kernel/trace.ts';
import type { Monitors, Volume } from './monitor.ts';

/** Places in `Monitors.volumes`; what is not in it belongs to the cluster's own volume. */
export interface Directory {
  readonly byGroup: Map<string, number>;
  readonly byWriter: Map<string, number>;
  /** Volumes of nodes that write more than one. */
  readonly shared: Map<string, Set<number>>;
}

export const makeDirectory = (): Directory => ({
  byGroup: new Map(),
  byWriter: new Map(),
  shared: new Map(),
});

/** About nodes: every volume's monitors read them. */
export const nodeKinds: ReadonlySet<TraceKind> = new Set(['node.open', 'node.boot', 'node.down']);
/** What there is of volumes, as the metadata has it. */
const isOfCatalogue = (kind: TraceKind): boolean => kind.startsWith('restore.') || kind.startsWith('volume.');

export const volumeOfGroup = ({ volumes, directory }: Monitors, group: string): Volume =>
  volumes[directory.byGroup.get(group) ?? 0] ?? volumes[0];

/** The volume that the node writes, or the one of them that is in this term. */
export function volumeOfWriter({ volumes, directory }: Monitors, node: string, term: number | null): Volume {
  const shared = term === null ? undefined : directory.shared.get(node);
  if (shared !== undefined)
    for (const place of shared) {
      const volume = volumes[place];
      if (volume?.truth.term === term || volume?.grants.highest === term) return volume;
    }
  return volumes[directory.byWriter.get(node) ?? 0] ?? volumes[0];
}

/** The records of an MTR say which volume their writer's node writes. */
function volumeOfAppend(m: Monitors, groups: string, node: NodeId): Volume {
  const { directory } = m;
  const comma = groups.indexOf(',');
  const place = directory.byGroup.get(comma < 0 ? groups : groups.slice(0, comma)) ?? 0;
  const appointed = directory.byWriter.get(node) ?? 0;
  if (place !== appointed && !directory.shared.get(node)?.has(place)) {
    const shared = directory.shared.get(node) ?? new Set([appointed]);
    directory.shared.set(node, shared.add(place));
  }
  return m.volumes[place] ?? m.volumes[0];
}

export function volumeOf(m: Monitors, event: TraceEvent, node: NodeId): Volume {
  if (m.volumes.length === 1 || isOfCatalogue(event.kind)) return m.volumes[0];
  if ('group' in event && event.group !== '') return volumeOfGroup(m, event.group);
  if (event.kind === 'mtr.append') return volumeOfAppend(m, event.groups, node);
  if (event.kind === 'token.grant') return volumeOfWriter(m, event.holder, null);
  if (event.kind === 'meta.writer') return volumeOfWriter(m, event.writer, event.token);
  const term = 'term' in event ? event.term : 'token' in event ? event.token : null;
  return volumeOfWriter(m, node, term);
}
