// Keyframes come into storage in the background, whatever their nodes' workers do meanwhile, and out of it one at a time.

import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import type { NodeId } from '../base/ids.ts';
import { freshTape } from '../sim/run-setup.ts';
import type { NodeRunner } from '../sim/runner-state.ts';
import { presets } from '../stacks/presets.ts';
import { toyEdge } from '../stacks/toy/testing/toy-world.ts';
import { packWhole } from './keyframe-codec.ts';
import { makeKeyframeKeeper } from './keyframe-keeper.ts';
import { makeKeyframeStore } from './keyframe-store.ts';
import { makeMemoryHost, type NodePort } from './node-ports.ts';
import { pastOfActions } from './stored-keyframe.ts';
import { toyKeyframe } from './testing/toy-keyframe.ts';

const tape = freshTape(presets, 'toy', 1);
if ('error' in tape) throw new Error(tape.error);
const { header } = tape;
const port = makeMemoryHost().makePort('any', () => undefined);
let made = 0;

/** A keyframe of which each node's worker has its part, but as `portOf` says. */
function makeBench(portOf: (node: NodeId, asked: number, port: NodePort) => NodePort | undefined) {
  const { keyframe, lived } = toyKeyframe(toyEdge, 20_000);
  const store = makeKeyframeStore(`keeper-${++made}`);
  void store.retain(['run']);
  const { runners } = lived.world;
  let asked = 0;
  const keeper = makeKeyframeKeeper({
    keyframe: (number) => (number === keyframe.number ? keyframe : null),
    portOf: (node) =>
      portOf(node, ++asked, { ...port, pack: () => Promise.resolve(packWhole(runners.get(node))) }),
    store: () => store,
  });
  const wanted = { past: pastOfActions(header, keyframe.tape), time: keyframe.time, isExact: true };
  return {
    keyframe,
    keeper,
    store,
    wanted,
    asked: () => asked,
    leave: (node: NodeId) =>
      keyframe.away.set(node, runners.get(node) as unknown as NodeRunner<unknown, unknown>),
    add: () => keeper.add(keyframe.number, 'run', header),
    isStored: () => expect.poll(() => store.has(wanted), { timeout: 10_000 }).toBe(true),
  };
}

test('E19 what was brought is found, and handed over once; the next one is made anew', async () => {
  const { keeper, add, isStored, wanted } = makeBench((_node, _asked, whole) => whole);
  expect(await keeper.find(wanted)).toBe(false);
  add();
  await isStored();
  expect(await keeper.find(wanted)).toBe(true);
  const first = await keeper.take(wanted);
  const second = await keeper.take(wanted);
  expect(first).toEqual(second);
  expect(first?.runners).not.toBe(second?.runners);
});

test('E19 a node between two workers is asked again; the part of one that has gone is packed here', async () => {
  const bench = makeBench((_node, asked, whole) => (asked === 2 ? undefined : whole));
  const [first] = bench.keyframe.fabric.nodes;
  if (first === undefined) throw new Error('no nodes');
  bench.leave(first.spec.id);
  bench.add();
  await bench.isStored();
  // All others the second time, and one before the missing one.
  expect(bench.asked()).toBe(bench.keyframe.fabric.nodes.length + 1);
});

test('E19 a worker that goes while it packs hands over what it had kept', async () => {
  const bench = makeBench((node, _asked, whole) => ({
    ...whole,
    pack: () => {
      bench.leave(node);
      return Promise.reject(new Error('the worker was ended'));
    },
  }));
  bench.add();
  await bench.isStored();
});

test('E19 one of which a node says nothing any more is given up, and the next one comes', async () => {
  const bench = makeBench((_node, asked, whole) => (asked <= 3 ? undefined : whole));
  bench.add();
  await expect.poll(bench.asked, { timeout: 10_000 }).toBe(3);
  expect(await bench.store.has(bench.wanted)).toBe(false);
  bench.add();
  await bench.isStored();
});
