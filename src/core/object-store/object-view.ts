// What the object store shows of itself (view.ts): pure.

import type { ObjectStoreState, Standing } from './object-state.ts';
import type { BackupGroupView, ObjectStoreView } from './object-store-view.ts';
import { type ManifestGroup, objectsOf } from './objects.ts';
import { restorableRanges, volumeRanges } from './restorable.ts';

/** Commits listed, newest, when pages are asked for. */
const pointLimit = 400;

export const objectStoreView = (state: ObjectStoreState, withPoints = false): ObjectStoreView => ({
  role: 'objectStore',
  bootEpoch: state.bootEpoch,
  objects: state.objects.size,
  bytes: state.bytes,
  uploads: state.uploads.size,
  bad: [...state.bad].sort(),
  pinned: state.pins.pins.map(({ volume, names }) => ({ volume, objects: names.length })),
  backups: [...state.manifests.values()].map((standing) => backupView(standing, withPoints)),
});

function backupView(
  { volume, version, token, content }: Standing,
  withPoints: boolean,
): ObjectStoreView['backups'][number] {
  const { cpls, groups } = content;
  const newest = cpls.findLast(({ commit }) => commit);
  return {
    volume,
    version,
    token,
    named: objectsOf(content).length,
    groups: groups.map(groupView),
    restorable: volumeRanges(content),
    cpls: cpls.length,
    newestCommit: newest ? { lsn: newest.lsn, time: newest.time } : null,
    ...(withPoints
      ? {
          points: cpls
            .filter(({ commit }) => commit)
            .slice(-pointLimit)
            .map(({ lsn, time }) => ({ lsn, time })),
        }
      : {}),
  };
}

const groupView = (group: ManifestGroup): BackupGroupView => ({
  group: group.group,
  archiver: group.archiver,
  archivedTo: group.archivedTo,
  logs: group.logs.map(({ first, end }) => [first, end]),
  bases: group.bases.map(({ base }) => base),
  gaps: group.gaps,
  restorable: restorableRanges(group),
});
