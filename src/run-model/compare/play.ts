// One column of a comparison: the load on a cluster, the fault at its instant, and the rows read back. The tape comes of the
// run, because some faults are aimed by who leads at that instant; played again it is the same run.

import { present } from '../../base/assert.ts';
import type { NodeId, Time } from '../../base/ids.ts';
import type { ClientResult } from '../../core/kernel/client-calls.ts';
import type { WorkloadSpec } from '../../core/kernel/workload-spec.ts';
import { requestIdAt } from '../../sim/actions/clients.ts';
import { ENGINE } from '../../sim/engine.ts';
import type { Edge } from '../../sim/fabric-state.ts';
import type { Known } from '../../sim/known.ts';
import { setupRun } from '../../sim/run-setup.ts';
import type { AnyProgram } from '../../sim/runner-state.ts';
import type { Tape } from '../../sim/tape.ts';
import { readEntry } from '../../sim/tape-entry.ts';
import { printTape } from '../../sim/tape-print.ts';
import { makeTape } from '../../sim/tape-run.ts';
import { diskOf, injectAction, makeWorld, runWorld, type World, worldHash } from '../../sim/world.ts';
import type { ComparedColumn, Comparison, FaultMeaning } from './compared.ts';
import { type Following, followNotes, followTrace, leadsOf, makeFollowing } from './follow.ts';
import { lastReads, lostOf, type Rows } from './lost.ts';
import { meaningIn } from './meaning.ts';
import { type ComparedReport, reportOf } from './report.ts';

/** Virtual µs, times the choice's stretch. Every cluster has booted, loaded its rows and come to a steady pace long before. */
const FAULT_AT = 400_000;
const FROM = 250_000;
const STOP_AT = 700_000;
const READ_AT = 780_000;
/** Usual end; later where the rows take longer to be read, for this long at most. */
const USUAL_END = 900_000;
const LAST_END = 3_000_000;
/** Every time above is a multiple of it. */
const SLICE_US = 10_000;

const SESSION = 'last';

/** Writes only, but for registers: a client that stands at a read says nothing of commits. */
const load: Omit<WorkloadSpec, 'kind'> = {
  rows: 100,
  clients: 6,
  thinkUs: 2000,
  ratePerSecond: 0,
  readPercent: 0,
  hotPercent: 0,
  valueBytes: 40,
  load: true,
};

export interface ComparedPlay {
  readonly known: Known;
  readonly choice: Comparison;
  readonly column: ComparedColumn;
  readonly world: World<unknown, unknown>;
  readonly tape: Tape;
  readonly program: AnyProgram;
  readonly edge: Edge;
  readonly following: Following;
  /** The last read is answered; null: with an error, or not yet. */
  isRead: boolean;
  rows: Rows | null;
}

const meaningOf = ({ stack, preset }: ComparedColumn, { fault }: Comparison): FaultMeaning =>
  stack.faults[fault](preset.cluster);

/** When a column usually ends, virtual µs. */
export const usualEnd = ({ stretch }: Comparison): number => USUAL_END * stretch;

export function beginCompared(
  known: Known,
  choice: Comparison,
  column: ComparedColumn,
  edge: Edge,
): ComparedPlay {
  const { stack, preset } = column;
  const { stretch } = choice;
  const meaning = meaningOf(column, choice);
  const { kind } = stack.loads[choice.load];
  const driver = present(
    preset.cluster.nodes.find(({ roles }) => roles.includes('driver')),
    'a driver',
  ).id;
  const tape = makeTape(preset, {
    engine: ENGINE,
    seed: choice.seed,
    actions: [
      {
        kind: 'workload',
        at: 0 as Time,
        node: driver,
        name: 'main',
        spec: { kind, ...load, readPercent: choice.load === 'registers' ? 50 : 0 },
      },
      { kind: 'workloadStop', at: (STOP_AT * stretch) as Time, node: driver, name: 'main' },
      {
        kind: 'sql',
        at: (READ_AT * stretch) as Time,
        node: driver,
        session: SESSION,
        text: lastReads[choice.load],
        params: [],
      },
    ],
  });
  const made = setupRun(known, tape);
  if (!made.ok) throw new Error(made.error);
  const { spec, program } = made.setup;
  const added = ('means' in meaning ? meaning.added : undefined) ?? null;
  return {
    known,
    choice,
    column,
    world: makeWorld<unknown, unknown>(spec),
    tape,
    program: known.programs.programOf(program),
    edge,
    following: makeFollowing(known, spec.cluster, spec.params.lal, {
      from: FROM * stretch,
      faultAt: FAULT_AT * stretch,
      stopAt: STOP_AT * stretch,
      added,
    }),
    isRead: false,
    rows: null,
  };
}

