// What the dock says of events and results: lines of the list, steps and spans of the timeline, places of SQL errors.

import { describe, expect, test } from 'vitest';
import { nodeId, time } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { TraceEvent } from '../../core/kernel/trace.ts';
import { isShownNow } from '../../run-model/gauges/gauges.ts';
import type { ListedEvent } from '../../run-model/picture/frame.ts';
import { gauges } from '../../stacks/gauges.ts';
import { t } from '../i18n/i18n.ts';
import { eventText } from '../model/event-text.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { rowSubject } from './row-subject.ts';
import { makeSeekLatest } from './seek-latest.ts';
import { lineColumn, note } from './sql-result.tsx';
import { lanesIn } from './timeline-lanes.tsx';
import {
  eventDots,
  gaugeSets,
  gaugeSteps,
  placeFaults,
  placeSpans,
  stepNumbers,
  stepPath,
} from './timeline-model.ts';

const listed = (at: number, event: TraceEvent, node = 'store-3'): ListedEvent => ({
  at: time(at),
  node: nodeId(node),
  ordinal: 1,
  causeNode: null,
  causeOrdinal: 0,
  event,
  index: at,
  rank: 2,
});

const vdl = (at: number, value: number): ListedEvent =>
  listed(at, { kind: 'mark.vdl', volume: 'v1', value, term: 1 }, 'rw-1');

test('an event is its group, its range and its other fields', () => {
  expect(
    eventText({
      kind: 'hole.sent',
      group: 'g2',
      first: 108,
      end: 112,
      to: 'store-1',
      counter: 17,
      mode: 'normal',
    }),
  ).toBe('g2 · [108,112) · to store-1 · counter 17 · mode normal');
  expect(
    eventText({ kind: 'wal.durable', group: 'g1', lsns: [1, 2, 3, 4, 5, 6, 7, 8], source: 'writer' }),
  ).toBe('g1 · lsns 1 2 3 4 5 6 … · source writer');
});

test('WAL-2 an MTR of one record is one LSN long: its last record is in it, the end of a hole is not', () => {
  const mtr = {
    kind: 'mtr.append',
    volume: 'v1',
    first: 127,
    end: 128,
    tx: 5,
    commit: false,
    term: 1,
    groups: 'g1',
  } as const;
  expect(eventText(mtr)).toBe('v1 · [127,128) · tx 5 · term 1 · groups g1');
  expect(eventText({ kind: 'wal.receive', group: 'g1', first: 3, end: 6, fresh: 2, token: 1 })).toBe(
    'g1 · [3,6) · fresh 2 · token 1',
  );
});

const stepsOf = (
  events: readonly ReturnType<typeof vdl>[],
  values: { live: number | null; down: number | null },
  now: number,
  since = 0,
): ReturnType<typeof gaugeSteps> =>
  gaugeSteps(gaugeSets('vdl', { from: time(since), events, eventsSince: 0 }, 'v1'), since, values, now);

