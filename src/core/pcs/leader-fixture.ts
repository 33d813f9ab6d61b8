// A leader of the metadata that is its log's only member, for tests of what it decides: nodes that may hold replicas, a table that is cut
// at the bounds given, and entries that a test applies by itself.

import { type NodeId, nodeId, type Term, type Time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import type { RoleContext } from '../kernel/context.ts';
import { makeIds } from '../kernel/context-fixture.ts';
import type { Effect, NodeConfig } from '../kernel/door.ts';
import type { Message } from '../kernel/messages.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import type { TraceEvent } from '../kernel/trace.ts';
import { tabletRelation } from '../page/page-key.ts';
import { cutTable } from '../sql/cut-table-fixture.ts';
import { applyMeta } from './apply-meta.ts';
import { startMeta, stepMeta } from './meta.ts';
import type { MetaOperation } from './meta-content.ts';
import { openMeta } from './meta-state.ts';

const meta = nodeId('meta-1');

const configOf = (hosts: readonly NodeId[]): NodeConfig => ({
  nodeId: meta,
  roles: ['meta'],
  cluster: {
    preset: 'test',
    volume: 'v0',
    nodes: [
      { id: meta, zone: 'a', roles: ['meta'] },
      ...hosts.map((id) => ({ id, zone: 'a', roles: ['store', 'compute'] as const })),
    ],
    groups: [],
    placement: { n: 3, vw: 2, vr: 2 },
  },
  params: demoParams,
  prng: makePrng(1, 'meta-1'),
  mutants: [],
});

type Body<T> = T extends unknown ? Omit<T, 'from' | 'boot' | 'reqId'> : never;

/** `bounds`: of the tablets of table t. Times are virtual µs. */
export function makeLeaderBench(hosts: readonly NodeId[], bounds: readonly string[] = []) {
  const state = openMeta(configOf(hosts), new Map(), 1);
  const events: TraceEvent[] = [];
  const ids = makeIds();
  const stores: number[] = [];
  let now = 0 as Time;
  const work = (act: (ctx: RoleContext) => void): void => {
    const effects: Effect<Message>[] = [];
    act({ now, role: 'meta', tag: 0, scope: '', ids, effects, traceId: 0 });
    for (const effect of effects)
      if (effect.kind === 'trace') events.push(effect.event);
      else if (effect.kind === 'store') stores.push(effect.id);
  };
  let reqId = 0;
  const [first = meta] = hosts; // the leader's own request ids are its own
  const apply = (one: Body<MetaOperation>, from = first) =>
    applyMeta(state.content, { ...one, from, boot: 1, reqId: ++reqId } as MetaOperation);
  return {
    state,
    events,
    work,
    apply,
    /** What was written is durable: the log's only member commits and applies it. */
    sync: (): void => {
      for (let id = stores.shift(); id !== undefined; id = stores.shift()) {
        const done = { kind: 'diskDone', now, id, error: null } as const;
        work((ctx) => stepMeta(state, done, ctx));
      }
    },
    start: (): void => work((ctx) => startMeta(state, ctx)),
    cutTable: (): void => {
      apply({
        kind: 'prepareTable',
        what: 'create',
        name: 't',
        definition: cutTable('').definition,
        bounds: [...bounds],
      });
      apply({ kind: 'activateTable', version: 1 });
    },
    /** The group of the tablet of this place, on the first three hosts; the first of them leads it, once it is open. */
    placeTablet: (serial: number, isOpen: boolean): void => {
      const [leader, second, third] = hosts as readonly [NodeId, NodeId, NodeId];
      const voters = [leader, second, third];
      apply({ kind: 'makeGroup', relation: tabletRelation(serial), voters, leader, vw: 2, vr: 2 });
      const volume = `v${serial + 1}`;
      apply({ kind: 'promote', volume, holder: leader, holderBoot: 1, expect: 0 as Term });
      if (isOpen)
        for (const is of ['RECOVERING', 'OPEN'] as const)
          apply({ kind: 'setWriter', volume, term: 1 as Term, state: is });
    },
    at: (us: number): void => {
      now = us as Time;
    },
    /** Heartbeats of these nodes arrive now. */
    beat: (nodes: readonly NodeId[], boot = 1): void => {
      for (const node of nodes) state.beats.set(node, { boot, at: now });
    },
  };
}
