import { expect, test } from 'vitest';
import { nodeId, type Time } from '../base/ids.ts';
import { tapes } from '../stacks/tapes.ts';
import { toyHost, toyRun } from '../stacks/toy/testing/toy-world.ts';
import {
  completeWindow as completeWith,
  type FabricStep,
  inject,
  nextStep,
  type StepLimits,
} from './fabric.ts';
import { type Fabric, makeFabric } from './fabric-state.ts';
import type { TapeAction } from './tape-actions.ts';
import { parseAction } from './tape-parse.ts';
import { noLimits } from './testing/no-limits.ts';
import { NEVER, type OutMessage, type WindowAnswer } from './types.ts';

const act = (line: string): TapeAction => {
  const action = parseAction(tapes, line);
  if ('error' in action) throw new Error(`${line}: ${action.error}`);
  return action;
};

/** Links without jitter, 300 µs in a zone and 500 between zones; lookahead 300. */
const fabricOf = (lines: readonly string[] = []): Fabric =>
  makeFabric(toyRun(1, lines.map(act), [['linkJitterUs', 0]]));

const step = (fabric: Fabric, limits: Partial<StepLimits> = {}): FabricStep =>
  nextStep(fabric, toyHost, { ...noLimits, ...limits });

function windowOf(next: FabricStep): Extract<FabricStep, { kind: 'window' }> {
  if (next.kind !== 'window') throw new Error(`${next.kind} instead of a window`);
  return next;
}

const answerOf = (nextAt: number, sent: readonly OutMessage[] = []): WindowAnswer => ({
  nextAt: nextAt as Time,
  sent,
  replies: [],
  trace: [],
  durable: [],
  stamp: { until: 0 as Time, ordinal: 0, life: 1, hash: '' },
  events: 0,
  view: null,
  disk: { pending: 0, volatileWrites: 0, volatileBytes: 0, bytes: 0, limitBytes: 0 },
});

const message = (at: number, to: string, sequence = 1): OutMessage => ({
  at: at as Time,
  to: nodeId(to),
  sequence,
  bytes: new Uint8Array([1]),
  causeOrdinal: 1,
});

const answers = (of: Readonly<Record<string, WindowAnswer>>): Map<ReturnType<typeof nodeId>, WindowAnswer> =>
  new Map(Object.entries(of).map(([node, answer]) => [nodeId(node), answer]));

/** Opens the nodes and completes their boot; nothing is due afterwards. */
function boot(fabric: Fabric, nextAt: Readonly<Record<string, number>> = {}): void {
  expect(step(fabric).kind).toBe('lifecycle');
  const { until, requests } = windowOf(step(fabric));
  expect(until).toBe(Math.min(300, fabric.tape[0]?.at ?? 300));
  completeWindow(
    fabric,
    new Map([...requests.keys()].map((node) => [node, answerOf(nextAt[node] ?? NEVER)])),
  );
}

const completeWindow = (
  ...[fabric, answered]: [Parameters<typeof completeWith>[0], Parameters<typeof completeWith>[1]]
): void => completeWith(fabric, answered, () => 'control');

test('a run begins with every node opened in its first life, then one window for their boots', () => {
  const fabric = fabricOf();
  const first = step(fabric);
  if (first.kind !== 'lifecycle') throw new Error(first.kind);
  expect(first.ops.map((op) => [op.kind, op.node, op.at])).toEqual([
    ['open', 'c1', 0],
    ['open', 't1', 0],
    ['open', 't2', 0],
    ['open', 't3', 0],
  ]);
  expect([...windowOf(step(fabric)).requests.keys()]).toEqual(['c1', 't1', 't2', 't3']);
  expect(() => step(fabric)).toThrow('the window before has been completed');
});

test('a window ends at the least of lookahead, next action, limit and frame; empty time is skipped', () => {
  const untilOf = (lines: readonly string[], limits: Partial<StepLimits>): number => {
    const fabric = fabricOf(lines);
    boot(fabric, { t1: 5000 });
    return windowOf(step(fabric, limits)).until;
  };
  expect(untilOf([], {})).toBe(5300);
  expect(untilOf(['5.2 healAll'], {})).toBe(5200);
  expect(untilOf([], { until: 5100 as Time })).toBe(5100);
  expect(untilOf([], { frameUs: 40 })).toBe(5040);
});

