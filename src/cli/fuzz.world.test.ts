// Damage to everything that nodes store or send: every bit of every format flipped, and a slice of `sim fuzz`. The formats are
// those of the registries: the table of messages, and the keys that stand on the disks of the runs.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeMessage, messageTable } from '../core/cluster/messages.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { formatMutants } from '../sim/checks/tested-mutants.ts';
import { runFlips } from '../sim/fuzz/flips.ts';
import { runFuzz } from '../sim/fuzz/run-fuzz.ts';
import { type FuzzCorpus, formatOfKey, formatsByKey, makeTargets } from '../sim/fuzz/targets.ts';
import { drawn } from '../testing/depth.ts';
import { kindOfValue, makeCorpus } from './fuzz-corpus.ts';

/** Formats that nodes keep on their disks, each once. */
const diskFormats: readonly string[] = [...new Set(formatsByKey.map(([, target]) => target))];

/** Modules of the engine that read a checksum, and the targets whose damage they have to find; without one: why there is none. */
const checksumsRead: Readonly<Record<string, readonly string[] | { readonly why: string }>> = {
  'core/kernel/message-frame.ts': ['message'],
  'core/kernel/framing.ts': [
    'superblock',
    'page version',
    'boot epoch',
    'configuration',
    'metadata value',
    'chunk: block',
  ],
  'core/log/record.ts': ['records', 'record of several pages'],
  'core/log-store/holes/hole-snapshot.ts': ['status list'],
  'core/log-store/replica/segment.ts': ['log segment'],
  'core/object-store/object-name.ts': ['object under its name'],
  'core/logindex/table-image.ts': ['LogIndex: table', 'LogIndex: bloom filter'],
  'core/pfs/objects.ts': [
    'file system: object',
    'file system: header of a chunk',
    'journal: leader',
    'journal: entry',
  ],
  'core/consensus/following.ts': {
    why: 'of a snapshot whose chunks have come in frames (raft.world.test.ts)',
  },
  'core/consensus/sending.ts': { why: 'made for following.ts' },
  'core/engine/large-values.ts': { why: 'of a value whose parts lie in pages (fsck/large-values.test.ts)' },
  'core/engine/large-rows.ts': { why: 'made for large-values.ts' },
  'core/engine/pages.ts': { why: 'a digest of the trace' },
  'core/log-store/replica/pages.ts': { why: 'a digest of the trace' },
  'core/log-store/restore/restore-install.ts': { why: 'a number that is drawn from others' },
  'core/agent/settings.ts': { why: 'tells configurations apart, which come in frames' },
  'core/pcs/meta-apply.ts': { why: 'a digest of the trace' },
  'core/pcs/operator-order.ts': { why: 'tells orders apart, which come in frames' },
  'core/pcs/raft-trace.ts': { why: 'a digest of the trace' },
};

const INPUTS = 24_000;
const SHARED_KINDS = [
  ...['SlotJoin', 'SlotGiven', 'SlotReport', 'WalMeta', 'ChunkWrite', 'ChunkAck', 'ChunkRead', 'ChunkData'],
  ...['ChunkRaft', 'ChunkToken', 'ChunkReport', 'ChunkOrders', 'ChunkServers', 'ChunkInvite', 'ChunkStarts'],
  ...['ChunkKnown', 'ChunkJoinAs', 'ChunkFetch', 'ChunkBlock', 'ChunkCaughtUp', 'ChunkGone'],
];

