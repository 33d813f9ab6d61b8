// Loads inside the driver by hand: loading, transactions and their rollback, a load that takes the place of another, open loop.

import { describe, expect, test } from 'vitest';
import { time } from '../../base/ids.ts';
import type { WorkloadSpec } from '../kernel/workload-spec.ts';
import { driverView } from './driver.ts';
import { type DriverBench, last, routedBench } from './driver-fixture.ts';
import { loadRequests, workloadTexts } from './workload-kinds.ts';

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
const treesOf = (started: WorkloadSpec) =>
  workloadTexts(started).map((text) => ({ text, tree: new Uint8Array([1]) }));

describe('workloads', () => {
  const start = (d: DriverBench, changes: Partial<WorkloadSpec> = {}): void => {
    const started = { ...spec, ...changes };
    const command = {
      kind: 'workload',
      name: 'main',
      spec: started,
      statements: treesOf(started),
    } as const;
    d.command({ kind: 'operatorCommand', now: time(0), command });
  };
  /** One client, with its first request sent. */
  const atWork = (): DriverBench => {
    const d = routedBench();
    start(d, { load: false, clients: 1 });
    d.pass(5);
    return d;
  };
  const stop = (d: DriverBench): void =>
    d.command({ kind: 'operatorCommand', now: time(0), command: { kind: 'workloadStop', name: 'main' } });
  const serve = (d: DriverBench, count: number): void => {
    for (let i = 0; i < count; i++) {
      const open = last(d.sent);
      d.answer(open);
      d.pass(2);
    }
  };

  test('tables are loaded before the first transaction; a part that is there already is no failure', () => {
    const d = routedBench();
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

  test('kv-tables: a table a row of its spec, each client inserts into one of them', () => {
    const d = routedBench();
    start(d, { kind: 'kv-tables', rows: 3, clients: 6, thinkUs: 0, load: true });
    for (let i = 0; i < 3; i++) d.answer(last(d.sent));
    d.pass(5);
    const texts = d.sent.map(({ statements }) => statements[0]?.text ?? '');
    const made = texts.filter((text) => text.startsWith('CREATE TABLE'));
    expect(made.map((text) => text.split(' ')[5])).toEqual(['kv1', 'kv2', 'kv3']);
    const inserted = texts.filter((text) => text.startsWith('INSERT')).map((text) => text.split(' ')[2]);
    expect(inserted.toSorted()).toEqual(['kv1', 'kv1', 'kv2', 'kv2', 'kv3', 'kv3']);
  });

  test('a failure inside a transaction is rolled back before the next', () => {
    const d = atWork();
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
    const d = routedBench();
    start(d, { load: false });
    d.pass(5);
    d.command({
      kind: 'operatorCommand',
      now: time(5000),
      command: { kind: 'workloadSet', name: 'main', spec: { clients: 5 } },
    });
    d.pass(5);
    expect(new Set(d.sent.map((m) => m.session)).size).toBe(5);
    serve(d, 3);
    const again = routedBench(d.saved);
    again.pass(10);
    expect(new Set(again.sent.map((m) => m.session)).size).toBe(5);
    expect(driverView(again.state, time(0)).workloads).toMatchObject([{ name: 'main', clients: 5 }]);
  });

  test('FENCE-47 the answer that a stopped load still waits for is not given to the next load of its name', () => {
    const d = atWork();
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
    const d = atWork();
    const old = last(d.sent);
    stop(d);
    d.answer(old, '', true);
    expect(d.closed).toEqual([old.session]);
  });

  test('a pause of a stopped load does not wake the next load of its name; its values are not written again', () => {
    const d = routedBench();
    const inserts = (): void => start(d, { kind: 'kv-insert', load: false, clients: 1, thinkUs: 1000 });
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
    const d = routedBench();
    start(d, { kind: 'kv-insert', load: false, ratePerSecond: 1000, clients: 3 });
    d.pass(100);
    expect(d.sent.filter((m) => m.attempt === 1)).toHaveLength(3);
    const waiting = d.state.workloads.byName.get('main')?.arrivals.length ?? 0;
    expect(waiting).toBeGreaterThan(50);
    expect(waiting).toBeLessThan(200);
  });
});
