// The writer's side of the journal by the rules of docs/spec/readers.md §2 and §4: what is sent when, whose pin counts, who is refused.

import { describe, expect, test } from 'vitest';
import { groupId, lsn, type NodeId, nodeId, type Term, term, time } from '../../base/ids.ts';
import type { RoleContext } from '../kernel/context.ts';
import { makeIds } from '../kernel/context-fixture.ts';
import type { Effect } from '../kernel/door.ts';
import type { Message, MessageKind, MessageOf } from '../kernel/messages.ts';
import type { TraceEvent } from '../kernel/trace.ts';
import type { EncodedRecord } from '../log/record.ts';
import {
  endRemoved,
  keepEarly,
  makeSender,
  onJoin,
  onReport,
  onShipTimer,
  readerPins,
  revokeReader,
  shipJournal,
  takeEarly,
  tendReaders,
} from './journal-sender.ts';
import { MAX_EARLY, QUEUE_RECORDS, REPORT_US, REVOKE_US, SHIP_US } from './reader-limits.ts';

const ro1 = nodeId('ro-1');
const ro2 = nodeId('ro-2');
const runtime = { asOfLsn: lsn(50), nextXid: 9, minXid: 4, activeXids: [4, 7], locks: [16384] };

/** A writer whose log and VDL the test moves, and what its sender sends. */
function makeBench(vdl: number, awaited: readonly NodeId[] = []) {
  const writer = {
    volume: 'v1',
    term: term(3) as Term,
    history: [{ term: term(3), startLsn: lsn(1), prevEnd: lsn(0) }],
    startLsn: lsn(1),
    vdlPrime: lsn(0),
    tail: lsn(0),
    vdl: lsn(0),
    retained: [] as EncodedRecord[],
    retainedFirst: lsn(1),
    groups: [
      {
        descriptor: {
          group: groupId('g1'),
          sets: [[nodeId('store-1')]],
          learners: [],
          memberEpoch: 1,
          geoEpoch: 1,
          keyFirst: 0,
          keyEnd: 100,
          baseLsn: lsn(0),
          vw: 1,
          vr: 1,
        },
        groupTail: lsn(vdl),
      },
    ],
  };
  const s = makeSender(writer, awaited, [], time(0));
  let now = 0;
  const sent: { readonly to: NodeId; readonly message: Message }[] = [];
  const traced: TraceEvent[] = [];
  const run = (work: (ctx: RoleContext) => void): void => {
    const effects: Effect<Message>[] = [];
    work({ now: time(now), role: 'compute', tag: 1, scope: '', ids: makeIds(), effects, traceId: 0 });
    for (const effect of effects) {
      if (effect.kind === 'send') sent.push({ to: effect.to, message: effect.message });
      if (effect.kind === 'trace') traced.push(effect.event);
    }
  };
  const bench = {
    s,
    writer,
    traced,
    /** Records up to `tail` are appended, and durable up to `to`. */
    append(tail: number, to: number): void {
      for (let at = writer.tail + 1; at <= tail; at++)
        writer.retained.push({ bytes: new Uint8Array([at & 255]) } as EncodedRecord);
      writer.tail = lsn(tail);
      writer.vdl = lsn(to);
      run((ctx) => shipJournal(s, writer, ctx));
    },
    pass(us: number): void {
      now += us;
      run((ctx) => onShipTimer(s, writer, ctx));
    },
    tend: () => run((ctx) => tendReaders(s, writer, ctx, runtime)),
    join: (reader: NodeId, epoch: number, mrpl = -1, have = -1) =>
      run((ctx) =>
        onJoin(
          s,
          writer,
          ctx,
          { ...joinOf(reader, epoch), mrpl: lsn(mrpl), have: lsn(have) },
          lsn(0),
          runtime,
        ),
      ),
    report: (reader: NodeId, epoch: number, mrpl: number, have = 0) =>
      run((ctx) =>
        onReport(s, writer, ctx, {
          kind: 'RoReport',
          volume: 'v1',
          reader,
          epoch,
          have: lsn(have),
          applyLsn: lsn(mrpl),
          mrpl: lsn(mrpl),
        }),
      ),
    revoke: (reader: NodeId) => run((ctx) => revokeReader(s, writer, ctx, reader, 'operator')),
    remove: (...removed: NodeId[]) => run((ctx) => endRemoved(s, writer, ctx, removed)),
    pgmrpl: (own: number) => Math.min(own, ...readerPins(s, lsn(0))),
    taken: <K extends MessageKind>(kind: K): MessageOf<K>[] => {
      const found = sent.flatMap(({ message }) => (message.kind === kind ? [message as MessageOf<K>] : []));
      sent.length = 0;
      return found;
    },
  };
  bench.append(vdl, vdl);
  return bench;
}

const joinOf = (reader: NodeId, epoch: number): MessageOf<'RoJoin'> => ({
  kind: 'RoJoin',
  volume: 'v1',
  reader,
  epoch,
  history: [],
  have: lsn(-1),
  mrpl: lsn(-1),
});

