// P7: what an event and a commit cost from 6 to 201 nodes, the load growing with the groups: each has a table, an index and eight
// clients that insert. Processor time, in rounds that alternate, so that a busy machine slows all alike.

import { loadSqlEdge } from '../src/edge/sql-edge.ts';
import { ENGINE } from '../src/sim/engine.ts';
import type { RunSpec } from '../src/sim/fabric-state.ts';
import { setupRun } from '../src/sim/run-setup.ts';
import { makeTape } from '../src/sim/tape-run.ts';
import { known } from '../src/stacks/known.ts';
import { programOf } from '../src/stacks/programs.ts';
import { nodesScale } from './clusters.ts';
import { load, makeContender, type Pace } from './event-pace.ts';
import { type Bench, type Row, summarise } from './harness.ts';

const GROUPS = [1, 4, 16, 66] as const;
const EVENTS = 60_000;
const ROUNDS = 5;
const WARMUPS = 1;
const MOST = 1.5;

function specOf(groups: number): RunSpec {
  const preset = nodesScale(groups);
  const made = setupRun(known, makeTape(preset, { engine: ENGINE }));
  if (!made.ok) throw new Error(made.error);
  return { ...made.setup.spec, cluster: preset.cluster };
}

const perEvent = ({ eventsPerCpuSecond }: Pace): number => 1e6 / eventsPerCpuSecond;
const perCommit = (pace: Pace): number => (perEvent(pace) * pace.eventsPerSecond) / pace.commitsPerSecond;

async function run(): Promise<Row[]> {
  const edge = await loadSqlEdge();
  const program = programOf('cynosdb');
  const sizes = GROUPS.map((groups) => {
    const spec = specOf(groups);
    const contender = makeContender(load(spec, edge), program, edge, true, EVENTS);
    return { nodes: spec.cluster.nodes.length, contender };
  });
  for (let round = 0; round < WARMUPS + ROUNDS; round++) for (const { contender } of sizes) contender.run();
  const [least] = sizes;
  if (least === undefined) return [];
  const of = (paces: readonly Pace[], cost: (pace: Pace) => number) =>
    summarise(paces.slice(WARMUPS).map(cost));
  return sizes.slice(1).flatMap(({ nodes, contender }): Row[] =>
    (
      [
        ['an event', perEvent],
        ['a commit', perCommit],
      ] as const
    ).map(([what, cost]) => {
      const { median, spread } = of(contender.paces, cost);
      const reference = of(least.contender.paces, cost).median;
      return {
        id: 'P7',
        name: `processor time of ${what}, ${nodes} nodes`,
        value: median,
        unit: 'µs',
        reference,
        referenceName: `${least.nodes} nodes`,
        ratio: median / reference,
        spread,
        reach: `≤ ${MOST} ×`,
        isReached: median <= MOST * reference,
      };
    }),
  );
}

export const bench: Bench = { id: 'P7', title: 'cost of an event by the number of nodes', run };
