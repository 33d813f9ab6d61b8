// Loading a replica of a restored volume (WAL-45): object by object, each durable before the next; what lies on the disk when
// it is cut short is where it goes on; what is missing, damaged or of another place is never used.

import { describe, expect, test } from 'vitest';
import { type GroupId, groupId, type Lsn, nodeId, requestNumber, type Term } from '../../../base/ids.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import {
  archiveRecord,
  joinRecords,
  logObject,
  type NamedObject,
} from '../../object-store/archive-fixture.ts';
import type { ObjectError } from '../../object-store/messages.ts';
import { logObjectName } from '../../object-store/object-name.ts';
import { encodeLogSegment } from '../../object-store/objects.ts';
import { A, B, C, DESCRIPTOR } from '../replica/message-fixture.ts';
import {
  crash,
  deliver,
  deliverAndSettle,
  eventsOf,
  fireTimer,
  lastSent,
  openRig,
  type Rig,
  settle,
  syncOne,
  takeSent,
} from '../replica/store-fixture.ts';
import { sendRestoreReports } from './restore-load.ts';

const META = nodeId('meta-1');
const COS = nodeId('cos-1');
const g2: GroupId = groupId('g2');
const LSN = 70;

/** A segment whose records follow on from those of the segment before it. */
function segment(
  first: number,
  end: number,
  lsns: readonly number[],
  before: number,
  token = 1,
): NamedObject {
  const records = lsns.map((lsn, i) => archiveRecord(lsn, lsns[i - 1] ?? before));
  const head = { group: groupId('g1'), first: first as Lsn, end: end as Lsn, token: token as Term };
  const bytes = encodeLogSegment({ ...head, records: joinRecords(records) });
  return { name: logObjectName('v1', groupId('g1'), [first, end], bytes), bytes };
}

const objects = [
  segment(0, 30, [0, 4, 9], -1),
  segment(30, 61, [], 9),
  segment(61, 90, [61, 70, 80], 9), // 80 lies above the point
];

const orderOf = (all: readonly NamedObject[] = objects, boot = 1): MessageOf<'RestoreReplica'> => ({
  kind: 'RestoreReplica',
  volume: 'v2',
  source: 'v1',
  sourceGroup: groupId('g1'),
  descriptor: { ...DESCRIPTOR, group: g2, sets: [[A, B, C]] },
  lsn: LSN as Lsn,
  history: [
    { term: 1 as Term, startLsn: 0 as Lsn, prevEnd: -1 as Lsn },
    { term: 2 as Term, startLsn: 171 as Lsn, prevEnd: LSN as Lsn },
  ],
  base: -1 as Lsn,
  parts: [],
  logs: all.map(({ name }) => name),
  archive: COS,
  boot,
});

/** The object store's answer to what was asked last. */
function answer(rig: Rig, all: readonly NamedObject[] = objects, error: ObjectError = ''): void {
  const { reqId, name, offset } = lastSent(rig, 'GetObject');
  const bytes = all.find((one) => one.name === name)?.bytes ?? new Uint8Array(0);
  const part = error === '' ? bytes.slice(offset, offset + 40) : new Uint8Array(0);
  deliver(
    rig,
    { kind: 'ObjectPart', reqId, for: 'store', name, offset, total: bytes.length, bytes: part, error },
    COS,
  );
}

/** Answers and syncs until nothing is asked any more. */
function load(rig: Rig, all: readonly NamedObject[] = objects): void {
  for (let n = 0; n < 200; n++) {
    if (rig.sent.some(({ message }) => message.kind === 'GetObject')) answer(rig, all);
    else if (rig.stores.length > 0) syncOne(rig);
    else return;
  }
}

const begun = (all: readonly NamedObject[] = objects): Rig => {
  const rig = openRig();
  deliver(rig, orderOf(all), META);
  return rig;
};

const reportOf = (rig: Rig): MessageOf<'RestoreReport'> => lastSent(rig, 'RestoreReport');
const isMade = (rig: Rig): boolean => rig.state.groups.has(g2);
const lsnsOf = (rig: Rig): number[] =>
  rig.state.groups.get(g2)?.log.records.map(({ record }) => record.lsn) ?? [];