test('only nodes with work take part; a view asks all that are up', () => {
  const fabric = fabricOf(['1.0 crash t3']);
  boot(fabric, { t1: 5000, t2: 9000 });
  const params = { group: null, lsnWindow: null, span: 1, detail: false };
  expect(step(fabric).kind).toBe('lifecycle');
  expect([...windowOf(step(fabric)).requests.keys()]).toEqual(['t1']);
  completeWindow(fabric, answers({ t1: answerOf(NEVER) }));
  const shown = windowOf(step(fabric, { view: params }));
  expect([...shown.requests.keys()]).toEqual(['c1', 't1', 't2']);
  expect([...shown.requests.values()].every((request) => request.view === params)).toBe(true);
});

test('nothing to do before the limit: idle, and the time is the limit', () => {
  const fabric = fabricOf(['9.0 healAll']);
  boot(fabric, { t1: 5000 });
  expect(step(fabric, { until: 4000 as Time })).toEqual({ kind: 'idle' });
  expect(fabric.now).toBe(4000);
  // What a person does now gets this time, comes after what the tape has there, and before what is later.
  const { action } = inject(fabric, act('0.0 crash t2'));
  expect(action.at).toBe(4000);
  expect(fabric.tape.map(({ kind }) => kind)).toEqual(['crash', 'healAll']);
  expect(step(fabric, { until: 4000 as Time })).toEqual({ kind: 'idle' });
  expect(step(fabric)).toMatchObject({ kind: 'lifecycle', ops: [{ kind: 'crash', node: 't2', at: 4000 }] });
});

test('an action injected while a window is out waits for its end', () => {
  const fabric = fabricOf();
  boot(fabric, { t1: 5000 });
  expect(windowOf(step(fabric)).until).toBe(5300);
  expect(inject(fabric, act('0.0 sql c1 "x"'))).toMatchObject({
    action: { at: 5300 },
    requestId: 'q5300.0',
  });
  completeWindow(fabric, answers({ t1: answerOf(NEVER) }));
  const { requests } = windowOf(step(fabric));
  expect(requests.get(nodeId('c1'))?.commands).toMatchObject([
    { at: 5300, command: { kind: 'clientRequest', requestId: 'q5300.0', statements: [{ text: 'x' }] } },
  ]);
});

test('deliveries come by (time, source, sequence), whoever answered first', () => {
  const fabric = fabricOf();
  boot(fabric, { c1: 1000, t1: 1000, t2: 1000, t3: 1000 });
  windowOf(step(fabric));
  // t2 and t3 are 500 µs from t1, c1 is 300.
  completeWindow(
    fabric,
    answers({
      t3: answerOf(NEVER, [message(1000, 't1')]),
      t2: answerOf(NEVER, [message(1000, 't1', 1), message(1000, 't1', 2)]),
      c1: answerOf(NEVER, [message(1200, 't1'), message(1201, 't1')]),
      t1: answerOf(NEVER),
    }),
  );
  const { requests, until } = windowOf(step(fabric));
  expect(until).toBe(1800);
  expect(requests.get(nodeId('t1'))?.deliveries.map((d) => `${d.at} ${d.from} ${d.sequence}`)).toEqual([
    '1500 c1 1',
    '1500 t2 1',
    '1500 t2 2',
    '1500 t3 1',
    '1501 c1 2',
  ]);
  expect([...requests.keys()]).toEqual(['t1']);
});

test('a message to a node that does not exist is lost, not a fault of the fabric', () => {
  const fabric = fabricOf();
  boot(fabric, { t1: 1000 });
  windowOf(step(fabric));
  completeWindow(fabric, answers({ t1: answerOf(NEVER, [message(1000, 'nobody')]) }));
  expect(fabric.traffic.counters.lost).toBe(1);
  expect(step(fabric)).toEqual({ kind: 'idle' });
});

test('a request for a driver that is down says so', () => {
  const fabric = fabricOf(['1.0 crash c1', '2.0 sql c1 "x"']);
  boot(fabric);
  step(fabric);
  step(fabric);
  const traced = fabric.events.flatMap(({ event }) => (event.kind === 'world.action' ? [event] : []));
  expect(traced.map((event) => [event.action, event.hadEffect])).toEqual([
    ['crash', true],
    ['sql', false],
  ]);
});

test('the end of a fault comes before the tape’s actions of that time', () => {
  const fabric = fabricOf(['1.0 crash t1 for 1.000 ms', '2.0 crash t1']);
  boot(fabric);
  const kinds: string[] = [];
  for (let next = step(fabric); next.kind !== 'idle'; next = step(fabric)) {
    if (next.kind === 'lifecycle') kinds.push(...next.ops.map((op) => `${op.at} ${op.kind}`));
    else completeWindow(fabric, answers({}));
  }
  expect(kinds).toEqual(['1000 crash', '2000 open', '2000 crash']);
});
