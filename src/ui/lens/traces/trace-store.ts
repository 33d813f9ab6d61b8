// The trace that the lens shows, of which statement of which run, and whether it is being looked for. What has begun and not ended
// is followed anew when it is opened again.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { messageOf } from '../../../base/thrown.ts';
import type { Lab } from '../../../lab/api.ts';
import type { SpanTrace, TraceQuery } from '../../../run-model/spans/span.ts';
import { frameStore } from '../../../state/frame-store.ts';
import { originOf } from '../../../state/of-run.ts';
import { runStore } from '../../../state/run-store.ts';
import { placeOf } from '../../../state/shown-place.ts';
import { showLens } from '../../model/show-lens.ts';

export type TraceTarget = Omit<TraceQuery, 'until'>;

interface TraceState {
  readonly asked: TraceTarget | null;
  readonly isBusy: boolean;
  readonly trace: SpanTrace | null;
  /** Why there is none; empty: the run has no such statement. Null: it is there, or being looked for. */
  readonly failure: string | null;
  /** The chosen span. */
  readonly span: string | null;
}

const none: TraceState = { asked: null, isBusy: false, trace: null, failure: null, span: null };

export const traceStore = createStore<TraceState>(() => none);

export const useTrace = <T>(select: (state: TraceState) => T): T => useStore(traceStore, select);

export const chooseSpan = (span: string | null): void => traceStore.setState({ span });

// A trace is of its run.
runStore.subscribe(({ run }, { run: before }) => {
  if (run === null || before === null || originOf(run) === originOf(before)) return;
  if (originOf(before) !== '') traceStore.setState(none);
});

/** Of the live cluster as far as its tape goes: an answer may come before the picture of its instant. */
const shownUntil = (): number => {
  const { run } = runStore.getState();
  return run !== null && placeOf(run) === 'live'
    ? Number.MAX_SAFE_INTEGER
    : (frameStore.getState().frame?.time ?? 0);
};

/** As known at the instant that is shown. A later question goes before the answer to an earlier one. */
export async function loadTrace(lab: Lab, asked: TraceTarget): Promise<void> {
  traceStore.setState({ ...none, asked, isBusy: true });
  const put = (found: Partial<TraceState>): void => {
    if (traceStore.getState().asked === asked) traceStore.setState({ isBusy: false, ...found });
  };
  try {
    const trace = await lab.trace({ ...asked, until: shownUntil() });
    put({ trace, failure: trace === null ? '' : null, span: trace?.spans[0]?.id ?? null });
  } catch (error) {
    put({ failure: messageOf(error) });
  }
}

/** Opens the lens with it. */
export function openTrace(lab: Lab, asked: TraceTarget): void {
  showLens('traces');
  void loadTrace(lab, asked);
}
