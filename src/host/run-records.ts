// The runs of a lab: the one that is on has disks, the others are kept as tapes, from which their disks are made again.
// Together they are a tree: an undo, a twin made live and a run opened from another's past hang below it.

import type { TapeMark } from '../sim/tape.ts';

/** Runs kept beside the one that is on; beyond it the oldest that is not pinned is forgotten. */
export const MAX_KEPT_RUNS = 60;

/** How a run came to be. */
export type RunOrigin =
  | { readonly kind: 'start' }
  | { readonly kind: 'tape' }
  /** Rewound to just before this line. */
  | { readonly kind: 'undo'; readonly line: string }
  /** A what-if twin that was made live; its first own line, if it had one. */
  | { readonly kind: 'twin'; readonly line: string | null };

export interface RunRecord {
  readonly runId: string;
  readonly parent: string | null;
  readonly origin: RunOrigin;
  /** Given by a person. */
  readonly name: string | null;
  readonly isPinned: boolean;
  /** Places in its time that a person marked, by time; they travel in its tape. */
  readonly marks: readonly TapeMark[];
  /** The lesson that began it or the run that it left: nobody leads it on once that is closed. Empty: one of a file. */
  readonly lesson?: string;
  /** The press of a link that it, or the run that it left, began by: it is not followed again. */
  readonly asked?: string;
  /** Wall time of its beginning, ms. */
  readonly startedAt: number;
  /** Virtual time at which it left its parent, µs. */
  readonly forkedAt: number;
}

/** A run that is not on: everything that is needed to make it again. */
export interface KeptRun extends RunRecord {
  /** Header and lines of its tape. */
  readonly header: string;
  readonly lines: readonly string[];
  /** Virtual time to which it had come, µs. */
  readonly until: number;
}

/** What a person may change of a run. */
export type RecordChange = Partial<Pick<RunRecord, 'name' | 'isPinned' | 'marks'>>;

/** Records written before there were marks have none. */
export const withMarks = <T extends RunRecord>(record: T): T => ({ ...record, marks: record.marks ?? [] });

/** What the screen lists. */
export interface RunItem extends RunRecord {
  readonly isOn: boolean;
  readonly preset: string;
  readonly seed: number;
  readonly until: number;
  readonly actions: number;
  /** Tape, keyframes and, of the run that is on, disks. */
  readonly bytes: number;
}

export interface RunsState {
  readonly runs: readonly RunItem[];
  /** Bytes that the browser counts for everything of this site, and grants; zeros when it does not tell. */
  readonly usedBytes: number;
  readonly quotaBytes: number;
}

export const tapeText = ({ header, lines }: Pick<KeptRun, 'header' | 'lines'>): string =>
  `${header}${lines.map((line) => `${line}\n`).join('')}`;

/** The engine that a kept header names; empty: it names none. */
export const engineOf = (header: string): string => /^engine (\S+)/m.exec(header)?.[1] ?? '';

/** Lines that a person, an operator or a power cut added to what a preset starts with. */
export const hasOwnLines = (lines: readonly string[]): boolean =>
  lines.some((line) => !line.startsWith('0.000 '));

/** Whether a person gave it something that its preset and seed do not give again, besides what was done in it. */
export const isMarkedOut = ({ name, isPinned, parent, marks }: RunRecord): boolean =>
  name !== null || isPinned || parent !== null || marks.length > 0;

const isPowerCut = (line: string): boolean => /^\S+ powerCut\b/.test(line);

/** Preset and seed give it again, but for the power cuts that it lived through. */
const isReplaceable = (run: KeptRun): boolean =>
  !isMarkedOut(run) && !hasOwnLines(run.lines.filter((line) => !isPowerCut(line)));

/**
 * Which kept runs must go so that there are not too many: those that nobody did anything in before the others, of each the oldest first,
 * never one that is pinned.
 */
export function overflow(kept: readonly KeptRun[]): readonly string[] {
  const free = kept
    .filter(({ isPinned }) => !isPinned)
    .sort((a, b) => Number(isReplaceable(b)) - Number(isReplaceable(a)) || a.startedAt - b.startedAt);
  return free.slice(0, Math.max(0, kept.length - MAX_KEPT_RUNS)).map(({ runId }) => runId);
}

/** Children of a run that is gone hang below its parent. */
export function withoutRun<T extends RunRecord>(records: readonly T[], runId: string): readonly T[] {
  const gone = records.find((record) => record.runId === runId);
  return records
    .filter((record) => record !== gone)
    .map((record) => (record.parent === runId ? { ...record, parent: gone?.parent ?? null } : record));
}

/** The way back from an undo: the run that was left, and the action that was taken back. */
export interface RedoEntry {
  readonly runId: string;
  readonly line: string;
}

/** Whether these lines are what a rewind left of others, with nothing done since; a power cut is nobody's doing. */
function isRewound(lines: readonly string[], of: readonly string[], undone: string): boolean {
  let place = 0;
  for (const line of lines) {
    if (line === of[place]) place++;
    else if (!isPowerCut(line)) return false;
  }
  return of[place] === undone;
}

/**
 * The redos that stand open for a run, the newest last, derived from the branches that undos left: of a run that is opened
 * again nothing else is known.
 */
export function openRedos(
  on: { readonly record: RunRecord; readonly lines: readonly string[] },
  kept: readonly KeptRun[],
): readonly RedoEntry[] {
  const found: RedoEntry[] = [];
  let { record, lines } = on;
  while (record.origin.kind === 'undo') {
    const { line } = record.origin;
    const left = kept.find(({ runId }) => runId === record.parent);
    if (left === undefined || !isRewound(lines, left.lines, line)) break;
    found.unshift({ runId: left.runId, line });
    ({ lines } = left);
    record = left;
  }
  return found;
}