/** Lets one slice of virtual time pass, at whose beginning the fault may be done; true at the end, when the rows have been read back. */
export function stepCompared(play: ComparedPlay): boolean {
  const { choice } = play;
  const { fabric } = play.world;
  const faultAt = FAULT_AT * choice.stretch;
  if (fabric.now === faultAt) doFault(play, 'lines');
  if (fabric.now === faultAt + SLICE_US) doFault(play, 'after');
  runTo(play, fabric.now + SLICE_US);
  return (play.isRead && fabric.now >= usualEnd(choice)) || fabric.now >= LAST_END * choice.stretch;
}

function runTo(play: ComparedPlay, until: number): void {
  const { known, world, following, program, edge } = play;
  const host = {
    program,
    edge,
    tape: known.tape,
    onTrace: (events: Parameters<typeof followTrace>[2]) => followTrace(known, following, events),
    onNotes: (notes: Parameters<typeof followNotes>[1]) => {
      following.cluster = world.fabric.cluster;
      followNotes(following, notes, program.describeMessage);
    },
    onReply: ({ requestId, result }: { readonly requestId: string; readonly result: ClientResult }) => {
      if (requestId !== lastRequest(play)) return;
      const [only] = result.statements;
      play.isRead = true;
      if (only?.kind === 'rows') play.rows = only.rows;
    },
  };
  runWorld(world, host, { until: until as Time });
}

const lastRequest = ({ world }: ComparedPlay): string =>
  requestIdAt(world.fabric.tape, world.fabric.tape.length - 1);

function doFault({ known, column, choice, world, following }: ComparedPlay, part: 'lines' | 'after'): void {
  const meaning = meaningOf(column, choice);
  if ('absent' in meaning) return;
  const writers = new Map([...following.writers].map(([volume, { node }]) => [volume, node]));
  const lines = meaning[part]?.({
    cluster: world.fabric.cluster,
    writers,
    leads: (node: NodeId) => leadsOf(following, node),
  });
  for (const line of lines ?? []) {
    const entry = readEntry(known.tape, line, world.fabric);
    if ('error' in entry) throw new Error(`${line}: ${entry.error}`);
    injectAction(world, entry);
  }
}

/** The figures, once the run has come to its end. */
export function finishCompared(play: ComparedPlay): ComparedReport {
  const { known, world, following, choice, column, tape } = play;
  const hash = worldHash(world);
  const header = { ...tape.header, end: { at: world.fabric.now, hash } };
  const disks = new Map(
    world.fabric.nodes.map(({ spec: { id } }) => [
      id,
      [...diskOf(world, id).values()].reduce((sum, bytes) => sum + bytes.length, 0),
    ]),
  );
  following.cluster = world.fabric.cluster;
  return reportOf(following, {
    choice,
    column: column.name,
    architecture: column.stack.id,
    ...meaningIn(column, choice),
    tape: printTape(known.tape, { header, actions: world.fabric.tape }),
    hash,
    lost: lostOf(choice.load, following.history, play.rows),
    disks,
  });
}

/** A whole column at once. */
export function playCompared(
  known: Known,
  choice: Comparison,
  column: ComparedColumn,
  edge: Edge,
): ComparedReport {
  const play = beginCompared(known, choice, column, edge);
  while (!stepCompared(play));
  return finishCompared(play);
}
