// A trace as OTLP/JSON (the JSON mapping of opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest: ids in hex, 64-bit numbers
// as text). A call becomes two spans, the caller's (CLIENT) and the receiver's (SERVER). Times are virtual, counted from the run's start.

import { hashHex, hashNumber, hashText, makeHash } from '../../base/hash.ts';
import { lastOf, type Span, type SpanEvent, type SpanTrace, type SpanValue } from '../spans/span.ts';

/** Of which run: it keeps trace ids of different runs apart. */
export interface ExportedRun {
  readonly preset: string;
  readonly seed: number;
  readonly engine: string;
}

interface Attribute {
  readonly key: string;
  readonly value:
    | { readonly stringValue: string }
    | { readonly intValue: string }
    | { readonly doubleValue: number }
    | { readonly boolValue: boolean };
}

const kinds = { internal: 1, server: 2, client: 3 } as const;
/** UNSET and ERROR: that a span has ended is no promise of more. */
const codes = { unset: 0, error: 2 } as const;

const nanos = (us: number): string => String(BigInt(Math.round(us)) * 1000n);

const attribute = (key: string, value: SpanValue): Attribute => {
  if (typeof value === 'string') return { key, value: { stringValue: value } };
  if (typeof value === 'boolean') return { key, value: { boolValue: value } };
  return { key, value: Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value } };
};

const attributesOf = (values: Readonly<Record<string, SpanValue>>): readonly Attribute[] =>
  Object.entries(values).map(([key, value]) => attribute(key, value));

/** Thirty-two hex digits. */
export function otlpTraceId({ preset, seed }: ExportedRun, traceId: number): string {
  const hash = makeHash();
  hashText(hash, preset);
  hashNumber(hash, seed);
  return hashHex(hash) + traceId.toString(16).padStart(16, '0');
}

/** The receiver's half of a call: as the caller's, with its first bit turned. */
export const serverSpanId = (id: string): string =>
  (Number.parseInt(id.slice(0, 1), 16) ^ 8).toString(16) + id.slice(1);

const eventOf = ({ at, node, name, fields }: SpanEvent) => ({
  timeUnixNano: nanos(at),
  name,
  attributes: attributesOf({ 'postdb.node': node, ...fields }),
});

type NodeSpan = readonly [node: string, span: object];

function makeSpans(trace: SpanTrace, run: ExportedRun): readonly NodeSpan[] {
  const byId = new Map(trace.spans.map((span) => [span.id, span]));
  // An operation of several statements is one trace: it has the id of the first.
  const traceId = otlpTraceId(run, trace.traceIds[0] ?? 0);
  const parentOf = (span: Span): { readonly parentSpanId?: string } => {
    const above = byId.get(span.parent ?? '');
    if (above === undefined) return {};
    const isAtReceiver =
      above.kind === 'call' && above.receivedAt !== null && above.node === (span.from ?? span.node);
    return { parentSpanId: isAtReceiver ? serverSpanId(above.id) : above.id };
  };
  const isBad = ({ status }: Span): boolean =>
    status === 'lost' || status === 'unanswered' || status === 'error';
  const make = (span: Span): readonly NodeSpan[] => {
    const common = {
      traceId,
      name: span.name,
      attributes: attributesOf({ 'postdb.status': span.status, ...span.attributes }),
      links: span.links
        .filter((link) => link.traceId !== 0)
        .map((link) => ({
          traceId: otlpTraceId(run, link.traceId),
          spanId: span.id,
          attributes: [attribute('postdb.link', link.why)],
        })),
      status: isBad(span) ? { code: codes.error, message: span.status } : { code: codes.unset },
    };
    const own = {
      ...common,
      spanId: span.id,
      ...parentOf(span),
      startTimeUnixNano: nanos(span.start),
      endTimeUnixNano: nanos(Math.max(span.start, lastOf(span))),
    };
    if (span.kind !== 'call') {
      const spans = { ...own, kind: kinds.internal, events: span.events.map(eventOf) };
      return [[span.node, spans]];
    }
    const client = { ...own, kind: kinds.client, events: [] };
    const caller = span.from ?? span.node;
    if (span.receivedAt === null) return [[caller, { ...client, events: span.events.map(eventOf) }]];
    const server = {
      ...common,
      spanId: serverSpanId(span.id),
      parentSpanId: span.id,
      kind: kinds.server,
      startTimeUnixNano: nanos(span.receivedAt),
      endTimeUnixNano: nanos(Math.max(span.receivedAt, span.workedUntil ?? span.receivedAt)),
      events: span.events.map(eventOf),
    };
    return [
      [caller, client],
      [span.node, server],
    ];
  };
  return trace.spans.flatMap((span) => make(span));
}

/** One resource a node. */
export function otlpOf(trace: SpanTrace, run: ExportedRun): object {
  const byNode = new Map<string, object[]>();
  for (const [node, span] of makeSpans(trace, run)) {
    const known = byNode.get(node);
    if (known === undefined) byNode.set(node, [span]);
    else known.push(span);
  }
  return {
    resourceSpans: [...byNode].map(([node, spans]) => ({
      resource: {
        attributes: [
          attribute('service.name', 'postdb-lab'),
          attribute('service.instance.id', node),
          attribute('postdb.preset', run.preset),
          attribute('postdb.seed', run.seed),
        ],
      },
      scopeSpans: [{ scope: { name: 'postdb-lab', version: run.engine }, spans }],
    })),
  };
}
