// Flush control, LogIndex, background replay and garbage collection together, in seeded worlds: a writer and readers that come and go,
// with tables of a few entries, slow loads, slow writes and reports that arrive late. Every read of a reader at applyLsn gives
// exactly the page at applyLsn, and storage with WAL from the checkpoint on always gives what was logged.

import { describe, expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { type Lsn, type NodeId, nodeId } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, nextChance, type Prng } from '../../base/prng.ts';
import { type PageKey, pageKey } from '../page/page-key.ts';
import { bgwriterPages, checkpoint } from './flush-control.ts';
import {
  append,
  arrive,
  background,
  beginFlush,
  beginLoad,
  consistent,
  deliverReport,
  dropWal,
  endFlush,
  endLoad,
  evict,
  evictWriter,
  gc,
  insertLsn,
  join,
  type Lab,
  leave,
  makeDurable,
  makeLab,
  type Reader,
  read,
  reportOf,
  ship,
} from './testing/shared-storage.ts';

const PAGES = 8;
const READERS = ['ro1', 'ro2', 'ro3'].map(nodeId);

interface Waiting {
  readonly lsn: number;
  readonly deltas: readonly (readonly [PageKey, number])[];
  readonly mtrEnd: boolean;
}

interface World {
  readonly prng: Prng;
  readonly lab: Lab;
  /** Everything that was logged, for the truth: WAL itself is dropped. */
  readonly history: { readonly lsn: number; readonly page: PageKey; readonly delta: number }[];
  /** Reports on their way, in order. */
  readonly reports: { readonly id: NodeId; readonly report: ReturnType<typeof reportOf> }[];
  readonly faults: string[];
  readonly seen: Map<string, number>;
  openMtr: boolean;
  /** A record that LogIndex had no room for yet. */
  waiting: Waiting | null;
}