describe('WAL-29 HOLE-55 damage', () => {
  let corpus: FuzzCorpus;
  beforeAll(async () => {
    corpus = makeCorpus(await loadSqlEdge());
  });

  test('F08 the runs, and the table of rare messages beside them, have every kind of the table of messages', () => {
    const sent = new Set<string>();
    for (const frame of corpus.frames) {
      const read = decodeMessage(frame);
      if (!('error' in read)) sent.add(read.message.kind);
    }
    expect(Object.keys(messageTable).filter((kind) => !sent.has(kind))).toEqual([]);
  });

  test('F08 FS-76 FS-79 shared storage sends messages of its own: of pages and WAL, of chunks, of each step of an exchange', () => {
    const [own, ...others] = corpus.stacks.filter(({ frames }) => frames.length > 0);
    expect([own?.stack, others]).toEqual(['polardb', []]);
    const kinds = new Set((own?.frames ?? []).map((bytes) => kindOfValue('message of polardb', bytes)));
    expect([...kinds]).toEqual(expect.arrayContaining(SHARED_KINDS));
  });

  test('every key on the disks has a format, every format a key, and every format a decoder', () => {
    const keys = corpus.disk.map(({ key }) => key);
    expect(keys.filter((key) => formatOfKey(key) === null)).toEqual([]);
    const stored = new Set(keys.map(formatOfKey));
    expect(diskFormats.filter((format) => !stored.has(format))).toEqual([]);
    const targets = new Set(makeTargets(corpus).map(({ name }) => name));
    expect(diskFormats.filter((format) => !targets.has(format))).toEqual([]);
  });

  test('FS-5 LI-28 WAL-29 every module that reads a checksum has a format whose damage it has to find', () => {
    const reading = readdirSync('src/core', { recursive: true, encoding: 'utf8' })
      .map((path) => join('core', path))
      .filter((path) => path.endsWith('.ts') && !/[.-](test|fixture)\.ts$/.test(path))
      .filter((path) => readFileSync(join('src', path), 'utf8').includes('base/crc32c.ts'));
    expect(reading.sort()).toEqual(Object.keys(checksumsRead).sort());
    const targets = new Set(makeTargets(corpus).map(({ name }) => name));
    const named = Object.values(checksumsRead).flatMap((one) => ('why' in one ? [] : one));
    expect(named.filter((name) => !targets.has(name))).toEqual([]);
  });

  test('F08 F18 every bit flipped is refused with a reason, or read as what was there before where the format says why', () => {
    const targets = makeTargets(corpus);
    const { counts, faults } = runFlips(targets, kindOfValue);
    expect(faults).toEqual([]);
    for (const { name, salvage, flippedBy = name } of targets) {
      expect(counts.has(flippedBy), name).toBe(true);
      if (flippedBy !== name) continue;
      const count = counts.get(name);
      expect(count?.refused, name).toBeGreaterThan(30);
      expect((count?.same ?? 0) > 0, name).toBe(salvage !== undefined);
    }
    expect(counts.get('message')?.values).toBeGreaterThanOrEqual(Object.keys(messageTable).length);
  });

  test.each(
    formatMutants
      .slice(0, drawn(2, formatMutants.length))
      .map((mutant) => [mutant.id, mutant.name, mutant.format] as const),
  )('the planted bug %s %s is caught by the flips of %s, and by those alone', (_id, name, format) => {
    const targets = makeTargets(corpus, [name]);
    const { faults } = runFlips(
      targets.filter((target) => target.name !== 'message'),
      kindOfValue,
    );
    expect([...new Set(faults.map(({ target }) => target))]).toEqual([format]);
    expect(faults.map(({ what }) => what)).toContain('took damaged bytes for another content');
  });

  test('damaged and hostile bytes are refused with a reason, and crash nothing', () => {
    const targets = makeTargets(corpus);
    const { counts, faults } = runFuzz(targets, INPUTS, 7);
    expect(faults.map(({ target, what }) => `${target}: ${what}`)).toEqual([]);
    for (const { name, flippedBy } of targets) {
      const { refused = 0, resealed = 0 } = counts.get(name) ?? {};
      expect(resealed, name).toBeGreaterThan(INPUTS / targets.length / 3);
      if (flippedBy === undefined) expect(refused, name).toBeGreaterThan(INPUTS / targets.length / 3);
    }
  });
});
