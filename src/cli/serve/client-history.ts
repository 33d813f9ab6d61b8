// What clients of a served cluster asked and were answered, call by call, in the one order in which the address saw it. What a reader
// of the volume served says the trace.

import type { ClientResult } from '../../core/kernel/client-calls.ts';
import { addToHistory, type History, makeHistory, type Served } from '../../sim/checks/history.ts';
import type { TracedEvent } from '../../sim/types.ts';

export interface ClientCall {
  readonly session: string;
  /** The driver's node, through which the session asks. */
  readonly driver: string;
  readonly text: string;
  readonly params: readonly (string | null)[];
  /** Places in the order of all calls and answers; `returned` is Infinity while no answer came. */
  readonly called: number;
  readonly calledUs: number;
  returned: number;
  returnedUs: number;
  /** Null: no answer came. */
  result: ClientResult | null;
  /** The reader that served its last read; null: a writer did. */
  served: Served | null;
  /** How often rows had passed to another volume's log before its call, and before its answer. */
  readonly era: number;
  eraReturned: number;
}

export interface ClientHistory {
  readonly calls: ClientCall[];
  /** Name of the program, by session. */
  readonly programs: Map<string, string>;
  /** What the trace tells: who serves a session, and when rows passed to another volume. */
  readonly traced: History;
  order: number;
}

export const makeClientHistory = (): ClientHistory => ({
  calls: [],
  programs: new Map(),
  traced: makeHistory(),
  order: 0,
});

export function noteEvents({ traced }: ClientHistory, events: readonly TracedEvent[]): void {
  for (const event of events) addToHistory(traced, event);
}

/** A call begins; what is returned takes its answer. */
export function noteCall(
  history: ClientHistory,
  asked: Pick<ClientCall, 'session' | 'driver' | 'text' | 'params'>,
  atUs: number,
): (result: ClientResult, atUs: number) => void {
  const { traced } = history;
  const id = `${asked.driver}/${asked.session}`;
  traced.served.delete(id);
  const call: ClientCall = {
    ...asked,
    called: ++history.order,
    calledUs: atUs,
    returned: Number.POSITIVE_INFINITY,
    returnedUs: -1,
    result: null,
    served: null,
    era: traced.handovers.length,
    eraReturned: traced.handovers.length,
  };
  history.calls.push(call);
  return (result, returnedUs) => {
    call.returned = ++history.order;
    call.returnedUs = returnedUs;
    call.result = result;
    call.served = traced.served.get(id) ?? null;
    call.eraReturned = traced.handovers.length;
  };
}
