// Runs of `cynosdb-backup` with what a restore starts from: load, a table of notes, a DELETE that should not have been. What the
// console asked is answered by the virtual time at which it did; every monitor is on.

import type { NodeId, Time } from '../base/ids.ts';
import type { ClientResult } from '../core/kernel/client-calls.ts';
import type { ClusterSpec } from '../core/kernel/cluster-spec.ts';
import type { Mutants } from '../core/kernel/mutants.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { makeMonitors, observe } from '../sim/checks/monitors.ts';
import { setupRun } from '../sim/run-setup.ts';
import { parseTape } from '../sim/tape-parse.ts';
import type { OutReply, TracedEvent } from '../sim/types.ts';
import { diskOf, makeWorld, runWorld } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { programOf } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';
import type { TapeRun } from './tape-fixture.ts';

const LOAD =
  '0.000 workload d1 kind=transfer rows=20 clients=2 thinkUs=2000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';
export const ROWS = Array.from({ length: 12 }, (_, i) => [String(i + 1), `kept ${i + 1}`]);
const INSERT = ROWS.map(([id, text]) => `(${id}, '${text}')`).join(', ');
export const SELECT = 'select id, note from notes order by id';

export interface RestoreRun extends TapeRun {
  /** Answers to what the console asked, by the virtual ms at which it did. */
  readonly replies: ReadonlyMap<number, ClientResult>;
  /** What lies on a node's disk at the end. */
  readonly keysOf: (node: string) => string[];
}

export async function runRestore(
  lines: readonly string[],
  untilMs: number,
  mutants: Mutants = [],
  settings: readonly string[] = [],
  clusterOf: (cluster: ClusterSpec) => ClusterSpec = (cluster) => cluster,
): Promise<RestoreRun> {
  const head = ['postdb-tape 1', 'engine 0.1.0', 'preset cynosdb-backup', 'profile demo'];
  const sets = ['set archiveSegmentLsns 64', 'set archiveMaxMs 40', 'set archiveBaseLsns 400', 'seed 5'];
  const parsed = parseTape(tapes, [...head, ...sets, ...settings, '', LOAD, ...lines].join('\n'));
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.error}`);
  const made = setupRun(known, parsed.tape);
  if (!made.ok) throw new Error(made.error);
  const { spec: plain, program } = made.setup;
  const spec = { ...plain, cluster: clusterOf(plain.cluster), mutants };
  const monitors = makeMonitors(known.monitors, spec.cluster, spec.params.lal);
  const trace: TracedEvent[] = [];
  const replies = new Map<number, ClientResult>();
  const world = makeWorld<unknown, unknown>(spec);
  const onTrace = (events: readonly TracedEvent[]): void => {
    for (const traced of events) {
      observe(known.monitors, monitors, traced);
      trace.push(traced);
    }
  };
  const host = {
    program: programOf(program),
    edge: await loadSqlEdge(),
    tape: tapes,
    onTrace,
    onReply: ({ requestId, result }: OutReply) => {
      replies.set(Number(/^q(\d+)/.exec(requestId)?.[1]) / 1000, result);
    },
  };
  runWorld(world, host, { until: (untilMs * 1000) as Time });
  const keysOf = (node: string): string[] => [...diskOf(world, node as NodeId).keys()];
  return { monitors, trace, replies, keysOf };
}

export const SCRIPT = [
  '40.000 sql d1 "create table notes (id int primary key, note text)"',
  `60.000 sql d1 "insert into notes values ${INSERT}"`,
  '150.000 sql d1 "delete from notes where id <= 10"',
];
export const BEFORE = 'to time 140.000 ms';

export const rowsOf = ({ replies }: RestoreRun, askedAtMs: number): unknown => {
  const statement = replies.get(askedAtMs)?.statements[0];
  return statement?.kind === 'rows' ? statement.rows : statement;
};
