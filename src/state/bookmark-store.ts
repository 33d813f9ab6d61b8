// Bookmarks of a run: named places in its time. Kept in localStorage by the run's name, read as untrusted text.

import * as v from 'valibot';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

const bookmark = v.object({ at: v.number(), name: v.nullable(v.pipe(v.string(), v.maxLength(80))) });
export type Bookmark = v.InferOutput<typeof bookmark>;
const saved = v.record(v.string(), v.array(bookmark));

const storageKey = 'postdb-lab:bookmarks';
/** Bookmarks of one run, and runs whose bookmarks are kept: the oldest go first. */
const markLimit = 50;
const runLimit = 40;

function readSaved(): Readonly<Record<string, readonly Bookmark[]>> {
  try {
    return v.parse(saved, JSON.parse(globalThis.localStorage?.getItem(storageKey) ?? '{}'));
  } catch {
    return {};
  }
}

export const bookmarkStore = createStore<{ readonly runs: Readonly<Record<string, readonly Bookmark[]>> }>(
  () => ({
    runs: readSaved(),
  }),
);

bookmarkStore.subscribe(({ runs }) => {
  try {
    globalThis.localStorage?.setItem(storageKey, JSON.stringify(runs));
  } catch {
    // Storage refused: they last as long as the page.
  }
});

function change(runId: string, edit: (marks: readonly Bookmark[]) => readonly Bookmark[]): void {
  bookmarkStore.setState(({ runs }) => {
    const { [runId]: marks = [], ...others } = runs;
    const kept = Object.entries(others).slice(1 - runLimit);
    const next = [...edit(marks)].sort((a, b) => a.at - b.at).slice(-markLimit);
    return { runs: { ...Object.fromEntries(kept), [runId]: next } };
  });
}

export const addBookmark = (runId: string, at: number): void =>
  change(runId, (marks) => (marks.some((mark) => mark.at === at) ? marks : [...marks, { at, name: null }]));
export const renameBookmark = (runId: string, at: number, name: string): void =>
  change(runId, (marks) => marks.map((mark) => (mark.at === at ? { at, name: name.trim() || null } : mark)));
export const removeBookmark = (runId: string, at: number): void =>
  change(runId, (marks) => marks.filter((mark) => mark.at !== at));

const none: readonly Bookmark[] = [];

export const useBookmarks = (runId: string): readonly Bookmark[] =>
  useStore(bookmarkStore, ({ runs }) => runs[runId] ?? none);
