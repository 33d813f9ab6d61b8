// What a chunk server keeps on its disk (docs/spec/polarfs.md FS-75 to FS-79): blocks, the list of servers and the end of a replica that
// left, with the entries and snapshots of the group's log.

import { nodeId } from '../../base/ids.ts';
import {
  flushWrites,
  goneThrough,
  goneWrite,
  loadBlocks,
  makeReplica,
  restoreSummary,
  sealSummary,
  serversWrite,
  storedServers,
} from '../../core/chunk/replica.ts';
import { openJournalValue } from '../../core/consensus/stored.ts';
import type { Write } from '../../core/kernel/door.ts';
import { geometries } from '../../core/pfs/geometry.ts';
import type { FuzzCorpus, FuzzRead, FuzzTarget } from './targets.ts';

const PREFIX = 'chunk/c0/';
const SERVERS = ['cs-1', 'cs-2', 'cs-3', 'cs-4'].map(nodeId);
const BLOCK = 2;

/** Blocks of a sector: every bit of one is flipped. */
const small = () =>
  makeReplica({ ...geometries.mini, blockBytes: 512, blocksPerChunk: 4 }, PREFIX, 0, [], SERVERS.slice(0, 3));

function written() {
  const replica = small();
  replica.blocks[BLOCK] = Uint8Array.from({ length: 512 }, (_, i) => (i * 7) & 0xff);
  replica.versions[BLOCK] = 9;
  replica.dirty.add(BLOCK);
  Object.assign(replica, { accepted: 11, maxToken: 3, lastSeq: 5, servers: SERVERS });
  replica.recent.add(4);
  return replica;
}

const bytesOf = (writes: readonly Write[]): Uint8Array[] =>
  writes.flatMap(({ bytes }) => (bytes === null ? [] : [bytes]));
const diskOf = (write: Write | undefined, bytes: Uint8Array): ReadonlyMap<string, Uint8Array> =>
  new Map([[write?.key ?? '', bytes]]);

function readBlock(bytes: Uint8Array): FuzzRead {
  const replica = small();
  const damaged = loadBlocks(replica, diskOf(flushWrites(written())[0], bytes));
  if (damaged.length > 0) return { error: `block ${damaged[0]} is damaged` };
  return { error: null, again: null, content: [replica.versions[BLOCK], replica.blocks[BLOCK]] };
}

/** Nobody is invited by an empty list. */
function readServers(bytes: Uint8Array): FuzzRead {
  const servers = storedServers(diskOf(serversWrite(PREFIX, []), bytes), PREFIX);
  if (servers.length === 0) return { error: 'no list of servers' };
  return { error: null, again: bytesOf([serversWrite(PREFIX, servers)])[0] ?? null };
}

/** FS-76: a replica whose mark cannot be read counts as gone, whatever identity it was given. */
function readGone(bytes: Uint8Array): FuzzRead {
  const through = goneThrough(diskOf(goneWrite(PREFIX, 0), bytes), PREFIX);
  if (through === Number.MAX_SAFE_INTEGER) return { error: 'every identity is gone' };
  return { error: null, again: bytesOf([goneWrite(PREFIX, through)])[0] ?? null };
}

function readSummary(bytes: Uint8Array): FuzzRead {
  const replica = small();
  return restoreSummary(replica, bytes)
    ? { error: null, again: null, content: sealSummary(replica) }
    : { error: 'no summary of a chunk' };
}

const readEntry =
  (disk: FuzzCorpus['disk']) =>
  (bytes: Uint8Array, good: Uint8Array): FuzzRead => {
    const key = disk.find((one) => one.bytes === good)?.key ?? '';
    const content = openJournalValue(key, bytes, key.replace(/(log|snapshot)\/.*$/, ''));
    return content === null
      ? { error: 'no record and no checkpoint can be read of it' }
      : { error: null, again: null, content };
  };

/** The keys of a chunk server's disk, and the target that reads their values. */
export const chunkFormats: readonly (readonly [key: RegExp, target: string])[] = [
  [/^chunk\/[^/]+\/(log|snapshot)\//, 'chunk: log value'],
  [/^chunk\/[^/]+\/block\//, 'chunk: block'],
  [/^chunk\/[^/]+\/servers$/, 'chunk: servers'],
  [/^chunk\/[^/]+\/gone$/, 'chunk: gone'],
];

export function chunkTargets(disk: FuzzCorpus['disk'], reseal: FuzzTarget['reseal']): readonly FuzzTarget[] {
  const entries = disk.filter(({ key }) => chunkFormats[0]?.[0].test(key) === true);
  const target = (name: string, corpus: readonly Uint8Array[], read: FuzzTarget['read']): FuzzTarget => ({
    name,
    corpus,
    reseal,
    read,
  });
  const log = entries.map(({ bytes }) => bytes);
  const lists = [SERVERS.slice(0, 3), SERVERS].map((servers) => serversWrite(PREFIX, servers));
  return [
    target('chunk: log value', log, readEntry(disk)),
    target('chunk: block', bytesOf(flushWrites(written())), readBlock),
    target('chunk: servers', bytesOf(lists), readServers),
    target('chunk: gone', bytesOf([goneWrite(PREFIX, 7), goneWrite(PREFIX, 70_000)]), readGone),
    target('chunk: summary', [small(), written()].map(sealSummary), readSummary),
  ];
}
