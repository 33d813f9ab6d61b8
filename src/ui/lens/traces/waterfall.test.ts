import { expect, test } from 'vitest';
import { nodeId } from '../../../base/ids.ts';
import { workKinds } from '../../../run-model/spans/background-work.ts';
import type { Span, SpanTrace } from '../../../run-model/spans/span.ts';
import { textInBoth } from '../../i18n/i18n.ts';
import { hueOf, newestOfEach, spanName, waterfallOf } from './waterfall.ts';

const span = (id: string, parent: string | null, start: number, more: Partial<Span> = {}): Span => ({
  id,
  parent,
  kind: 'call',
  name: 'WriteBatch',
  node: nodeId('store-1'),
  from: nodeId('rw-1'),
  start,
  receivedAt: start + 1,
  workedUntil: start + 2,
  end: start + 3,
  status: 'ok',
  attributes: {},
  events: [],
  links: [],
  ...more,
});

const traceOf = (spans: readonly Span[], left = 0): SpanTrace => ({ traceIds: [7], spans, left, until: 100 });

const statement = span('a', null, 10, {
  kind: 'statement',
  name: 'statement',
  node: nodeId('d1'),
  from: null,
  end: 60,
});

test('PCS-94 rows stand below their cause, by time, whatever the order in which they were found', () => {
  const { rows, from, to } = waterfallOf(
    traceOf([span('c', 'b', 30), statement, span('e', 'a', 50), span('b', 'a', 20), span('d', 'b', 25)]),
  );
  expect(rows.map(({ span: { id }, depth }) => `${depth}${id}`)).toEqual(['0a', '1b', '2d', '2c', '1e']);
  expect([from, to]).toEqual([10, 60]);
});

test('PCS-94 what is open goes to the end of the drawing, what is lost only as far as it came', () => {
  const open = span('b', 'a', 20, { status: 'open', end: null });
  const lost = span('c', 'a', 20, { status: 'lost', end: null, receivedAt: null, workedUntil: null });
  const { rows, counts } = waterfallOf(traceOf([statement, open, lost]));
  expect(rows.map(({ to }) => to)).toEqual([60, 60, 20]);
  expect(counts).toEqual({ spans: 3, lost: 1, unanswered: 0, open: 1, nodes: 2 });
});

test('PCS-94 a filter leaves the rows that say it; a long trace says how much is not drawn', () => {
  const many = Array.from({ length: 400 }, (_, i) =>
    span(`s${i}`, 'a', 20 + i, { attributes: { group: i % 2 ? 'g1' : 'g2' } }),
  );
  expect(waterfallOf(traceOf([statement, ...many], 5)).left).toBe(5 + 101);
  expect(waterfallOf(traceOf([statement, ...many], 5), 'G1').rows.length).toBe(200);
});

test.each([
  [span('b', 'a', 1, { attributes: { group: 'g1' } }), '→ store-1 WriteBatch g1', 'wal'],
  [
    span('b', 'a', 1, { name: 'SqlRequest', node: nodeId('rw-1'), attributes: { attempt: 2 } }),
    '→ rw-1 SqlRequest ×2',
    'client',
  ],
  [
    span('b', 'a', 1, { kind: 'disk', name: 'write', attributes: { group: 'g2' } }),
    'store-1 write g2',
    'ack',
  ],
  [span('b', 'a', 1, { name: 'GetPage' }), '→ store-1 GetPage', 'reader'],
  [statement, 'd1 statement', 'client'],
  [span('b', null, 1, { kind: 'work', name: 'hole repair', from: null }), 'store-1 hole repair', 'ctl'],
  [span('b', null, 1, { kind: 'work', name: 'gc.drop', from: null }), 'store-1 gc.drop', 'ctl'],
])('a row is called by what it is: %#', (one, name, hue) => {
  expect([spanName(one), hueOf(one)]).toEqual([name, hue]);
});

test('PCS-94 every work of a node has a name in both languages', () => {
  for (const { name } of workKinds) {
    const [en, zh] = textInBoth(`traces.does.${name}`);
    expect(en).toBe(name);
    expect(zh).toMatch(/\p{Script=Han}/u);
  }
});

test('PCS-94 what is offered is the newest, and what comes often does not hide what is rare', () => {
  const drops = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({ kind: 'drop', at: from + i }));
  const items = [{ kind: 'election', at: 0 }, ...drops(1, 50), { kind: 'repair', at: 51 }, ...drops(52, 3)];
  const limits = { most: 10, ofKind: 4 };
  expect(newestOfEach(items, ({ kind }) => kind, limits).map(({ at }) => at)).toEqual([
    0, 50, 51, 52, 53, 54,
  ]);
  expect(newestOfEach(items, ({ kind }) => kind, { most: 3, ofKind: 4 }).map(({ at }) => at)).toEqual([
    52, 53, 54,
  ]);
});