test('WAL-45 a replica is made of what its objects hold up to the point, under the new history', () => {
  const rig = begun();
  load(rig);
  const group = rig.state.groups.get(g2);
  expect(lsnsOf(rig)).toEqual([0, 4, 9, 61, 70]);
  expect(group?.scl).toBe(70);
  expect(group?.superblock).toMatchObject({
    volume: 'v2',
    maxToken: 2,
    volumeEpoch: 2,
    knownVdl: LSN,
    pgmrpl: LSN,
  });
  expect(group?.log.records.every(({ record }) => record.group === g2)).toBe(true);
  const [made] = eventsOf(rig, 'restore.replica');
  expect(made?.sums).toEqual(
    [0, 4, 9]
      .map((lsn, i, all) => archiveRecord(lsn, all[i - 1] ?? -1).crc)
      .concat([61, 70].map((lsn) => archiveRecord(lsn, lsn === 61 ? 9 : 61).crc)),
  );
  expect([...rig.disk.keys()].some((key) => key.includes('restore'))).toBe(false); // the note is gone
});

describe('WAL-45 cut short', () => {
  /** Steps of a whole load: each is an answer or a sync. */
  const step = (rig: Rig): boolean => {
    if (rig.sent.some(({ message }) => message.kind === 'GetObject')) answer(rig);
    else if (rig.stores.length > 0) syncOne(rig);
    else return false;
    return true;
  };
  const count = (): number => {
    const rig = begun();
    let steps = 0;
    while (step(rig)) steps++;
    return steps;
  };
  const survivals: readonly (readonly [string, Parameters<typeof crash>[1]])[] = [
    ['nothing of it', () => false],
    ['all of it', () => true],
    ['the first of its values', (_, i) => i === 0],
    ['the last of its values', (_, i) => i > 0],
    ['a torn value', () => 7],
  ];

  test.each(survivals)(
    'at any step, with %s kept of what was being written: it goes on and makes the same',
    (_, kept) => {
      const steps = count();
      expect(steps).toBeGreaterThan(8);
      const whole = begun();
      load(whole);
      for (let at = 0; at <= steps; at++) {
        const rig = begun();
        for (let i = 0; i < at; i++) step(rig);
        const back = crash(rig, kept);
        settle(back);
        deliver(back, orderOf(objects, back.boot), META);
        load(back);
        expect(lsnsOf(back), `step ${at}`).toEqual(lsnsOf(whole));
        expect(back.state.groups.get(g2)?.scl).toBe(70);
      }
    },
  );

  test('what was durable is not asked for again', () => {
    const rig = begun();
    while (rig.state.restores.get(g2)?.done !== 2) step(rig);
    const back = crash(rig);
    deliver(back, orderOf(objects, back.boot), META);
    expect(back.sent.flatMap(({ message }) => (message.kind === 'GetObject' ? [message.name] : []))).toEqual([
      objects[1]?.name,
    ]);
    expect(eventsOf(back, 'restore.resume')).toMatchObject([{ why: 'store', done: 1 }]);
  });

  test('before its order comes again it is reported, and deleted when the metadata does not want it', () => {
    const rig = begun();
    while (rig.state.restores.get(g2)?.done !== 2) step(rig);
    const back = crash(rig);
    const ctx = { now: 0, role: 'store', ids: back.ids, effects: [], traceId: 0 } as never as Parameters<
      typeof sendRestoreReports
    >[1];
    sendRestoreReports(back.state, ctx, META);
    expect(ctx.effects).toMatchObject([
      { to: META, message: { volume: 'v2', group: g2, phase: 'waiting', done: 1 } },
    ]);
    deliverAndSettle(back, { kind: 'DropReplica', volume: 'v2', group: g2, isMade: false }, META);
    expect([...back.disk.keys()].filter((key) => key.includes('g2'))).toEqual([]);
  });

  test('by a drop: its keys go, also those being written; of another volume: nothing does', () => {
    const rig = begun();
    while (rig.stores.length === 0) step(rig);
    deliver(rig, { kind: 'DropReplica', volume: 'v7', group: g2, isMade: true }, META);
    expect(rig.state.restores.has(g2)).toBe(true);
    deliverAndSettle(rig, { kind: 'DropReplica', volume: 'v2', group: g2, isMade: true }, META);
    load(rig);
    expect([...rig.disk.keys()].filter((key) => key.includes('g2'))).toEqual([]);
    expect(isMade(rig)).toBe(false);
  });
});

