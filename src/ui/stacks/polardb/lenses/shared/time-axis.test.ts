// T1 to T5 over time, from events as the worked vectors V-1 and V-2 have them (docs/spec/logindex.md §9).

import { describe, expect, test } from 'vitest';
import { time } from '../../../../../base/ids.ts';
import type { Mutants } from '../../../../../core/kernel/mutants.ts';
import type { TraceEvent } from '../../../../../core/kernel/trace.ts';
import type { ListedEvent } from '../../../../../run-model/picture/frame.ts';
import { ENGINE } from '../../../../../sim/engine.ts';
import { parseTape } from '../../../../../sim/tape-parse.ts';
import { printTape } from '../../../../../sim/tape-print.ts';
import { makeTape } from '../../../../../sim/tape-run.ts';
import { findPreset } from '../../../../../stacks/presets.ts';
import { tapes } from '../../../../../stacks/tapes.ts';
import { t } from '../../../../i18n/i18n.ts';
import { verdictText } from './describe.ts';
import { stepsOf } from './steps.ts';
import { storageLane, tapeWithSwitch, timeAxis } from './time-axis.ts';

const volume = 'v1';
const blockKey = 7;
const events = (...list: readonly (readonly [node: string, event: TraceEvent])[]): ListedEvent[] =>
  list.map(
    ([node, event], i) =>
      ({ node, at: time((i + 1) * 10_000), event, rank: 1, place: i }) as unknown as ListedEvent,
  );

const changed = (first: number): readonly ['rw-1', TraceEvent] => [
  'rw-1',
  { kind: 'wal.pages', volume, lsns: [first], pages: [blockKey] },
];
const learned = (applyLsn: number): readonly ['ro-1', TraceEvent] => [
  'ro-1',
  { kind: 'ro.applied', volume, applyLsn, vdl: applyLsn, applied: 1 },
];
const read = (
  from: number,
  pageLsn: number,
  applyLsn: number,
  records: number,
): readonly ['ro-1', TraceEvent] => [
  'ro-1',
  { kind: 'ro.replayed', volume, blockKey, from, pageLsn, applyLsn, records, source: 'STORAGE' },
];
const inBuffer = (pageLsn: number, readPoint: number): readonly ['ro-1', TraceEvent] => [
  'ro-1',
  { kind: 'ro.pageRead', volume, blockKey, readPoint, groupReadPoint: readPoint, pageLsn, digest: 0 },
];
const blocked = (latestLsn: number): readonly ['rw-1', TraceEvent] => [
  'rw-1',
  { kind: 'flush.blocked', volume, blockKey, latestLsn, gate: 200, readers: 'ro-1' },
];
const died = (): readonly ['ro-1', TraceEvent] => [
  'ro-1',
  { kind: 'node.down', incarnation: 1, mode: 'drawn' },
];
const stored = (pageLsn: number): readonly ['rw-1', TraceEvent] => [
  'rw-1',
  {
    kind: 'page.stored',
    volume,
    token: 1,
    blockKey,
    pageLsn,
    durableLsn: pageLsn,
    gate: 200,
    how: 'buffer',
  },
];

const axisOf = (list: ListedEvent[]) => timeAxis(stepsOf(list, blockKey, 40));

