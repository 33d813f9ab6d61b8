// Readers of a trace's files as their formats define them: OTLP by the fields of trace.proto under the JSON mapping, Perfetto by protobuf's
// wire format and the numbers of its public .proto files. Each throws at what the format forbids.

import type { SpanTrace } from '../spans/span.ts';
import { type ExportedRun, otlpOf } from './otlp.ts';
import { perfettoOf } from './perfetto.ts';

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`the format forbids it: ${what}`);
}

export interface OtlpSpan {
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

/** Each span with the node whose resource it stands under; every span's fields, ids and parent are checked. */
export function readOtlp(trace: SpanTrace, run: ExportedRun): readonly (readonly [string, OtlpSpan])[] {
  const { resourceSpans } = JSON.parse(JSON.stringify(otlpOf(trace, run)));
  const spans: (readonly [string, OtlpSpan])[] = [];
  for (const { resource, scopeSpans } of resourceSpans) {
    const node = resource.attributes.find(({ key }: { key: string }) => key === 'service.instance.id');
    for (const scope of scopeSpans)
      for (const span of scope.spans) spans.push([node.value.stringValue, span]);
  }
  const ids = new Set(spans.map(([, { spanId }]) => spanId));
  must(ids.size === spans.length, 'an id of two spans');
  for (const [, span] of spans) {
    must(spanFields.includes(Object.keys(span).sort().join(' ')), `fields ${Object.keys(span)}`);
    must(/^[0-9a-f]{32}$/.test(span.traceId), `trace id ${span.traceId}`);
    must(/^[0-9a-f]{16}$/.test(span.spanId), `span id ${span.spanId}`);
    must(/^\d+$/.test(span.startTimeUnixNano), `start ${span.startTimeUnixNano}`);
    must(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano), 'an end before its start');
    must(span.parentSpanId === undefined || ids.has(span.parentSpanId), `no parent ${span.parentSpanId}`);
  }
  return spans;
}

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

export interface PerfettoTrace {
  readonly processes: readonly string[];
  readonly slices: number;
  /** Ids of the flows that begin and that end at a slice, sorted. */
  readonly flows: { readonly begin: readonly string[]; readonly end: readonly string[] };
}

/** Time goes forward, slices stand on threads that are described, and each ends after those that it holds. */
export function readPerfetto(trace: SpanTrace): PerfettoTrace {
  const packets = fieldsOf(perfettoOf(trace)).map(({ number, value }) => {
    must(number === 1, `field ${number} of a trace`);
    return value instanceof Uint8Array ? fieldsOf(value) : [];
  });
  const processes = packets
    .map((packet) => textOf(within(within(packet, 60), 3), 6))
    .filter((name) => name !== '');
  const threads = new Set(
    packets.flatMap((packet) =>
      within(within(packet, 60), 4).length > 0 ? [numberOf(within(packet, 60), 1)] : [],
    ),
  );
  const open = new Map<number, string[]>();
  const begin: string[] = [];
  const end: string[] = [];
  let [slices, before] = [0, 0];
  for (const packet of packets) {
    const event = within(packet, 11);
    if (event.length === 0) continue;
    const at = numberOf(packet, 8);
    must(at >= before, 'time goes back');
    before = at;
    const track = numberOf(event, 11);
    must(threads.has(track), `no thread ${track}`);
    const stack = open.get(track) ?? [];
    open.set(track, stack);
    if (numberOf(event, 9) === 1) {
      stack.push(textOf(event, 23));
      slices++;
      for (const { number, value } of event) {
        if (number === 47) begin.push(String(value));
        if (number === 48) end.push(String(value));
      }
    } else {
      must(numberOf(event, 9) === 2 && stack.pop() !== undefined, 'an end without a beginning');
    }
  }
  must([...open.values()].flat().length === 0, 'a slice that does not end');
  return { processes, slices, flows: { begin: begin.sort(), end: end.sort() } };
}
