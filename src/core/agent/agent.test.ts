// What the agent keeps on its disk (docs/spec/agents.md PCS-91): the version before is whole while the next one is written.

import { expect, test } from 'vitest';
import { nodeId, type Time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import type { NodeConfig, Write } from '../kernel/door.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import { makeContext } from '../quorum-log/writer-fixture.ts';
import { configAgent } from './agent.ts';

const [pcs, own] = [nodeId('pcs-1'), nodeId('d1')];
const config: NodeConfig = {
  nodeId: own,
  roles: ['driver'],
  cluster: {
    preset: 'cynosdb-pcs',
    volume: 'v1',
    nodes: [
      { id: pcs, zone: 'a', roles: ['meta'] },
      { id: own, zone: 'a', roles: ['driver'] },
    ],
    groups: [],
  },
  params: demoParams,
  prng: makePrng(1, 'd1'),
  mutants: [],
};

/** An agent on this disk; `set` makes a version come, and answers the writes that are to be durable for it. */
function agentOn(disk: ReadonlyMap<string, Uint8Array>) {
  const state = configAgent.open(config, disk);
  const ctx = makeContext();
  const none = (): never[] => [];
  const port = { ctx, bootEpoch: 1, configure: none, dump: none, metrics: none, drain: () => null };
  let version = configAgent.view(state)?.version ?? 0;
  const set = (): readonly Write[] => {
    version++;
    const setting = { version, scope: 'global', key: 'scrubEveryMs', value: String(version) };
    const message = { kind: 'SetConfig', term: 1, setting } as const;
    ctx.effects.length = 0;
    configAgent.step(state, { kind: 'message', now: 0 as Time, from: pcs, message, traceId: 0 }, port);
    const stored = ctx.effects.find((effect) => effect.kind === 'store');
    if (stored?.kind !== 'store') throw new Error('nothing is stored');
    configAgent.step(state, { kind: 'diskDone', now: 0 as Time, id: stored.id, error: null }, port);
    return stored.writes;
  };
  return { set, version: () => configAgent.view(state)?.version ?? 0 };
}

test('PCS-91 whatever a crash leaves of the write of a version, the one before it is there (cynosdb-ha seed 77)', () => {
  const disk = new Map<string, Uint8Array>();
  const agent = agentOn(disk);
  for (let version = 1; version <= 5; version++) {
    const writes = agent.set();
    expect(agent.version()).toBe(version);
    // every write that no sync covers may be torn at once
    const torn = new Map(disk);
    for (const { key, bytes } of writes) if (bytes) torn.set(key, bytes.slice(0, bytes.length >> 1));
    expect(agentOn(torn).version()).toBe(version - 1);
    for (const { key, bytes } of writes) if (bytes) disk.set(key, bytes);
    expect(agentOn(disk).version()).toBe(version);
  }
});

test('PCS-91 after a start the next version takes the place of the older one', () => {
  const disk = new Map<string, Uint8Array>();
  for (let version = 1; version <= 4; version++) {
    const writes = agentOn(disk).set();
    for (const { key, bytes } of writes) if (bytes) disk.set(key, bytes);
    expect(agentOn(disk).version()).toBe(version);
    expect(disk.size).toBe(Math.min(2, version));
  }
});
