// Undo and redo of what a person did, newest first: a card that was moved goes back in place, an action of the protocol rewinds
// the cluster to just before it, on a new branch. What is looked at (lens, selection, panels) is nothing that was done.

import type { Lab } from '../../lab/api.ts';
import { runStore } from '../../state/run-store.ts';
import { lineWords } from '../faults/action-words.ts';
import { t } from '../i18n/i18n.ts';
import { showToast } from '../kit/toast.ts';
import type { MapState } from '../model/map-store.ts';
import { withoutTime } from './branch-names.ts';

interface CardEntry {
  readonly kind: 'cards';
  /** The press of the pointer under which it changed; null: under none. */
  readonly press: number | null;
  readonly revert: () => void;
  readonly again: () => void;
}

type Entry = CardEntry | { readonly kind: 'action'; readonly line: string };

/** Entries that can be taken back; the oldest are forgotten. */
const LIMIT = 200;

let done: readonly Entry[] = [];
let undone: readonly Entry[] = [];
/** True while an entry is being undone: what changes then is no new entry. */
let isBusy = false;

function record(entry: Entry): void {
  if (isBusy) return;
  const last = done.at(-1);
  const isSame = entry.kind === 'cards' && isContinued(entry, last);
  const merged = isSame ? { ...entry, revert: last.revert } : entry;
  done = [...(isSame ? done.slice(0, -1) : done), merged].slice(-LIMIT);
  undone = [];
}

let continuedAt = Number.NEGATIVE_INFINITY;
/** Wall ms within which moves by keys are one. */
const CONTINUED_MS = 600;

/** A drag is one change from where it began, however long it takes; so are keys pressed one after another. */
function isContinued({ press }: CardEntry, last: Entry | undefined): last is CardEntry {
  const now = performance.now();
  const isSoon = now - continuedAt < CONTINUED_MS;
  continuedAt = now;
  if (last?.kind !== 'cards') return false;
  return press === null ? last.press === null && isSoon : last.press === press;
}

const pick = <T extends object, K extends keyof T>(value: T, keys: readonly K[]): Pick<T, K> =>
  Object.fromEntries(keys.map((key) => [key, value[key]])) as Pick<T, K>;

/** Cards have got the height of the other wording, and stand where they stood. */
const isResized = (now: Cards, before: Cards): boolean =>
  now.boxes !== before.boxes &&
  cardKeys.every((key) => key === 'boxes' || now[key] === before[key]) &&
  Object.entries(now.boxes).every(([id, { x, y }]) => before.boxes[id]?.x === x && before.boxes[id].y === y);

const cardKeys = ['boxes', 'zones', 'width', 'height', 'way', 'isAsLaidOut'] as const;

/** Presses of the pointer so far, and whether one is held. */
let presses = 0;
let isPressed = false;

function watchPresses(pointer: EventTarget): () => void {
  const onDown = (): void => {
    presses++;
    isPressed = true;
  };
  const onUp = (): void => {
    isPressed = false;
  };
  const ends = ['pointerup', 'pointercancel'];
  pointer.addEventListener('pointerdown', onDown, true);
  for (const end of ends) pointer.addEventListener(end, onUp);
  return () => {
    pointer.removeEventListener('pointerdown', onDown, true);
    for (const end of ends) pointer.removeEventListener(end, onUp);
  };
}

type Cards = Pick<MapState, (typeof cardKeys)[number] | 'preset'>;

/** Where the cards of the map stand: the map's own store. */
interface CardStore {
  subscribe(listener: (now: Cards, before: Cards) => void): () => void;
  setState(change: object): void;
}

