// When a harness holds pages against what the log makes of them (src/sim/redo): sampled in sweeps (everything some time after
// each recovery of a writer and at rest, one read of fifty), and in full, where every read is held against it and everything
// every so many windows.

import type { GroupId } from '../../base/ids.ts';
import type { PageKey } from '../../core/page/page-key.ts';
import { expectOfRun } from '../checks/expect-of-run.ts';
import type { Monitors } from '../checks/monitor.ts';
import { findingLine } from '../fsck/fsck.ts';
import { kindsOf } from '../kinds.ts';
import type { Programs } from '../programs.ts';
import type { RedoFinding } from '../redo/compare.ts';
import { makeRedo, type PageRead, type Redo, type ServedPage } from '../redo/redo.ts';
import type { RedoSource } from '../redo/source.ts';
import type { TracedEvent } from '../types.ts';
import type { World } from '../world.ts';

/** `dense`: as sampled, with more cuts of the log; `every`: as full, and the log is cut at every end of an MTR. */
export type RedoMode = 'sampled' | 'dense' | 'full' | 'every';

/** One read of so many. */
const READS_APART = { sampled: 50, dense: 50, full: 1, every: 1 } as const;
/** Windows between a recovery and the comparison: reads and writes have begun again. */
const AFTER_RECOVERY_WINDOWS = 64;
/** Of the ends of MTRs one in so many is looked at as a cut of the log. */
const CUTS_APART = { sampled: 2048, dense: 64, full: 16, every: 1 } as const;
/** In full: windows between two comparisons of everything. */
const FULL_WINDOWS = 512;
/** Windows between two looks at the log: GC is not quicker (one that is makes a page begin anew from a version). */
const FOLLOW_WINDOWS = 16;
/** Reads that wait for the end of their window; further ones go unseen. */
const MOST_READS = 64;

const isSampled = (mode: RedoMode): boolean => mode === 'sampled' || mode === 'dense';

export interface RedoChecks {
  readonly mode: RedoMode;
  readonly redo: Redo;
  /** Versions have been made of records that were not read yet: GC may drop these from now on. */
  isBehind: boolean;
  /** Reads since the last that was taken. */
  passed: number;
  reads: ServedPage[];
  readerReads: PageRead[];
  /** Window of the last look at the log. */
  followedAt: number;
  /** Window of the next comparison of everything, or null. */
  nextAt: number | null;
  isDue: boolean;
  done: number;
  /** Ends of MTRs since the last that was taken, and cuts that were looked at. */
  cutsPassed: number;
  cuts: number;
}

export const makeRedoChecks = (mode: RedoMode): RedoChecks => ({
  mode,
  redo: makeRedo(),
  isBehind: false,
  passed: 0,
  reads: [],
  readerReads: [],
  followedAt: 0,
  nextAt: isSampled(mode) ? null : FULL_WINDOWS,
  isDue: false,
  done: 0,
  cutsPassed: 0,
  cuts: 0,
});

export const redoKinds = kindsOf(
  'page.materialise',
  'page.stored',
  'page.served',
  'ro.pageRead',
  'recovery.done',
);

export function onRedoEvent(checks: RedoChecks, { node, event }: TracedEvent): void {
  if (!redoKinds.isOf(event)) return;
  switch (event.kind) {
    case 'page.materialise':
      if (event.pageLsn > (checks.redo.logs.get(event.group as GroupId)?.upTo ?? -1)) checks.isBehind = true;
      return;
    case 'page.stored':
      checks.isBehind = true; // a checkpoint may let its records go
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
    case 'ro.pageRead':
      if (checks.readerReads.length < MOST_READS)
        checks.readerReads.push({
          node,
          blockKey: event.blockKey as PageKey,
          readPoint: event.readPoint,
          at: event.groupReadPoint,
          digest: event.digest,
        });
      return;
    case 'recovery.done':
      checks.isDue = true;
      return;
    default:
  }
}

/** After a window. */
export function compareIfDue(
  programs: Programs,
  checks: RedoChecks,
  monitors: Monitors,
  world: World<unknown, unknown>,
): void {
  const { redo, reads, readerReads, mode } = checks;
  if (checks.isDue) {
    checks.isDue = false;
    const at = world.windows + AFTER_RECOVERY_WINDOWS;
    checks.nextAt = Math.min(at, checks.nextAt ?? at);
  }
  const isAll = checks.nextAt !== null && world.windows >= checks.nextAt;
  const isBehind = checks.isBehind && world.windows >= checks.followedAt + FOLLOW_WINDOWS;
  const isRead = reads.length > 0 || readerReads.length >= (isSampled(mode) ? MOST_READS : 1);
  if (!isAll && !isBehind && !isRead) return;
  checks.followedAt = world.windows;
  const source = programs.runtimeOf(world.fabric.cluster).redo;
  checks.isBehind = false;
  if (source === null) return;
  if (readerReads.length > 0) {
    checks.readerReads = [];
    judge(source, monitors, world, source.compareReaders(redo, world, readerReads));
  }
  if (reads.length > 0) {
    checks.reads = [];
    judge(source, monitors, world, source.compareReads(redo, world, reads));
  } else if (!isAll) source.follow(redo, world);
  lookAtCuts(checks, source, monitors, world);
  if (!isAll) return;
  checks.nextAt = isSampled(mode) ? null : world.windows + FULL_WINDOWS;
  compareNow(programs, checks, monitors, world);
}

export function compareNow(
  programs: Programs,
  checks: RedoChecks,
  monitors: Monitors,
  world: World<unknown, unknown>,
): void {
  const source = programs.runtimeOf(world.fabric.cluster).redo;
  if (source === null) return;
  checks.done++;
  judge(source, monitors, world, source.compareAll(checks.redo, world));
}

function lookAtCuts(
  checks: RedoChecks,
  source: RedoSource,
  monitors: Monitors,
  world: World<unknown, unknown>,
): void {
  const isTaken = (): boolean => {
    if (++checks.cutsPassed < CUTS_APART[checks.mode]) return false;
    checks.cutsPassed = 0;
    return true;
  };
  for (const report of source.checkCuts(checks.redo, world, isTaken)) {
    checks.cuts++;
    const say = (): string =>
      `${report.volume} cut at ${report.at}: ${report.found} findings; ${report.findings.slice(0, 3).map(findingLine).join('; ')}`;
    expectOfRun(monitors, 'page.structure', report.found === 0, world.fabric.now, say);
  }
}

function judge(
  { rules }: RedoSource,
  monitors: Monitors,
  world: World<unknown, unknown>,
  findings: readonly RedoFinding[],
): void {
  for (const rule of rules) {
    const own = findings.filter((finding) => finding.rule === rule);
    const say = (): string =>
      `${own.length} findings; ${own
        .slice(0, 3)
        .map(({ message }) => message)
        .join('; ')}`;
    expectOfRun(monitors, rule, own.length === 0, world.fabric.now, say);
  }
}
