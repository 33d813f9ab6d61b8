// Redo equivalence over a volume in files: clean as it is, while readers come and go; each kind of tampering by its name.

import { beforeAll, describe, expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { nodeId, type Time } from '../../base/ids.ts';
import { chunkRole } from '../../core/chunk/chunk-role.ts';
import { type NodeState, partOf } from '../../core/kernel/node.ts';
import { pageLsn } from '../../core/page/page.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import type { Edge } from '../../sim/fabric-state.ts';
import { makeRedo, type Redo } from '../../sim/redo/redo.ts';
import { setupRun } from '../../sim/run-setup.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import { makeWorld, runWorld, type World } from '../../sim/world.ts';
import { known } from '../known.ts';
import { programOf } from '../programs.ts';
import { tapes } from '../tapes.ts';
import { openWriter, pagesOf, readersOf } from './pages-of.ts';
import { sharedRedo } from './redo-of.ts';

const TAPE = [
  'postdb-tape 1',
  'engine 0.7.0',
  'preset polardb',
  'profile demo',
  'seed 3',
  'end 60000.000',
  '',
  '0.000 workload d1 main kind=transfer clients=2 rows=100 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true',
  '300.000 sql d1 r1 "SELECT sum(balance) FROM accounts"',
  '340.000 crash rw-1 for 60.000 ms',
  '520.000 sql d1 r2 "SELECT sum(balance) FROM accounts"',
].join('\n');

interface Run {
  readonly world: World<unknown, unknown>;
  readonly redo: Redo;
}

function play(edge: Edge, untilMs: number, lines: readonly string[] = []): Run {
  const parsed = parseTape(tapes, [TAPE, ...lines].join('\n'));
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.error}`);
  const made = setupRun(known, parsed.tape);
  if (!made.ok) throw new Error(made.error);
  const { spec, program } = made.setup;
  const world = makeWorld<unknown, unknown>(spec);
  const redo = makeRedo();
  const stop = (): boolean => {
    if (world.windows % 8 === 0) sharedRedo.follow(redo, world);
    return false;
  };
  runWorld(
    world,
    { program: programOf(program), edge, tape: tapes },
    { until: (untilMs * 1000) as Time, stop },
  );
  return { world, redo };
}

const flip = (bytes: Uint8Array): Uint8Array => {
  const altered = bytes.slice();
  altered[altered.length - 1] = (altered[altered.length - 1] ?? 0) ^ 1;
  return altered;
};

describe('redo equivalence of a volume in files', () => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await loadSqlEdge();
  });

  test('LI-5 LI-41 LI-54 what files, buffer and readers hold follows from WAL through a change of writer, and every tampering is reported', () => {
    const { world, redo } = play(edge, 700);
    const compare = () => sharedRedo.compareAll(redo, world);
    const rules = () => [...new Set(compare().map(({ rule }) => rule))];
    expect(compare()).toEqual([]);
    const { stored, cached, buffered, rebased, records } = redo.counters;
    for (const count of [stored, cached, buffered]) expect(count).toBeGreaterThan(5);
    expect([rebased, records > 100]).toEqual([0, true]);

    const reports = sharedRedo.checkCuts(redo, world, () => true);
    expect(reports.length).toBeGreaterThan(50);
    expect(reports.filter(({ found }) => found > 0)).toEqual([]);

    const { attachment } = present(openWriter(world), 'an open writer');
    const frame = present(
      attachment.engine.pool.frames.find(
        (one) => one.blockKey >= 0 && one.page !== null && one.pending.length === 0,
      ),
      'a page of the buffer',
    );
    const held = present(frame.page, 'its bytes');
    frame.page = flip(held);
    expect(rules()).toEqual(['buffer.redo']);
    const { tail } = attachment.log;
    attachment.log.tail = (present([...redo.logs.values()][0], 'a log').upTo - 1) as typeof tail;
    expect(rules()).toEqual([]);
    attachment.log.tail = tail;
    frame.page = held;

    const { cache } = present(readersOf(world)[0], 'a reader');
    const [key, built] = present(
      [...cache].flatMap(([page, one]) =>
        one.kind === 'built' && one.image ? [[page, one] as const] : [],
      )[0],
      'a page of the reader',
    );
    const image = present(built.image, 'its bytes');
    cache.set(key, { ...built, image: flip(image) });
    expect(rules()).toEqual(['ro.same-image']);
    cache.set(key, built);

    const at = pageLsn(image);
    const read = { node: nodeId('ro-1'), blockKey: key, readPoint: at, at, digest: 1 };
    expect(sharedRedo.compareReaders(redo, world, [read])).toMatchObject([{ rule: 'ro.same-image' }]);

    const { pageBytes } = world.fabric.params;
    const flipLast = (byte: number, i: number): number => (i % pageBytes === pageBytes - 1 ? byte ^ 1 : byte);
    for (const { state } of world.runners.values())
      for (const { replica } of partOf(state as NodeState, chunkRole)?.chunks.values() ?? [])
        replica.blocks.forEach((block, i) => {
          replica.blocks[i] = block?.map(flipLast) ?? null;
        });
    expect(rules()).toContain('page.redo');
  });

  test('FENCE-17 FS-80 a writer that was overtaken and has not heard of it is not the writer, also once its successor is down (polardb sweep seed 36 × 2 min)', () => {
    const frozen = '600.000 freeze rw-1 for 900.000 ms';
    const served = play(edge, 1100, [frozen]).world;
    const successor = present(openWriter(served), 'a writer after rw-1');
    expect(successor.node).not.toBe('rw-1');
    const alone = [nodeId('ro-1'), nodeId('ro-2')].map((id) => `1100.000 crash ${id} for 900.000 ms`);
    const { world } = play(edge, 1120, [frozen, ...alone]);
    expect([...world.runners.keys()]).toContain('rw-1');
    expect(openWriter(world)).toBeNull();
    expect(pagesOf(world)).toEqual([]);
  });
});
