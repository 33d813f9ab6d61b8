// What the world itself costs. Two measures: null nodes, whose steps do nothing but write, send and trace constants, so
// that what is left is fabric, runner, disk and hash; and the toy, with its codecs and checksums. The reference makes
// the same null steps in a bare loop: no clock, no queue, no disk, no hash.

import type { NodeId, Time } from '../src/base/ids.ts';
import type { Effect, Input, NodeProgram } from '../src/core/kernel/door.ts';
import { makeWorld, runWorld } from '../src/sim/world.ts';
import { moments } from '../src/stacks/crash-moments.ts';
import { tapes } from '../src/stacks/tapes.ts';
import { makeToyWorld, toyEdge, toyHost, toyRun } from '../src/stacks/toy/testing/toy-world.ts';
import { trace } from '../src/stacks/trace.ts';
import { alternate, type Bench, type Row, rateOf, type Sample } from './harness.ts';

const EVENTS = 300_000;
const CLIENT_CALLS = 8;

type Call = 'ask' | 'answer';
interface NullState {
  readonly node: NodeId;
  readonly peers: readonly NodeId[];
  calls: number;
}

const value = new Uint8Array(64);
const frames: Readonly<Record<Call, Uint8Array>> = { ask: new Uint8Array(48), answer: new Uint8Array(32) };
const label = { kind: 'null', family: 'control', group: null, range: null, token: null } as const;

/** A client with eight calls open; a follower stores each, traces it and answers once it is durable. */
function stepNull(state: NullState, input: Input<Call>): Effect<Call>[] {
  if (input.kind === 'wake' && state.node === 'c1') {
    return state.peers.flatMap((to) =>
      Array.from({ length: CLIENT_CALLS }, () => ({ kind: 'send', to, message: 'ask', traceId: 0 }) as const),
    );
  }
  if (input.kind !== 'message') return [];
  state.calls++;
  if (input.message === 'answer') return [{ kind: 'send', to: input.from, message: 'ask', traceId: 0 }];
  return [
    {
      kind: 'store',
      id: state.calls,
      writes: [{ key: 'counter', bytes: value }],
      // biome-ignore lint/suspicious/noThenProperty: the door's name
      then: [
        { kind: 'trace', event: { kind: 'toy.add', amount: 1, total: state.calls } },
        { kind: 'send', to: input.from, message: 'answer', traceId: 0 },
      ],
    },
  ];
}

const nullProgram: NodeProgram<NullState, Call> = {
  openNode: ({ nodeId, cluster }) => ({
    node: nodeId,
    peers: cluster.nodes.map(({ id }) => id).filter((id) => id !== nodeId),
    calls: 0,
  }),
  step: stepNull,
  adopt: (state) => state,
  encodeMessage: (message) => frames[message],
  decodeMessage: (bytes) => ({ message: bytes === frames.ask ? 'ask' : 'answer', traceId: 0 }),
  nodeView: (state) => ({ node: state.node, roles: [] }),
  familyOfFrame: () => 'control',
  describeMessage: () => label,
};
const traced = { ...nullProgram, ...moments, ...trace };

function runNullWorld(): number {
  const world = makeWorld<NullState, Call>(toyRun(7));
  const host = { program: traced, edge: toyEdge, tape: tapes };
  runWorld(world, host, { events: 30_000 });
  return rateOf(EVENTS, () => runWorld(world, host, { events: EVENTS }));
}

function runToyWorld(): number {
  const world = makeToyWorld(7);
  runWorld(world, toyHost, { events: 30_000 });
  return rateOf(EVENTS, () => runWorld(world, toyHost, { events: EVENTS }));
}

function runBareSteps(): number {
  const config = { ...toyRun(7), node: 't1' as NodeId };
  const client: NullState = { node: 'c1' as NodeId, peers: [], calls: 0 };
  const follower: NullState = { node: config.node, peers: [], calls: 0 };
  let effects = 0;
  return rateOf(EVENTS, () => {
    for (let i = 0; i < EVENTS; i += 3) {
      const now = i as Time;
      const ask = { kind: 'message', now, from: client.node, message: 'ask', traceId: 0 } as const;
      effects += stepNull(follower, ask).length;
      effects += stepNull(follower, { kind: 'diskDone', now, id: i, error: null }).length;
      const answer = { kind: 'message', now, from: follower.node, message: 'answer', traceId: 0 } as const;
      effects += stepNull(client, answer).length;
    }
    if (effects === 0) throw new Error('no step was made');
  });
}

function rowOf(name: string, world: Sample, bare: Sample): Row {
  return {
    id: 'WORLD',
    name,
    value: world.median,
    unit: 'events/s',
    spread: world.spread,
    reference: bare.median,
    referenceName: 'bare null steps',
    ratio: world.median / bare.median,
    reach: '≥ 1 M/s',
    isReached: world.median >= 1e6,
    note: `${Math.round(1e9 / world.median)} ns an event`,
  };
}

export const bench: Bench = {
  id: 'WORLD',
  title: 'the world around the nodes',
  async run(): Promise<Row[]> {
    const measures = { world: runNullWorld, toy: runToyWorld, bare: runBareSteps };
    const { world, toy, bare } = await alternate(measures, { rounds: 7 });
    return [
      rowOf('null nodes: fabric, runner, disk, hash', world, bare),
      rowOf('toy nodes: codecs and checksums too', toy, bare),
    ];
  },
};
