// One column of a comparison: the load on the preset of an architecture, the fault at its instant, and the rows read back. The tape comes of the
// run, because some faults are aimed by who leads at that instant; played again it is the same run.

import { present } from '../../base/assert.ts';
import type { NodeId, Time } from '../../base/ids.ts';
import { nodeId } from '../../base/ids.ts';
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
import type { ComparedStack, Comparison, FaultMeaning } from './compared.ts';
import { type Following, followNotes, followTrace, leadsOf, makeFollowing } from './follow.ts';
import { lastReads, lostOf, type Rows } from './lost.ts';
import { meaningIn } from './meaning.ts';
import { type ComparedReport, reportOf } from './report.ts';

/** Virtual µs. Every preset has booted, loaded its rows and come to a steady pace long before. */
const FAULT_AT = 400_000;
const FROM = 250_000;
const STOP_AT = 700_000;
const READ_AT = 780_000;
/** Usual end; later where the rows take longer to be read, for this long at most. */
export const COMPARED_USUAL = 900_000;
const LAST_END = 3_000_000;
/** Every time above is a multiple of it. */
const SLICE_US = 10_000;

const DRIVER = nodeId('d1');
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
  readonly stack: ComparedStack;
  readonly preset: string;
  readonly world: World<unknown, unknown>;
  readonly tape: Tape;
  readonly program: AnyProgram;
  readonly edge: Edge;
  readonly following: Following;
  /** The last read is answered; null: with an error, or not yet. */
  isRead: boolean;
  rows: Rows | null;
}

const meaningOf = ({ faults }: ComparedStack, { fault }: Comparison): FaultMeaning => faults[fault];

export function beginCompared(
  known: Known,
  choice: Comparison,
  stack: ComparedStack,
  edge: Edge,
): ComparedPlay {
  const meaning = meaningOf(stack, choice);
  const name = ('means' in meaning ? meaning.preset : undefined) ?? stack.preset;
  const { kind } = stack.loads[choice.load];
  const tape = makeTape(present(known.presets.findPreset(name), 'the preset'), {
    engine: ENGINE,
    seed: choice.seed,
    actions: [
      {
        kind: 'workload',
        at: 0 as Time,
        node: DRIVER,
        name: 'main',
        spec: { kind, ...load, readPercent: choice.load === 'registers' ? 50 : 0 },
      },
      { kind: 'workloadStop', at: STOP_AT as Time, node: DRIVER, name: 'main' },
      {
        kind: 'sql',
        at: READ_AT as Time,
        node: DRIVER,
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
    stack,
    preset: name,
    world: makeWorld<unknown, unknown>(spec),
    tape,
    program: known.programs.programOf(program),
    edge,
    following: makeFollowing(known, spec.cluster, spec.params.lal, {
      from: FROM,
      faultAt: FAULT_AT,
      stopAt: STOP_AT,
      added,
    }),
    isRead: false,
    rows: null,
  };
}

/** Lets one slice of virtual time pass, at whose beginning the fault may be done; true at the end, when the rows have been read back. */
export function stepCompared(play: ComparedPlay): boolean {
  const { fabric } = play.world;
  if (fabric.now === FAULT_AT) doFault(play);
  runTo(play, fabric.now + SLICE_US);
  return (play.isRead && fabric.now >= COMPARED_USUAL) || fabric.now >= LAST_END;
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

function doFault({ known, stack, choice, world, following }: ComparedPlay): void {
  const meaning = meaningOf(stack, choice);
  if ('absent' in meaning) return;
  const writers = new Map([...following.writers].map(([volume, { node }]) => [volume, node]));
  const lines = meaning.lines({
    cluster: world.fabric.cluster,
    writers,
    leads: (node: NodeId) => leadsOf(following, node),
  });
  for (const line of lines) {
    const entry = readEntry(known.tape, line, world.fabric);
    if ('error' in entry) throw new Error(`${line}: ${entry.error}`);
    injectAction(world, entry);
  }
}

/** The figures, once the run has come to its end. */
export function finishCompared(play: ComparedPlay): ComparedReport {
  const { known, world, following, choice, stack, tape, preset } = play;
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
    column: stack.id,
    preset,
    ...meaningIn(stack, choice),
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
  stack: ComparedStack,
  edge: Edge,
): ComparedReport {
  const play = beginCompared(known, choice, stack, edge);
  while (!stepCompared(play));
  return finishCompared(play);
}
