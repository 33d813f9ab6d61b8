// The driver by hand: a writer that answers, falls silent, says it is not the writer, or may have committed.

import { describe, expect, test } from 'vitest';
import { time } from '../../base/ids.ts';
import { demoParams as params } from '../kernel/params-fixture.ts';
import { whole } from '../sql/cut-table-fixture.ts';
import { BEGIN_READING, COMMIT } from '../sql/part-statement.ts';
import { driverView } from './driver.ts';
import { atWork, last, makeBench, routedBench, statement } from './driver-fixture.ts';

describe('driver', () => {
  test('FENCE-44 FENCE-47 a retry carries the id of the first attempt, so that it applies at most once', () => {
    const d = routedBench();
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

  test('FENCE-44 of two nodes that were sent a write the one with the last copy is believed that it failed', () => {
    const d = routedBench();
    const failed = [{ kind: 'error' as const, sqlstate: '40001', message: '', position: null }];
    d.ask();
    const first = last(d.sent);
    d.route('rw-2', 2);
    d.pass(params.attemptTimeoutMs + 1);
    const second = last(d.sent);
    expect(second).toMatchObject({ sequence: first.sequence });
    d.answer(first, '', false, failed);
    expect(d.replies).toEqual([]);
    d.answer(second, '', false, failed, 'rw-2');
    expect(d.replies).toMatchObject([{ outcome: 'error' }]);
  });

  test('FENCE-47 nothing sent is an error; sent and never answered is unknown, never guessed', () => {
    const silent = makeBench();
    silent.start();
    silent.ask();
    silent.pass(params.maxRetryMs + params.attemptTimeoutMs + 1);
    expect(silent.replies).toMatchObject([{ outcome: 'error', statements: [{ sqlstate: '08001' }] }]);
    const asked = routedBench();
    asked.ask();
    asked.pass(params.maxRetryMs + params.attemptTimeoutMs + 1);
    expect(asked.replies).toMatchObject([{ outcome: 'unknown', statements: [{ sqlstate: '08007' }] }]);
    expect(driverView(asked.state, time(0))).toMatchObject({ ok: 0, failed: 0, unknown: 1 });
  });

  test.each([
    ['42601', 'refused'],
    ['23505', 'refused'],
    ['22012', 'refused'],
    ['0A000', 'refused'],
    ['25006', 'refused'],
    ['40001', 'failed'],
    ['53200', 'failed'],
    ['55P03', 'failed'],
    ['XX001', 'failed'],
  ] as const)(
    'FENCE-47 an answer with %s counts as %s: what a person asked wrongly is no fault of the cluster',
    (sqlstate, counted) => {
      const d = routedBench();
      d.ask();
      d.answer(last(d.sent), '', false, [{ kind: 'error', sqlstate, message: 'no', position: null }]);
      const none = { ok: 0, refused: 0, failed: 0, unknown: 0 };
      expect(driverView(d.state, time(0))).toMatchObject({ ...none, [counted]: 1 });
    },
  );

  test('a client that is gone ends its session: its request is given up, and its writer hears of it', () => {
    const d = routedBench();
    d.ask();
    const before = d.sent.length;
    const command = { kind: 'endSession', session: 's' } as const;
    d.command({ kind: 'operatorCommand', now: time(0), command });
    expect(d.replies).toMatchObject([{ outcome: 'unknown', statements: [{ sqlstate: '57014' }] }]);
    expect(d.state.sessions.has('s')).toBe(false);
    d.answer(last(d.sent.slice(0, before)));
    expect(d.replies).toHaveLength(1);
  });

  test('FENCE-47 the limit is one of silence: who is at work is waited for, and given up once he says so no more', () => {
    const d = routedBench();
    d.ask();
    for (let i = 0; i < (3 * params.maxRetryMs) / params.attemptTimeoutMs; i++) {
      d.pass(params.attemptTimeoutMs);
      atWork(d, 'rw-1', last(d.sent));
    }
    expect(d.replies).toEqual([]);
    expect(new Set(d.sent.map(({ sequence }) => sequence)).size).toBe(1);
    d.pass(params.maxRetryMs - 1);
    expect(d.replies).toEqual([]);
    d.pass(1);
    expect(d.replies).toMatchObject([{ outcome: 'unknown', statements: [{ sqlstate: '08007' }] }]);
    // of another request nothing is said
    d.ask();
    d.pass(params.maxRetryMs / 2);
    atWork(d, 'rw-1', { ...last(d.sent), sequence: 1 });
    d.pass(params.maxRetryMs / 2);
    expect(d.replies).toHaveLength(2);
  });

  test('FENCE-47 a request that has waited in its session has the whole limit', () => {
    const d = routedBench();
    d.ask();
    d.ask();
    d.pass(params.maxRetryMs);
    expect(d.replies).toHaveLength(1);
    expect(last(d.sent)).toMatchObject({ sequence: 2, attempt: 1 });
    d.answer(last(d.sent));
    expect(last(d.replies)).toMatchObject({ outcome: 'ok' });
  });

  test.each(['is given up', 'is cancelled', 'finds the queue full'])(
    'FENCE-47 a statement of a transaction that %s leaves a number out, so that its writer fails the transaction',
    (how) => {
      const d = routedBench();
      d.ask('s', BEGIN_READING);
      d.answer(last(d.sent), '', true);
      d.ask('s', whole.statement);
      const { sequence } = last(d.sent);
      if (how === 'is given up') d.pass(params.maxRetryMs);
      else if (how === 'is cancelled') d.cancel();
      else {
        for (let i = 0; i <= params.sessionQueue; i++) d.ask('s', whole.statement);
        expect(last(d.replies)).toMatchObject({ statements: [{ sqlstate: '54000' }] });
        for (let i = 0; i <= params.sessionQueue; i++) d.answer(last(d.sent), '', true);
      }
      if (how !== 'finds the queue full')
        expect(last(d.replies)).toMatchObject({ outcome: 'error', statements: [{ position: null }] });
      const before = how === 'finds the queue full' ? sequence + params.sessionQueue : sequence;
      d.ask('s', COMMIT);
      expect(last(d.sent)).toMatchObject({ sequence: before + 2, inTransaction: true });
      d.answer(last(d.sent), '', false, [{ kind: 'done', tag: 'ROLLBACK' }]);
      expect(d.traced.filter(({ kind }) => /^block/.test(kind))).toEqual([
        { kind: 'block.failed', session: 's' },
        { kind: 'block.answered', session: 's', tag: 'ROLLBACK' },
      ]);
      d.ask('s', COMMIT);
      expect(last(d.sent)).toMatchObject({ sequence: before + 3, inTransaction: false });
    },
  );

  test('FENCE-47 whoever was asked last is told of a cancel; of what was never sent, or is answered, nobody', () => {
    const d = routedBench(undefined, true);
    d.ask('s', whole.statement);
    const { sequence } = last([...d.sent, ...d.asked]);
    d.cancel('other');
    expect(d.cancelled).toEqual([]);
    d.cancel();
    d.cancel();
    expect(d.cancelled).toEqual([{ to: d.asked.length > 0 ? 'ro-1' : 'rw-1', sequence }]);
    const unrouted = makeBench();
    unrouted.start();
    unrouted.ask();
    unrouted.cancel();
    expect(unrouted.cancelled).toEqual([]);
  });

  test('FENCE-44 FENCE-47 whether a COMMIT that was given up was made nobody can tell once its transaction is over', () => {
    const d = routedBench();
    d.ask('s', BEGIN_READING);
    d.answer(last(d.sent), '', true);
    d.ask('s', COMMIT);
    d.pass(params.maxRetryMs);
    expect(last(d.replies)).toMatchObject({ outcome: 'unknown', statements: [{ sqlstate: '08007' }] });
    d.ask('s', COMMIT);
    d.answer(last(d.sent), 'TXN_ABORTED_FAILOVER', false, []);
    expect(last(d.replies)).toMatchObject({ outcome: 'unknown', statements: [{ sqlstate: '08007' }] });
  });

  test('FENCE-47 READ-46 a reader that is at work keeps its read; one that is silent is followed by the next node', () => {
    const d = routedBench(undefined, true);
    d.ask();
    for (let passed = 0; passed < 2 * params.maxRetryMs; passed += params.attemptTimeoutMs / 2) {
      atWork(d, 'ro-1', last(d.asked));
      d.pass(params.attemptTimeoutMs / 2);
    }
    expect(d.sent).toEqual([]);
    d.pass(params.attemptTimeoutMs);
    expect(d.sent).toHaveLength(1);
    expect(d.replies).toEqual([]);
  });

  test.each(['RECOVERING', 'FENCED', 'NOT_PRIMARY'])(
    'FENCE-14 %s: nothing was applied, the request is sent again',
    (code) => {
      const d = routedBench();
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
    const d = routedBench();
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
      const d = routedBench();
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
    const d = routedBench();
    d.ask();
    d.answer(last(d.sent), 'COMMIT_UNKNOWN', false, []);
    expect(d.replies).toMatchObject([{ outcome: 'unknown' }]);
  });

  test('FENCE-14 FENCE-44 FENCE-47 where another may write, who can tell is asked: its successor, under the same id', () => {
    const d = routedBench(undefined, false, true);
    d.ask();
    const [first] = d.sent;
    // fenced in the commit, twice; the statement itself had its result
    for (const writer of ['rw-2', 'rw-3']) {
      d.answer(last(d.sent), 'COMMIT_UNKNOWN');
      expect(d.replies).toEqual([]);
      d.route(writer, d.sent.length + 1);
      d.pass(params.routeBackoffCapMs + 1);
    }
    expect(d.sent.length).toBeGreaterThan(2);
    expect(last(d.sent)).toMatchObject({ sequence: first?.sequence, incarnation: first?.incarnation });
    // whoever has lost what it knew cannot tell
    d.answer(last(d.sent), 'COMMIT_UNKNOWN', false, []);
    expect(d.replies).toMatchObject([{ outcome: 'unknown', statements: [{ sqlstate: '08007' }] }]);
  });

  test('a session works in order and refuses more than it can keep', () => {
    const d = routedBench();
    for (let i = 0; i < 66; i++) d.ask();
    expect(d.sent).toHaveLength(1);
    expect(d.replies).toMatchObject([{ outcome: 'error', statements: [{ sqlstate: '54000' }] }]);
    for (let i = 0; i < 65; i++) d.answer(last(d.sent));
    expect(d.sent.map((m) => m.sequence)).toEqual(Array.from({ length: 65 }, (_, i) => i + 1));
    expect(d.replies.filter((one) => one.outcome === 'ok')).toHaveLength(65);
  });

  test('a session too many is refused when none is idle, and takes the place of an idle one', () => {
    const d = routedBench();
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

  test('READ-40 READ-43 a session that was closed for another has seen what it had seen', () => {
    const d = routedBench(undefined, true);
    d.ask('s0');
    expect(last(d.asked)).toMatchObject({ session: 's0', waitLsn: -1 });
    d.serve(last(d.asked), 40);
    for (let i = 1; i <= 4096; i++) d.ask(`s${i}`);
    expect(d.state.sessions.has('s0')).toBe(false);
    for (const request of d.asked.slice(1)) d.serve(request, 30);
    d.ask('s0');
    expect(last(d.asked)).toMatchObject({ session: 's0', waitLsn: 40 });
  });

  test('R-11 READ-40 READ-41 READ-42 a session asks for what it has seen; waitLsn raises the bound of one request', () => {
    const d = routedBench(undefined, true);
    const routed = { kind: 'session', session: 's', target: 'any', waitLsn: 70 } as const;
    d.command({ kind: 'operatorCommand', now: time(0), command: { ...routed, level: 'eventual' } });
    d.ask();
    expect(last(d.asked)).toMatchObject({ waitLsn: 70 });
    d.serve(last(d.asked), 125);
    d.ask();
    expect(last(d.asked)).toMatchObject({ waitLsn: -1 }); // level eventual
    d.serve(last(d.asked), 121);
    d.command({
      kind: 'operatorCommand',
      now: time(0),
      command: { ...routed, level: 'session', waitLsn: -1 },
    });
    d.ask();
    expect(last(d.asked)).toMatchObject({ waitLsn: 125 });
  });

  test('READ-45 READ-46 what a reader refuses as a write goes to the writer; what it cannot serve goes to the next node', () => {
    const d = routedBench(undefined, true);
    d.ask();
    const error = { kind: 'error', sqlstate: '25006', message: 'read only', position: null } as const;
    d.serve(last(d.asked), 40, { results: [error] });
    expect(last(d.sent)).toMatchObject({ sequence: last(d.asked).sequence });
    d.answer(last(d.sent));
    d.ask();
    d.serve(last(d.asked), -1, { code: 'WAIT_LSN_TIMEOUT', results: [] });
    expect(d.sent).toHaveLength(2);
  });

  test('READ-46 a reader whose engine has no room for a session is left for the writer (polardb sweep seed 248)', () => {
    const d = routedBench(undefined, true);
    d.ask();
    expect(d.sent).toHaveLength(0);
    d.refuse('ro-1', last(d.asked), 'RECOVERING');
    expect(last(d.sent)).toMatchObject({ sequence: last(d.asked).sequence });
    d.answer(last(d.sent));
    expect(last(d.replies)).toMatchObject({ outcome: 'ok' });
    // in a transaction the session has room there: what is under way has to end first
    d.ask('open');
    d.serve(last(d.asked), 40, { inTransaction: true });
    d.ask('open');
    const before = [d.asked.length, d.sent.length];
    d.refuse('ro-1', last(d.asked), 'RECOVERING');
    expect([d.asked.length, d.sent.length]).toEqual(before);
    d.pass(100);
    expect(d.asked.length).toBeGreaterThan(before[0] ?? 0);
  });

  test('PCS-79 READ-46 a removed reader is asked no more; a transaction that was open there is over', () => {
    const d = routedBench(undefined, true);
    d.ask('open');
    d.serve(last(d.asked), 40, { inTransaction: true });
    d.route('rw-1', 2, []);
    d.ask('open');
    expect(last(d.replies)).toMatchObject({ outcome: 'error', statements: [{ sqlstate: '40001' }] });
    expect(d.asked).toHaveLength(1);
    d.ask('open');
    expect(d.sent).toHaveLength(1);
    d.route('rw-1', 3, ['ro-1']);
    d.ask('another');
    expect(last(d.asked)).toMatchObject({ session: 'another' });
    d.route('rw-1', 2, []); // late
    expect(d.state.readers).toEqual(['ro-1']);
  });

  test('PCS-79 READ-46 a transaction that is answered its end while its reader is removed has lost nothing', () => {
    const d = routedBench(undefined, true);
    d.ask('open');
    d.serve(last(d.asked), 40, { inTransaction: true });
    d.ask('open', COMMIT);
    d.route('rw-1', 2, []);
    d.serve(last(d.asked), 41);
    d.ask('open');
    d.answer(last(d.sent));
    expect(d.replies.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
  });
});
