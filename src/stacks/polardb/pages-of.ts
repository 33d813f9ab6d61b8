// Pages of a volume in files as a structure check reads them: of the newest open writer, each page from its buffer, else from its file. It looks
// into states; nothing is asked over the network.

import type { NodeId } from '../../base/ids.ts';
import { chunkRole } from '../../core/chunk/chunk-role.ts';
import { chunksOf } from '../../core/chunk/device-spec.ts';
import { appliedThrough, type ChunkReplica, readBytes } from '../../core/chunk/replica.ts';
import { engineProgram } from '../../core/engine/engine.ts';
import type { EngineState } from '../../core/engine/engine-state.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { type NodeState, partOf } from '../../core/kernel/node.ts';
import { type PageKey, pageKey } from '../../core/page/page-key.ts';
import { blocksOf } from '../../core/pfs/file-blocks.ts';
import { blockPlace, type Place } from '../../core/pfs/geometry.ts';
import type { Mount } from '../../core/pfs/mount-state.ts';
import { findPath, namesIn } from '../../core/pfs/tree.ts';
import { PAGE_DIRECTORY } from '../../core/shared-storage/page-file.ts';
import type { OpenPhase, SharedAttachment } from '../../core/shared-storage/shared-attachment.ts';
import { sharedComputeRole } from '../../core/shared-storage/shared-role.ts';
import type { VolumePages } from '../../sim/fsck/volume-pages.ts';
import type { World } from '../../sim/world.ts';

const compute = sharedComputeRole(engineProgram);

export type Read = (place: Place) => Uint8Array | null;

/** Bytes of a chunk as the replica has them that has applied most. */
export function readerOf({ runners }: World<unknown, unknown>, cluster: ClusterSpec): Read {
  const newest = new Map<string, ChunkReplica>();
  for (const { state } of runners.values())
    for (const { group, replica, log } of partOf(state as NodeState, chunkRole)?.chunks.values() ?? []) {
      const known = newest.get(group);
      const isNewer = known === undefined || appliedThrough(replica) > appliedThrough(known);
      if (log.raft !== null && log.raft.amnesia === null && isNewer) newest.set(group, replica);
    }
  const groups = chunksOf(cluster);
  return ({ chunk, at, length }) => {
    const replica = newest.get(groups[chunk]?.id ?? '');
    return replica === undefined ? null : readBytes(replica, at, length);
  };
}

/** Null: a block of a file is lacking where it was looked for. */
export function storedPages(
  { meta, geometry: g }: Mount,
  pageBytes: number,
  read: Read,
): Map<PageKey, Uint8Array> | null {
  const pages = new Map<PageKey, Uint8Array>();
  const names = namesIn(meta, PAGE_DIRECTORY);
  for (const name of names.ok ? names.value : []) {
    const [relation, fork] = name.split('.').map(Number);
    const found = findPath(meta, `${PAGE_DIRECTORY}/${name}`);
    if (!found.ok || relation === undefined || fork === undefined) continue;
    const blocks = blocksOf(meta, found.value.no);
    for (let offset = 0; offset + pageBytes <= found.value.size; offset += pageBytes) {
      const tag = blocks.get(Math.floor(offset / g.blockBytes));
      if (tag === undefined || offset % g.blockBytes >= tag.holeoff) continue;
      const bytes = read(blockPlace(g, tag.no, offset % g.blockBytes, pageBytes));
      if (bytes === null) return null;
      if (bytes.some((byte) => byte !== 0)) pages.set(pageKey(relation, fork, offset / pageBytes), bytes);
    }
  }
  return pages;
}

interface OpenWriter {
  readonly node: NodeId;
  readonly attachment: SharedAttachment<EngineState>;
  readonly phase: OpenPhase;
  readonly mount: Mount;
}

/** The greatest token that a chunk server has installed: whoever works under a lower one is overtaken (FS-80). */
const newestToken = ({ runners }: World<unknown, unknown>): number =>
  Math.max(
    0,
    ...[...runners.values()].flatMap(({ state }) =>
      [...(partOf(state as NodeState, chunkRole)?.chunks.values() ?? [])].map(
        ({ replica }) => replica.maxToken,
      ),
    ),
  );

/** The newest writer that has the volume open, unless there was one after it: that may be down, and this one not know yet. */
export function openWriter(world: World<unknown, unknown>): OpenWriter | null {
  const { runners } = world;
  const open = [...runners].flatMap(([node, { state }]) => {
    const now = partOf(state as NodeState, compute)?.now;
    if (now?.kind !== 'writer') return [];
    const { attachment } = now;
    const { phase } = attachment;
    return phase.kind === 'open' && attachment.host.mount !== null
      ? [{ node, attachment, phase, mount: attachment.host.mount }]
      : [];
  });
  const newest = open.sort((a, b) => b.attachment.token - a.attachment.token)[0] ?? null;
  return newest !== null && newest.attachment.token >= newestToken(world) ? newest : null;
}

/** Pages of readers that have a slot. */
export const readersOf = ({ runners }: World<unknown, unknown>) =>
  [...runners].flatMap(([node, { state }]) => {
    const now = partOf(state as NodeState, compute)?.now;
    const phase = now?.kind === 'reader' ? now.attachment.phase : null;
    return phase?.kind === 'ready' ? [{ node, cache: phase.replay.cache }] : [];
  });

export function pagesOf(world: World<unknown, unknown>): VolumePages[] {
  const { cluster, params } = world.fabric;
  const writer = openWriter(world);
  if (writer === null || writer.attachment.redo.kind === 'logIndex') return [];
  const { attachment, phase, mount } = writer;
  const pages = storedPages(mount, params.pageBytes, readerOf(world, cluster));
  if (pages === null) return [];
  for (const job of [...attachment.later, ...attachment.jobs.map((one) => one.job)]) {
    const last = job.calls.at(-1);
    if (job.kind === 'page' && last?.kind === 'pwrite') pages.set(job.page, last.bytes);
  }
  for (const [page, image] of attachment.copied) pages.set(page, image);
  for (const [page, image] of attachment.held) pages.set(page, image);
  for (const { page, image } of phase.arrived) if (image !== null) pages.set(page, image);
  for (const page of new Set([
    ...pages.keys(),
    ...attachment.flush.list.keys(),
    ...attachment.flush.writes.keys(),
  ])) {
    const image = engineProgram.pageImage(attachment.engine, page);
    if (image !== null) pages.set(page, image);
  }
  const spaces = new Map([...attachment.engine.space].map(([relation, { map }]) => [relation, map]));
  const { pageBytes, clientBlocks } = params;
  return [{ volume: cluster.volume, at: attachment.log.tail, pageBytes, clientBlocks, pages, spaces }];
}
