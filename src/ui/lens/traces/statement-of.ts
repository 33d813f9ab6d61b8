// The statement, or the client's operation, whose call or return an event is; of an event that a node traced otherwise, the work that it
// belongs to.

import type { SpanTarget } from '../../../run-model/spans/span.ts';
import type { TracedEvent } from '../../../sim/types.ts';
import type { TraceTarget } from './trace-store.ts';

function targetOf({ event, node, ordinal }: TracedEvent): SpanTarget | null {
  switch (event.kind) {
    case 'sql.start':
    case 'sql.end':
      return { kind: 'request', request: event.request };
    case 'op.invoke':
    case 'op.return':
      return { kind: 'operation', client: event.client, op: event.op };
    default:
      // what no input of a node led to is the world's
      return ordinal === 0 ? null : { kind: 'work', node, ordinal, event: event.kind };
  }
}

export function statementOf(traced: TracedEvent): TraceTarget | null {
  const target = targetOf(traced);
  return target === null ? null : { target, at: traced.at };
}
