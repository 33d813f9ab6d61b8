// What the run is doing, the events that the list shows, and the notices that wait for a person.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Notice, PickedEvents, RunState } from '../lab/api.ts';
import { keepSame } from './same-value.ts';

/** Older notices are dropped first: each is also in the event list or on the screen it names. */
const noticeLimit = 8;

export interface RunStoreState {
  readonly run: RunState | null;
  readonly picked: PickedEvents;
  readonly notices: readonly Notice[];
}

export const runStore = createStore<RunStoreState>(() => ({
  run: null,
  picked: { events: [], total: 0, newEvents: { events: [], jumped: false } },
  notices: [],
}));

/** Comes with every picture; marks, skipped stretches and work seldom change, and what shows them stays still. */
export const takeRun = (run: RunState): void =>
  runStore.setState(({ run: before, notices }) => ({
    run: {
      ...run,
      marks: keepSame(before?.marks, run.marks),
      skips: keepSame(before?.skips, run.skips),
      progress: keepSame(before?.progress, run.progress),
    },
    notices: notices.every(({ kind }) => isStillTrue(kind, before, run))
      ? notices
      : notices.filter(({ kind }) => isStillTrue(kind, before, run)),
  }));

/** What a notice is said of: when that is over, so is the notice. */
function isStillTrue(kind: Notice['kind'], before: RunState | null, run: RunState): boolean {
  switch (kind) {
    case 'errorReached':
    case 'diverged':
      return before?.isReplay !== true || run.isReplay;
    case 'recovered':
    case 'engineError':
      return (before?.runId ?? '') === '' || before?.runId === run.runId;
    case 'openElsewhere':
      return run.mode !== 'LIVE' && run.mode !== 'PAUSED';
    case 'storageHeld':
      return run.runId === '' && run.mode !== 'MIRROR';
    case 'storageRemoved':
      return before === null || before.runId === run.runId;
    case 'mirrorLost':
      return run.isOwnerGone;
    case 'savedRefused':
    case 'storageDenied':
    case 'storageFailed':
    case 'quotaExceeded':
    case 'workerFailed':
    case 'noWebAssembly':
    case 'keyframeMismatch':
      return true;
  }
}

/** Wall ms between two updates of the event list. */
const eventsMs = 100;
let eventsTimer: ReturnType<typeof setTimeout> | null = null;
let newestPicked: PickedEvents | null = null;
let eventsAt = Number.NEGATIVE_INFINITY;

/** Lists need ten updates a second at most; the last one of a burst always arrives. */
export function takeEvents(picked: PickedEvents): void {
  newestPicked = picked;
  const now = performance.now();
  const show = (): void => {
    eventsTimer = null;
    eventsAt = performance.now();
    if (newestPicked !== null) runStore.setState({ picked: newestPicked });
  };
  if (now - eventsAt >= eventsMs) show();
  else if (eventsTimer === null) eventsTimer = setTimeout(show, eventsMs);
}

const isRemoval = ({ kind }: Notice): boolean => kind === 'storageRemoved';
const met: ReadonlySet<Notice['kind']> = new Set(['storageFailed', 'engineError', 'quotaExceeded']);

/** One notice per kind: the newest says what is true now. */
export function takeNotice(notice: Notice): void {
  // A node or the fabric may have met the removal first, as a write that was refused.
  const others = runStore
    .getState()
    .notices.filter(({ kind }) => kind !== notice.kind && !(isRemoval(notice) && met.has(kind)));
  runStore.setState({ notices: [...others, notice].slice(-noticeLimit) });
}

export function dismissNotice(kind: Notice['kind']): void {
  runStore.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.kind !== kind) }));
}

export function useRun<T>(select: (run: RunState | null) => T): T {
  return useStore(runStore, (state) => select(state.run));
}

export const usePicked = (): PickedEvents => useStore(runStore, (state) => state.picked);
/** What nothing goes on without: a person chooses. Of a saved run that is refused only while no other one runs beside it. */
export function useQuestion(): Notice | null {
  const isBegun = useRun((run) => run !== null && run.runId !== '');
  return (
    useNotices().find(
      ({ kind }) =>
        kind === 'openElsewhere' ||
        kind === 'storageHeld' ||
        kind === 'storageRemoved' ||
        (kind === 'savedRefused' && !isBegun),
    ) ?? null
  );
}

export const useNotices = (): readonly Notice[] => useStore(runStore, (state) => state.notices);
