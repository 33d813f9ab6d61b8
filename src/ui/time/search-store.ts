// A search through the whole run: its pattern, what it found, and where one stands in it.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Lab } from '../../lab/api.ts';
import type { ListedEvent } from '../../run-model/picture/frame.ts';
import { frameStore } from '../../state/frame-store.ts';
import { originOf } from '../../state/of-run.ts';
import { runStore } from '../../state/run-store.ts';
import { selectionStore, selectNode } from '../../state/selection-store.ts';

/** Events that one look brings; more come when one steps beyond them. */
const BATCH = 200;

interface SearchState {
  readonly pattern: string;
  readonly isBusy: boolean;
  /** Null: no search is on, the list shows the newest events. */
  readonly found: readonly ListedEvent[] | null;
  /** The run may hold more before the first or after the last that was found. */
  readonly hasEarlier: boolean;
  readonly hasLater: boolean;
  /** The event that was gone to, by the search or by a link. */
  readonly at: ListedEvent | null;
}

export const searchStore = createStore<SearchState>(() => ({
  pattern: '',
  isBusy: false,
  found: null,
  hasEarlier: false,
  hasLater: false,
  at: null,
}));

// Who chooses an event means it, and not what was gone to before; a search that has not found it gives way.
selectionStore.subscribe(({ subject }, before) => {
  if (subject?.kind !== 'event' || subject === before.subject) return;
  const { found, at } = searchStore.getState();
  if (found?.some(({ index }) => index === subject.listed.index) === false) clearSearch();
  else if (at !== null) searchStore.setState({ at: null });
});

// What was found is of its run.
runStore.subscribe(({ run }, { run: before }) => {
  if (run === null || before === null || originOf(run) === originOf(before)) return;
  if (originOf(before) !== '') clearSearch();
});

export function useSearch<T>(select: (state: SearchState) => T): T {
  return useStore(searchStore, select);
}

export const clearSearch = (): void =>
  searchStore.setState({ pattern: '', found: null, hasEarlier: false, hasLater: false, at: null });

type Direction = 'next' | 'previous';

/** Where the run stands, as a place between events. */
const here = (): { index: number; time: number } => ({
  index: runStore.getState().picked.total - 1,
  time: frameStore.getState().frame?.time ?? 0,
});

async function look(lab: Lab, from: { index: number; time: number }, direction: Direction) {
  searchStore.setState({ isBusy: true });
  try {
    const { pattern } = searchStore.getState();
    return await lab.search({ pattern, from, direction, limit: BATCH });
  } catch {
    // Ended by a person: what was found before stays.
    return { events: [], isEnd: false };
  } finally {
    searchStore.setState({ isBusy: false });
  }
}

/** The matches around where the run stands; goes to none of them. */
export async function startSearch(lab: Lab): Promise<void> {
  const from = here();
  const { mode } = lab.run();
  const wasLive = mode === 'LIVE' || mode === 'PAUSED';
  const before = await look(lab, { index: from.index + 1, time: from.time }, 'previous');
  const after = await look(lab, from, 'next');
  searchStore.setState({
    found: [...before.events, ...after.events],
    hasEarlier: !before.isEnd,
    hasLater: !after.isEnd,
    at: null,
  });
  // Looked through from a past: where there is nothing to go to, nobody has left the present.
  if (wasLive && before.events.length + after.events.length === 0) lab.returnToLive();
}

export async function goToFound(lab: Lab, event: ListedEvent): Promise<void> {
  searchStore.setState({ at: event });
  selectNode(event.node);
  // A twin begins at its fork: what was before is main's.
  const { branches, shown } = lab.run();
  const fork = branches.find(({ id }) => id === shown)?.fork ?? null;
  if (fork !== null && event.at < fork.at) await lab.showBranch('main');
  await lab.seekEvent(event.index);
}

/** To the next or previous match from the one that was gone to, or from where the run stands. */
export async function stepSearch(lab: Lab, direction: Direction): Promise<void> {
  if (searchStore.getState().found === null) await startSearch(lab);
  const { found, at, hasEarlier, hasLater } = searchStore.getState();
  if (found === null) return;
  const index = at?.index ?? here().index + (direction === 'previous' ? 1 : 0);
  const event =
    direction === 'next'
      ? found.find((one) => one.index > index)
      : found.findLast((one) => one.index < index);
  if (event !== undefined) return goToFound(lab, event);
  const edge = direction === 'next' ? found.at(-1) : found[0];
  if (edge === undefined || !(direction === 'next' ? hasLater : hasEarlier)) return;
  const more = await look(lab, { index: edge.index, time: edge.at }, direction);
  searchStore.setState(
    direction === 'next'
      ? { found: [...found, ...more.events], hasLater: !more.isEnd }
      : { found: [...more.events, ...found], hasEarlier: !more.isEnd },
  );
  const first = direction === 'next' ? more.events[0] : more.events.at(-1);
  if (first !== undefined) await goToFound(lab, first);
}
