// Every crash point of a recovery: power goes off at any node right before or right after any of its
// durable writes between the writer's death and the end of its recovery, and then, in every one of those runs, once more
// at every durable write that follows. Each run must end open, whole at every replica, with no rule violated (WAL-58).
// The test command takes every 24th of the second ones, the deep command all .

import { beforeAll, expect, test } from 'vitest';
import type { NodeId, Time } from '../base/ids.ts';
import { clonePlain } from '../base/plain.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { trueScl } from '../sim/checks/log-truth.ts';
import type { Monitors } from '../sim/checks/monitor.ts';
import { makeMonitors, observe } from '../sim/checks/monitors.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { setupRun } from '../sim/run-setup.ts';
import type { AnyProgram } from '../sim/runner-state.ts';
import { parseTape } from '../sim/tape-parse.ts';
import type { TracedEvent } from '../sim/types.ts';
import { NEVER } from '../sim/types.ts';
import { cloneWorld, makeWorld, stepWorld, type World } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { programOf } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';
import { drawn } from '../testing/depth.ts';

/** One group of three; a sync is longer than a window, so that each shows before it is over. */
const TAPE = `postdb-tape 1
engine 0.1.0
preset bench-p1
profile demo
set diskSyncUs 1000
set diskSyncJitterUs 0
set pageBytes 1024
seed 3

0.000 workload d1 kind=register rows=4 clients=3 thinkUs=3000 ratePerSecond=0 readPercent=10 hotPercent=50 valueBytes=0 load=true
90.000 cut rw-1 > store-3
104.000 cut rw-1 > store-2
107.000 crash rw-1 loseAll for 1.000 ms
107.500 heal rw-1 > store-2 store-3
`;
const DIED_AT = 107_000 as Time;
const SECOND_EVERY = drawn(24, 1);
/** Looked at this often after the last crash, and for at most so long. */
const LOOK_US = 4000;
const TAIL_US = 80_000;
const DOWN_US = 2000;

interface Run {
  readonly world: World<unknown, unknown>;
  readonly monitors: Monitors;
  recoveries: number;
  removed: number;
  recoveryFills: number;
}

interface Point {
  readonly node: NodeId;
  readonly at: Time;
}

const program: AnyProgram = programOf('cynosdb');
let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

function freshRun(): Run {
  const parsed = parseTape(tapes, TAPE);
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.error}`);
  const made = setupRun(known, parsed.tape);
  if (!made.ok) throw new Error(made.error);
  const { spec } = made.setup;
  const monitors = makeMonitors(known.monitors, spec.cluster, spec.params.lal);
  return { world: makeWorld<unknown, unknown>(spec), monitors, recoveries: 0, removed: 0, recoveryFills: 0 };
}

const copyOf = (run: Run): Run => ({
  ...run,
  world: cloneWorld(run.world, program),
  monitors: clonePlain(run.monitors),
});

/** Runs on to `until`, or to the end of the next recovery; the durable writes on the way, as crash points. */
function runTo(run: Run, until: Time, endsWithRecovery = false): Point[] {
  const { world, monitors } = run;
  const seen = new Map<string, Point>();
  const before = run.recoveries;
  const onTrace = (events: readonly TracedEvent[]): void => {
    for (const traced of events) {
      observe(known.monitors, monitors, traced);
      const { event } = traced;
      if (event.kind === 'recovery.done') run.recoveries++;
      else if (event.kind === 'recovery.history') run.removed += event.removed.length;
      else if (event.kind === 'hole.sent' && event.mode === 'recovery') run.recoveryFills++;
    }
  };
  while (stepWorld(world, { program, edge, tape: tapes, onTrace }, { until, frameUs: null, view: null })) {
    for (const [node, { disk }] of world.runners)
      if (disk.syncDoneAt < NEVER && disk.syncDoneAt < until)
        seen.set(`${node}@${disk.syncDoneAt}`, { node, at: disk.syncDoneAt as Time });
    if (endsWithRecovery && run.recoveries > before) break;
  }
  return [...seen.values()].sort((a, b) => a.at - b.at || (a.node < b.node ? -1 : 1));
}

/** Power goes off at this node then, and is back after a while; answers the run right after it. */
function crashAt(run: Run, { node, at }: Point): void {
  runTo(run, at);
  run.world.fabric.tape.push({ kind: 'crash', at, node, mode: 'loseAll', forUs: DOWN_US });
  runTo(run, (at + 1) as Time);
}

/** The volume is open, every node is up, and every replica holds all but what is under way. */
function isWhole({ world, monitors, recoveries }: Run): boolean {
  if (recoveries === 0 || world.runners.size < world.fabric.nodes.length) return false;
  return monitors.volumes[0].truth.groups.every((group) => {
    const tail = group.lsns[group.lsns.length - 1] ?? group.base;
    return [...group.replicas.keys()].every((node) => tail - trueScl(group, node) < 12);
  });
}

function checkEnd(run: Run, from: Time, name: string): void {
  for (let at = from + LOOK_US; at <= from + TAIL_US && !isWhole(run); at += LOOK_US) runTo(run, at as Time);
  expect(run.monitors.violations, name).toEqual([]);
  expect(isWhole(run), name).toBe(true);
}

/** Right before the write is durable, and right after. */
const momentsOf = ({ node, at }: Point): Point[] => [
  { node, at },
  { node, at: (at + 1) as Time },
];

test('WAL-58 HOLE-43 a recovery survives a crash before and after every durable write, and two of them', () => {
  const base = freshRun();
  runTo(base, DIED_AT);
  const first = runTo(copyOf(base), (DIED_AT + 40_000) as Time, true).flatMap(momentsOf);
  const seen = { pairs: 0, removed: 0, fills: 0, nodes: new Set<string>() };
  for (const [turn, one] of first.entries()) {
    const once = copyOf(base);
    crashAt(once, one);
    seen.nodes.add(one.node);
    const name = `${one.node} at ${one.at}`;
    const second = runTo(copyOf(once), (one.at + 40_000) as Time, true)
      .filter(({ at }) => at > one.at)
      .flatMap(momentsOf)
      .filter((_, i) => (i + turn) % SECOND_EVERY === 0);
    const alone = copyOf(once);
    checkEnd(alone, one.at, name);
    seen.removed += alone.removed;
    seen.fills += alone.recoveryFills;
    for (const two of second) {
      const twice = copyOf(once);
      crashAt(twice, two);
      checkEnd(twice, two.at, `${name}, then ${two.node} at ${two.at}`);
      seen.pairs++;
    }
  }
  expect(first.length).toBeGreaterThan(40);
  expect(seen.pairs).toBeGreaterThan(1000 / SECOND_EVERY);
  expect([...seen.nodes].sort()).toEqual(['meta-1', 'rw-1', 'store-1', 'store-2', 'store-3']);
  expect(seen.removed).toBeGreaterThan(0);
  expect(seen.fills).toBeGreaterThan(0);
});
