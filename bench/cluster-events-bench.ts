// P2: events a second of the whole cluster on one core: codecs, checksums, hashes and monitors on. An event is one
// `step` input. References of the same run: monitors off, and messages passed as objects instead of bytes. Processor time,
// collector and compiler included, stands beside wall time: it says as much on a machine that is busy.

import { loadSqlEdge } from '../src/edge/sql-edge.ts';
import type { RunSpec } from '../src/sim/fabric-state.ts';
import { freshTape, setupRun } from '../src/sim/run-setup.ts';
import { known } from '../src/stacks/known.ts';
import { presets } from '../src/stacks/presets.ts';
import { programOf } from '../src/stacks/programs.ts';
import { load, makeContender, type Pace, type Program } from './event-pace.ts';
import { alternate, type Bench, type Row, type Sample, summarise } from './harness.ts';

const EVENTS = 100_000;
const ROUNDS = 5;
const REACH = 300_000;

function makeSpec(): RunSpec {
  const tape = freshTape(presets, 'bench-p2', null);
  if ('error' in tape) throw new Error(tape.error);
  const made = setupRun(known, tape);
  if (!made.ok) throw new Error(made.error);
  return made.setup.spec;
}

/**
 * The same program, its messages passed by reference: the bytes on the wire are a tag of eight bytes. Sizes no longer
 * cost time on a link, so that this run takes its own course.
 */
function withoutCodecs(program: Program): Program {
  const messages = new WeakMap<Uint8Array, { readonly message: unknown; readonly traceId: number }>();
  return {
    ...program,
    encodeMessage: (message, traceId) => {
      const tag = new Uint8Array(8);
      messages.set(tag, { message, traceId });
      return tag;
    },
    decodeMessage: (bytes) => messages.get(bytes) ?? program.decodeMessage(bytes),
  };
}

async function run(): Promise<Row[]> {
  const spec = makeSpec();
  const edge = await loadSqlEdge();
  const loaded = load(spec, edge);
  const whole = makeContender(loaded, programOf('cynosdb'), edge, true, EVENTS);
  const unwatched = makeContender(loaded, programOf('cynosdb'), edge, false, EVENTS);
  const objects = makeContender(loaded, withoutCodecs(programOf('cynosdb')), edge, true, EVENTS);
  const samples = await alternate(
    { whole: whole.run, unwatched: unwatched.run, objects: objects.run },
    { rounds: ROUNDS },
  );
  const of = (key: keyof Pace): Sample => summarise(whole.paces.slice(-ROUNDS).map((pace) => pace[key]));
  const beside = (name: string, key: keyof Pace, unit: string): Row => {
    const { median, spread } = of(key);
    return { id: 'P2', name, value: median, unit, spread };
  };
  const against = (referenceName: string, { median }: Sample): Row => ({
    id: 'P2',
    name: 'step inputs, 9 nodes, all on',
    value: samples.whole.median,
    unit: 'events/s',
    reference: median,
    referenceName,
    ratio: samples.whole.median / median,
    spread: samples.whole.spread,
    reach: `≥ ${REACH / 1000} k/s`,
    isReached: samples.whole.median >= REACH,
  });
  return [
    against('monitors off', samples.unwatched),
    against('messages as objects', samples.objects),
    beside('step inputs, processor time', 'eventsPerCpuSecond', 'events/s'),
    beside('commits', 'commitsPerSecond', '/s'),
    beside('log records', 'recordsPerSecond', '/s'),
    beside('virtual time', 'virtualPerSecond', 's/s'),
    beside('events per virtual second', 'eventsPerVirtualSecond', '/s'),
  ];
}

export const bench: Bench = { id: 'P2', title: 'headless events of the cluster', run };
