// A trace as Perfetto's protobuf (perfetto.protos.Trace): a process a node, in it a thread for each line of slices that do not overlap
// otherwise than by holding each other, and a flow from a call to what its receiver did. Times are virtual nanoseconds.

import { type ByteWriter, makeWriter, takePart, writeRaw, writeU8, writeUint } from '../../base/bytes.ts';
import { lastOf, type Span, type SpanTrace } from '../spans/span.ts';

const utf8 = new TextEncoder();

/** Wire types of protobuf. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;

type Put = (w: ByteWriter) => void;

const number =
  (field: number, value: number): Put =>
  (w) => {
    writeUint(w, field * 8 + VARINT);
    writeUint(w, value);
  };

/** Sixteen hex digits, little-endian. */
const fixed64 =
  (field: number, hex: string): Put =>
  (w) => {
    writeUint(w, field * 8 + FIXED64);
    for (let at = 14; at >= 0; at -= 2) writeU8(w, Number.parseInt(hex.slice(at, at + 2), 16));
  };

const bytes =
  (field: number, value: Uint8Array): Put =>
  (w) => {
    writeUint(w, field * 8 + BYTES);
    writeUint(w, value.length);
    writeRaw(w, value);
  };

const text = (field: number, value: string): Put => bytes(field, utf8.encode(value));

function message(parts: readonly Put[]): Uint8Array {
  const w = makeWriter(256);
  for (const put of parts) put(w);
  return takePart(w).slice();
}

const nested = (field: number, parts: readonly Put[]): Put => bytes(field, message(parts));

/** Numbers of fields in perfetto/trace/*.proto. */
const f = {
  trace: { packet: 1 },
  packet: { timestamp: 8, sequenceId: 10, trackEvent: 11, sequenceFlags: 13, trackDescriptor: 60 },
  track: { uuid: 1, process: 3, thread: 4, parentUuid: 5 },
  process: { pid: 1, name: 6 },
  thread: { pid: 1, tid: 2, name: 5 },
  event: { annotations: 4, type: 9, trackUuid: 11, categories: 22, name: 23, flows: 47, endingFlows: 48 },
  annotation: { bool: 2, int: 4, double: 5, string: 6, name: 10 },
} as const;

const SLICE_BEGIN = 1;
const SLICE_END = 2;
/** SEQ_INCREMENTAL_STATE_CLEARED. */
const STATE_CLEARED = 1;
const SEQUENCE = 1;
/** Threads of a node. */
const LANES = 1_000;

interface Slice {
  readonly node: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly span: Span;
  readonly flow: 'begin' | 'end' | null;
}

function slicesOf({ spans }: SpanTrace): readonly Slice[] {
  return spans
    .flatMap((span): Slice[] => {
      const to = Math.max(span.start, lastOf(span));
      if (span.kind !== 'call')
        return [{ node: span.node, name: span.name, from: span.start, to, span, flow: null }];
      const caller: Slice = {
        node: span.from ?? span.node,
        name: `${span.name} → ${span.node}`,
        from: span.start,
        to,
        span,
        flow: span.receivedAt === null ? null : 'begin',
      };
      if (span.receivedAt === null) return [caller];
      const { receivedAt, workedUntil } = span;
      const worked = Math.max(receivedAt, workedUntil ?? receivedAt);
      return [caller, { node: span.node, name: span.name, from: receivedAt, to: worked, span, flow: 'end' }];
    })
    .sort((a, b) => a.from - b.from || b.to - a.to);
}

/** A thread's slices hold each other or follow each other: the stack of those that are open. */
function laneFor(lanes: Slice[][], slice: Slice): number {
  for (const [lane, open] of lanes.entries()) {
    while ((open.at(-1)?.to ?? Number.POSITIVE_INFINITY) <= slice.from) open.pop();
    const last = open.at(-1);
    if (last !== undefined && last.to < slice.to) continue;
    open.push(slice);
    return lane;
  }
  lanes.push([slice]);
  return lanes.length - 1;
}

function annotation([key, value]: readonly [string, string | number | boolean]): Put {
  const { annotations } = f.event;
  const name = text(f.annotation.name, key);
  if (typeof value === 'string') return nested(annotations, [text(f.annotation.string, value), name]);
  if (typeof value === 'boolean')
    return nested(annotations, [number(f.annotation.bool, value ? 1 : 0), name]);
  // Negative ones would be ten bytes long: they are written as text.
  return nested(annotations, [
    Number.isSafeInteger(value) && value >= 0
      ? number(f.annotation.int, value)
      : text(f.annotation.string, String(value)),
    name,
  ]);
}

const nanos = (us: number): number => Math.round(us) * 1000;

export function perfettoOf(trace: SpanTrace): Uint8Array {
  const slices = slicesOf(trace);
  const nodes = [...new Set(slices.map(({ node }) => node))].sort();
  const pidOf = new Map(nodes.map((node, i) => [node, i + 1]));
  const lanes = new Map<string, Slice[][]>(nodes.map((node) => [node, []]));
  const timed: { readonly at: number; readonly order: number; readonly parts: readonly Put[] }[] = [];
  slices.forEach((slice, i) => {
    const pid = pidOf.get(slice.node) ?? 0;
    const uuid = pid * LANES + 1 + laneFor(lanes.get(slice.node) ?? [], slice);
    const { span, flow } = slice;
    const begin = [
      number(f.event.type, SLICE_BEGIN),
      number(f.event.trackUuid, uuid),
      text(f.event.categories, span.kind),
      text(f.event.name, slice.name),
      ...Object.entries({ status: span.status, ...span.attributes }).map(annotation),
      ...(flow === 'begin' ? [fixed64(f.event.flows, span.id)] : []),
      ...(flow === 'end' ? [fixed64(f.event.endingFlows, span.id)] : []),
    ];
    // At one time the inner slice ends first; one of no length ends after it has begun.
    timed.push({ at: slice.from, order: slice.to === slice.from ? 2 * i + 2 : 2 * i + 1, parts: begin });
    const end = [number(f.event.type, SLICE_END), number(f.event.trackUuid, uuid)];
    timed.push({ at: slice.to, order: slice.to === slice.from ? 2 * i + 3 : -2 * i, parts: end });
  });
  timed.sort((a, b) => a.at - b.at || a.order - b.order);
  const packets: Put[] = [];
  const packet = (parts: readonly Put[], isFirst = false): void => {
    packets.push(
      nested(f.trace.packet, [
        number(f.packet.sequenceId, SEQUENCE),
        ...(isFirst ? [number(f.packet.sequenceFlags, STATE_CLEARED)] : []),
        ...parts,
      ]),
    );
  };
  nodes.forEach((node, i) => {
    const pid = i + 1;
    const process = nested(f.track.process, [number(f.process.pid, pid), text(f.process.name, node)]);
    packet([nested(f.packet.trackDescriptor, [number(f.track.uuid, pid * LANES), process])], i === 0);
    (lanes.get(node) ?? []).forEach((_, lane) => {
      const tid = pid * LANES + 1 + lane;
      const thread = nested(f.track.thread, [
        number(f.thread.pid, pid),
        number(f.thread.tid, tid),
        text(f.thread.name, `${node} ${lane + 1}`),
      ]);
      packet([
        nested(f.packet.trackDescriptor, [
          number(f.track.uuid, tid),
          number(f.track.parentUuid, pid * LANES),
          thread,
        ]),
      ]);
    });
  });
  for (const { at, parts } of timed)
    packet([number(f.packet.timestamp, nanos(at)), nested(f.packet.trackEvent, parts)]);
  return message(packets);
}