const saw = ({ seen }: World, what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
const drawPage = (prng: Prng): PageKey => pageKey(9, 0, nextBelow(prng, nextChance(prng, 1, 2) ? 2 : PAGES));

function truth({ history }: World, page: PageKey, last: number): number {
  let value = 0;
  for (const one of history) if (one.page === page && one.lsn <= last) value += one.delta;
  return value;
}

/** LI-5, LI-6, LI-7: what a reader sees is the page at its applyLsn. */
function judge(
  world: World,
  { id }: Reader,
  page: PageKey,
  applyLsn: number,
  answer: ReturnType<typeof read>,
): void {
  if (answer === 'WAIT' || answer === 'NOT_READY' || answer === 'LEASE_EXPIRED') return;
  const expected = truth(world, page, applyLsn);
  if (typeof answer === 'string' || answer.value !== expected)
    world.faults.push(`${id} at ${applyLsn}, page ${page}: ${JSON.stringify(answer)}, not ${expected}`);
  saw(world, 'read');
  if (typeof answer === 'string') return;
  saw(world, `read ${answer.source}`);
  if (answer.replayed.length > 0) saw(world, `replayed ${answer.source}`);
}

/** LI-45, LI-47: whatever is below consistentLsn is stored. */
function judgeStorage(world: World): void {
  const { lab, history } = world;
  const redo = checkpoint(lab.control);
  for (let block = 0; block < PAGES; block++) {
    const page = pageKey(9, 0, block);
    const image = lab.stored.get(page) ?? { value: 0, lsn: 0 as Lsn };
    if (image.lsn > lab.durableLsn) world.faults.push(`LI-41 page ${page} is stored above durableLsn`);
    let { value } = image;
    for (const one of history)
      if (one.page === page && one.lsn >= redo && one.lsn > image.lsn && one.lsn <= lab.durableLsn)
        value += one.delta;
    const expected = truth(world, page, Math.max(lab.durableLsn, image.lsn));
    if (value !== expected)
      world.faults.push(`redo from ${redo} gives page ${page} ${value}, not ${expected}`);
  }
  saw(world, 'storage');
}

function logSome(world: World): void {
  const { prng, lab, history } = world;
  const record = world.waiting ?? drawRecord(world);
  const { lsn, deltas, mtrEnd } = record;
  world.waiting = null;
  if (!append(lab, lsn, deltas, mtrEnd)) {
    saw(world, 'writer waits');
    world.waiting = record;
    makeDurable(lab);
    gc(lab);
    return;
  }
  world.openMtr = !mtrEnd;
  for (const [page, delta] of deltas) history.push({ lsn, page, delta });
  if (nextChance(prng, 1, 2)) makeDurable(lab);
}

/** An MTR is at most two records: what it closes of LogIndex is not saved before its end. */
function drawRecord({ prng, lab, openMtr }: World): Waiting {
  const pages = new Set([drawPage(prng)]);
  if (nextChance(prng, 1, 3)) for (let i = 0; i < 2; i++) pages.add(drawPage(prng));
  return {
    lsn: insertLsn(lab) + nextBelow(prng, 3),
    deltas: [...pages].map((page) => [page, nextBetween(prng, 1, 1000)] as const),
    mtrEnd: openMtr || nextChance(prng, 2, 3),
  };
}

function write(world: World): void {
  const { prng, lab } = world;
  const writing = [...lab.writing.keys()];
  const done = writing[nextBelow(prng, writing.length || 1)];
  if (done !== undefined && nextChance(prng, 1, 2)) {
    endFlush(lab, done);
    return;
  }
  const pages = bgwriterPages(lab.control, 6);
  const page = pages[nextBelow(prng, pages.length || 1)];
  // A snapshot record is an MTR of its own, so none is written in the middle of another.
  if (page === undefined || world.openMtr || world.waiting !== null) return;
  saw(world, beginFlush(lab, page));
}

function actAsReader(world: World, reader: Reader): void {
  const { prng, lab } = world;
  const { parser, loads } = reader;
  const page = drawPage(prng);
  const roll = nextBelow(prng, 100);
  if (roll < 25) {
    const some = lab.wal.filter(({ lsn }) => lsn > parser.parsedLsn)[nextBelow(prng, 4)]?.lsn;
    const parsed = ship(lab, reader, nextChance(prng, 1, 2) ? lab.durableLsn : (some ?? lab.durableLsn));
    if (parsed.kind !== 'parsed') saw(world, parsed.kind);
    if (parser.parsedLsn > parser.applyLsn) saw(world, 'MTR in parts');
  } else if (roll < 45) {
    judge(world, reader, page, parser.applyLsn, read(lab, reader, page));
  } else if (roll < 53) {
    if (parser.applyLsn >= reader.readyLsn && !reader.cache.has(page)) beginLoad(lab, reader, page);
  } else if (roll < 61) {
    loadFurther(world, reader);
  } else if (roll < 71) {
    if (!loads.has(page)) evict(reader, page);
  } else if (roll < 86) {
    for (const step of background(lab, reader, lab.durableLsn, 1 + nextBelow(prng, 20)))
      saw(world, `background ${step}`);
  } else if (roll < 98) {
    world.reports.push({ id: reader.id, report: reportOf(lab, reader) });
  } else if (nextChance(prng, 1, 4)) {
    saw(world, 'left');
    leave(lab, reader);
    for (let i = world.reports.length - 1; i >= 0; i--)
      if (world.reports[i]?.id === reader.id) world.reports.splice(i, 1);
  }
}

/** A slow load: its image arrives, and later its replay ends. */
function loadFurther(world: World, reader: Reader): void {
  const { lab } = world;
  const [load] = reader.loads;
  if (load === undefined) return;
  const [page, { replay }] = load;
  if (replay === null) {
    if (arrive(lab, reader, page) === 'FUTURE_PAGE')
      judge(world, reader, page, reader.parser.applyLsn, 'FUTURE_PAGE');
    return;
  }
  if (replay.applyLsn < reader.parser.applyLsn) saw(world, 'slow replay');
  judge(world, reader, page, replay.applyLsn, endLoad(lab, reader, page));
}

function runWorld(seed: number, steps: number, broken: readonly string[] = []): World {
  const prng = makePrng(seed, 'shared storage');
  const snapshot = nextChance(prng, 1, 2) ? { old: 30, replay: 20, minModified: 6 } : null;
  const limits = {
    copySlots: nextBelow(prng, 3),
    copyLag: nextBetween(prng, 10, 80),
    minModified: 2,
    snapshot,
  };
  const geometry = {
    segments: nextBetween(prng, 4, 8),
    slots: 4,
    tablesPerFile: 1,
    memTables: 3,
    keptTables: 1,
  };
  const lab = makeLab(0 as Lsn, [], { limits, geometry, broken });
  const world: World = {
    prng,
    lab,
    history: [],
    reports: [],
    faults: [],
    seen: new Map(),
    openMtr: false,
    waiting: null,
  };
  for (let step = 0; step < steps && world.faults.length === 0; step++) {
    const roll = nextBelow(prng, 100);
    const readers = [...lab.readers.values()];
    if (roll < 18) logSome(world);
    else if (roll < 35) write(world);
    else if (roll < 42) gc(lab);
    else if (roll < 43) judgeStorage(world);
    else if (roll < 45) {
      checkpoint(lab.control);
      dropWal(lab);
      saw(world, 'checkpoint');
    } else if (roll < 47) evictWriter(lab, drawPage(prng));
    else if (roll < 55) {
      const next = world.reports.shift();
      if (next !== undefined) deliverReport(lab, next.id, next.report);
    } else if (roll < 56) {
      const id = present(READERS[nextBelow(prng, READERS.length)], 'a name');
      if (!lab.readers.has(id)) {
        join(lab, id);
        saw(world, 'joined');
      }
    } else if (readers.length > 0) {
      actAsReader(world, present(readers[nextBelow(prng, readers.length)], 'a reader'));
    }
    consistent(lab);
  }
  saw(world, lab.index.meta.minFile > 0 ? 'LogIndex truncated' : 'LogIndex whole');
  return world;
}

describe('LI-5 LI-6 LI-7 LI-47 LI-49 a reader sees its page at applyLsn, and nothing is dropped that is needed', () => {
  const SEEDS = Array.from({ length: 30 }, (_, i) => i + 1);
  const seen = new Map<string, number>();

  test.each(SEEDS.slice(0, 12))('seed %i', (seed) => {
    const world = runWorld(seed, 3000);
    expect(world.faults).toEqual([]);
    for (const [what, count] of world.seen) seen.set(what, (seen.get(what) ?? 0) + count);
  });

  test.each([
    ['read', 2500],
    ['replayed STORAGE', 800],
    ['replayed POOL', 800],
    ['replayed SNAPSHOT', 20],
    ['slow replay', 150],
    ['MTR in parts', 200],
    ['FLUSHED', 250],
    ['FLUSHED_COPY', 30],
    ['FLUSHED_SNAPSHOT', 300],
    ['BLOCKED', 1500],
    ['background wait', 500],
    ['background evict', 40],
    ['background replay', 100],
    ['LogIndex truncated', 10],
    ['writer waits', 80],
    ['joined', 60],
    ['storage', 250],
  ])('not vacuous: %s at least %i times', (what, least) => {
    expect(seen.get(what) ?? 0).toBeGreaterThanOrEqual(least);
  });

  test.each([
    ['OUTDATE is cleared by a replay that stopped below', 'outdate-forgotten'],
    ['a reader does not count the known consistentLsn as used', 'used-without-consistent'],
  ])('caught: %s', (_, bug) => {
    expect(SEEDS.some((seed) => runWorld(seed, 4000, [bug]).faults.length > 0)).toBe(true);
  });
});
