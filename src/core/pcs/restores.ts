// Restores as the metadata's log has them (docs/spec/wal.md WAL-45): pure. A restore begins with its volume, which has no
// writer until every replica is loaded; what stopped it stays to be read until it is tried again or cancelled.

import type { Term } from '../../base/ids.ts';
import type { MetaContent, MetaOperation, Restore, VolumeContent } from './meta-content.ts';
import { attachmentsTaken, removeVolume, restoreOf, volumeNamed, volumeOfGroup } from './volumes.ts';

export type RestoreRefusal =
  | 'NO_VOLUME'
  | 'VOLUME_EXISTS'
  | 'NO_SPARE_WRITER'
  | 'GROUP_EXISTS'
  | 'NO_RESTORE'
  | 'NOT_RESTORED';

export type RestoreResult =
  | { readonly kind: 'restoreBegun'; readonly restore: Restore; readonly volume: VolumeContent }
  | {
      readonly kind: 'restoreEnded';
      readonly restore: Restore;
      readonly volume: VolumeContent;
      readonly outcome: End['outcome'];
    }
  | { readonly kind: 'restoreRefused'; readonly volume: string; readonly code: RestoreRefusal }
  | ({ readonly kind: 'orderRefused' } & Omit<Refuse, 'kind'>)
  | { readonly kind: 'volumeDropped'; readonly volume: VolumeContent };

type Refuse = Extract<MetaOperation, { kind: 'refuseOrder' }>;
type Begin = Extract<MetaOperation, { kind: 'beginRestore' }>;
type End = Extract<MetaOperation, { kind: 'endRestore' }>;

const refuse = (volume: string, code: RestoreRefusal): RestoreResult => ({
  kind: 'restoreRefused',
  volume,
  code,
});

/** Why a restore cannot begin, or null. A restore that failed is begun again under the same name. */
export function restoreRefusal(content: MetaContent, source: string, name: string): RestoreRefusal | null {
  if (!volumeNamed(content, source)) return 'NO_VOLUME';
  return volumeNamed(content, name) && restoreOf(content, name)?.state !== 'failed' ? 'VOLUME_EXISTS' : null;
}

export function beginRestore(content: MetaContent, entry: Begin): RestoreResult {
  const { volume: name, source, lsn, history, groups, descriptors, writer, at } = entry;
  const code = restoreRefusal(content, source, name);
  if (code !== null) return refuse(name, code);
  if (attachmentsTaken(content, writer, name) >= entry.attachments) return refuse(name, 'NO_SPARE_WRITER');
  if (descriptors.some(({ group }) => volumeOfGroup(content, group))) return refuse(name, 'GROUP_EXISTS');
  removeVolume(content, name);
  const token = history[history.length - 1]?.term ?? (0 as Term);
  const volume: VolumeContent = {
    name,
    writers: [writer],
    token,
    holder: null,
    writer: null,
    state: 'CREATING',
    created: false,
    mapVersion: content.mapBase + 1, // above what was ever advertised of a volume that had this name
    groups: descriptors,
    moves: [],
  };
  const restore: Restore = {
    volume: name,
    source,
    lsn,
    history,
    groups,
    state: 'loading',
    code: '',
    object: '',
    group: '',
    since: at,
  };
  content.volumes = [...content.volumes, volume];
  content.restores = [...content.restores, restore];
  content.groupsMade += descriptors.length;
  return { kind: 'restoreBegun', restore, volume };
}

/** Done: the volume exists and its writer may take a token. Failed: it stays to be tried again. Cancelled: it is gone. */
export function endRestore(
  content: MetaContent,
  { volume: name, outcome, code, object, group }: End,
): RestoreResult {
  const volume = volumeNamed(content, name);
  const restore = restoreOf(content, name);
  const isOver = restore?.state === 'done' || (restore?.state === 'failed' && outcome !== 'cancelled');
  if (!volume || !restore || isOver) return refuse(name, 'NO_RESTORE');
  if (outcome === 'cancelled') {
    removeVolume(content, name);
    return { kind: 'restoreEnded', restore, volume, outcome };
  }
  const ended: Restore = { ...restore, state: outcome, code, object, group };
  content.restores = content.restores.map((one) => (one === restore ? ended : one));
  if (outcome === 'done') {
    volume.created = true;
    volume.state = 'FENCING';
  }
  volume.mapVersion++;
  return { kind: 'restoreEnded', restore: ended, volume, outcome };
}

/** A volume that a restore made, whole, is given up; one under way is cancelled instead, and the first one stays. */
export function dropVolume(content: MetaContent, name: string): RestoreResult {
  const volume = volumeNamed(content, name);
  if (!volume) return refuse(name, 'NO_VOLUME');
  if (restoreOf(content, name)?.state !== 'done') return refuse(name, 'NOT_RESTORED');
  removeVolume(content, name);
  return { kind: 'volumeDropped', volume };
}
