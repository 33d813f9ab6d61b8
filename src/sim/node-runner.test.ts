import { expect, test } from 'vitest';
import { nodeId, type Time } from '../base/ids.ts';
import { makePrng } from '../base/prng.ts';
import { BOOT_TIMER, type Effect, type Input, type NodeConfig } from '../core/kernel/door.ts';
import { moments } from '../stacks/crash-moments.ts';
import { toyRun } from '../stacks/toy/testing/toy-world.ts';
import { trace } from '../stacks/trace.ts';
import { crashRunner, openRunner, runWindow } from './node-runner.ts';
import { type NodeRunner, type TracedProgram, WAITING_LIMIT } from './runner-state.ts';
import { makeTimers, nextTimerAt, setTimer, takeTimer } from './timers.ts';
import { type Delivery, NEVER, type NodeCommand, type WindowAnswer } from './types.ts';

/** A node that notes what it is given and does what the test scripted for it. */
interface Noted {
  readonly log: string[];
}

type Script = (input: Input<string>) => Effect<string>[];

const nameOf = (input: Input<string>): string => {
  switch (input.kind) {
    case 'message':
      return `message ${input.message} from ${input.from}`;
    case 'wake':
      return `wake ${input.timer}`;
    case 'diskDone':
      return `diskDone ${input.id} ${input.error ?? 'ok'}`;
    case 'readDone':
      return `readDone ${input.id}`;
    default:
      return input.kind;
  }
};

function programOf(script: Script, count = { encodes: 0 }): TracedProgram<Noted, string> {
  return {
    ...moments,
    ...trace,
    openNode: () => ({ log: [] }),
    step: (state, input) => {
      state.log.push(`${input.now} ${nameOf(input)}`);
      return script(input);
    },
    adopt: (state) => state,
    encodeMessage: (message) => {
      count.encodes++;
      return new TextEncoder().encode(message);
    },
    decodeMessage: (bytes) =>
      bytes[0] === 0 ? { error: 'a zero' } : { message: new TextDecoder().decode(bytes), traceId: 0 },
    nodeView: () => ({ node: nodeId('t1'), roles: [] }),
    familyOfFrame: () => 'control',
    describeMessage: (kind) => ({ kind, family: 'control', group: null, range: null, token: null }),
  };
}

function open(program: TracedProgram<Noted, string>, at = 0): NodeRunner<Noted, string> {
  const { cluster, params } = toyRun(1, [], [['diskSyncJitterUs', 0]]);
  const config: NodeConfig = {
    nodeId: nodeId('t1'),
    roles: ['toy'],
    cluster,
    params,
    prng: makePrng(1, 't1'),
    mutants: [],
  };
  return openRunner(program, config, new Map(), at as Time, 1);
}

interface Given {
  readonly until: number;
  readonly deliveries?: readonly Delivery[];
  readonly commands?: readonly (readonly [at: number, command: NodeCommand])[];
}

const window = (
  program: TracedProgram<Noted, string>,
  runner: NodeRunner<Noted, string>,
  given: Given,
): WindowAnswer =>
  runWindow(program, runner, {
    until: given.until as Time,
    deliveries: given.deliveries ?? [],
    commands: (given.commands ?? []).map(([at, command]) => ({ at: at as Time, command })),
    view: null,
  });

const delivery = (at: number, text: string, sequence = 1, from = 'c1'): Delivery => ({
  at: at as Time,
  from: nodeId(from),
  sequence,
  bytes: new TextEncoder().encode(text),
  causeOrdinal: 5,
});

const client = (id: string): NodeCommand => ({
  kind: 'clientRequest',
  requestId: id,
  request: { kind: 'cancel', session: 'main' },
  statements: [],
});

test('the boot timer wakes first, and node.open is traced with it', () => {
  const program = programOf(() => []);
  const runner = open(program, 500);
  const answer = window(program, runner, { until: 600, deliveries: [delivery(500, 'hello')] });
  expect(runner.state.log).toEqual([`500 wake ${BOOT_TIMER}`, '500 message hello from c1']);
  expect(answer.trace.map((t) => [t.at, t.ordinal, t.event])).toEqual([
    [500, 1, { kind: 'node.open', incarnation: 1 }],
  ]);
  expect(answer.stamp).toMatchObject({ until: 600, ordinal: 2, life: 1 });
});

