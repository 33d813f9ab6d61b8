// The files of a trace, read as their formats define them.

import { expect, test } from 'vitest';
import { nodeId } from '../../base/ids.ts';
import type { Span, SpanTrace } from '../spans/span.ts';
import { readOtlp, readPerfetto } from './exports-fixture.ts';
import { otlpTraceId, serverSpanId } from './otlp.ts';

const run = { preset: 'cynosdb', seed: 7, engine: '1' };

const made = (id: string, parent: string | null, start: number, more: Partial<Span>): Span => ({
  id: id.repeat(16),
  parent: parent === null ? null : parent.repeat(16),
  kind: 'call',
  name: 'WriteBatch',
  node: nodeId('store-1'),
  from: nodeId('rw-1'),
  start,
  receivedAt: start + 100,
  workedUntil: start + 300,
  end: start + 400,
  status: 'ok',
  attributes: { group: 'g1', bytes: 90, resend: false },
  events: [],
  links: [],
  ...more,
});

const trace: SpanTrace = {
  traceIds: [9],
  left: 0,
  until: 5_000,
  spans: [
    made('1', null, 1_000, {
      kind: 'statement',
      name: 'statement',
      node: nodeId('d1'),
      from: null,
      end: 3_000,
    }),
    made('2', '1', 1_000, {
      name: 'SqlRequest',
      node: nodeId('rw-1'),
      from: nodeId('d1'),
      workedUntil: 2_600,
      end: 3_000,
    }),
    made('3', '2', 1_200, {
      events: [{ at: 1_350, node: nodeId('store-1'), name: 'wal.durable', fields: { scl: 4 } }],
    }),
    made('4', '3', 1_300, {
      kind: 'disk',
      name: 'write',
      from: null,
      receivedAt: null,
      workedUntil: null,
      end: 1_500,
    }),
    made('5', '3', 1_300, {
      kind: 'disk',
      name: 'write',
      from: null,
      receivedAt: null,
      workedUntil: null,
      end: 1_600,
    }),
    made('6', '2', 1_200, {
      node: nodeId('store-2'),
      status: 'lost',
      receivedAt: null,
      workedUntil: null,
      end: null,
    }),
    made('7', '2', 1_250, {
      links: [
        { traceId: 8, why: 'batch' },
        { traceId: 0, why: 'batch' },
      ],
    }),
  ],
};

test('PCS-94 OTLP/JSON: a call is a span of its caller and one of its receiver, under the work that sent it', () => {
  const spans = readOtlp(trace, run);
  const of = (digit: string) => spans.find(([, { spanId }]) => spanId === digit.repeat(16));
  const server = (digit: string) => spans.find(([, { spanId }]) => spanId === serverSpanId(digit.repeat(16)));
  expect(of('1')?.[1]).toMatchObject({ kind: 1 });
  expect([of('3')?.[0], server('3')?.[0]]).toEqual(['rw-1', 'store-1']);
  expect(of('3')?.[1]).toMatchObject({
    kind: 3,
    parentSpanId: serverSpanId('2'.repeat(16)),
    startTimeUnixNano: '1200000',
  });
  expect(server('3')?.[1]).toMatchObject({ kind: 2, parentSpanId: '3'.repeat(16) });
  expect(of('4')?.[1].parentSpanId).toBe(serverSpanId('3'.repeat(16)));
  // Lost: nobody received it, and that is an error.
  expect(server('6')).toBeUndefined();
  expect(of('6')?.[1].status.code).toBe(2);
  expect(of('7')?.[1].links).toMatchObject([{ traceId: otlpTraceId(run, 8), spanId: '7'.repeat(16) }]);
});

test('PCS-94 Perfetto: a process a node, slices that begin and end in turn on each of its threads, and flows from calls to their receivers', () => {
  const { processes, slices, flows } = readPerfetto(trace);
  expect(processes).toEqual(['d1', 'rw-1', 'store-1']);
  // Seven spans; three calls that arrived have a slice at each end, and a flow between them.
  expect(slices).toBe(10);
  expect(flows.begin).toHaveLength(3);
  expect(flows.end).toEqual(flows.begin);
});
