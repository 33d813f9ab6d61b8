// The lens "Shared disk" as data (docs/spec/polarfs.md §1, §5, §6; logindex.md §4): whose every block of every chunk is, the directory tree with
// inodes and chains of blktags, the journal's ring with the writer's head and each reader's, and LogIndex as a node has it. Pure.

import { chunkGeometry } from '../../../../../core/chunk/device-spec.ts';
import type { ClusterSpec } from '../../../../../core/kernel/cluster-spec.ts';
import { pageKey } from '../../../../../core/page/page-key.ts';
import type { StorageView } from '../../../../../core/pcs/pcs-view.ts';
import { ENTRY_BYTES, type Geometry, numberOf } from '../../../../../core/pfs/geometry.ts';
import type { Leader } from '../../../../../core/pfs/journal.ts';
import { findObject } from '../../../../../core/pfs/metadata.ts';
import type { Mount } from '../../../../../core/pfs/mount-state.ts';
import type { Blktag, Inode } from '../../../../../core/pfs/objects.ts';
import { ROOT } from '../../../../../core/pfs/tree.ts';
import type { RoomView } from '../../../../../core/shared-storage/room.ts';
import type { IndexView } from '../../../../../core/shared-storage/shared-view.ts';
import { metadataIn } from '../../../../../state/role-views.ts';
import { computeOf } from '../../../../model/node-facts.ts';
import { mountIn, type Nodes } from '../../device.ts';

export type BlockKind = 'superblock' | 'free' | 'file' | 'internal';

export interface Block {
  readonly index: number;
  readonly kind: BlockKind;
  /** Path of its file; empty where it is none's. */
  readonly path: string;
  readonly ino: number;
  /** Index within the file. */
  readonly blkid: number;
  /** FS-8: from here on it was never written. */
  readonly holeoff: number;
  /** Index of the last entry of the chunk's log in it, as the chunk's leader has it; 0: never written, −1: nobody says. */
  readonly version: number;
}

export interface Chunk {
  readonly index: number;
  readonly group: string;
  readonly leader: string | null;
  readonly token: number;
  /** Of each server, how far it has applied; and blocks that it lacks. */
  readonly servers: readonly {
    readonly id: string;
    readonly isUp: boolean;
    readonly applied: number;
    readonly commit: number;
    readonly wanted: number;
  }[];
  readonly blocks: readonly Block[];
  readonly free: number;
}

export interface TreeRow {
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  readonly inode: Inode;
  readonly direntry: number;
  /** Its blktags in list order. */
  readonly chain: readonly Blktag[];
}

export interface Head {
  readonly node: string;
  readonly isWriter: boolean;
  readonly headTx: number;
  readonly headOff: number;
}

export interface DiskModel {
  /** Whose mount it is. */
  readonly node: string;
  /** Nodes that have a mount. */
  readonly mounts: readonly string[];
  readonly geometry: Geometry;
  readonly chunks: readonly Chunk[];
  /** FS-45: as the writer counts it. */
  readonly room: RoomView | null;
  /** FS-77: what the metadata moves, and plans to; null before a server was added or drained. */
  readonly placement: StorageView | null;
  readonly tree: readonly TreeRow[];
  readonly leader: Leader;
  readonly heads: readonly Head[];
  readonly index: IndexView | null;
  readonly mount: Mount;
}

const internal: Readonly<Record<number, string>> = { 1: '/.pfs-paxos', 2: '/.pfs-journal' };