test('at one time: commands, the device, then requests, disk, timers, messages', () => {
  const program = programOf((input) =>
    input.kind === 'wake' && input.timer === BOOT_TIMER
      ? [
          // 200 µs of sync and 1 of transfer: durable at 201; the read of 100 and its byte is done at 101.
          // biome-ignore lint/suspicious/noThenProperty: the door's name
          { kind: 'store', id: 7, writes: [{ key: 'k', bytes: new Uint8Array(9) }], then: [] },
          { kind: 'wakeAt', timer: 'tick', at: 201 as Time },
        ]
      : [],
  );
  const runner = open(program);
  const answer = window(program, runner, {
    until: 202,
    deliveries: [delivery(200, 'early'), delivery(201, 'one', 1, 'c1'), delivery(201, 'two', 2, 'c1')],
    commands: [[201, client('q')]],
  });
  expect(runner.state.log).toEqual([
    `0 wake ${BOOT_TIMER}`,
    '200 message early from c1',
    '201 clientRequest',
    '201 diskDone 7 ok',
    '201 wake tick',
    '201 message one from c1',
    '201 message two from c1',
  ]);
  expect(answer.durable.map(({ key }) => key)).toEqual(['k']);
  expect(answer.nextAt).toBe(NEVER);
});

test('`then` happens right after the step of diskDone, and not at all when the store fails', () => {
  const program = programOf((input) =>
    input.kind === 'wake'
      ? [
          {
            kind: 'store',
            id: 1,
            writes: [{ key: 'k', bytes: new Uint8Array(1) }],
            // biome-ignore lint/suspicious/noThenProperty: the door's name
            then: [{ kind: 'send', to: nodeId('c1'), message: 'durable', traceId: 0 }],
          },
        ]
      : [],
  );
  const runner = open(program);
  expect(window(program, runner, { until: 201 }).sent).toEqual([]);
  const after = window(program, runner, { until: 1000 });
  expect(after.sent.map((m) => [m.at, m.to, new TextDecoder().decode(m.bytes)])).toEqual([
    [201, 'c1', 'durable'],
  ]);
  const full = open(program);
  const refused = window(program, full, {
    until: 1000,
    commands: [[0, { kind: 'diskFaults', faults: { full: true } }]],
  });
  expect(full.state.log).toContain('0 diskDone 1 DISK_FULL');
  expect(refused.sent).toEqual([]);
});

test('a broadcast encodes once', () => {
  const count = { encodes: 0 };
  const program = programOf(
    (input) =>
      input.kind === 'wake'
        ? ['a', 'b', 'c', 'd'].map((to) => ({ kind: 'send', to: nodeId(to), message: 'all', traceId: 3 }))
        : [],
    count,
  );
  const answer = window(program, open(program), { until: 10 });
  expect(count.encodes).toBe(1);
  expect(answer.sent.map((m) => m.sequence)).toEqual([1, 2, 3, 4]);
  expect(new Set(answer.sent.map((m) => m.bytes)).size).toBe(1);
});

test('a damaged frame is traced and dropped; the node stays up', () => {
  const program = programOf(() => []);
  const runner = open(program);
  const answer = window(program, runner, {
    until: 100,
    deliveries: [{ ...delivery(50, 'x'), bytes: new Uint8Array([0, 1, 2]) }, delivery(60, 'fine', 2)],
  });
  expect(runner.state.log.slice(1)).toEqual(['60 message fine from c1']);
  expect(answer.trace.at(-1)).toMatchObject({
    at: 50,
    causeNode: 'c1',
    causeOrdinal: 5,
    event: { kind: 'net.corrupt', from: 'c1', error: 'a zero' },
  });
  expect(answer.events).toBe(3);
});

