// The pages of a volume as its replicas would serve them at VDL (WAL-35): of each group one that holds the whole log up to
// there, version and chain together; a page that this one has lost to damage comes from another. Null while some group has
// no replica that could answer.

import type { NodeId } from '../../base/ids.ts';
import { type Block, lastNotAbove } from '../../core/log-store/replica/blocks.ts';
import { failureOf } from '../../core/log-store/replica/condition.ts';
import type { Watermarks } from '../../core/log-store/replica/group-state.ts';
import { versionKey } from '../../core/log-store/replica/keys.ts';
import { buildOnto, cachedVersion, decodeVersion, pendingOf } from '../../core/log-store/replica/pages.ts';
import type { Group } from '../../core/log-store/replica/state.ts';
import type { PageKey } from '../../core/page/page-key.ts';
import type { VolumePages } from './volume-pages.ts';

export interface Replica {
  readonly node: NodeId;
  readonly group: Group;
  readonly disk: ReadonlyMap<string, Uint8Array>;
}

const NO_LIMIT = Number.MAX_SAFE_INTEGER;

type Pages = Pick<VolumePages, 'at' | 'pageBytes' | 'pages'>;

/** `groups`: how many the volume has. */
export function replicaPages(replicas: readonly Replica[], groups: number, pageBytes: number): Pages | null {
  // One that has missed a recovery may hold annulled records: those with the newest history alone are asked.
  const epoch = replicas.reduce((newest, { group }) => Math.max(newest, group.superblock.volumeEpoch), 0);
  const current = replicas.filter(
    ({ group }) => group.superblock.volumeEpoch === epoch && failureOf(group) === null,
  );
  const newest = newestMarks(current);
  if (newest.size < groups) return null;
  // A VDL that the writer has advertised to every group: the group tail advertised with it covers all at or below it.
  const at = [...newest.values()].reduce((least, { knownVdl }) => Math.min(least, knownVdl), NO_LIMIT);
  const pages = new Map<PageKey, Uint8Array>();
  for (const [id, { groupTail }] of newest) {
    const able = current.filter(
      ({ group }) =>
        group.id === id &&
        group.repair.unsure === null &&
        group.scl >= Math.min(at, groupTail) &&
        group.watermarks.pgmrpl <= at,
    );
    if (at < 0 || able.length === 0) return null;
    const keys = new Set(able.flatMap(({ group }) => [...group.pages.blocks.keys()]));
    for (const key of keys) {
      const page = readPage(able, key, at, pageBytes);
      if (page === 'lost') return null;
      if (page !== null) pages.set(key, page);
    }
  }
  return { at, pageBytes, pages };
}

/** Of each group the watermarks that were advertised last. */
function newestMarks(replicas: readonly Replica[]): Map<string, Watermarks> {
  const newest = new Map<string, Watermarks>();
  for (const { group } of replicas) {
    const known = newest.get(group.id);
    if (known === undefined || known.knownVdl < group.watermarks.knownVdl)
      newest.set(group.id, group.watermarks);
  }
  return newest;
}

/** The bytes from the first replica that can build them; null: the page does not exist at that point. */
function readPage(
  replicas: readonly Replica[],
  key: PageKey,
  at: number,
  pageBytes: number,
): Uint8Array | null | 'lost' {
  for (const { group, disk } of replicas) {
    const block = group.pages.blocks.get(key);
    if (block === undefined) continue;
    const page = buildPage(group, disk, block, key, at, pageBytes);
    if (page !== 'lost') return page;
  }
  return 'lost';
}

/** What the replica makes of its version and chain; null: the page does not exist at that point, `lost`: damage took some of it. */
export function buildPage(
  group: Group,
  disk: Replica['disk'],
  block: Block,
  key: PageKey,
  at: number,
  pageBytes: number,
): Uint8Array | null | 'lost' {
  const lsn = lastNotAbove(block.versions, at);
  let base: Uint8Array | null = null;
  if (lsn !== -1) {
    const value = disk.get(versionKey(group.id, key, lsn));
    base =
      cachedVersion(group, key, lsn)?.page ?? (value === undefined ? null : decodeVersion(value, key, lsn));
    if (base === null) return 'lost';
  }
  const records = pendingOf(group, block, lsn, at);
  if (records === null) return 'lost';
  if (records.length === 0) return base;
  const page = new Uint8Array(pageBytes);
  return buildOnto(page, base, records) ? page : 'lost';
}
