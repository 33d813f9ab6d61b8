// The files of a trace read as their formats define them: OTLP by the fields of trace.proto under the JSON mapping, Perfetto by a reader of
// protobuf's wire format and the numbers of its public .proto files.

import { expect, test } from 'vitest';
import { nodeId } from '../../base/ids.ts';
import { otlpOf, otlpTraceId, serverSpanId } from './otlp.ts';
import { perfettoOf } from './perfetto.ts';
import type { Span, SpanTrace } from './span.ts';

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

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: number };
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

const spanFields = [
  'attributes endTimeUnixNano events kind links name parentSpanId spanId startTimeUnixNano status traceId',
  'attributes endTimeUnixNano events kind links name spanId startTimeUnixNano status traceId',
];

const otlpSpans = (): readonly (readonly [string, OtlpSpan])[] => {
  const { resourceSpans } = JSON.parse(JSON.stringify(otlpOf(trace, run)));
  const spans: (readonly [string, OtlpSpan])[] = [];
  for (const { resource, scopeSpans } of resourceSpans) {
    const node = resource.attributes.find(({ key }: { key: string }) => key === 'service.instance.id');
    for (const scope of scopeSpans)
      for (const span of scope.spans) spans.push([node.value.stringValue, span]);
  }
  return spans;
};

test('PCS-94 OTLP/JSON: a call is a span of its caller and one of its receiver, under the work that sent it', () => {
  const spans = otlpSpans();
  const ids = new Set(spans.map(([, { spanId }]) => spanId));
  expect(ids.size).toBe(spans.length);
  for (const [, span] of spans) {
    expect(spanFields).toContain(Object.keys(span).sort().join(' '));
    expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(span.startTimeUnixNano).toMatch(/^\d+$/);
    expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
    expect(span.parentSpanId === undefined || ids.has(span.parentSpanId)).toBe(true);
  }
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

interface Field {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/** A message in protobuf's wire format. */
function fieldsOf(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('a varint ends early');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const [number, wire] = [key >> 3, key & 7];
    if (wire === 0) fields.push({ number, value: varint() });
    else if (wire === 1) {
      fields.push({
        number,
        value: new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigUint64(0, true),
      });
      at += 8;
    } else if (wire === 2) {
      const length = Number(varint());
      if (at + length > bytes.length) throw new Error('a field ends early');
      fields.push({ number, value: bytes.subarray(at, at + length) });
      at += length;
    } else throw new Error(`wire type ${wire}`);
  }
  return fields;
}

const within = (fields: readonly Field[], number: number): readonly Field[] => {
  const value = fields.find((field) => field.number === number)?.value;
  return value instanceof Uint8Array ? fieldsOf(value) : [];
};
const numberOf = (fields: readonly Field[], number: number): number => {
  const value = fields.find((field) => field.number === number)?.value;
  return typeof value === 'bigint' ? Number(value) : -1;
};
const textOf = (fields: readonly Field[], number: number): string => {
  const value = fields.find((field) => field.number === number)?.value;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : '';
};

test('PCS-94 Perfetto: a process a node, slices that begin and end in turn on each of its threads, and flows from calls to their receivers', () => {
  const packets = fieldsOf(perfettoOf(trace)).map(({ number, value }) => {
    expect(number).toBe(1);
    return value instanceof Uint8Array ? fieldsOf(value) : [];
  });
  const processes = packets
    .map((packet) => textOf(within(within(packet, 60), 3), 6))
    .filter((name) => name !== '');
  expect(processes).toEqual(['d1', 'rw-1', 'store-1']);
  const threads = new Set(
    packets.flatMap((packet) =>
      within(within(packet, 60), 4).length > 0 ? [numberOf(within(packet, 60), 1)] : [],
    ),
  );
  const open = new Map<number, string[]>();
  const flows: string[] = [];
  let [slices, before] = [0, 0];
  for (const packet of packets) {
    const event = within(packet, 11);
    if (event.length === 0) continue;
    const at = numberOf(packet, 8);
    expect(at).toBeGreaterThanOrEqual(before);
    before = at;
    const track = numberOf(event, 11);
    expect(threads).toContain(track);
    const stack = open.get(track) ?? [];
    open.set(track, stack);
    if (numberOf(event, 9) === 1) {
      stack.push(textOf(event, 23));
      slices++;
      for (const { number, value } of event)
        if (number === 47 || number === 48) flows.push(`${number} ${value}`);
    } else {
      expect(numberOf(event, 9)).toBe(2);
      expect(stack.pop()).toBeDefined();
    }
  }
  expect([...open.values()].flat()).toEqual([]);
  // Seven spans; three calls that arrived have a slice at each end, and a flow between them.
  expect(slices).toBe(10);
  expect(
    flows
      .filter((flow) => flow.startsWith('47'))
      .map((flow) => flow.slice(3))
      .sort(),
  ).toEqual(
    flows
      .filter((flow) => flow.startsWith('48'))
      .map((flow) => flow.slice(3))
      .sort(),
  );
  expect(flows.length).toBe(6);
});
