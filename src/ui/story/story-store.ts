// The caption that is shown, fed by the new events of the run. Nothing here has a timer: what does not happen is not shown.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { RunState } from '../../lab/api.ts';
import type { ViolationFrame, WorldFrame } from '../../run-model/picture/frame.ts';
import type { NewEvents } from '../../run-model/recorder/new-events.ts';
import { frameStore } from '../../state/frame-store.ts';
import { onNewEvents } from '../../state/new-events-store.ts';
import { runStore } from '../../state/run-store.ts';
import { placeOf } from '../../state/shown-place.ts';
import { t } from '../i18n/i18n.ts';
import { type Flow, newFlow, offer, readingMs } from './caption-flow.ts';
import { type Caption, describeCaption } from './captions.ts';
import { newStory } from './story.ts';
import { noStory, type StoryPlace, saidOf, turnTo } from './story-place.ts';

interface StoryState {
  readonly flow: Flow | null;
  /** A violation that a link leads to: the run stands shortly before it. */
  readonly ahead: ViolationFrame | null;
}

export const storyStore = createStore<StoryState>(() => ({ flow: null, ahead: null }));

let current = noStory;

/** Preset, seed and tape: what a story is of. */
const storyOf = (run: RunState, frame: WorldFrame): string =>
  `${run.isReplay ? run.openedTapes : ''} ${frame.preset} ${frame.seed}`;

function show(): void {
  const { run } = runStore.getState();
  const { frame } = frameStore.getState();
  const starts = run?.mode === 'BOOTING' && frame !== null;
  const flow = saidOf(current, starts ? { of: storyOf(run, frame), time: frame.time } : null);
  if (flow !== storyStore.getState().flow) storyStore.setState({ flow });
}

function setPlace(next: StoryPlace): void {
  current = next;
  show();
}

const lookAt = (run: RunState): void => setPlace(turnTo(current, placeOf(run), run.runId));

/** Time stands, or one step was made: what happened is narrated at once. */
export const timeStands = (): boolean => runStore.getState().run?.playing !== true;

function take(news: NewEvents): void {
  const { run } = runStore.getState();
  const { frame } = frameStore.getState();
  if (run === null || frame === null || run.mode === 'BOOTING') return;
  lookAt(run);
  const of = storyOf(run, frame);
  const flow =
    (of === current.of ? current.flow : null) ?? newFlow(newStory(frame.cluster, frame.mutants.length > 0));
  const needsMs = flow.shown === null ? 0 : readingMs(describeCaption(flow.shown, t));
  const next = offer(flow, { ...news, nowMs: performance.now(), needsMs, stands: timeStands() });
  setPlace({ ...current, of, flow: next });
}

let started = false;

/** Begins to listen; once for the page. */
export function startStory(): void {
  if (started) return;
  started = true;
  onNewEvents(take);
  runStore.subscribe(({ run }) => {
    if (run === null) return;
    if (run.mode === 'BOOTING') show();
    else lookAt(run);
  });
  frameStore.subscribe(() => {
    if (runStore.getState().run?.mode === 'BOOTING') show();
  });
}

export const useCaption = (): Caption | null => useStore(storyStore, ({ flow }) => flow?.shown ?? null);

/** What the caption says lasts no longer. */
export const useIsOver = (): boolean => useStore(storyStore, ({ flow }) => flow?.isOver ?? false);
