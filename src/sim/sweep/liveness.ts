// Liveness while faults last: a harness looks, every so many windows, at what somebody reachable could give now (a record
// that a hole lacks, a page that a reader waits for) and at what nobody may take from readers. What stands longer than
// its bound breaks its rule, whether or not a fault elsewhere is still on; one that a fault stops in between begins anew.
// Which there are, and their bounds from the run's parameters, is the stack's (StackRuntime.livenessBoundsOf).

import { expectOfRun } from '../checks/expect-of-run.ts';
import type { Monitors, RuleSlug } from '../checks/monitor.ts';
import type { Programs } from '../programs.ts';
import type { World } from '../world.ts';

interface Owed {
  readonly rule: RuleSlug;
  readonly say: () => string;
}

/** Something that somebody reachable could give now, which has to be given within the bound; or what nobody may take, now. */
export type LivenessBound =
  /** `key`: the same as long as it is the same thing that is waited for. */
  (Owed & { readonly key: string; readonly boundUs: number }) | (Owed & { readonly isKept: boolean });

/** Windows between two looks. */
const APART = 16;

export interface LivenessWatch {
  nextAt: number;
  /** Since when each has stood, by its key. */
  since: Map<string, number>;
  looks: number;
  /** Those seen at two looks or more, and the longest that one stood, in parts of a thousand of its bound. */
  stood: number;
  longest: number;
}

export const makeLivenessWatch = (): LivenessWatch => ({
  nextAt: 0,
  since: new Map(),
  looks: 0,
  stood: 0,
  longest: 0,
});

/** After a window. */
export function checkLiveness(
  programs: Programs,
  liveness: LivenessWatch,
  monitors: Monitors,
  world: World<unknown, unknown>,
): void {
  if (world.windows < liveness.nextAt) return;
  liveness.nextAt = world.windows + APART;
  const { now } = world.fabric;
  const since = new Map<string, number>();
  liveness.looks++;
  for (const due of programs.runtimeOf(world.fabric.cluster).livenessBoundsOf?.(world) ?? []) {
    const { rule, say } = due;
    if ('isKept' in due) {
      expectOfRun(monitors, rule, due.isKept, now, say);
      continue;
    }
    const { key, boundUs } = due;
    const from = liveness.since.get(key) ?? now;
    const stoodUs = now - from;
    since.set(key, from);
    if (stoodUs > 0) liveness.stood++;
    liveness.longest = Math.max(liveness.longest, Math.round((1000 * stoodUs) / boundUs));
    expectOfRun(
      monitors,
      rule,
      stoodUs <= boundUs,
      now,
      () => `${say()} for ${stoodUs / 1000} ms; the bound is ${boundUs / 1000} ms`,
    );
  }
  liveness.since = since;
}
