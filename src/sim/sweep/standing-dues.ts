// What is owed while faults last: a harness looks, every so many windows, at what somebody reachable could give now (a record
// that a hole lacks, a page that a reader waits for) and at what nobody may take from readers. A due that stands longer than
// its bound breaks its rule, whether or not a fault elsewhere is still on; one that a fault stops in between begins anew.
// Which dues there are and their bounds, from the run's parameters, is the stack's (StackRuntime.duesOf).

import { expectOfRun } from '../checks/expect-of-run.ts';
import type { Monitors, RuleSlug } from '../checks/monitor.ts';
import type { Programs } from '../programs.ts';
import type { World } from '../world.ts';

interface Owed {
  readonly rule: RuleSlug;
  readonly say: () => string;
}

/** Something that somebody reachable could give now, which has to be given within the bound; or what nobody may take, now. */
export type Due =
  /** `key`: the same as long as it is the same thing that is waited for. */
  (Owed & { readonly key: string; readonly boundUs: number }) | (Owed & { readonly isKept: boolean });

/** Windows between two looks. */
const APART = 16;

export interface StandingDues {
  nextAt: number;
  /** Since when each has stood, by its key. */
  since: Map<string, number>;
  looks: number;
  /** Dues seen at two looks or more, and the longest that one stood, in parts of a thousand of its bound. */
  stood: number;
  longest: number;
}

export const makeStandingDues = (): StandingDues => ({
  nextAt: 0,
  since: new Map(),
  looks: 0,
  stood: 0,
  longest: 0,
});

/** After a window. */
export function checkDues(
  programs: Programs,
  dues: StandingDues,
  monitors: Monitors,
  world: World<unknown, unknown>,
): void {
  if (world.windows < dues.nextAt) return;
  dues.nextAt = world.windows + APART;
  const { now } = world.fabric;
  const since = new Map<string, number>();
  dues.looks++;
  for (const due of programs.runtimeOf(world.fabric.cluster).duesOf?.(world) ?? []) {
    const { rule, say } = due;
    if ('isKept' in due) {
      expectOfRun(monitors, rule, due.isKept, now, say);
      continue;
    }
    const { key, boundUs } = due;
    const from = dues.since.get(key) ?? now;
    const stoodUs = now - from;
    since.set(key, from);
    if (stoodUs > 0) dues.stood++;
    dues.longest = Math.max(dues.longest, Math.round((1000 * stoodUs) / boundUs));
    expectOfRun(
      monitors,
      rule,
      stoodUs <= boundUs,
      now,
      () => `${say()} for ${stoodUs / 1000} ms; the bound is ${boundUs / 1000} ms`,
    );
  }
  dues.since = since;
}
