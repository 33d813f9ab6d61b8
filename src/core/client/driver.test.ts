// The driver by hand: a writer that answers, falls silent, says it is not the writer, or may have committed.

import { describe, expect, test } from 'vitest';
import { lsn, nodeId, type Time, term, time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import type { RoleContext } from '../kernel/context.ts';
import type { ClientResult, ClusterSpec, Effect, NodeConfig, WorkloadSpec } from '../kernel/door.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import { demoParams as params } from '../kernel/params-fixture.ts';
import type { TraceEvent } from '../kernel/trace.ts';
import { driverView, openDriver, startDriver, stepDriver } from './driver.ts';
import { loadRequests, workloadTexts } from './workload-kinds.ts';

const cluster: ClusterSpec = {
  preset: 'test',
  volume: 'v1',
  nodes: [
    { id: nodeId('d1'), zone: 'a', roles: ['driver'] },
    { id: nodeId('meta-1'), zone: 'a', roles: ['meta'] },
    { id: nodeId('rw-1'), zone: 'a', roles: ['compute'] },
  ],
  groups: [],
};
const config: NodeConfig = {
  nodeId: nodeId('d1'),
  roles: ['driver'],
  cluster,
  params,
  prng: makePrng(7, 'd1'),
  broken: [],
};
const statement = { text: 'select 1', tree: new Uint8Array([1]) };

/** A driver, its clock, and what it sent. */
function makeBench(disk: ReadonlyMap<string, Uint8Array> = new Map()) {
  const state = openDriver(config, disk);
  const sent: MessageOf<'SqlRequest'>[] = [];
  const closed: string[] = [];
  const traced: TraceEvent[] = [];
  const replies: ClientResult[] = [];
  const saved = new Map(disk);
  let now = 0;
  let wakeAt: Time | null = null;
  const run = (work: (ctx: RoleContext) => void): void => {
    const effects: Effect<Message>[] = [];
    work({ now: time(now), role: 'driver', tag: 3, scope: '', ids: { next: 1 }, effects, traceId: 0 });
    for (const effect of effects) {
      if (effect.kind === 'send' && effect.message.kind === 'SqlRequest') sent.push(effect.message);
      if (effect.kind === 'send' && effect.message.kind === 'SqlClose') closed.push(effect.message.session);
      if (effect.kind === 'trace') traced.push(effect.event);
      if (effect.kind === 'reply') replies.push(effect.result);
      if (effect.kind === 'wakeAt') wakeAt = effect.at;
      if (effect.kind === 'store')
        for (const { key, bytes } of effect.writes) if (bytes !== null) saved.set(key, bytes);
    }
  };
  const message = (from: string, m: Message): void =>
    run((ctx) =>
      stepDriver(state, { kind: 'message', now: time(now), from: nodeId(from), message: m, traceId: 0 }, ctx),
    );
  const bench = {
    state,
    sent,
    closed,
    traced,
    replies,
    saved,
    start: () => run((ctx) => startDriver(state, ctx, 1)),
    route: (writer: string | null, mapVersion: number) =>
      message('meta-1', {
        kind: 'Route',
        volume: 'v1',
        exists: true,
        reqId: 1,
        mapVersion,
        writer: writer === null ? null : nodeId(writer),
        token: term(1),
      }),
    ask: (session = 's') =>
      run((ctx) =>
        stepDriver(
          state,
          {
            kind: 'clientRequest',
            now: time(now),
            requestId: 'q',
            request: { kind: 'sql', session, text: statement.text, params: [] },
            statements: [statement],
          },
          ctx,
        ),
      ),
    command: (command: Parameters<typeof stepDriver>[1] & { kind: 'agentCommand' }) =>
      run((ctx) => stepDriver(state, command, ctx)),
    answer: (
      request: MessageOf<'SqlRequest'>,
      code = '',
      inTransaction = false,
      results: MessageOf<'SqlReply'>['results'] = [{ kind: 'done', tag: 'OK' }],
    ) =>
      message('rw-1', {
        kind: 'SqlReply',
        session: request.session,
        incarnation: request.incarnation,
        sequence: request.sequence,
        code,
        scn: lsn(9),
        results,
        inTransaction,
      }),
    /** Lets time pass to each due instant up to `ms`. */
    pass: (ms: number) => {
      const end = now + ms * 1000;
      while (wakeAt !== null && wakeAt <= end) {
        now = wakeAt;
        wakeAt = null;
        run((ctx) => stepDriver(state, { kind: 'wake', now: time(now), timer: 'due' }, ctx));
      }
      now = end;
    },
  };
  return bench;
}

const last = <T>(items: readonly T[]): T => items[items.length - 1] as T;

describe('driver', () => {
  test('a retry carries the id of the first attempt, so that it applies at most once', () => {
    const d = makeBench();
    d.start();
    d.route('rw-1', 1);
    d.ask();
    d.pass(params.attemptTimeoutMs + 1);
    expect(d.sent.length).toBeGreaterThanOrEqual(2);
    expect(new Set(d.sent.map((m) => `${m.session}/${m.incarnation}/${m.sequence}`)).size).toBe(1);
    expect(last(d.sent).attempt).toBeGreaterThan(1);
    d.answer(last(d.sent));
    expect(d.replies).toMatchObject([{ outcome: 'ok', scn: 9 }]);
    d.answer(last(d.sent));
    expect(d.replies).toHaveLength(1);
  });

  test('nothing sent is an error; sent and never answered is unknown, never guessed', () => {
    const silent = makeBench();
    silent.start();
    silent.ask();
    silent.pass(params.maxRetryMs + params.attemptTimeoutMs + 1);
    expect(silent.replies).toMatchObject([{ outcome: 'error', statements: [{ sqlstate: '08001' }] }]);
    const asked = makeBench();
    asked.start();
    asked.route('rw-1', 1);
    asked.ask();
    asked.pass(params.maxRetryMs + params.attemptTimeoutMs + 1);
    expect(asked.replies).toMatchObject([{ outcome: 'unknown', statements: [{ sqlstate: '08007' }] }]);
    expect(driverView(asked.state, time(0))).toMatchObject({ ok: 0, failed: 0, unknown: 1 });
  });

  test.each(['RECOVERING', 'FENCED', 'NOT_PRIMARY'])(
    'FENCE-14 %s: nothing was applied, the request is sent again',
    (code) => {
      const d = makeBench();
      d.start();
      d.route('rw-1', 1);
      d.ask();
      d.answer(last(d.sent), code);
      expect(d.replies).toEqual([]);
      d.route('rw-1', 2);
      d.pass(params.routeBackoffCapMs + 1);
      expect(d.sent.length).toBeGreaterThan(1);
      d.answer(last(d.sent));
      expect(d.replies).toMatchObject([{ outcome: 'ok' }]);
    },
  );

  test('FENCE-55 a statement goes whole until the writer has answered it, then by its number', () => {
    const d = makeBench();
    d.start();
    d.route('rw-1', 1);
    d.ask();
    const [whole] = last(d.sent).statements;
    expect(whole).toMatchObject(statement);
    d.answer(last(d.sent));
    d.ask();
    expect(last(d.sent).statements).toEqual([{ id: whole?.id, text: '', tree: new Uint8Array(0) }]);
    d.answer(last(d.sent), 'UNKNOWN_STATEMENT');
    expect(last(d.sent)).toMatchObject({ attempt: 2, statements: [{ id: whole?.id, ...statement }] });
    expect(d.replies).toHaveLength(1);
    d.answer(last(d.sent));
    d.route('rw-2', 2);
    d.ask();
    expect(last(d.sent).statements).toMatchObject([statement]);
  });

  test.each(['RECOVERING', 'UNKNOWN_STATEMENT'])(
    'FENCE-44 %s says nothing about the transaction: the next attempt still expects it',
    (code) => {
      const d = makeBench();
      d.start();
      d.route('rw-1', 1);
      d.ask();
      d.answer(last(d.sent), '', true);
      d.ask();
      expect(last(d.sent).inTransaction).toBe(true);
      d.answer(last(d.sent), code, false);
      d.pass(params.routeBackoffCapMs + 1);
      expect(last(d.sent)).toMatchObject({ attempt: 2, inTransaction: true });
    },
  );

  test('FENCE-14 COMMIT_UNKNOWN is returned as unknown at once', () => {
    const d = makeBench();
    d.start();
    d.route('rw-1', 1);
    d.ask();
    d.answer(last(d.sent), 'COMMIT_UNKNOWN', false, []);
    expect(d.replies).toMatchObject([{ outcome: 'unknown' }]);
  });

  test('a session works in order and refuses more than it can keep', () => {
    const d = makeBench();
    d.start();
    d.route('rw-1', 1);
    for (let i = 0; i < 66; i++) d.ask();
    expect(d.sent).toHaveLength(1);
    expect(d.replies).toMatchObject([{ outcome: 'error', statements: [{ sqlstate: '54000' }] }]);
    for (let i = 0; i < 65; i++) d.answer(last(d.sent));
    expect(d.sent.map((m) => m.sequence)).toEqual(Array.from({ length: 65 }, (_, i) => i + 1));
    expect(d.replies.filter((one) => one.outcome === 'ok')).toHaveLength(65);
  });

  test('a session too many is refused when none is idle, and takes the place of an idle one', () => {
    const d = makeBench();
    d.start();
    d.route('rw-1', 1);
    for (let i = 0; i < 4096; i++) d.ask(`s${i}`);
    d.ask('one more');
    expect(d.replies).toMatchObject([{ outcome: 'error', statements: [{ sqlstate: '53300' }] }]);
    expect(d.state.sessions.size).toBe(4096);
    d.answer(d.sent[0] as (typeof d.sent)[number]);
    d.ask('one more');
    expect(d.state.sessions.has('one more')).toBe(true);
    expect(d.state.sessions.size).toBe(4096);
    d.answer(last(d.sent));
    d.ask('s0'); // its first life had sequence 1
    expect(last(d.sent)).toMatchObject({ session: 's0', sequence: 2 });
  });
});

const spec: WorkloadSpec = {
  kind: 'transfer',
  rows: 30,
  clients: 2,
  thinkUs: 1000,
  ratePerSecond: 0,
  readPercent: 0,
  hotPercent: 0,
  valueBytes: 0,
  load: true,
};
const statements = workloadTexts('transfer').map((text) => ({ text, tree: new Uint8Array([1]) }));

describe('workloads', () => {
  const start = (d: ReturnType<typeof makeBench>, changes: Partial<WorkloadSpec> = {}): void =>
    d.command({
      kind: 'agentCommand',
      now: time(0),
      command: { kind: 'workload', name: 'main', spec: { ...spec, ...changes }, statements },
    });
  const stop = (d: ReturnType<typeof makeBench>): void =>
    d.command({ kind: 'agentCommand', now: time(0), command: { kind: 'workloadStop', name: 'main' } });
  const serve = (d: ReturnType<typeof makeBench>, count: number): void => {
    for (let i = 0; i < count; i++) {
      const open = last(d.sent);
      d.answer(open);
      d.pass(2);
    }
  };

  test('tables are loaded before the first transaction; a part that is there already is no failure', () => {
    const d = makeBench();
    d.start();
    d.route('rw-1', 1);
    start(d);
    const loads = loadRequests(spec);
    for (let i = 0; i < loads; i++) {
      const open = last(d.sent);
      expect(open.session).toBe('main/load');
      d.answer(open, '', false, [
        { kind: 'error', sqlstate: i === 0 ? '42P07' : '23505', message: 'there', position: null },
      ]);
    }
    d.pass(5);
    expect(last(d.sent).session).toMatch(/^main\/[01]$/);
    expect(last(d.sent).statements.map((s) => s.text)[0]).toBe('BEGIN');
  });

  test('a failure inside a transaction is rolled back before the next', () => {
    const d = makeBench();
    d.start();
    d.route('rw-1', 1);
    start(d, { load: false, clients: 1 });
    d.pass(5);
    d.answer(last(d.sent), '', true, [
      { kind: 'error', sqlstate: '40P01', message: 'deadlock', position: null },
    ]);
    expect(last(d.sent).statements.map((s) => s.text)).toEqual(['ROLLBACK']);
    d.answer(last(d.sent));
    d.pass(5);
    const [first] = d.sent;
    expect(first?.statements[0]?.text).toBe('BEGIN');
    expect(last(d.sent).statements[0]?.id).toBe(first?.statements[0]?.id);
  });

  test('concurrency is set live, and a restarted driver is at work again from its disk', () => {
    const d = makeBench();
    d.start();
    d.route('rw-1', 1);
    start(d, { load: false });
    d.pass(5);
    d.command({
      kind: 'agentCommand',
      now: time(5000),
      command: { kind: 'workloadSet', name: 'main', spec: { clients: 5 } },
    });
    d.pass(5);
    expect(new Set(d.sent.map((m) => m.session)).size).toBe(5);
    serve(d, 3);
    const again = makeBench(d.saved);
    again.start();
    again.route('rw-1', 1);
    again.pass(10);
    expect(new Set(again.sent.map((m) => m.session)).size).toBe(5);
    expect(driverView(again.state, time(0)).workloads).toMatchObject([{ name: 'main', clients: 5 }]);
  });

  test('FENCE-47 the answer that a stopped load still waits for is not given to the next load of its name', () => {
    const d = makeBench();
    d.start();
    d.route('rw-1', 1);
    start(d, { load: false, clients: 1 });
    d.pass(5);
    const old = last(d.sent);
    stop(d);
    start(d, { load: false, clients: 1 });
    d.pass(5);
    const asked = last(d.sent);
    expect(asked.session).not.toBe(old.session);
    const before = d.traced.length;
    d.answer(old);
    expect(d.traced.slice(before)).toEqual([]);
    d.answer(asked);
    expect(d.traced.slice(before)).toMatchObject([{ kind: 'op.return', client: 'main/0', op: 1 }]);
  });

  test('FENCE-47 a transaction that a stopped load has open is rolled back when its last answer comes', () => {
    const d = makeBench();
    d.start();
    d.route('rw-1', 1);
    start(d, { load: false, clients: 1 });
    d.pass(5);
    const old = last(d.sent);
    stop(d);
    d.answer(old, '', true);
    expect(d.closed).toEqual([old.session]);
  });

  test('a pause of a stopped load does not wake the next load of its name; its values are not written again', () => {
    const d = makeBench();
    d.start();
    d.route('rw-1', 1);
    const inserts = (): void =>
      d.command({
        kind: 'agentCommand',
        now: time(0),
        command: {
          kind: 'workload',
          name: 'main',
          spec: { ...spec, kind: 'kv-insert', load: false, clients: 1, thinkUs: 1000 },
          statements: workloadTexts('kv-insert').map((text) => ({ text, tree: new Uint8Array([1]) })),
        },
      });
    const asks = () => d.sent.filter(({ attempt }) => attempt === 1);
    const keys: (string | null | undefined)[] = [];
    for (let i = 0; i < 20; i++) {
      inserts();
      d.pass(2);
      keys.push(last(asks()).params[0]);
      const asked = asks().length;
      d.answer(last(d.sent));
      stop(d);
      inserts();
      d.pass(2);
      expect(asks()).toHaveLength(asked + 1);
      keys.push(last(asks()).params[0]);
      stop(d);
    }
    expect(new Set(keys).size).toBe(40);
  });

  test('an open loop keeps its rate whatever the answers do, and counts what it sheds', () => {
    const d = makeBench();
    d.start();
    d.route('rw-1', 1);
    d.command({
      kind: 'agentCommand',
      now: time(0),
      command: {
        kind: 'workload',
        name: 'main',
        spec: { ...spec, kind: 'kv-insert', load: false, ratePerSecond: 1000, clients: 3 },
        statements: workloadTexts('kv-insert').map((text) => ({ text, tree: new Uint8Array([1]) })),
      },
    });
    d.pass(100);
    expect(d.sent.filter((m) => m.attempt === 1)).toHaveLength(3);
    const waiting = d.state.workloads.byName.get('main')?.arrivals.length ?? 0;
    expect(waiting).toBeGreaterThan(50);
    expect(waiting).toBeLessThan(200);
  });
});
