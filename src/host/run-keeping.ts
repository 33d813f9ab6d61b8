// Keeping runs: what is remembered of a run that is left, and the list of all of them for the screen.

import { parseTape } from '../sim/tape-parse.ts';
import { printLine, printTape } from '../sim/tape-print.ts';
import { tapes } from '../stacks/tapes.ts';
import { storageEstimate } from './databases.ts';
import type { OpenTwin } from './fabric-messages.ts';
import type { HostCore, Running } from './host-core.ts';
import { randomId } from './random-id.ts';
import {
  hasOwnLines,
  isMarkedOut,
  type KeptRun,
  type RecordChange,
  type RunItem,
  type RunRecord,
  type RunsState,
  tapeText,
} from './run-records.ts';

/** Run names only have to differ from one another in this browser; they are no part of the run. */
export const newRunId = (): string => randomId(1);

export const makeRecord = (
  runId: string,
  origin: RunRecord['origin'],
  parent: Running | null = null,
  marks: RunRecord['marks'] = [],
): RunRecord => ({
  runId,
  parent: parent?.runId ?? null,
  origin,
  name: null,
  isPinned: false,
  marks,
  startedAt: Date.now(),
  forkedAt: parent?.cluster.fabric.now ?? 0,
  ...(parent?.record.lesson === undefined ? {} : { lesson: parent.record.lesson }),
  ...(parent?.record.asked === undefined ? {} : { asked: parent.record.asked }),
});

/** The run as it is kept when another takes its place; null when preset and seed are all there is to it. */
export function keptOf(running: Running | null, isNeeded = false): KeptRun | null {
  if (running === null) return null;
  const { record, setup, cluster } = running;
  const { fabric } = cluster;
  const lines = fabric.tape.slice(0, fabric.position).map((action) => printLine(tapes, action));
  if (!isNeeded && !isMarkedOut(record) && !hasOwnLines(lines)) return null;
  const header = printTape(tapes, { header: { ...setup.tape.header, end: null }, actions: [] });
  return { ...record, header, lines, until: fabric.now };
}

const twinId = (runId: string, branch: string, at: number): string => `${runId}.${branch}.${at}`;

/** A twin as a run of its own, below the one that it left; while nothing is done to it, there is nothing to keep. */
export async function keepTwin(
  core: HostCore,
  { runId, branch, at, until, inherited, lines: own }: OpenTwin & { readonly runId: string },
): Promise<void> {
  const { running } = core;
  if (running?.runId !== runId || core.lost !== null) return;
  const name = twinId(runId, branch, at);
  const [line] = own;
  if (line === undefined) return core.theStore().dropTwin(name);
  const { fabric } = running.cluster;
  const lines = [...fabric.tape.slice(0, inherited).map((action) => printLine(tapes, action)), ...own];
  const header = printTape(tapes, { header: { ...running.setup.tape.header, end: null }, actions: [] });
  const record = { ...makeRecord(name, { kind: 'twin', line }, running), forkedAt: at };
  await core.theStore().putTwin({ ...record, header, lines, until });
}

export async function dropTwin(core: HostCore, runId: string, branch: string, at: number): Promise<void> {
  if (core.running?.runId === runId && core.lost === null)
    await core.theStore().dropTwin(twinId(runId, branch, at));
}

/** The tape so far, with the person's marks; `hash`: of everything that happened, where its end can be compared. */
export function printRun({ cluster: { fabric }, setup, record }: Running, hash: string | null): string {
  const end = hash === null ? null : { at: fabric.now, hash };
  return printTape(tapes, {
    header: { ...setup.tape.header, marks: record.marks, end },
    actions: fabric.tape,
  });
}

export async function listRuns(core: HostCore): Promise<RunsState> {
  const kept = await core.theStore().keptRuns();
  const keyframes = (await core.theStore().keyframes?.bytes()) ?? new Map<string, number>();
  const runs = kept.map((run) => itemOf(run, false, keyframes.get(run.runId) ?? 0));
  const on = keptOf(core.running, true);
  let diskBytes = 0;
  for (const { disk } of core.running?.cluster.recorder.nodes.values() ?? []) diskBytes += disk?.bytes ?? 0;
  if (on !== null) runs.push(itemOf(on, true, diskBytes + (keyframes.get(on.runId) ?? 0)));
  return { runs, ...(await storageEstimate()) };
}

function itemOf({ header, lines, ...run }: KeptRun, isOn: boolean, moreBytes: number): RunItem {
  const parsed = parseTape(tapes, header);
  const { preset, seed } = parsed.ok ? parsed.tape.header : { preset: '', seed: 0 };
  return {
    ...run,
    isOn,
    preset,
    seed,
    actions: lines.length,
    bytes: tapeText({ header, lines }).length + moreBytes,
  };
}

export async function changeRecord(core: HostCore, runId: string, change: RecordChange): Promise<void> {
  await core.theStore().changeRecord(runId, change);
  const { running } = core;
  if (running?.runId === runId) running.record = { ...running.record, ...change };
}

/** A run that is on cannot be deleted; what hangs below the one that goes moves up. */
export async function deleteRun(core: HostCore, runId: string): Promise<void> {
  const { running } = core;
  if (running?.runId === runId) throw new Error('the run that is on cannot be deleted');
  const gone = (await core.theStore().keptRuns()).find((run) => run.runId === runId);
  await core.theStore().deleteKept(runId);
  core.redo = core.redo.filter((entry) => entry.runId !== runId);
  if (running !== null && running.record.parent === runId)
    running.record = { ...running.record, parent: gone?.parent ?? null };
}
