// A replica of a chunk as a state machine over the group's log (docs/spec/polarfs.md FS-70, FS-73 to FS-75, FS-78, FS-80): blocks with the
// index of the last entry that each has, the highest token, and the blocks that it lacks: damaged on its disk, or behind a snapshot. A
// block that is lacking is fetched from a peer; entries that touch it wait.

import { blob, type Codec, list, struct, text, uint } from '../../base/codec.ts';
import { type NodeId, nodeId } from '../../base/ids.ts';
import type { DiskImage, Write } from '../kernel/door.ts';
import { openWith, sealWith } from '../kernel/framing.ts';
import { has, type Mutants } from '../kernel/mutants.ts';
import { chunkBytes, type Geometry } from '../pfs/geometry.ts';
import {
  type Command,
  decodeCommand,
  type MemberPlace,
  memberPlaceIn,
  type Piece,
  WRITE_WINDOW,
} from './commands.ts';
import { type Ranges, takeApplicable, type Waiting } from './window.ts';

interface WaitingWrite extends Waiting {
  readonly pieces: readonly Piece[];
}

export interface ChunkReplica {
  readonly geometry: Geometry;
  /** Keys of its blocks begin with it. */
  readonly prefix: string;
  /** FS-73: N. */
  readonly behind: number;
  readonly mutants: Mutants;
  /** Null: never written, zeros. */
  readonly blocks: (Uint8Array | null)[];
  /** Index of the last entry in each block. */
  readonly versions: number[];
  /** Slot of its newest stored image. */
  readonly slots: number[];
  /** Blocks that are lacking, with the least version that will do. */
  readonly wanted: Map<number, number>;
  readonly dirty: Set<number>;
  /** Blocks that came from a peer and are not durable here: the log that would make them anew is not. */
  readonly fetched: Set<number>;
  readonly waiting: WaitingWrite[];
  /** Index of the last entry that was accepted. */
  accepted: number;
  maxToken: number;
  /** The highest number of a write under it, and those just below it that were accepted as well. */
  lastSeq: number;
  readonly recent: Set<number>;
  /** By their places, the servers that the group was laid out with and those that were given one since (FS-76). */
  servers: readonly NodeId[];
  /** How many of them there were at first. */
  readonly laidOut: number;
}

export const makeReplica = (
  geometry: Geometry,
  prefix: string,
  behind: number,
  mutants: Mutants = [],
  servers: readonly NodeId[] = [],
): ChunkReplica => ({
  geometry,
  prefix,
  behind,
  mutants,
  blocks: new Array<Uint8Array | null>(geometry.blocksPerChunk).fill(null),
  versions: new Array<number>(geometry.blocksPerChunk).fill(0),
  slots: new Array<number>(geometry.blocksPerChunk).fill(1),
  wanted: new Map(),
  dirty: new Set(),
  fetched: new Set(),
  waiting: [],
  accepted: 0,
  maxToken: 0,
  lastSeq: 0,
  recent: new Set(),
  servers,
  laidOut: servers.length,
});

/** What a later entry says of a place counts: an earlier one was never committed. */
export function takePlace(replica: ChunkReplica, { place, server }: MemberPlace): void {
  if (place <= replica.servers.length && replica.servers[place] !== server)
    replica.servers = [...replica.servers.slice(0, place), server, ...replica.servers.slice(place + 1)];
}

/** Every entry up to here is in the blocks. */
export const appliedThrough = ({ waiting, accepted }: ChunkReplica): number =>
  waiting[0] === undefined ? accepted : waiting[0].index - 1;

type Verdict = 'ok' | 'TOKEN_STALE' | 'duplicate' | 'damaged';

const rangesOf = (pieces: readonly Piece[]): Ranges =>
  pieces.map(({ at, length }) => [at, at + length] as const);

const blocksOf = ({ blockBytes }: Geometry, { at, length }: Piece): number[] => {
  const first = Math.floor(at / blockBytes);
  return Array.from({ length: Math.floor((at + length - 1) / blockBytes) - first + 1 }, (_, i) => first + i);
};

/** A committed entry, in log order: tokens and numbers are judged in this order; bytes are applied as the window has it. */
export function acceptEntry(replica: ChunkReplica, index: number, data: Uint8Array | null): Verdict {
  replica.accepted = index;
  if (data === null) return 'ok';
  const memberPlace = memberPlaceIn(data);
  if (memberPlace !== null) {
    takePlace(replica, memberPlace);
    return 'ok';
  }
  const command = decodeCommand(data, chunkBytes(replica.geometry));
  return command.ok ? accept(replica, index, command.value) : 'damaged';
}

function accept(replica: ChunkReplica, index: number, command: Command): Verdict {
  const { token, seq, isInstall, pieces } = command;
  const isStale = token < replica.maxToken;
  if (isStale && !has(replica.mutants, 'chunk.no-token-check')) return 'TOKEN_STALE';
  if (token > replica.maxToken) {
    replica.maxToken = token;
    replica.lastSeq = 0;
    replica.recent.clear();
  }
  if (isInstall) {
    replica.waiting.push({ index, ranges: null, isReady: true, pieces: [] });
    return 'ok';
  }
  const { recent, lastSeq } = replica;
  if (seq <= lastSeq - WRITE_WINDOW || recent.has(seq)) return 'duplicate';
  recent.add(seq);
  replica.lastSeq = Math.max(lastSeq, seq);
  for (const one of recent) if (one <= replica.lastSeq - WRITE_WINDOW) recent.delete(one);
  replica.waiting.push({ index, ranges: rangesOf(pieces), isReady: false, pieces });
  return 'ok';
}