/** Follows what can be taken back; `pointer`: where presses are heard. */
export function watchDeeds(lab: Lab, cards: CardStore, pointer: EventTarget = window): () => void {
  const stops = [
    watchPresses(pointer),
    cards.subscribe((now, before) => {
      // Where the cards of another cluster stood is of no use; what the pane's size arranges is nobody's doing.
      if (now.preset !== before.preset) forgetCards();
      else if (now.isAsLaidOut !== true && !isResized(now, before))
        recordMove((change) => cards.setState(change), pick(now, cardKeys), pick(before, cardKeys));
    }),
    lab.subscribe({
      onRun({ undo, runId }) {
        const isNew = undo !== null && undo !== lastLine && runId === lastRun;
        lastLine = undo;
        lastRun = runId;
        if (isNew) record({ kind: 'action', line: undo });
      },
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

let lastLine: string | null = null;
let lastRun = '';

function recordMove<T extends object>(set: (change: T) => void, now: T, before: T): void {
  const isSame = (Object.keys(now) as (keyof T)[]).every((key) => now[key] === before[key]);
  if (isSame) return;
  const press = isPressed ? presses : null;
  record({ kind: 'cards', press, revert: () => set(before), again: () => set(now) });
}

function forgetCards(): void {
  const isKept = ({ kind }: Entry): boolean => kind !== 'cards';
  done = done.filter(isKept);
  undone = undone.filter(isKept);
}

async function busily<T>(work: () => T | Promise<T>): Promise<T> {
  isBusy = true;
  try {
    return await work();
  } finally {
    isBusy = false;
  }
}

export async function undoLast(lab: Lab): Promise<void> {
  if (isBusy) return;
  const run = runStore.getState().run;
  const isTwin = run?.mode === 'TWIN';
  const last = isTwin ? undefined : done.at(-1);
  if (last?.kind === 'cards') {
    done = done.slice(0, -1);
    undone = [...undone, last];
    await busily(last.revert);
    showToast({ kind: 'note', text: t('undo.cards') });
    return;
  }
  // What was done before this page was loaded is on the tape all the same.
  if (!isTwin && run?.undo == null) {
    showToast({ kind: 'note', text: t('undo.nothing') });
    return;
  }
  await takeBack(lab, isTwin);
}

/** The newest action, and its entry: cards that were moved after it stay. */
async function takeBack(lab: Lab, isTwin: boolean): Promise<void> {
  const result = await busily(() => lab.undo());
  if (!result.ok) {
    showToast({ kind: 'error', text: t('undo.failed', { error: result.error }) });
    return;
  }
  if (!isTwin) {
    const newest = done.findLastIndex(({ kind }) => kind === 'action');
    done = done.filter((_, i) => i !== newest);
    undone = [...undone, { kind: 'action', line: result.line }];
  }
  const line = lineWords(withoutTime(result.line), t);
  showToast({ kind: 'done', text: t(isTwin ? 'undo.twin' : 'undo.done', { line }) });
}

/** This one action, if nothing was done after it: what its toast offers. */
export async function undoAction(lab: Lab, line: string): Promise<void> {
  if (isBusy) return;
  const { mode, undo } = lab.run();
  const isTwin = mode === 'TWIN';
  if (!isTwin && (undo === null || withoutTime(undo) !== withoutTime(line)))
    showToast({ kind: 'note', text: t('undo.notNewest', { line: lineWords(withoutTime(line), t) }) });
  else await takeBack(lab, isTwin);
}

export async function redoLast(lab: Lab): Promise<void> {
  if (isBusy) return;
  const last = undone.at(-1);
  if (last?.kind === 'cards') {
    undone = undone.slice(0, -1);
    done = [...done, last];
    await busily(last.again);
    showToast({ kind: 'note', text: t('undo.cardsAgain') });
    return;
  }
  if (runStore.getState().run?.redo == null) {
    showToast({ kind: 'note', text: t('undo.nothingAgain') });
    return;
  }
  const result = await busily(() => lab.redo());
  if (!result.ok) {
    showToast({ kind: 'error', text: t('undo.failed', { error: result.error }) });
    return;
  }
  undone = undone.slice(0, -1);
  done = [...done, { kind: 'action', line: result.line }];
  showToast({ kind: 'done', text: t('undo.redone', { line: lineWords(withoutTime(result.line), t) }) });
}
