// The shared device by inspection: what a node's mount knows of its files, and bytes of it as the chunk servers show them (`files` of
// ViewParams). A file's bytes take two pictures: the first says where they lie, the next has what lies there. Pure.

import { chunkGeometry } from '../../../core/chunk/device-spec.ts';
import type { ChunkView, PlaceView } from '../../../core/chunk/trace-events.ts';
import type { ClusterSpec } from '../../../core/kernel/cluster-spec.ts';
import type { DevicePlace } from '../../../core/kernel/view-params.ts';
import type { PageKey } from '../../../core/page/page-key.ts';
import { blocksOf } from '../../../core/pfs/file-blocks.ts';
import { blockPlace, type Geometry, type Place } from '../../../core/pfs/geometry.ts';
import { addFreeChunk, makeMetadata, putObject } from '../../../core/pfs/metadata.ts';
import { type Mount, makeMount } from '../../../core/pfs/mount-state.ts';
import type { MountView } from '../../../core/pfs/mount-view.ts';
import { findPath, ROOT } from '../../../core/pfs/tree.ts';
import { pageOffset, pagePath } from '../../../core/shared-storage/page-file.ts';
import type { NodeFrame } from '../../../run-model/picture/frame.ts';
import { computeOf } from '../../model/node-facts.ts';

export type Nodes = Readonly<Record<string, NodeFrame>>;

const made = new WeakMap<MountView, Mount>();

/** Every call that only reads gives the same there as at its node; it need not poll first, for it is what it is shown as (C1). */
function mountOf(geometry: Geometry, view: MountView): Mount {
  const { token, chunks, leader, headTx, headOff, objects } = view;
  const meta = makeMetadata(geometry);
  for (let i = 0; i < chunks; i++) addFreeChunk(meta);
  for (const object of objects) putObject(meta, object);
  const mount = makeMount(geometry, 'rw', token);
  mount.meta = meta;
  mount.leader = leader;
  mount.position = { tx: headTx, off: headOff, lsn: leader.headLsn };
  mount.state = 'open';
  return mount;
}

const hasRoot = ({ objects }: MountView): boolean =>
  objects.some(({ type, no }) => type === 'inode' && no === ROOT);

/** A mount made of what a node shows of its own; null: it has none, is loading its metadata, or has not been asked. */
export function mountIn(cluster: ClusterSpec, node: NodeFrame | undefined): Mount | null {
  const view = computeOf(node)?.shared?.mount;
  if (view === undefined || !hasRoot(view)) return null;
  const mount = made.get(view) ?? mountOf(chunkGeometry(cluster), view);
  made.set(view, mount);
  return mount;
}

const chunkViews = (nodes: Nodes): readonly ChunkView[] =>
  Object.values(nodes).flatMap(({ status, view }) =>
    status === 'up' ? (view?.roles.filter((role) => role.role === 'chunk') ?? []) : [],
  );

export function devicePlace({ chunks = [] }: ClusterSpec, { chunk, at, length }: Place): DevicePlace | null {
  const group = chunks[chunk]?.id;
  return group === undefined ? null : { group, at, length };
}

/** The chunk's leader says what is there; while nobody leads, whoever has it. `undefined`: not shown yet. */
export function bytesAt(nodes: Nodes, wanted: DevicePlace): Uint8Array | null | undefined {
  const isIt = ({ group, at, length }: PlaceView): boolean =>
    group === wanted.group && at === wanted.at && length === wanted.length;
  const leads = ({ chunks }: ChunkView): boolean =>
    chunks.some(({ group, isLeader }) => isLeader && group === wanted.group);
  const shown = chunkViews(nodes).flatMap((view) => {
    const place = view.bytes?.find(isIt);
    return place === undefined ? [] : [{ bytes: place.bytes, isLeader: leads(view) }];
  });
  return (shown.find(({ isLeader }) => isLeader) ?? shown.find(({ bytes }) => bytes !== null) ?? shown[0])
    ?.bytes;
}

/** Where the first bytes of a page's stored image lie; null: the page was never stored. */
export function storedPlace(mount: Mount, key: number, pageBytes: number, length: number): Place | null {
  const { meta, geometry: g } = mount;
  const offset = pageOffset(key as PageKey, pageBytes);
  const file = findPath(meta, pagePath(key as PageKey));
  if (!file.ok || file.value.kind === 'dir' || offset + length > file.value.size) return null;
  const within = offset % g.blockBytes;
  const tag = blocksOf(meta, file.value.no).get(Math.floor(offset / g.blockBytes));
  return tag === undefined || tag.holeoff < within + length ? null : blockPlace(g, tag.no, within, length);
}