describe('T1 to T5 over time', () => {
  test('LI-5 V-1 the page from the past: with LogIndex the read has the record, without it is wrong', () => {
    // As lesson D01 and the source have it: the first read after the change, the loss, the read of what is stored.
    const again = read(100, 200, 200, 1);
    const sound = axisOf(events(changed(200), learned(200), again, died(), again));
    expect(sound.lanes).toEqual(['rw-1', storageLane, 'ro-1']);
    expect(sound.steps.map(({ step, lane }) => [step.mark, sound.lanes[lane]])).toEqual([
      ['T1', 'rw-1'],
      ['T2', 'ro-1'],
      ['T3', 'ro-1'],
      ['T4', 'ro-1'],
      ['T5', 'ro-1'],
    ]);
    expect(sound.wrong).toBeNull();
    expect(verdictText(sound, t, String)).toBe(
      'Reads: 2, with records of LogIndex: 2; held back by flush control: 0. No read was wrong.',
    );
    const off = axisOf(events(changed(200), learned(200), again, died(), read(100, 100, 200, 0)));
    expect(off.wrong).toMatchObject({ kind: 'past', lsn: 100, records: 1 });
    expect(verdictText(off, t, String)).toBe(
      'T5 ro-1 reads the past: as of 100, without records that it knows of (1).',
    );
  });

  test('LI-5 the first read of a reader is T3, whatever the writer did before it; only its own second one is T5', () => {
    const list = [
      changed(200),
      blocked(200),
      learned(200),
      read(100, 200, 200, 1),
      died(),
      read(100, 200, 200, 1),
    ];
    expect(axisOf(events(...list)).steps.map(({ step }) => step.mark)).toEqual([
      'T1',
      '',
      'T2',
      'T3',
      'T4',
      'T5',
    ]);
    // as the source has it, where it is evicted
    const evicted: readonly ['ro-1', TraceEvent] = [
      'ro-1',
      { kind: 'page.evict', volume, blockKey, pageLsn: 200, vdl: 200, dirty: false },
    ];
    const byEviction = axisOf(events(...list.map((one) => (one[1].kind === 'node.down' ? evicted : one))));
    expect(byEviction.steps.map(({ step }) => step.mark)).toEqual(['T1', '', 'T2', 'T3', 'T4', 'T5']);
    // what it learns of anew begins anew
    const anew = [changed(300), learned(300), read(200, 300, 300, 1)];
    expect(axisOf(events(...list, ...anew)).steps.at(-1)?.step.mark).toBe('T3');
    // a copy that is lost before the reader has read what it knows of is no T4
    const early = [read(0, 100, 100, 1), changed(200), learned(200), died(), read(100, 200, 200, 1)];
    expect(axisOf(events(...early)).steps.map(({ step }) => step.mark)).toEqual(['T3', 'T1', 'T2', '', 'T3']);
  });

  test('LI-34 a page of the buffer that lacks a record is a read of the past, a current one no step of its own', () => {
    const sound = axisOf(
      events(read(0, 100, 100, 1), changed(200), learned(200), inBuffer(200, 200), inBuffer(100, 150)),
    );
    expect(sound.steps.map(({ step }) => step.kind)).toEqual(['read', 'changed', 'learned']);
    const off = axisOf(events(read(0, 100, 100, 1), changed(200), learned(200), inBuffer(100, 200)));
    expect(off.wrong).toMatchObject({ kind: 'past', lsn: 100, records: 1, what: 'POOL' });
  });

  test('LI-6 V-2 the page from the future: held back by flush control, or stored and read', () => {
    // The source has both changes at T1, and the reader's first read before the writer tries to store the page.
    const first = [changed(200), changed(300), learned(200), read(100, 200, 200, 1)] as const;
    const sound = axisOf(events(...first, blocked(300), died(), read(100, 200, 200, 1)));
    expect(sound.wrong).toBeNull();
    expect(sound.steps.map(({ step }) => step.mark)).toEqual(['T1', 'T1', 'T2', 'T3', 'T4', 'T4', 'T5']);
    const off = axisOf(events(...first, stored(300), read(300, 300, 200, 0)));
    expect(off.steps[4]).toMatchObject({ lane: 1, step: { mark: 'T4', kind: 'stored' } });
    expect(off.wrong).toMatchObject({ kind: 'ahead', lsn: 300, what: '200' });
  });

  test('LI-8 the same tape with a mechanism off, and on again', () => {
    const polardb = findPreset('polardb');
    if (polardb === null) throw new Error('no preset polardb');
    const mutants: Mutants = ['shared.no-outdate'];
    const tape = printTape(tapes, makeTape(polardb, { engine: ENGINE, seed: 7, mutants }));
    const mutantsIn = (text: string): readonly string[] => {
      const parsed = parseTape(tapes, text);
      return parsed.ok ? parsed.tape.header.mutants : [parsed.error];
    };
    const off = tapeWithSwitch(tape, 'shared.no-logindex', true);
    expect(mutantsIn(off)).toEqual([...mutants, 'shared.no-logindex']);
    expect(tapeWithSwitch(off, 'shared.no-logindex', true)).toBe(off);
    expect(tapeWithSwitch(off, 'shared.no-logindex', false)).toBe(tape);
    const ended = tape.replace('seed 7\n', 'seed 7\nend 500.000 0123456789abcdef\n');
    expect(tapeWithSwitch(ended, 'shared.no-outdate', false)).not.toMatch(/^(end|broken) /m);
    expect(() => tapeWithSwitch('no tape', 'shared.no-logindex', true)).toThrow(/line 1/);
  });
});
