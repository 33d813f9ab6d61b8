// When a harness holds pages against what the log makes of them (src/sim/redo): sampled in sweeps (everything some time after
// each recovery of a writer and at rest, one read of fifty), and in full, where every read is held against it and everything
// every so many windows.

import type { GroupId } from '../../base/ids.ts';
import type { PageKey } from '../../core/page/page-key.ts';
import type { Monitors } from '../checks/monitor.ts';
import { expectOfRun } from '../checks/monitors.ts';
import { runtimeOf } from '../programs.ts';
import type { RedoFinding, RedoRule } from '../redo/compare.ts';
import { compareAll, compareReads, followLogs, makeRedo, type Redo, type ServedPage } from '../redo/redo.ts';
import type { TracedEvent } from '../types.ts';
import type { World } from '../world.ts';

export type RedoMode = 'sampled' | 'full';

/** One read of so many. */
const READS_APART = { sampled: 50, full: 1 } as const;
/** Windows between a recovery and the comparison: reads and writes have begun again. */
const AFTER_RECOVERY_WINDOWS = 64;
/** In full: windows between two comparisons of everything. */
const FULL_WINDOWS = 512;
/** Reads that wait for the end of their window; further ones go unseen. */
const MOST_READS = 64;

export interface RedoChecks {
  readonly mode: RedoMode;
  readonly redo: Redo;
  /** Versions have been made of records that were not read yet: GC may drop these from now on. */
  isBehind: boolean;
  /** Reads since the last that was taken. */
  passed: number;
  reads: ServedPage[];
  /** Window of the next comparison of everything, or null. */
  nextAt: number | null;
  isDue: boolean;
  done: number;
}

export const makeRedoChecks = (mode: RedoMode): RedoChecks => ({
  mode,
  redo: makeRedo(),
  isBehind: false,
  passed: 0,
  reads: [],
  nextAt: mode === 'full' ? FULL_WINDOWS : null,
  isDue: false,
  done: 0,
});

export function onRedoEvent(checks: RedoChecks, { node, event }: TracedEvent): void {
  switch (event.kind) {
    case 'page.materialise':
      if (event.pageLsn > (checks.redo.logs.get(event.group as GroupId)?.upTo ?? -1)) checks.isBehind = true;
      return;
    case 'page.served': {
      if (event.error !== '' && event.error !== 'NO_SUCH_PAGE') return;
      checks.passed++;
      if (checks.passed < READS_APART[checks.mode] || checks.reads.length >= MOST_READS) return;
      checks.passed = 0;
      checks.reads.push({
        node,
        group: event.group as GroupId,
        blockKey: event.blockKey as PageKey,
        at: Math.min(event.readPoint, event.groupReadPoint),
        digest: event.error === '' ? event.digest : null,
      });
      return;
    }
    case 'recovery.done':
      checks.isDue = true;
      return;
    default:
  }
}

/** After a window. */
export function compareIfDue(checks: RedoChecks, monitors: Monitors, world: World<unknown, unknown>): void {
  const { redo, reads, mode } = checks;
  if (checks.isDue) {
    checks.isDue = false;
    const at = world.windows + AFTER_RECOVERY_WINDOWS;
    checks.nextAt = Math.min(at, checks.nextAt ?? at);
  }
  const isAll = checks.nextAt !== null && world.windows >= checks.nextAt;
  if (!isAll && !checks.isBehind && reads.length === 0) return;
  const volumes = runtimeOf(world.fabric.cluster).logsOf?.(world) ?? [];
  checks.isBehind = false;
  if (reads.length > 0) {
    checks.reads = [];
    judge(monitors, world, compareReads(redo, volumes, reads));
  } else if (!isAll) followLogs(redo, volumes);
  if (!isAll) return;
  checks.nextAt = mode === 'full' ? world.windows + FULL_WINDOWS : null;
  compareNow(checks, monitors, world);
}

export function compareNow(checks: RedoChecks, monitors: Monitors, world: World<unknown, unknown>): void {
  const { logsOf } = runtimeOf(world.fabric.cluster);
  if (logsOf === null) return;
  checks.done++;
  judge(monitors, world, compareAll(checks.redo, logsOf(world)));
}

const redoRules: readonly RedoRule[] = ['page.redo', 'buffer.redo', 'wal.same-records'];

function judge(monitors: Monitors, world: World<unknown, unknown>, findings: readonly RedoFinding[]): void {
  for (const rule of redoRules) {
    const own = findings.filter((finding) => finding.rule === rule);
    const say = (): string =>
      `${own.length} findings; ${own
        .slice(0, 3)
        .map(({ message }) => message)
        .join('; ')}`;
    expectOfRun(monitors, rule, own.length === 0, world.fabric.now, say);
  }
}
