// When a sweep checks the structure of a volume's pages: after each recovery of a writer, as soon as replicas can serve
// all of them, and when it is asked to (src/sim/fsck).

import type { TraceEvent } from '../../core/kernel/trace.ts';
import { expectOfRun } from '../checks/expect-of-run.ts';
import type { Monitors } from '../checks/monitor.ts';
import type { FsckReport } from '../fsck/findings.ts';
import { findingLine, fsck } from '../fsck/fsck.ts';
import { kindsOf } from '../kinds.ts';
import type { Programs } from '../programs.ts';
import type { World } from '../world.ts';

/** Windows between two tries, and tries before a recovery goes unchecked (another one is under way, or a group is silent). */
const RETRY_WINDOWS = 32;
const MOST_TRIES = 24;

export interface PageChecks {
  /** Tries that are left; 0: nothing to check. */
  tries: number;
  /** Window of the next try. */
  nextAt: number;
  done: number;
  unread: number;
  last: FsckReport | null;
  /** Most leaves without an entry that a check has seen. */
  emptyLeaves: number;
}

export const makePageChecks = (): PageChecks => ({
  tries: 0,
  nextAt: 0,
  done: 0,
  unread: 0,
  last: null,
  emptyLeaves: 0,
});

export const pageKinds = kindsOf('recovery.done');

export function onPageEvent(checks: PageChecks, event: TraceEvent): void {
  if (!pageKinds.isOf(event)) return;
  if (checks.tries > 0) checks.unread++;
  checks.tries = MOST_TRIES;
  checks.nextAt = 0;
}

/** After a window: the check that a recovery has asked for. */
export function checkPagesIfDue(
  programs: Programs,
  checks: PageChecks,
  monitors: Monitors,
  world: World<unknown, unknown>,
): void {
  if (checks.tries === 0 || world.windows < checks.nextAt) return;
  if (checkPagesNow(programs, checks, monitors, world)) checks.tries = 0;
  else {
    checks.tries--;
    checks.nextAt = world.windows + RETRY_WINDOWS;
    if (checks.tries === 0) checks.unread++;
  }
}

/** False when the pages of no volume can be read as a whole now. */
export function checkPagesNow(
  programs: Programs,
  checks: PageChecks,
  monitors: Monitors,
  world: World<unknown, unknown>,
): boolean {
  const volumes = programs.runtimeOf(world.fabric.cluster).pagesOf?.(world) ?? [];
  for (const pages of volumes) {
    const report = fsck(pages);
    checks.done++;
    checks.last = report;
    checks.emptyLeaves = Math.max(checks.emptyLeaves, report.emptyLeaves);
    expectOfRun(
      monitors,
      'page.structure',
      report.found === 0,
      world.fabric.now,
      () =>
        `${report.volume} at ${report.at}: ${report.found} findings; ${report.findings.slice(0, 3).map(findingLine).join('; ')}`,
    );
  }
  return volumes.length > 0;
}
