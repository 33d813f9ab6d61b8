// What is asked of a run loop, and who waits for it. Of each kind of going on there is one at a time: who asks for another
// takes its place, and is the one who is told.

import type { Time } from '../base/ids.ts';
import type { ConditionFault, RunCondition } from '../sim/run-condition.ts';
import type { Watch } from '../sim/run-until.ts';
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
      readonly fault: ConditionFault | null;
    };

/** What is put on the tape between two windows. */
export interface TapeWant {
  readonly actions: readonly TapeAction[];
  readonly resolve: (taped: readonly TapedAction[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Some work on the cluster between two windows. */
export interface TaskWant {
  readonly run: () => Promise<void>;
  readonly reject: (error: Error) => void;
}

/** To the next event. */
export interface StepWant {
  readonly size: 'meaningful' | 'every';
  readonly resolve: (found: boolean) => void;
}

/** As fast as possible to a time, exclusive. */
export interface ToWant {
  readonly limit: Time;
  readonly resolve: () => void;
}

/** As fast as possible until a condition holds. */
export interface UntilWant {
  readonly condition: RunCondition;
  readonly resolve: (end: UntilEnd) => void;
  /** Null until it is first looked for; `startedAt` is when that was, virtual. */
  watch: Watch | null;
  startedAt: number;
}

export interface RunWants {
  readonly tape: TapeWant[];
  readonly tasks: TaskWant[];
  step: StepWant | null;
  to: ToWant | null;
  until: UntilWant | null;
}

export const makeRunWants = (): RunWants => ({ tape: [], tasks: [], step: null, to: null, until: null });

/** Nobody waits for a loop that has ended. */
export function settleWants(wants: RunWants, reason: Error): void {
  for (const one of [...wants.tape.splice(0), ...wants.tasks.splice(0)]) one.reject(reason);
  const { step, to, until } = wants;
  wants.step = null;
  wants.to = null;
  wants.until = null;
  step?.resolve(false);
  to?.resolve();
  until?.resolve('cancelled');
}
