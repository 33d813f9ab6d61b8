// Pending requests to a run loop, with the callbacks of their callers. Of step, run-to and run-until one each is pending at
// a time: a new one replaces the one before, and its caller gets the result.

import type { Time } from '../base/ids.ts';
import type { Predicate } from '../run-model/facts/fact.ts';
import type { FactFault } from '../run-model/facts/fault.ts';
import type { Watch } from '../run-model/facts/watch.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import type { TapedAction } from './live-cluster.ts';

/** How a run-until ended. */
export type UntilEnd = 'found' | 'cancelled' | 'limit';

/** As it is answered: `position` is where the condition's text is wrong. */
export type UntilResult =
  | { readonly ok: true; readonly end: UntilEnd; readonly at: Time }
  /** No fault: nobody is there to run it. */
  | {
      readonly ok: false;
      readonly position: number;
      readonly error: string;
      readonly fault: FactFault | null;
    };

/** What is put on the tape between two windows. */
export interface TapeRequest {
  readonly actions: readonly TapeAction[];
  readonly resolve: (taped: readonly TapedAction[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Some work on the cluster between two windows. */
export interface TaskRequest {
  readonly run: () => Promise<void>;
  readonly reject: (error: Error) => void;
}

/** To the next event. */
export interface StepRequest {
  readonly size: 'meaningful' | 'every';
  readonly resolve: (found: boolean) => void;
}

/** As fast as possible to a time, exclusive. */
export interface RunToRequest {
  readonly limit: Time;
  readonly resolve: () => void;
}

/** As fast as possible until a condition holds. */
export interface RunUntilRequest {
  readonly condition: Predicate;
  readonly resolve: (end: UntilEnd) => void;
  /** Null until it is first looked for; `startedAt` is when that was, virtual. */
  watch: Watch | null;
  startedAt: number;
}

export interface RunRequests {
  readonly tape: TapeRequest[];
  readonly tasks: TaskRequest[];
  step: StepRequest | null;
  to: RunToRequest | null;
  until: RunUntilRequest | null;
}

export const makeRunRequests = (): RunRequests => ({
  tape: [],
  tasks: [],
  step: null,
  to: null,
  until: null,
});

/** Nobody waits for a loop that has ended. */
export function settleRequests(requests: RunRequests, reason: Error): void {
  for (const one of [...requests.tape.splice(0), ...requests.tasks.splice(0)]) one.reject(reason);
  const { step, to, until } = requests;
  requests.step = null;
  requests.to = null;
  requests.until = null;
  step?.resolve(false);
  to?.resolve();
  until?.resolve('cancelled');
}