test('the cause of an input: the sender’s for a message, the node’s own for its disk and timers, none for a person', () => {
  const trace = { kind: 'trace', event: { kind: 'toy.add', amount: 1, total: 1 } } as const;
  const program = programOf((input) =>
    input.kind === 'wake' && input.timer === BOOT_TIMER
      ? [{ kind: 'wakeAt', timer: 'tick', at: 50 as Time }]
      : [trace],
  );
  const answer = window(program, open(program), {
    until: 100,
    deliveries: [delivery(60, 'm')],
    commands: [[70, client('q')]],
  });
  expect(answer.trace.slice(1).map((t) => [t.ordinal, t.causeNode, t.causeOrdinal])).toEqual([
    [2, 't1', 1],
    [3, 'c1', 5],
    [4, null, 0],
  ]);
});

test('a node that never lets time pass is an assertion, not an endless loop', () => {
  const program = programOf((input) => [{ kind: 'wakeAt', timer: `t${input.now}`, at: input.now }]);
  const runner = open(program);
  runner.instantInputs = 999_900;
  runner.instant = 0;
  expect(() => window(program, runner, { until: 10 })).toThrow('t1 never lets time pass at 0 µs');
});

test('a frozen node keeps what arrives up to its named limit; the newest beyond it is lost', () => {
  const program = programOf(() => []);
  const runner = open(program);
  window(program, runner, { until: 10, commands: [[5, { kind: 'freeze' }]] });
  const many = Array.from({ length: WAITING_LIMIT + 3 }, (_, i) => delivery(20, `${i + 1}`, i));
  const answer = window(program, runner, { until: 30, deliveries: many });
  expect(answer.events).toBe(0);
  expect(answer.nextAt).toBe(NEVER);
  expect(runner.droppedWaiting).toBe(3);
  const resumed = window(program, runner, { until: 50, commands: [[40, { kind: 'resume' }]] });
  expect(resumed.events).toBe(WAITING_LIMIT);
  expect(runner.state.log.at(-1)).toBe(`40 message ${WAITING_LIMIT} from c1`);
});

test('a slow processor spaces inputs, and what is left waits for a later window', () => {
  const program = programOf(() => []);
  const runner = open(program);
  window(program, runner, { until: 10, commands: [[0, { kind: 'slowCpu', usPerInput: 30 }]] });
  const given = [delivery(10, 'a', 1), delivery(10, 'b', 2), delivery(11, 'c', 3)];
  const answer = window(program, runner, { until: 65, deliveries: given });
  expect(runner.state.log.slice(1)).toEqual(['30 message a from c1', '60 message b from c1']);
  expect(answer.nextAt).toBe(90);
});

test('a crash answers what became durable, and a stamp that begins the next life', () => {
  const program = programOf((input) =>
    input.kind === 'wake'
      ? // biome-ignore lint/suspicious/noThenProperty: the door's name
        [{ kind: 'store', id: 1, writes: [{ key: 'k', bytes: new Uint8Array(4) }], then: [] }]
      : [],
  );
  const runner = open(program);
  window(program, runner, { until: 10 });
  const { writes, stamp } = crashRunner(program, runner, 10 as Time, 'tornLast');
  expect(writes).toHaveLength(1);
  expect(writes[0]?.bytes?.length).toBeLessThan(4);
  expect(stamp).toEqual({ until: 10, ordinal: 0, life: 2, hash: '0'.repeat(16) });
});

test('timers: replaced, cleared, equal times in the order set, and no growth from resetting one for ever', () => {
  const timers = makeTimers();
  setTimer(timers, 'a', 50, 1);
  setTimer(timers, 'b', 40, 1);
  setTimer(timers, 'a', 30, 2);
  setTimer(timers, 'c', 30, 3);
  setTimer(timers, 'b', null, 4);
  expect(nextTimerAt(timers, 0)).toBe(30);
  expect(nextTimerAt(timers, 10)).toBe(20);
  expect(takeTimer(timers)).toMatchObject({ name: 'a', due: 30, ordinal: 2 });
  expect(takeTimer(timers)).toMatchObject({ name: 'c' });
  expect(nextTimerAt(timers, 0)).toBe(NEVER);
  for (let i = 0; i < 10_000; i++) setTimer(timers, 'again', 100 + i, i);
  setTimer(timers, 'last', 5_000, 1);
  expect(timers.heap.length).toBeLessThan(100);
  expect(takeTimer(timers).name).toBe('last');
  expect(takeTimer(timers)).toMatchObject({ name: 'again', due: 10_099 });
});
