// Steps of the protocol at which a crash can be aimed (tape action `crashOn`), from the tables of the stacks' roles.

import type { TraceEvent } from '../core/kernel/trace.ts';
import type { CrashPoint, StackCrashPoints } from '../core/kernel/trace-table.ts';
import type { Role } from '../core/kernel/view.ts';
import type { Stack } from './stack.ts';

type NamesOf<Table> = Table extends unknown ? keyof Table & string : never;
export type CrashMoment = NamesOf<StackCrashPoints[keyof StackCrashPoints]>;

interface RolePoint extends CrashPoint {
  readonly stack: string;
  readonly role: Role;
  readonly moment: CrashMoment;
}

export interface CrashMoments {
  readonly crashMoments: readonly CrashMoment[];
  /** Whether the event is what a node traces at this step. */
  readonly isMomentOf: (event: TraceEvent, at: CrashMoment) => boolean;
  /** Roles of an architecture whose menu offers a crash at this step. */
  readonly rolesAt: (at: CrashMoment, of: string) => readonly Role[];
}

export function makeCrashMoments(stacks: readonly Pick<Stack, 'id' | 'crashPoints'>[]): CrashMoments {
  const points: readonly RolePoint[] = stacks.flatMap(({ id: stack, crashPoints }) =>
    Object.entries(crashPoints).flatMap(([role, table]) =>
      Object.entries(table).map(([moment, point]) => ({ ...point, stack, role, moment }) as RolePoint),
    ),
  );
  return {
    crashMoments: [...new Set(points.map(({ moment }) => moment))],
    isMomentOf: (event, at) =>
      points.some(
        ({ moment, kind, step }) =>
          moment === at &&
          kind === event.kind &&
          (step === undefined || ('step' in event && event.step === step)),
      ),
    rolesAt: (at, of) =>
      points
        .filter(({ stack, moment, isUnlisted }) => stack === of && moment === at && isUnlisted !== true)
        .map(({ role }) => role),
  };
}