describe('what travels', () => {
  test('READ-5 READ-6 records leave before they are durable, with the VDL known then; VDL alone soon after', () => {
    const b = makeBench(50);
    b.join(ro1, 1);
    expect(b.taken('RoAccept')).toMatchObject([{ vdl: 50, streamFrom: 51, runtime }]);
    b.append(53, 50);
    expect(b.taken('Journal')).toMatchObject([{ seq: 0, firstLsn: 51, endLsn: 54, vdl: 50, token: 3 }]);
    b.append(53, 53);
    expect(b.taken('Journal')).toEqual([]); // within SHIP_US of the last
    b.pass(SHIP_US);
    expect(b.taken('Journal')).toMatchObject([{ seq: 1, firstLsn: 54, endLsn: 54, vdl: 53 }]);
  });

  test('READ-9 a reader too far behind loses its stream, another keeps it, and the writer goes on', () => {
    const b = makeBench(50);
    b.join(ro1, 1);
    b.join(ro2, 1);
    b.append(60, 60);
    b.report(ro2, 1, 60, 60);
    b.pass(SHIP_US);
    b.append(60 + QUEUE_RECORDS, 60 + QUEUE_RECORDS);
    expect(b.s.links.get(ro1)?.isStreaming).toBe(false);
    expect(b.s.links.get(ro2)?.isStreaming).toBe(true);
    expect(b.traced).toContainEqual(expect.objectContaining({ kind: 'ro.dropped', reader: ro1 }));
  });

  test('READ-6 READ-19 run-time information names transactions, relation locks and minXid as of the end of the log', () => {
    const b = makeBench(50);
    b.join(ro1, 1);
    b.taken('RoAccept');
    b.tend();
    expect(b.taken('RuntimeInfo')).toMatchObject([{ reader: ro1, vdl: 50, runtime }]);
    b.tend();
    expect(b.taken('RuntimeInfo')).toEqual([]);
    b.pass(REPORT_US);
    b.tend();
    expect(b.taken('RuntimeInfo')).toHaveLength(1);
  });
});

describe('pins', () => {
  test('R-7 READ-24 READ-26 WAL-26 PGMRPL is the least of all; a report of an earlier session, or a lower one, is ignored', () => {
    const b = makeBench(60);
    b.join(ro1, 1, 40);
    b.join(ro2, 1, 58);
    expect(b.pgmrpl(60)).toBe(40);
    b.report(ro1, 1, 55); // 40 closes
    b.report(ro2, 1, 58);
    expect(b.pgmrpl(60)).toBe(55);
    b.join(ro1, 2, 55);
    b.report(ro1, 1, 57); // of its session before
    expect(b.pgmrpl(60)).toBe(55);
    b.report(ro1, 2, 50);
    expect(b.pgmrpl(60)).toBe(55);
  });

  test('R-8 READ-28 WAL-26 a dead reader: its session is revoked, then its pin is gone; a late report is ignored', () => {
    const b = makeBench(60);
    b.join(ro1, 1, 40);
    b.join(ro2, 1, 58);
    b.pass(REVOKE_US - 1);
    b.report(ro2, 1, 58);
    b.tend();
    expect(b.pgmrpl(60)).toBe(40);
    b.taken('RoRevoke');
    b.pass(1);
    b.tend();
    expect(b.taken('RoRevoke')).toMatchObject([{ reader: ro1, epoch: 1, why: 'silent' }]);
    expect(b.pgmrpl(60)).toBe(58);
    b.report(ro1, 1, 40);
    expect(b.taken('RoRevoke')).toMatchObject([{ reader: ro1, why: 'unknown' }]);
    expect(b.pgmrpl(60)).toBe(58);
  });

  test('READ-24 WAL-25 a new writer keeps PGMRPL until every reader has reported or is given up', () => {
    const b = makeBench(60, [ro1, ro2]);
    expect(readerPins(b.s, lsn(30))).toEqual([30]);
    b.join(ro1, 1, 40);
    expect(readerPins(b.s, lsn(30))).toEqual([40, 30]);
    b.remove(ro2);
    expect(readerPins(b.s, lsn(30))).toEqual([40]);
  });

  test('READ-30 READ-36 the pin counts before the answer; a join below the highest session gets that as an answer', () => {
    const b = makeBench(60);
    b.join(ro1, 7);
    expect(b.traced.at(-1)).toMatchObject({ kind: 'ro.accepted', pin: 60 });
    expect(readerPins(b.s, lsn(0))).toEqual([60]);
    b.taken('RoAccept');
    b.join(ro1, 3);
    expect(b.taken('RoRevoke')).toMatchObject([{ epoch: 7, why: 'old' }]);
    b.join(ro1, 8);
    expect(b.taken('RoAccept')).toHaveLength(1);
  });
});

describe('who is a reader', () => {
  test('PCS-79 READ-28 a removed reader loses session and pin, once, and its later join is none', () => {
    const b = makeBench(60);
    b.join(ro1, 1, 40);
    b.remove(ro1);
    expect(b.taken('RoRevoke')).toMatchObject([{ reader: ro1, epoch: 1, why: 'removed' }]);
    expect(b.pgmrpl(60)).toBe(60);
    b.remove(ro1);
    expect(b.taken('RoRevoke')).toEqual([]);
  });

  test('READ-1 a join that comes before the metadata names the node waits for that, the newest of each; others come again', () => {
    const { s } = makeBench(60);
    const names = Array.from({ length: MAX_EARLY + 1 }, (_, i) => nodeId(`ro-${i + 1}`));
    for (const name of names) keepEarly(s, joinOf(name, 1));
    keepEarly(s, joinOf(ro1, 2));
    expect(s.early.size).toBe(MAX_EARLY);
    expect(takeEarly(s, [ro1, names[MAX_EARLY] as NodeId])).toMatchObject([{ reader: ro1, epoch: 2 }]);
    expect(s.early.has(ro1)).toBe(false);
  });
});