describe('WAL-45 what is not the next part of the next object', () => {
  test('twice, late, of another object, of another node: changes nothing', () => {
    const rig = begun();
    const { reqId, name } = lastSent(rig, 'GetObject');
    const bytes = objects[0]?.bytes ?? new Uint8Array(0);
    const part = {
      kind: 'ObjectPart',
      reqId,
      for: 'store',
      name,
      offset: 0,
      total: bytes.length,
      bytes,
      error: '',
    } as const;
    deliver(rig, { ...part, reqId: requestNumber(reqId + 1) }, COS);
    deliver(rig, { ...part, name: objects[1]?.name ?? '' }, COS);
    deliver(rig, part, B);
    expect(rig.stores).toEqual([]);
    deliver(rig, part, COS);
    deliver(rig, part, COS);
    expect(rig.stores).toHaveLength(1);
    load(rig);
    expect(lsnsOf(rig)).toEqual([0, 4, 9, 61, 70]);
  });

  test('an order for a life before, or for what is here, changes nothing; one that is repeated does not begin anew', () => {
    const rig = openRig();
    deliver(rig, orderOf(objects, 7), META);
    expect(rig.sent).toEqual([]);
    deliver(rig, orderOf(), META);
    deliver(rig, orderOf(), META);
    expect(takeSent(rig, 'GetObject')).toHaveLength(1);
    fireTimer(rig, `restore/${g2}`);
    load(rig);
    deliver(rig, orderOf(), META);
    expect(takeSent(rig, 'GetObject')).toEqual([]);
    deliver(rig, { kind: 'DropReplica', volume: 'v2', group: g2, isMade: false }, META);
    expect(isMade(rig)).toBe(true); // it was made meanwhile: a member like any other
  });
});

describe('WAL-45 what cannot be had', () => {
  test.each<[string, readonly NamedObject[], number]>([
    ['an annulled record', [segment(0, 30, [0, 4, 9], -1), segment(30, 61, [40], 8)], 1],
    ['a segment left out', [segment(0, 30, [0, 4, 9], -1), segment(61, 90, [70], 61)], 1],
    ['a segment that begins too late', [segment(61, 90, [70], 61)], 0],
  ])('%s stops the load by name', (_, all, at) => {
    const rig = begun(all);
    load(rig, all);
    expect(reportOf(rig)).toMatchObject({ phase: 'failed', code: 'BAD_OBJECT', object: all[at]?.name });
    expect(isMade(rig)).toBe(false);
    deliver(rig, orderOf(all), META); // repeated: it reports so again
    expect(reportOf(rig)).toMatchObject({ phase: 'failed' });
  });

  test('bytes that are not what the name says, or of another group', () => {
    const [first] = objects;
    if (!first) throw new Error('an object');
    const damaged = [{ ...first, bytes: first.bytes.map((byte, i) => (i === 20 ? byte ^ 1 : byte)) }];
    const rig = begun();
    load(rig, damaged);
    expect(reportOf(rig)).toMatchObject({ code: 'BAD_OBJECT', object: first.name });
    const foreign = openRig();
    deliver(foreign, { ...orderOf([logObject(0, 30, [0])]), sourceGroup: groupId('g7') }, META);
    load(foreign, [logObject(0, 30, [0])]);
    expect(reportOf(foreign)).toMatchObject({ code: 'BAD_OBJECT' });
  });

  test('what the object store has not', () => {
    const rig = begun();
    answer(rig, objects, 'NO_SUCH_OBJECT');
    expect(reportOf(rig)).toMatchObject({
      phase: 'failed',
      code: 'NO_SUCH_OBJECT',
      object: objects[0]?.name,
    });
  });

  test('busy, silent, or a disk that fails: the same again', () => {
    const rig = begun();
    answer(rig, objects, 'BUSY');
    expect(rig.sent).toEqual([]);
    fireTimer(rig, `restore/${g2}`);
    answer(rig, objects, 'EIO');
    fireTimer(rig, `restore/${g2}`);
    fireTimer(rig, `restore/${g2}`);
    for (let n = 0; rig.stores.length === 0 && n < 20; n++) answer(rig);
    syncOne(rig, 'EIO');
    expect(rig.state.restores.get(g2)?.done).toBe(0);
    fireTimer(rig, `restore/${g2}`);
    for (let n = 0; n < 200 && rig.state.restores.get(g2)?.phase.kind !== 'finishing'; n++)
      if (rig.stores.length > 0) syncOne(rig);
      else answer(rig);
    syncOne(rig, 'DISK_FULL'); // the superblock
    expect(isMade(rig)).toBe(false);
    fireTimer(rig, `restore/${g2}`);
    load(rig);
    expect(lsnsOf(rig)).toEqual([0, 4, 9, 61, 70]);
  });
});