const isCaughtUp = (replica: ChunkReplica, pieces: readonly Piece[]): boolean =>
  pieces.every((piece) => blocksOf(replica.geometry, piece).every((block) => !replica.wanted.has(block)));

/** Applies what may be applied; the indexes of those entries. */
export function applyReady(replica: ChunkReplica): number[] {
  for (const entry of replica.waiting) entry.isReady = isCaughtUp(replica, entry.pieces);
  const taken = takeApplicable(replica.waiting, replica.behind);
  for (const { index, pieces } of taken) for (const piece of pieces) writePiece(replica, index, piece);
  return taken.map(({ index }) => index);
}

function writePiece(replica: ChunkReplica, index: number, piece: Piece): void {
  const { blockBytes } = replica.geometry;
  for (const block of blocksOf(replica.geometry, piece)) {
    if ((replica.versions[block] as number) > index) continue; // it came from a peer with this entry in it
    const own = block * blockBytes;
    const from = Math.max(piece.at, own);
    const to = Math.min(piece.at + piece.length, own + blockBytes);
    const bytes = replica.blocks[block]?.slice() ?? new Uint8Array(blockBytes);
    if (piece.bytes === null) bytes.fill(0, from - own, to - own);
    else bytes.set(piece.bytes.subarray(from - piece.at, to - piece.at), from - own);
    replica.blocks[block] = bytes;
    replica.versions[block] = index;
    replica.dirty.add(block);
  }
}

/** Null: a block of the range is lacking. */
export function readBytes(replica: ChunkReplica, at: number, length: number): Uint8Array | null {
  const { geometry: g } = replica;
  const bytes = new Uint8Array(length);
  for (const block of length === 0 ? [] : blocksOf(g, { at, length, bytes: null })) {
    if (replica.wanted.has(block)) return null;
    const own = block * g.blockBytes;
    const from = Math.max(at, own);
    const part = replica.blocks[block]?.subarray(from - own, Math.min(at + length, own + g.blockBytes) - own);
    if (part !== undefined) bytes.set(part, from - at);
  }
  return bytes;
}

const SUMMARY_VERSION = 2;
const BLOCK_VERSION = 1;

/** What a snapshot of the group's log says: not the bytes, but how new each block has to be. */
interface Summary {
  readonly index: number;
  readonly maxToken: number;
  readonly lastSeq: number;
  readonly recent: number[];
  readonly versions: number[];
}
const summaryOf: Codec<Summary> = struct({
  index: uint,
  maxToken: uint,
  lastSeq: uint,
  recent: list(uint),
  versions: list(uint),
});
const serversCodec: Codec<string[]> = list(text);
/** The servers follow once there are others than those that the group was laid out with. */
const summaryCodec: Codec<Summary & { servers: string[] }> = {
  encode: (w, summary) => {
    summaryOf.encode(w, summary);
    if (summary.servers.length > 0) serversCodec.encode(w, summary.servers);
  },
  decode: (r) => ({ ...summaryOf.decode(r), servers: r.at < r.end ? serversCodec.decode(r) : [] }),
};
const blockCodec: Codec<{ index: number; bytes: Uint8Array }> = struct({ index: uint, bytes: blob });

export const sealSummary = ({
  accepted,
  maxToken,
  lastSeq,
  recent,
  versions,
  servers,
  laidOut,
}: ChunkReplica): Uint8Array =>
  sealWith(summaryCodec, SUMMARY_VERSION, {
    index: accepted,
    maxToken,
    lastSeq,
    recent: [...recent].sort((a, b) => a - b),
    versions: [...versions],
    servers: servers.length > laidOut ? [...servers] : [],
  });

/** The servers that a snapshot of the log knows; none where it knows of no others than the first. */
export function serversIn(bytes: Uint8Array): readonly NodeId[] {
  const opened = openWith(summaryCodec, SUMMARY_VERSION, bytes);
  return opened.ok ? opened.value.servers.map(nodeId) : [];
}

const serversKey = (prefix: string): string => `${prefix}servers`;
const SERVERS_VERSION = 1;

/** A server that was invited knows the others before it has any of the group's log (FS-76). */
export const serversWrite = (prefix: string, servers: readonly NodeId[]): Write => ({
  key: serversKey(prefix),
  bytes: sealWith(serversCodec, SERVERS_VERSION, [...servers]),
});

export function storedServers(disk: DiskImage, prefix: string): readonly NodeId[] {
  const stored = disk.get(serversKey(prefix));
  const opened = stored && openWith(serversCodec, SERVERS_VERSION, stored);
  return opened?.ok ? opened.value.map(nodeId) : [];
}

