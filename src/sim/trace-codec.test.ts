// The writers of single kinds are held to the layouts: what they write is read back by the layout alone.

import { expect, test } from 'vitest';
import { makeReader, makeWriter, takeBytes } from '../base/bytes.ts';
import { groupId, lsn, nodeId, term } from '../base/ids.ts';
import type { TraceEvent } from '../core/kernel/trace.ts';
import { writeHotFields } from '../core/kernel/trace-hot.ts';
import { event as spec } from '../core/kernel/trace-table.ts';
import { readTraceEvent, traceKinds, writeTraceEvent } from '../stacks/trace.ts';
import { layoutsByTag } from './trace-codec.ts';

const group = groupId('g2');
const events: readonly TraceEvent[] = [
  { kind: 'mtr.append', volume: 'v1', first: 1, end: 301, tx: 9, commit: true, term: 2, groups: 'g1,g2' },
  { kind: 'wal.send', group, to: nodeId('s1'), first: 3, end: 5, records: 2, resend: true },
  { kind: 'wal.ackSeen', group, from: nodeId('s2'), scl: -1, token: 5, counted: false },
  { kind: 'wal.receive', group, first: 6, end: 70_001, fresh: 8, token: 9 },
  { kind: 'wal.durable', group, lsns: [1, 5, 70_000_000_000], source: 'peer' },
  { kind: 'wal.ack', group, scl: 10, nwl: 11, token: 12 },
  { kind: 'mark.scl', group, value: -1, term: 13 },
  { kind: 'mark.known', group, vdl: 14, groupTail: 15, pgmrpl: 16 },
  { kind: 'mark.pgcl', group, value: 17, term: 18 },
  { kind: 'mark.vcl', volume: 'v1', value: 19, term: term(20) },
  { kind: 'mark.vdl', volume: 'v1', value: lsn(21), term: 22 },
  { kind: 'tx.wait', volume: 'v1', tx: 23, on: 24 },
  { kind: 'page.materialise', group, blockKey: 2 ** 45, pageLsn: 25 },
];

test.each(events.map((event) => [event.kind, event] as const))('%s is what its layout reads', (_, event) => {
  const w = makeWriter();
  writeTraceEvent(w, event);
  const r = makeReader(takeBytes(w));
  expect(readTraceEvent(r)).toEqual(event);
  expect(r.at).toBe(r.end);
});

test('each of these has a writer of its own, and no other kind has', () => {
  const known = new Set<string>(events.map(({ kind }) => kind));
  for (const event of events) expect(writeHotFields(makeWriter(), event), event.kind).toBe(true);
  for (const kind of traceKinds.filter((one) => !known.has(one))) {
    const w = makeWriter();
    expect(writeHotFields(w, { kind } as TraceEvent), kind).toBe(false);
    expect(w.length).toBe(0);
  }
});

test('a tag that is taken is refused with both kinds and the next free tag, over all tables', () => {
  const table = {
    'disk.rolledBack': spec(108, 2, {}),
    'scrub.round': spec(108, 1, {}),
    'scrub.gone': spec(109, 1, {}),
  };
  const message = 'tag 108 of scrub.round is taken by disk.rolledBack; the next free tag is 110';
  expect(() => layoutsByTag(table)).toThrow(message);
  expect(layoutsByTag({ a: spec(2, 1, { n: 'int' }) })[2]).toMatchObject({
    kind: 'a',
    fields: [['n', 'int']],
  });
});