/** Depth first, as directories list their entries. */
function treeOf({ meta }: Mount): TreeRow[] {
  const rows: TreeRow[] = [];
  const visit = (ino: number, path: string, name: string, direntry: number, depth: number): void => {
    const inode = findObject(meta, 'inode', ino);
    if (inode === null || !inode.used || depth > deepest) return;
    const chain: Blktag[] = [];
    if (inode.kind === 'file')
      for (let no = inode.head; no !== 0 && chain.length < inode.nblock; ) {
        const tag = findObject(meta, 'blktag', no);
        if (tag === null) break;
        chain.push(tag);
        no = tag.next;
      }
    rows.push({ path, name, depth, inode, direntry, chain });
    if (inode.kind === 'file') return;
    const seen = new Set<number>();
    for (let no = inode.head; no !== 0 && !seen.has(no); ) {
      seen.add(no);
      const entry = findObject(meta, 'direntry', no);
      if (entry === null) break;
      visit(entry.ino, path === '/' ? `/${entry.name}` : `${path}/${entry.name}`, entry.name, no, depth + 1);
      no = entry.next;
    }
  };
  visit(ROOT, '/', '/', 0, 0);
  return rows;
}
const deepest = 16;

/** Those that have a replica now; of a node that is down nobody can say whether it still has the one that it was laid out with. */
function serversOf(group: string, replicas: readonly string[], nodes: Nodes): string[] {
  const isHost = ([, { view }]: readonly [string, Nodes[string]]): boolean =>
    view?.roles.some((role) => role.role === 'chunk' && role.chunks.some((one) => one.group === group)) ??
    false;
  const hosts = Object.entries(nodes).flatMap((entry) => (isHost(entry) ? [entry[0]] : []));
  const down = hosts.length < replicas.length ? replicas.filter((id) => nodes[id]?.view == null) : [];
  return [...new Set([...hosts, ...down])].toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

function chunksOf(cluster: ClusterSpec, nodes: Nodes, mount: Mount, tree: readonly TreeRow[]): Chunk[] {
  const { geometry: g, meta } = mount;
  const paths = new Map(tree.map(({ inode, path }) => [inode.no, path]));
  return (cluster.chunks ?? []).slice(0, meta.chunks.length).map(({ id: group, replicas }, index) => {
    const servers = serversOf(group, replicas, nodes).map((server) => {
      const node = nodes[server];
      const role = node?.view?.roles.find((one) => one.role === 'chunk');
      const view = role?.role === 'chunk' ? role.chunks.find((one) => one.group === group) : undefined;
      return { id: server as string, isUp: node?.status === 'up', view };
    });
    const up = servers.filter(({ isUp, view }) => isUp && view !== undefined);
    const leading = up
      .filter(({ view }) => view?.isLeader === true)
      .toSorted((a, b) => (b.view?.term ?? 0) - (a.view?.term ?? 0))[0];
    const versions = (leading ?? up[0])?.view?.versions;
    const blocks = Array.from({ length: g.blocksPerChunk }, (_, i): Block => {
      const version = versions?.[i] ?? -1;
      const none = { index: i, path: '', ino: -1, blkid: -1, holeoff: 0, version };
      if (i === 0) return { ...none, kind: 'superblock' };
      const tag = findObject(meta, 'blktag', numberOf(g, 'blktag', index, i));
      if (tag === null || !tag.used) return { ...none, kind: 'free' };
      const { ino, blkid, holeoff } = tag;
      const kind = internal[ino] === undefined ? 'file' : 'internal';
      return { index: i, kind, path: paths.get(ino) ?? '', ino, blkid, holeoff, version };
    });
    return {
      index,
      group,
      leader: leading?.id ?? null,
      token: Math.max(0, ...up.map(({ view }) => view?.maxToken ?? 0)),
      servers: servers.map(({ id, isUp, view }) => ({
        id,
        isUp,
        applied: view?.applied ?? -1,
        commit: view?.commit ?? -1,
        wanted: view?.wanted ?? 0,
      })),
      blocks,
      free: blocks.filter(({ kind }) => kind === 'free').length,
    };
  });
}

/** A node has the file system mounted, and the picture is older than the request to show it. */
export const isOnItsWay = (nodes: Nodes): boolean =>
  Object.values(nodes).some((node) => {
    const shared = computeOf(node)?.shared;
    return shared !== undefined && shared.headTx >= 0 && shared.mount === undefined;
  });

export function projectDisk(
  { cluster, nodes }: { readonly cluster: ClusterSpec; readonly nodes: Nodes },
  wanted: string | null,
): DiskModel | null {
  if (cluster.chunks === undefined) return null;
  const mounted = cluster.nodes.flatMap(({ id }) => {
    const mount = mountIn(cluster, nodes[id]);
    return mount === null ? [] : [{ id: id as string, mount }];
  });
  const isWriter = (id: string): boolean => computeOf(nodes[id])?.mode === 'rw';
  const isUp = (id: string): boolean => nodes[id]?.status === 'up';
  const chosen =
    mounted.find(({ id }) => id === wanted) ??
    mounted.find(({ id }) => isWriter(id) && isUp(id)) ??
    mounted.find(({ id }) => isUp(id)) ??
    mounted[0];
  if (chosen === undefined) return null;
  const { id: node, mount } = chosen;
  const tree = treeOf(mount);
  return {
    node,
    mounts: mounted.map(({ id }) => id),
    geometry: chunkGeometry(cluster),
    chunks: chunksOf(cluster, nodes, mount, tree),
    room: Object.values(nodes).flatMap((one) => computeOf(one)?.shared?.room ?? [])[0] ?? null,
    placement: metadataIn({ nodes: Object.values(nodes) })?.storage ?? null,
    tree,
    leader: newestLeader(mounted.map(({ mount: { leader } }) => leader)) ?? mount.leader,
    heads: mounted
      .filter(({ id }) => isUp(id))
      .map(({ id, mount: { position } }) => ({
        node: id,
        isWriter: isWriter(id),
        headTx: position.tx,
        headOff: position.off,
      })),
    index: computeOf(nodes[node])?.shared?.index ?? null,
    mount,
  };
}

/** As the device has it, so far as anybody in the picture knows. */
const newestLeader = (leaders: readonly Leader[]): Leader | undefined =>
  leaders.toSorted((a, b) => b.headTx - a.headTx)[0];

/** How much of the ring is in use, in entries. */
export function ringUse({ tailOff, headOff, logSize }: Leader): {
  readonly used: number;
  readonly all: number;
} {
  const bytes = (headOff - tailOff + logSize) % logSize;
  return { used: bytes / ENTRY_BYTES, all: logSize / ENTRY_BYTES };
}

/** `1:7`: chunk and block. */
export const blockName = ({ geometry: g }: Pick<DiskModel, 'geometry'>, blktag: number): string => {
  let numbers = 1;
  while (numbers < g.blocksPerChunk) numbers *= 2;
  return `${Math.floor(blktag / numbers)}:${blktag % numbers}`;
};

/** Pages of the node's buffer, those of tables first. */
export function indexPages({ node }: Pick<DiskModel, 'node'>, nodes: Nodes): readonly number[] {
  const keys = (computeOf(nodes[node])?.shared?.frames ?? []).map(({ blockKey }) => blockKey);
  return keys.toSorted((a, b) => Number(a < firstTable) - Number(b < firstTable) || a - b);
}

/** Relations below it are the system's own. */
const firstTable = pageKey(8, 0, 0);

/** LSNs of the page in a table, ascending. */
export const lsnsIn = ({ entries }: IndexView, table: number, blockKey: number): readonly number[] =>
  entries.find((one) => one.table === table && one.blockKey === blockKey)?.lsns ?? [];

/** Saved tables that are in no memory slot: first and last; null: there is none. */
export function onlyInFiles(index: IndexView): readonly [first: number, last: number] | null {
  const first = index.minFile * index.tablesPerFile + 1;
  const last = Math.min(index.maxTableId, (index.tables[0]?.id ?? index.maxTableId + 1) - 1);
  return last < first ? null : [first, last];
}
