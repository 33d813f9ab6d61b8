// The node that gathers (docs/spec/pcs.md §4, PCS-56, PCS-97), with a driver that asks again and primaries whose parts the test gives.

import { describe, expect, test } from 'vitest';
import { lsn, nodeId, type Time, term, time } from '../../base/ids.ts';
import { IDLE_TRANSACTION_US } from '../engine/engine-state.ts';
import { makeIds } from '../kernel/context-fixture.ts';
import type { Effect } from '../kernel/door.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import { demoParams as params } from '../kernel/params-fixture.ts';
import { cutGroups, cutTable, whole } from '../sql/cut-table-fixture.ts';
import { type GatherInput, stepGatherer } from './gather.ts';
import { makeGatherer } from './gather-state.ts';

const table = cutTable('1000');

type Part = { readonly to: string; readonly m: MessageOf<'ReadPart'> };

/** A node that knows a table of two tablets, at n1 and n2, each with so many rows. */
function gatherBench(rows: number) {
  const gatherer = makeGatherer();
  const host = {
    nodeId: nodeId('n3'),
    meta: nodeId('meta-1'),
    incarnation: 1,
    params,
    mutants: [],
    tables: [table],
    isServing: true,
  };
  const parts: Part[] = [];
  const replies: MessageOf<'GatherReply'>[] = [];
  const closed: string[] = [];
  const cancelled: string[] = [];
  let now = 1000;
  let wakeAt: Time | null = null;
  let served = 0;
  let mapsAsked = 0;
  const step = (input: GatherInput): void => {
    const effects: Effect<Message>[] = [];
    const ctx = { now: time(now), role: 'compute', tag: 1, scope: '', ids: makeIds(), effects, traceId: 5 };
    stepGatherer(gatherer, host, ctx as Parameters<typeof stepGatherer>[2], input);
    for (const effect of effects) {
      if (effect.kind === 'wakeAt') wakeAt = effect.at;
      if (effect.kind !== 'send') continue;
      if (effect.message.kind === 'ReadPart') parts.push({ to: effect.to, m: effect.message });
      if (effect.message.kind === 'GatherReply') replies.push(effect.message);
      if (effect.message.kind === 'GetMap') mapsAsked++;
      if (effect.message.kind === 'SqlCancel')
        cancelled.push(`${effect.to} ${effect.message.volume} ${effect.message.sequence}`);
      if (effect.message.kind === 'SqlClose') closed.push(`${effect.to} ${effect.message.volume}`);
    }
  };
  const message = (from: string, m: Extract<GatherInput, { kind: 'message' }>['message']): void => {
    now += 1000;
    step({ kind: 'message', from: nodeId(from), message: m });
  };
  const partReply = (
    { to, m: { session, incarnation, sequence, volume } }: Part,
    more: Partial<MessageOf<'PartReply'>>,
  ): void =>
    message(to, {
      kind: 'PartReply',
      session,
      incarnation,
      sequence,
      code: '',
      scn: lsn(-1),
      primary: null,
      term: term(0),
      current: 0,
      inTransaction: true,
      results: [
        {
          kind: 'rows',
          columns: [{ name: 'k', type: 'int4' }],
          tag: `SELECT ${rows}`,
          rows: Array.from({ length: rows }, (_, i) => [String(i + (volume === 'v16' ? 1000 : 0))]),
          origin: { relation: 8, readPoint: 10, tids: [] },
        },
      ],
      ...more,
    });
  const mapIs = (mapVersion: number, groups: MessageOf<'MapIs'>['groups']): void =>
    step({
      kind: 'message',
      from: nodeId('meta-1'),
      message: {
        kind: 'MapIs',
        asker: 'compute',
        reqId: 1,
        mapVersion,
        schemaVersion: 1,
        tables: [table],
        groups,
        nodes: [],
      },
    });
  mapIs(1, cutGroups);
  return {
    gatherer,
    parts,
    replies,
    closed,
    cancelled,
    mapIs,
    mapsAsked: () => mapsAsked,
    /** A request of the driver, at repeatable read. */
    ask: (sequence: number, block: MessageOf<'GatherRequest'>['block'], incarnation = 1) =>
      message('d1', {
        kind: 'GatherRequest',
        session: 's',
        incarnation,
        sequence,
        attempt: 1,
        statements: [{ id: 0, ...whole.statement }],
        params: [],
        block,
        isRepeatable: true,
      }),
    /** Every part that is waited for comes. */
    serve: () => {
      for (const part of parts.slice(served)) partReply(part, {});
      served = parts.length;
    },
    /** The last part that was asked for is refused. */
    refuse: (code: string) => {
      const part = parts.at(-1);
      served = parts.length;
      if (part) partReply(part, { code, results: [], inTransaction: false });
    },
    pass: (us: number) => {
      const end = now + us;
      while (wakeAt !== null && wakeAt <= end) {
        now = wakeAt;
        wakeAt = null;
        step({ kind: 'wake' });
      }
      now = end;
    },
    /** Of the last two parts: whether each is read in a transaction that is open at its primary. */
    areIn: () => parts.slice(-2).map(({ m }) => m.inTransaction),
    isOpen: () => [...gatherer.sessions.values()].some(({ tx }) => tx !== null),
  };
}

