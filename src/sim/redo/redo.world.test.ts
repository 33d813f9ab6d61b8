// Redo equivalence over a cluster at work: clean as it is; each kind of tampering by its name; begun late, from stored versions.

import { beforeAll, describe, expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import type { Lsn, Time } from '../../base/ids.ts';
import { makeValue, payloadOf, sealInPlace } from '../../core/kernel/framing.ts';
import { versionKey } from '../../core/log-store/replica/keys.ts';
import { decodeVersion } from '../../core/log-store/replica/pages.ts';
import { blockKeyOf, pageWords, relationOf } from '../../core/page/page-key.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { known } from '../../stacks/known.ts';
import { findPreset } from '../../stacks/presets.ts';
import { programOf } from '../../stacks/programs.ts';
import { tapes } from '../../stacks/tapes.ts';
import type { Edge } from '../fabric-state.ts';
import { setupRun } from '../run-setup.ts';
import { drawDense } from '../sweep/draw-dense.ts';
import { makeWorld, runWorld, type World } from '../world.ts';
import type { RedoFinding } from './compare.ts';
import { compareAll, compareCuts, compareReads, followLogs, makeRedo, type Redo } from './redo.ts';
import { logsOf } from './volumes-of.ts';

interface Run {
  readonly world: World<unknown, unknown>;
  readonly redo: Redo;
}

/** The loads of a dense seed, without its faults, up to `untilUs`, its log read all along or not at all. */
function play(edge: Edge, untilUs: number, isFollowed: boolean): Run {
  const preset = present(findPreset('cynosdb'), 'preset');
  const made = setupRun(known, drawDense(known, preset, 3, 100_000, [], true));
  if (!made.ok) throw new Error(made.error);
  const { spec, program } = made.setup;
  const world = makeWorld<unknown, unknown>(spec);
  const redo = makeRedo();
  const stop = (): boolean => {
    if (isFollowed && world.windows % 8 === 0) followLogs(redo, logsOf(world));
    return false;
  };
  runWorld(world, { program: programOf(program), edge, tape: tapes }, { until: untilUs as Time, stop });
  return { world, redo };
}

const rulesOf = (findings: readonly RedoFinding[]): string[] => [
  ...new Set(findings.map(({ rule }) => rule)),
];

describe('redo equivalence', () => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await loadSqlEdge();
  });

  test('WAL-35 what replicas serve, store and cache and what the buffer holds follows from the log, and every tampering is reported', () => {
    const { world, redo } = play(edge, 300_000, true);
    const volumes = logsOf(world);
    expect(compareAll(redo, volumes)).toEqual([]);
    const { served, stored, cached, buffered, recordPairs, rebased } = redo.counters;
    for (const count of [served, stored, cached, buffered, recordPairs]) expect(count).toBeGreaterThan(20);
    expect(rebased).toBe(0);

    const volume = present(volumes[0], 'volume');
    const replicas = present(
      [...volume.groups.values()].find((all) => all.length >= 2),
      'group of two',
    );
    const replica = present(replicas[1], 'second replica');
    const { group } = replica;
    const disk = replica.disk as Map<string, Uint8Array>;
    // A version that is stored and not cached, so that the bytes on disk count.
    const [key, block] = present(
      [...group.pages.blocks].find(([, { versions }]) => versions.length > 0),
      'a version',
    );
    const lsn = present(block.versions[block.versions.length - 1], 'newest version');
    const stored0 = present(disk.get(versionKey(group.id, key, lsn)), 'its value');
    const page = present(decodeVersion(stored0, key, lsn), 'whole');
    const altered = makeValue(1, page.length);
    payloadOf(altered).set(page);
    const last = page.length - 1;
    payloadOf(altered)[last] = (page[last] ?? 0) ^ 1;
    sealInPlace(altered);
    group.pages.cache.delete(key);
    disk.set(versionKey(group.id, key, lsn), altered);
    const byStore = compareAll(redo, volumes);
    expect(rulesOf(byStore)).toEqual(['page.redo']);
    expect(byStore.map(({ message }) => message).join('\n')).toContain(`first at byte ${last}`);
    disk.set(versionKey(group.id, key, lsn), stored0);

    group.pages.cache.set(key, { lsn, page: payloadOf(altered) });
    expect(
      compareAll(redo, volumes)
        .map(({ message }) => message)
        .join('\n'),
    ).toMatch(/ caches block /);
    group.pages.cache.delete(key);
    expect(compareAll(redo, volumes)).toEqual([]);

    const versions = block.versions.splice(0, block.versions.length);
    expect(compareAll(redo, volumes)[0]?.message).toMatch(/cannot serve block|as no page/);
    block.versions.push(...versions);

    const { records } = group.log;
    const floor = Math.max(...replicas.map((one) => one.group.superblock.logFloor));
    const at = records.findIndex(
      ({ record }) => record.lsn > floor && record.lsn <= group.watermarks.knownVdl,
    );
    const removed = records.splice(at, 1);
    expect(rulesOf(compareAll(redo, volumes))).toContain('wal.same-records');
    records.splice(at, 0, ...removed);

    const { pool } = present(volume.writer, 'an open writer');
    const frame = present(
      pool.frames.find((one) => one.blockKey >= 0 && one.page !== null && one.pending.length === 0),
      'a page',
    );
    frame.page = present(frame.page, 'its bytes').slice();
    frame.page[last] = (frame.page[last] ?? 0) ^ 1;
    const byBuffer = compareAll(redo, volumes).filter(({ rule }) => rule === 'buffer.redo');
    expect(byBuffer).toHaveLength(1);
    expect(byBuffer[0]?.message).toContain(`${pageWords(frame.blockKey)} `);

    // its log ends before what was durable: another has written since, whom nobody that is left has heard (sweep postdb-v4 seed 7)
    const { log } = present(volume.writer, 'an open writer');
    const { tail } = log;
    log.tail = (Math.max(...[...redo.logs.values()].map(({ upTo }) => upTo)) - 1) as typeof tail;
    expect(rulesOf(compareAll(redo, volumes))).not.toContain('buffer.redo');
    log.tail = tail;
  });

  test('WAL-3 WAL-17 the log cut at the end of any MTR has whole pages', () => {
    const { world, redo } = play(edge, 300_000, true);
    const [volume] = logsOf(world);
    let passed = 0;
    const every = (): boolean => passed++ % 2 === 0;
    const reports = compareCuts(redo, present(volume, 'volume'), world.fabric.cluster.groups.length, every);
    expect(reports.length).toBeGreaterThan(20);
    expect(reports.filter(({ found }) => found > 0)).toEqual([]);
    expect(new Set(reports.map(({ at }) => at)).size).toBe(reports.length);
  });

  test('WAL-39 a page that is above a hole is not known before it: who cannot serve it there is excused until the log is back', () => {
    const { world, redo } = play(edge, 60_000, true);
    const volumes = logsOf(world);
    const replicas = volumes.flatMap(({ groups }) => [...groups.values()].flat());
    const { group } = present(replicas[0], 'a replica');
    const block = present([...group.pages.blocks.values()][0], 'a page');
    const relation = 900;
    const made = blockKeyOf(relation, 8);
    expect([...group.pages.blocks.keys()].map(relationOf)).not.toContain(relation);
    // it has a version of the page, and none of its records
    const refusedWith = (version: number): string[] => {
      group.pages.blocks.set(made, { ...block, chain: [], versions: [version as Lsn], lost: -1 as Lsn });
      return compareAll(redo, volumes)
        .map(({ message }) => message)
        .filter((message) => message.includes('cannot serve'));
    };
    expect(group.watermarks.pgmrpl).toBeLessThan(group.scl);
    expect(refusedWith(group.watermarks.pgmrpl + 1)).toEqual([
      expect.stringContaining(`cannot serve ${pageWords(made)} at read point ${group.watermarks.pgmrpl}`),
    ]);
    // its SCL stands below the version: the records between are in a hole (sweep cynosdb-ha seed 21)
    expect(refusedWith(group.scl + 1)).toEqual([]);
  });

  test('WAL-36 begun late it goes on from stored versions, and judges reads by their digests', () => {
    const { world, redo } = play(edge, 300_000, false);
    const volumes = logsOf(world);
    expect(compareAll(redo, volumes)).toEqual([]);
    expect(redo.counters.rebased).toBeGreaterThan(10);
    expect(redo.counters.served).toBeGreaterThan(20);
    const volume = present(volumes[0], 'volume');
    const [group, replicas] = present([...volume.groups][0], 'group');
    const at = present(redo.logs.get(group), 'its log').upTo;
    const [blockKey] = present([...present(redo.logs.get(group), 'its log').pages][0], 'page');
    const node = present(replicas[0], 'replica').node;
    const findings = compareReads(redo, volumes, [{ node, group, blockKey, at, digest: 1 }]);
    expect(findings[0]?.message).toMatch(/with digest 1, the log makes \d+/);
    expect(compareReads(redo, volumes, [{ node, group, blockKey, at, digest: null }])).toHaveLength(1);
  });
});
