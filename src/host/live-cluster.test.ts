// The views of a live cluster of toy nodes: who is asked for one, and that it says what a question to everybody would.

import { expect, test } from 'vitest';
import { type NodeId, nodeId, type Time } from '../base/ids.ts';
import { clonePlain } from '../base/plain.ts';
import type { ViewParams } from '../core/kernel/view-params.ts';
import { makeRecorder } from '../run-model/recorder/recorder.ts';
import { digestImage } from '../sim/digests.ts';
import { makeFabric } from '../sim/fabric-state.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { parseAction } from '../sim/tape-parse.ts';
import { diskOf, runWorld, worldHash } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { tapes } from '../stacks/tapes.ts';
import { makeToyWorld, ms, toyEdge, toyHost, toyRun } from '../stacks/toy/testing/toy-world.ts';
import { hashOf } from './cluster-hash.ts';
import { openMemoryStore } from './lab-store.ts';
import { makeLiveCluster } from './live-cluster.ts';
import { makeLiveKeyframes } from './live-keyframes.ts';
import { makeMemoryHost, type NodeHost } from './node-ports.ts';

const view: ViewParams = { group: null, lsnWindow: null, span: 16, detail: false };

function makeBench(actions: readonly TapeAction[] = []) {
  const spec = toyRun(1, actions);
  const memory = makeMemoryHost();
  let asked = 0;
  const host: NodeHost = {
    ...memory,
    makePort(code, onFenced) {
      const port = memory.makePort(code, onFenced);
      return {
        ...port,
        call: (request) => {
          if ('request' in request && request.request.view !== null) asked++;
          return port.call(request);
        },
      };
    },
  };
  const recorder = makeRecorder(known, spec.cluster, spec.params.lal);
  const cluster = makeLiveCluster({
    fabric: makeFabric(spec),
    recorder,
    program: 'toy',
    edge: toyEdge,
    tape: tapes,
    store: openMemoryStore(),
    host,
    placeOf: (node) => ({ database: node, epoch: 1, turn: null }),
    keyframes: makeLiveKeyframes(() => undefined),
    failpoint: null,
    onFenced: () => {},
    decideCut: () => Promise.resolve(),
  });
  return {
    cluster,
    /** How many nodes were asked. */
    async refresh(params = view): Promise<number> {
      const before = asked;
      await cluster.refreshViews(params);
      return asked - before;
    },
    views: () => new Map([...recorder.nodes].map(([id, record]) => [id, clonePlain(record.view)])),
  };
}

const far = 60_000_000 as Time;

test('only a node that has done something since its last view is asked for its view', async () => {
  const { cluster, refresh, views } = makeBench();
  const all = cluster.fabric.cluster.nodes.length;
  while ((await cluster.step({ until: far, frameUs: 1, isAhead: false })).kind !== 'window');
  expect(await refresh()).toBe(all);
  expect(await refresh()).toBe(0);
  let fewer = 0;
  const changed = new Set<NodeId>();
  for (let i = 0; i < 200; i++) {
    await cluster.step({ until: far, frameUs: 1, isAhead: false });
    const before = views();
    const count = await refresh();
    if (count < all) fewer++;
    const partly = views();
    for (const [id, one] of partly)
      if (JSON.stringify(one) !== JSON.stringify(before.get(id))) changed.add(id);
    // Another question is put to everybody; the first one again shows what a question to all of them would have.
    expect(await refresh({ ...view, span: 17 })).toBe(all);
    expect(await refresh()).toBe(all);
    expect(views()).toEqual(partly);
  }
  expect(fewer).toBeGreaterThan(0);
  expect(changed.size).toBeGreaterThan(1);
});

test('F24 a disk that is put back is the simulator’s, byte for byte, while its node is down and when it is up again', async () => {
  const actions = ['10.0 snapshotDisk t1', '20.0 rollbackDisk t1 for 4.000 ms', '30.0 rollbackDisk t1'].map(
    (line) => {
      const action = parseAction(tapes, line);
      if ('error' in action) throw new Error(action.error);
      return action;
    },
  );
  const { cluster } = makeBench(actions);
  const world = makeToyWorld(1, actions);
  const t1 = nodeId('t1');
  const until = async (at: Time): Promise<string> => {
    while ((await cluster.step({ until: at, frameUs: null, isAhead: false })).kind !== 'idle');
    runWorld(world, toyHost, { until: at });
    expect(hashOf(cluster, await cluster.digests()).hash).toBe(worldHash(world));
    return digestImage(new Map([...diskOf(world, t1)].filter(([key]) => !key.startsWith('~'))));
  };
  await until(ms(19.9));
  const before = world.runners.get(t1)?.disk;
  const taken = digestImage(before?.snapshot ?? new Map());
  expect(taken).not.toBe(digestImage(before?.durable ?? new Map()));
  expect(await until(ms(21))).toBe(taken); // down, its disk as it was
  expect(await until(ms(29))).not.toBe(taken); // it has gone on from there
  expect(await until(ms(31))).toBe(taken);
});