describe('the node that gathers', () => {
  test('PCS-56 the statement that began a transaction, asked for again, is read at the same read points', () => {
    const d = gatherBench(200); // an answer of 400 rows is not kept
    d.ask(2, 'begin');
    d.serve();
    d.ask(2, 'begin');
    expect(d.areIn()).toEqual([true, true]);
    d.serve();
    d.ask(3, 'in');
    expect(d.areIn()).toEqual([true, true]);
    expect(d.closed).toEqual([]);
  });

  test('PCS-56 a late copy of the statement that began a transaction does not begin it anew after a refusal', () => {
    const d = gatherBench(5);
    d.ask(2, 'begin');
    d.serve();
    d.ask(3, 'in');
    d.refuse('WRONG_SCHEMA');
    expect(d.replies.at(-1)).toMatchObject({ sequence: 3, code: 'WRONG_SCHEMA' });
    const before = d.parts.length;
    d.ask(2, 'begin');
    expect(d.parts).toHaveLength(before);
    d.ask(3, 'in');
    expect(d.areIn()).toEqual([true, true]);
    d.serve();
    expect(d.replies.at(-1)).toMatchObject({ sequence: 3, code: '', inTransaction: true });
  });

  test('PCS-97 a map that says nothing new does not make the node ask for it again at once (drawn postdb-v4 seed 14)', () => {
    const d = gatherBench(5);
    const leaderless = cutGroups.map((group) => ({ ...group, leader: null }));
    d.mapIs(2, leaderless);
    d.ask(2, 'none');
    expect(d.mapsAsked()).toBe(1);
    // the metadata is on this node: an answer takes no time
    for (let i = 0; i < 20; i++) d.mapIs(2, leaderless);
    expect(d.mapsAsked()).toBe(1);
    d.pass(params.routeBackoffMs * 1000);
    expect(d.mapsAsked()).toBe(2);
    d.mapIs(3, cutGroups);
    d.serve();
    expect(d.replies).toMatchObject([{ sequence: 2, code: '' }]);
  });

  test('PCS-97 a transaction that is ended before all its parts came is ended at every primary that was asked', () => {
    const d = gatherBench(5);
    d.ask(2, 'begin');
    d.refuse('WRONG_SCHEMA');
    d.ask(2, 'end');
    expect(d.closed).toEqual(['n1 v8', 'n2 v16']);
  });

  test('PCS-97 a request that its end has overtaken begins nothing, and the next one is served', () => {
    const d = gatherBench(5);
    d.ask(2, 'end');
    d.ask(2, 'begin');
    expect([d.parts.length, d.isOpen()]).toEqual([0, false]);
    d.ask(3, 'none');
    d.serve();
    expect(d.replies).toMatchObject([{ sequence: 3, code: '' }]);
    d.ask(4, 'begin');
    d.serve();
    d.ask(4, 'end');
    d.ask(4, 'begin');
    expect(d.isOpen()).toBe(false);
  });

  test('FENCE-47 what is cancelled is cancelled at every primary that owes its part, and fails its transaction', () => {
    const d = gatherBench(5);
    d.ask(2, 'begin');
    d.serve();
    d.ask(3, 'in');
    const asked = d.parts.slice(-2).map(({ to, m }) => `${to} ${m.volume} ${m.sequence}`);
    d.ask(3, 'cancel');
    d.ask(3, 'cancel');
    expect(d.cancelled).toEqual(asked);
    d.ask(3, 'in');
    d.ask(5, 'in');
    expect(d.replies.at(-1)).toMatchObject({ sequence: 5, results: [{ sqlstate: '25P02' }] });
    d.ask(6, 'end');
    expect(d.isOpen()).toBe(false);
    d.ask(8, 'cancel');
    d.ask(8, 'none');
    d.ask(9, 'none');
    d.serve();
    expect(d.replies.at(-1)).toMatchObject({ sequence: 9, code: '' });
  });

  test('PCS-97 the numbers of requests begin anew with the life of the driver', () => {
    const d = gatherBench(5);
    d.ask(9, 'none');
    d.serve();
    d.ask(1, 'none', 2);
    d.serve();
    d.ask(10, 'none');
    expect(d.replies.map(({ incarnation, sequence }) => [incarnation, sequence])).toEqual([
      [1, 9],
      [2, 1],
    ]);
  });

  test('PCS-97 a transaction whose client says nothing is ended after the limit that primaries have', () => {
    const d = gatherBench(5);
    d.ask(2, 'begin');
    d.serve();
    d.pass(IDLE_TRANSACTION_US - 1000);
    expect(d.isOpen()).toBe(true);
    d.ask(3, 'in');
    d.serve();
    d.pass(IDLE_TRANSACTION_US - 1000);
    expect(d.isOpen()).toBe(true);
    d.pass(1000);
    expect([d.isOpen(), d.closed]).toEqual([false, ['n1 v8', 'n2 v16']]);
    d.ask(4, 'in');
    expect(d.replies.at(-1)).toMatchObject({ code: 'TXN_ABORTED_FAILOVER', inTransaction: false });
  });
});
