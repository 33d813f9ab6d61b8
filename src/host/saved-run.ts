// A run as the lab's storage holds it when a page begins: whether this lab can go on with it, and what is kept of it when another
// takes its place before it went on.

import type { Time } from '../base/ids.ts';
import { ENGINE } from '../sim/engine.ts';
import { type RunSetup, setupRun } from '../sim/run-setup.ts';
import type { Tape } from '../sim/tape.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { printTape } from '../sim/tape-print.ts';
import { known } from '../stacks/known.ts';
import { tapes } from '../stacks/tapes.ts';
import { lastStamp } from './databases.ts';
import type { SavedRefusal } from './fabric-messages.ts';
import type { DiskSet } from './host-core.ts';
import type { RefusedRun, StoredRun } from './lab-store.ts';
import type { Saved } from './opening.ts';
import { makeRecord } from './run-keeping.ts';
import {
  engineOf,
  hasOwnLines,
  isMarkedOut,
  type KeptRun,
  type RunRecord,
  tapeText,
  withMarks,
} from './run-records.ts';

/** One that the lab can go on with. */
export interface ReadableRun {
  readonly ok: true;
  readonly stored: StoredRun;
  readonly record: RunRecord;
  readonly disks: DiskSet;
  readonly tape: Tape;
  readonly setup: RunSetup;
}

export type ReadRun = ReadableRun | { readonly ok: false; readonly refusal: SavedRefusal };

export function readSaved(stored: StoredRun | RefusedRun): ReadRun {
  if ('refused' in stored)
    return { ok: false, refusal: { detail: stored.refused, engines: null, tape: stored.tape } };
  const tape = tapeText({ header: stored.run.header, lines: stored.lines });
  const refuse = (detail: string, engines: SavedRefusal['engines'] = null): ReadRun => ({
    ok: false,
    refusal: { detail, engines, tape },
  });
  // Before its lines are read: another engine may know others. Its disks are that one's, and what it did would be judged by this one's rules.
  const saved = engineOf(stored.run.header);
  if (saved !== ENGINE)
    return refuse(`the saved cluster is of engine ${saved}, this lab has engine ${ENGINE}`, {
      saved,
      here: ENGINE,
    });
  const parsed = parseTape(tapes, tape);
  if (!parsed.ok) return refuse(`line ${parsed.line}: ${parsed.error}`);
  const made = setupRun(known, parsed.tape);
  if (!made.ok) return refuse(made.error);
  const { run } = stored;
  return {
    ok: true,
    stored,
    record: withMarks(run.record ?? makeRecord(run.runId, { kind: 'start' })),
    disks: { name: run.disks ?? run.runId, turn: run.turn ?? null },
    tape: parsed.tape,
    setup: made.setup,
  };
}

export function savedOf(read: ReadRun | null, kept: readonly KeptRun[]): Saved {
  if (read === null) return { kind: 'nothing' };
  if (!read.ok) return { kind: 'unreadable' };
  const { record, tape, stored } = read;
  const { preset, seed } = tape.header;
  const isWanted = isMarkedOut(record) || hasOwnLines(stored.lines);
  const followed = [record, ...kept].flatMap(({ asked }) => (asked === undefined ? [] : [asked]));
  return { kind: 'run', preset, seed, followed, isWanted };
}

/** Virtual time to which it had come, as far as its tape and what was shown say. */
export const toldUntil = ({ stored, tape }: ReadableRun): Time =>
  Math.max(stored.shown, tape.actions.at(-1)?.at ?? 0) as Time;

/** As a run that was left where its nodes' disks stand: it was not opened. */
export async function keptOfSaved(lab: string, read: ReadableRun): Promise<KeptRun> {
  const { record, disks, stored, tape } = read;
  const header = printTape(tapes, { header: { ...tape.header, end: null }, actions: [] });
  const until = Math.max(toldUntil(read), await lastStamp(lab, disks.name, disks.turn));
  return { ...record, header, lines: stored.lines, until };
}