/** Every block of the chunk and the list of servers, to be deleted. */
export const deletionsOf = ({ prefix, blocks }: ChunkReplica): Write[] => [
  { key: serversKey(prefix), bytes: null },
  ...[...blocks.keys()].flatMap((block) =>
    [0, 1].map((slot) => ({ key: `${prefix}block/${block}/${slot}`, bytes: null })),
  ),
];

const goneKey = (prefix: string): string => `${prefix}gone`;
const GONE_VERSION = 1;
const goneCodec: Codec<{ through: number }> = struct({ through: uint });

/** FS-76: no identity that was given to this server up to this entry of the log counts any more. */
export const goneWrite = (prefix: string, through: number): Write => ({
  key: goneKey(prefix),
  bytes: sealWith(goneCodec, GONE_VERSION, { through }),
});

/** The disk has more of the replica than that it is gone. */
export const hasRest = (disk: DiskImage, prefix: string): boolean =>
  [...disk.keys()].some((key) => key.startsWith(prefix) && key !== goneKey(prefix));

/** What a damaged mark counts for: no entry can be above it. */
export const ALL_ENTRIES = Number.MAX_SAFE_INTEGER;

/** 0: none; of one that is damaged, all. */
export function goneThrough(disk: DiskImage, prefix: string): number {
  const stored = disk.get(goneKey(prefix));
  if (stored === undefined) return 0;
  const opened = openWith(goneCodec, GONE_VERSION, stored);
  return opened.ok ? opened.value.through : ALL_ENTRIES;
}

const keyOf = ({ prefix }: ChunkReplica, block: number, slot: number): string =>
  `${prefix}block/${block}/${slot}`;

/** All changed blocks, each into the slot that does not hold its newest image: a torn write leaves the other. */
export function flushWrites(replica: ChunkReplica): Write[] {
  return [...replica.dirty]
    .sort((a, b) => a - b)
    .map((block) => {
      const slot = 1 - (replica.slots[block] as number);
      const bytes = replica.blocks[block] ?? new Uint8Array(replica.geometry.blockBytes);
      const index = replica.versions[block] as number;
      return {
        key: keyOf(replica, block, slot),
        bytes: sealWith(blockCodec, BLOCK_VERSION, { index, bytes }),
      };
    });
}

/** They are durable: the next image of each goes into its other slot. */
export function onFlushed(replica: ChunkReplica, blocks: readonly number[]): void {
  for (const block of blocks) {
    replica.slots[block] = 1 - (replica.slots[block] as number);
    replica.fetched.delete(block);
  }
}

/** FS-75, FS-78: the state as of a snapshot. Blocks that are older than it says, or damaged, are wanted. False: no summary. */
export function restoreSummary(replica: ChunkReplica, bytes: Uint8Array): boolean {
  const opened = openWith(summaryCodec, SUMMARY_VERSION, bytes);
  if (!opened.ok || opened.value.versions.length !== replica.blocks.length) return false;
  const { index, maxToken, lastSeq, recent, versions, servers } = opened.value;
  for (const [place, server] of servers.entries()) takePlace(replica, { place, server: nodeId(server) });
  replica.accepted = index;
  replica.maxToken = maxToken;
  replica.lastSeq = lastSeq;
  replica.recent.clear();
  for (const seq of recent) replica.recent.add(seq);
  replica.waiting.length = 0;
  for (const [block, version] of versions.entries())
    if (version > (replica.versions[block] as number)) replica.wanted.set(block, version);
  return true;
}

/** FS-79: the log begins anew, under another identity; blocks stay what they say they are. */
export function forgetLog(replica: ChunkReplica): void {
  replica.accepted = 0;
  replica.maxToken = 0;
  replica.lastSeq = 0;
  replica.recent.clear();
  replica.waiting.length = 0;
  replica.wanted.clear();
}

/** Blocks as the disk has them: of each the newest image whose checksum holds. The blocks with an image that does not. */
export function loadBlocks(replica: ChunkReplica, disk: DiskImage): number[] {
  const damaged: number[] = [];
  for (const block of replica.blocks.keys()) {
    for (const slot of [0, 1]) {
      const stored = disk.get(keyOf(replica, block, slot));
      if (stored === undefined) continue;
      const opened = openWith(blockCodec, BLOCK_VERSION, stored);
      if (!opened.ok || opened.value.bytes.length !== replica.geometry.blockBytes) {
        damaged.push(block);
        continue;
      }
      if (opened.value.index < (replica.versions[block] as number)) continue;
      replica.blocks[block] = opened.value.bytes;
      replica.versions[block] = opened.value.index;
      replica.slots[block] = slot;
    }
  }
  return damaged;
}

/** A block of a peer. False: it is not wanted, or not new enough. */
export function installBlock(
  replica: ChunkReplica,
  block: number,
  index: number,
  bytes: Uint8Array,
): boolean {
  const least = replica.wanted.get(block);
  if (least === undefined || index < least || bytes.length !== replica.geometry.blockBytes) return false;
  replica.wanted.delete(block);
  replica.blocks[block] = bytes;
  replica.versions[block] = index;
  replica.dirty.add(block);
  replica.fetched.add(block);
  return true;
}