describe('the timeline', () => {
  test('a dot for each event in the window, one for those that lie on each other', () => {
    const at = (list: readonly number[]): string =>
      eventDots(
        list.map((us) => vdl(us, 1)),
        { from: 10, to: 30, x: (us) => us },
        7,
      );
    expect(at([])).toBe('');
    const dot = (x: string): string => `M${x} 7a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z`;
    expect(at([9, 10, 11, 12, 20, 31])).toBe([dot('5.0'), dot('7.0'), dot('15.0')].join(''));
  });

  test('lanes of the stack stand between faults and events and share what is spare; none gets lower than it can be read', () => {
    const low = lanesIn(0, 0, 2, ['dots', 'steps', 'spans']);
    expect(low).toEqual({ faults: 26, own: [74, 96, 126], events: 152, bottom: 191 });
    const high = lanesIn(low.bottom + 4 + 10 + 100, 10, 2, ['dots', 'steps', 'spans']);
    expect(high).toEqual({ faults: 26, own: [74, 96, 156], events: 222, bottom: 291 });
    expect(lanesIn(0, 0, 1, [])).toEqual({ faults: 26, own: [], events: 52, bottom: 91 });
  });

  test('VDL steps at its marks and ends at what it is now', () => {
    expect(stepsOf([vdl(10, 5), vdl(20, 9)], { live: 9, down: null }, 25)).toEqual([
      { at: 10, value: 5 },
      { at: 20, value: 9 },
      { at: 25, value: 9 },
    ]);
    // while no node that is up has the volume open it stays where it was; the dead one's value is older
    const closed = stepsOf([vdl(10, 5), vdl(20, 9)], { live: null, down: 5 }, 25);
    expect(closed.at(-1)).toEqual({ at: 25, value: 9 });
    expect(stepsOf([], { live: null, down: 5 }, 25)).toEqual([{ at: 25, value: 5 }]);
    // where all is known and nothing set it, it stood
    expect(stepsOf([], { live: 7, down: null }, 25, 12)).toEqual([
      { at: 12, value: 7 },
      { at: 25, value: 7 },
    ]);
    // what comes after the time that is shown is not drawn
    expect(stepsOf([vdl(10, 5), vdl(20, 9)], { live: 5, down: null }, 15)).toEqual([
      { at: 10, value: 5 },
      { at: 15, value: 5 },
    ]);
    expect(stepPath([], { from: 0, to: 10, x: (us) => us }, 0, 10)).toBe('');
    const path = stepPath(
      stepsOf([vdl(10, 5), vdl(20, 9)], { live: 9, down: null }, 25),
      { from: 15, to: 30, x: (us) => us },
      0,
      40,
    );
    expect(path).toBe('M15.0 40.0H20.0V0.0H25.0V0.0');
  });

  test('faults in force together stand in rows of their own, one after the other in one', () => {
    const fault = (
      at: number,
      until: number | null,
      text: string,
    ): Parameters<typeof placeFaults>[0][number] => ({
      at: time(at),
      until: until === null ? null : time(until),
      text,
    });
    const rows = (list: Parameters<typeof placeFaults>[0]): readonly string[] =>
      placeFaults(list, { from: 100, to: 200 }).map(
        ({ fault: { text }, row, next }) => `${text} ${row} ${next}`,
      );
    expect(
      rows([fault(100, 110, 'a'), fault(110, null, 'b'), fault(115, 115, 'c'), fault(120, 130, 'd')]),
    ).toEqual(['a 0 110', 'b 0 null', 'c 1 120', 'd 1 null']);
    // At one instant, past the last row, and outside the window.
    expect(
      rows([
        fault(50, 60, 'gone'),
        ...['a', 'b', 'c', 'd'].map((text) => fault(150, null, text)),
        fault(201, null, 'later'),
      ]),
    ).toEqual(['a 0 null', 'b 1 null', 'c 2 150', 'd 2 null']);
  });

  test('holes share a row as long as their names do not cover each other', () => {
    const hole = (from: number, to: number) => ({
      key: `${from}`,
      label: 'x'.repeat(10),
      from,
      to,
      isFilled: true,
    });
    const span = { from: 0, to: 1000, x: (us: number) => us };
    const rows = placeSpans([hole(100, 150), hole(120, 300), hole(200, 400), hole(310, 330)], 1000, span, 2);
    expect(rows.map(({ row, name }) => [row, name])).toEqual([
      [0, 'before'],
      [1, 'before'],
      [0, 'inside'],
      [1, null],
    ]);
    expect(placeSpans([hole(1001, 1002)], 1000, span, 2)).toEqual([]);
    // The measure that all plots have: a name of wide characters needs more room than it has characters.
    const wide = { ...hole(100, 101), label: '空洞'.repeat(5) };
    expect(placeSpans([hole(100, 101)], 1000, span, 1)[0]?.name).toBe('before');
    expect(placeSpans([wide], 1000, span, 1)[0]?.name).toBe(null);
  });

  test('the value stands where a tread begins, if the tread is long enough', () => {
    const steps = stepsOf([vdl(10, 5), vdl(20, 9), vdl(120, 11)], { live: 11, down: null }, 125);
    const span = { from: 15, to: 200, x: (us: number) => us };
    expect(stepNumbers(steps, span, 0, 40).map(({ x, value }) => [x, value])).toEqual([
      [20, 9],
      [120, 11],
    ]);
    // While nobody who is open says a value, the last one is what was heard.
    expect(stepNumbers(steps, span, 0, 40, 'heard').map(({ words }) => words)).toEqual(['9', '11']);
    const wide = { ...span, x: (us: number) => span.x(us) * 10 };
    expect(stepNumbers(steps, wide, 0, 40, 'heard').at(-1)?.words).toBe('11 · heard');
    // A long number needs a longer tread.
    const long = stepsOf([vdl(20, 9_000_000), vdl(60, 11)], { live: 11, down: null }, 125);
    expect(stepNumbers(long, span, 0, 40).map(({ value }) => value)).toEqual([11]);
  });
});

test('the place of an error is given by line and column, characters not bytes', () => {
  expect(lineColumn('select * frm t', 10)).toEqual({ line: 1, column: 10 });
  expect(lineColumn("select '𝄞',\n  frm", 15)).toEqual({ line: 2, column: 3 });
});

test('dragging seeks one time after the other and skips what was overtaken', async () => {
  const seen: number[] = [];
  const waiting: (() => void)[] = [];
  const seek = makeSeekLatest((at) => {
    seen.push(at);
    return new Promise((resolve) => waiting.push(resolve));
  });
  seek(1);
  seek(2);
  seek(3);
  expect(seen).toEqual([1]);
  waiting.shift()?.();
  await expect.poll(() => seen).toEqual([1, 3]);
});

test('a statement that waits in a run that stands says why; one that failed or was answered says that', () => {
  const waits = { failure: null, outcome: null };
  expect(note(waits, false, t)).toBe('running …');
  expect(note(waits, true, t)).toBe('waits: the run is paused');
  expect(note({ ...waits, failure: 'no driver' }, true, t)).toBe('no driver');
});

test('a row of an answer is of the group that has its page, by the first column; of another volume, of none', () => {
  const groups = [
    { id: 'g1', keyFirst: 0, keyEnd: 100 },
    { id: 'g2', keyFirst: 100, keyEnd: 200 },
  ] as unknown as ClusterSpec['groups'];
  const answer = { columns: [{ name: 'id', type: 'int4' }], rows: [['7'], [null]] };
  const page = { blockKey: 130, name: 'accounts#3' };
  const row = { kind: 'row', table: 'accounts', key: 'id 7', group: 'g2', blockKey: 130 };
  expect(rowSubject(answer, 0, page, groups)).toEqual(row);
  expect(rowSubject(answer, 1, page, null)).toEqual({ ...row, key: 'id null', group: null });
});

test('no writer that is open says VDL while one recovers: the staircase has what was heard last', () => {
  const { nodes, cluster } = makeHookFrame();
  const changed = (state: 'open' | 'recovering') =>
    nodes.map((node) => ({
      ...node,
      view: node.view && {
        ...node.view,
        roles: node.view.roles.map((role) => (role.role === 'compute' ? { ...role, state } : role)),
      },
    }));
  expect(isShownNow(gauges, 'vdl', changed('open'), cluster.volume)).toBe(true);
  expect(isShownNow(gauges, 'vdl', changed('recovering'), cluster.volume)).toBe(false);
});
