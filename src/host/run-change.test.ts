// One run takes another's place in memory: what is let go, and what a change that fails leaves behind.

import { expect, test } from 'vitest';
import { present } from '../base/assert.ts';
import type { Time } from '../base/ids.ts';
import { digestImage } from '../sim/digests.ts';
import { runnerDigests } from '../sim/node-runner.ts';
import { freshTape, setupRun } from '../sim/run-setup.ts';
import { printLine, printTape } from '../sim/tape-print.ts';
import { known } from '../stacks/known.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { toyEdge } from '../stacks/toy/testing/toy-world.ts';
import type { FabricEvent } from './fabric-messages.ts';
import { type HostCore, makeHostCore } from './host-core.ts';
import { makeHostScreen } from './host-screen.ts';
import type { MemoryDisks } from './idb-disk.ts';
import { openLabStore, openMemoryStore } from './lab-store.ts';
import { makeMemoryHost, NodeFailure } from './node-ports.ts';
import { makePlayer } from './player.ts';
import type { HandedOver } from './replay-messages.ts';
import { changeRun } from './run-change.ts';
import { makeRunStart } from './run-start.ts';
import { snapshotOf } from './world-snapshot.ts';

const twin = { kind: 'twin', at: 0, line: null, isOurs: true } as const;

/** What the replay worker hands over: the same run at another time. */
function handedAt(time: Time): HandedOver {
  const tape = freshTape(presets, 'toy', 1);
  const made = 'error' in tape ? null : setupRun(known, tape);
  if (made?.ok !== true) throw new Error('no toy');
  const player = makePlayer(made.setup, toyEdge, { cacheBytes: 0 });
  while (!player.run(time, Number.POSITIVE_INFINITY));
  const { world, recorder } = player.lived();
  return {
    snapshot: snapshotOf(world, recorder),
    header: printTape(tapes, { header: made.setup.tape.header, actions: [] }),
    lines: world.fabric.tape.map((action) => printLine(tapes, action)),
  };
}

async function makeBench() {
  const events: FabricEvent[] = [];
  const core = makeHostCore((event) => events.push(event));
  const disks: MemoryDisks = new Map();
  core.lab = 'test';
  core.edge = toyEdge;
  core.store = openMemoryStore('test', disks);
  core.nodeHost = makeMemoryHost(disks);
  const screen = makeHostScreen(core);
  const runs = makeRunStart(core, screen, openLabStore);
  await runs.restart({ kind: 'preset', preset: 'toy', seed: 1 }, null);
  // A run is on before its nodes have opened their disks.
  await expect.poll(() => disks.size).toBe(present(core.running, 'a run').cluster.fabric.nodes.length);
  const change = () => changeRun(core, screen, runs, handedAt(5000 as Time), twin);
  return {
    core,
    screen,
    runs,
    change,
    events,
    disks,
    sets: () => new Set([...disks.keys()].map((name) => name.split('/')[3])),
  };
}

/** The disk of one node takes nothing more beside what it has. */
function breakOne(core: HostCore): void {
  const [port] = present(core.running, 'a run').cluster.kept().ports.values();
  const { call } = present(port, 'a node');
  present(port, 'a node').call = (request) =>
    request.kind === 'stage' ? Promise.reject(new NodeFailure('quota', 'no room')) : call(request);
}

/** Longer than a frame: a picture is due again. */
const LATE_MS = 40;

/** Nodes answer a while after they were asked, and one that is ended refuses who waits, as a worker does. */
function answerLate(core: HostCore): void {
  const nodeHost = core.theHost();
  core.nodeHost = {
    ...nodeHost,
    makePort(code, onFenced) {
      const port = nodeHost.makePort(code, onFenced);
      let end = (): void => undefined;
      const ended = new Promise<never>((_resolve, reject) => {
        end = () => reject(new NodeFailure('worker', 'the worker was ended'));
      });
      ended.catch(() => undefined);
      return {
        ...port,
        call: (request) => {
          const answer = port.call(request);
          const late = new Promise<void>((resolve) => setTimeout(resolve, LATE_MS)).then(() => answer);
          return Promise.race([late, ended]);
        },
        end: () => {
          end();
          return port.end();
        },
      };
    },
  };
}

test('the run that is left ends what it had begun before its nodes do: no worker failure is reported', async () => {
  const { core, screen, change, runs, events } = await makeBench();
  answerLate(core);
  await runs.restart({ kind: 'preset', preset: 'toy', seed: 2 }, null);
  const { loop } = present(core.running, 'a run');
  const store = core.theStore();
  // Once the lab has decided, a picture of the old run becomes due, and the page has drawn the last.
  core.store = {
    ...store,
    replaceRun: async (...run) => {
      await store.replaceRun(...run);
      loop.touch();
      screen.gate.onDrawn();
    },
  };
  await change();
  expect(loop.ended()).not.toBe(null);
  expect(events.filter((event) => event.kind === 'notice')).toEqual([]);
});

/** The run that is on is the one that was made. */
async function expectMade({ core, disks }: { readonly core: HostCore; readonly disks: MemoryDisks }) {
  const next = present(core.running, 'a run');
  const { snapshot } = handedAt(5000 as Time);
  expect(next.cluster.fabric.now).toBe(5000);
  const images = [...disks].map(([name, { image }]) => [name.split('/').at(-1), digestImage(image)]);
  expect(images).toEqual(snapshot.runners.map(([id, { disk }]) => [id, digestImage(disk.durable)]));
  expect([...disks.values()].map(({ staged }) => staged)).toEqual([...disks].map(() => null));
  const digests = await next.cluster.digests();
  expect([...digests]).toEqual(
    snapshot.runners.map(([id, runner]) => [id, { kind: 'digests', ...runnerDigests(runner) }]),
  );
}

test('the run that takes over has the disks, nodes and time of the world that was made, and the same workers', async () => {
  const bench = await makeBench();
  const { core, change, sets } = bench;
  const before = sets();
  const first = present(core.running, 'a run');
  const ports = [...first.cluster.kept().ports.values()];
  first.loop.pause();
  await change();
  const next = present(core.running, 'a run');
  expect(next.runId).not.toBe(first.runId);
  expect(sets()).toEqual(before);
  expect([...next.cluster.kept().ports.values()]).toEqual(ports);
  expect(core.keyframes.leftBy(first.runId)).not.toBe(null);
  await expectMade(bench);
});

test('a node that its worker cannot be gets another worker, and what the old one kept is not counted on', async () => {
  const bench = await makeBench();
  const { core, change } = bench;
  const first = present(core.running, 'a run');
  const ports = [...first.cluster.kept().ports.values()];
  for (const port of ports) Object.assign(port, { code: 'storage' });
  first.loop.pause();
  await change();
  for (const port of present(core.running, 'a run').cluster.kept().ports.values()) {
    expect(ports).not.toContain(port);
    expect(port.code).toBe('any');
  }
  expect(core.keyframes.leftBy(first.runId)).toBe(null);
  await expectMade(bench);
});

test('a change for which there is no room leaves the run as it was, and no half of another', async () => {
  const { core, change, sets, disks, events } = await makeBench();
  const before = sets();
  const { running } = core;
  breakOne(core);
  await expect(change()).rejects.toThrow('no room');
  expect(core.running).toBe(running);
  expect(running?.loop.playing).toBe(true);
  expect(running?.loop.ended()).toBe(null);
  expect(sets()).toEqual(before);
  expect([...disks.values()].map(({ staged }) => staged)).toEqual([...disks].map(() => null));
  const bars = events.filter((event) => event.kind === 'work');
  expect(bars.at(-1)).toEqual({ kind: 'work', bar: null });
});

test('a new run does not wait for the nodes that are left; disks are deleted once they have let go, and no run becomes the lab’s meanwhile', async () => {
  const { core, runs, sets } = await makeBench();
  const order: string[] = [];
  const { leave } = present(core.running, 'a run').cluster;
  let letGo = (): void => undefined;
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const running = present(core.running, 'a run');
  const cluster = {
    ...running.cluster,
    leave: async () => {
      const left = await leave();
      const isGone = gone.then(async () => {
        await left.gone;
        order.push('gone');
      });
      return { gone: isGone };
    },
  };
  core.running = { ...running, cluster };
  const store = core.theStore();
  let deleteNow = (): void => undefined;
  core.store = {
    ...store,
    replaceRun: async (...run) => {
      await store.replaceRun(...run);
      order.push('replaced');
    },
    cleanDisks: async () => {
      order.push('deletes');
      await new Promise<void>((resolve) => {
        deleteNow = resolve;
      });
      await store.cleanDisks();
      order.push('deleted');
    },
  };
  const second = runs.restart({ kind: 'preset', preset: 'toy', seed: 2 }, null);
  const isOn = () => core.running?.runId !== running.runId && core.running?.loop.playing;
  await expect.poll(isOn).toBe(true);
  expect(order).toEqual(['replaced']);
  letGo();
  await expect.poll(() => order).toEqual(['replaced', 'gone', 'deletes']);
  const third = runs.restart({ kind: 'preset', preset: 'toy', seed: 3 }, null);
  await expect.poll(() => core.running).toBe(null);
  expect(order).toHaveLength(3);
  deleteNow();
  await second;
  await expect.poll(() => order.slice(3)).toEqual(['deleted', 'replaced', 'deletes']);
  deleteNow();
  await third;
  expect(sets().size).toBe(1);
});

test('a new run that the store refuses is reported to the screen, for there is none any more', async () => {
  const { core, runs, events } = await makeBench();
  const refuse = () => Promise.reject(new Error('the store is gone'));
  core.store = { ...core.theStore(), replaceRun: refuse };
  await expect(runs.restart({ kind: 'preset', preset: 'toy', seed: 2 }, null)).rejects.toThrow('gone');
  expect(core.running).toBe(null);
  const notices = events.filter((event) => event.kind === 'notice').map(({ notice }) => notice);
  expect(notices).toEqual([{ kind: 'engineError', node: '', detail: 'the store is gone' }]);
});

test('E19 nothing is said of another run before its picture, whoever asks it to play meanwhile', async () => {
  const { core, screen, runs, change, events } = await makeBench();
  answerLate(core);
  const { runId } = present(core.running, 'a run');
  let from = events.length;
  const { begin } = runs;
  // The page asks for play as soon as there is a run that could.
  runs.begin = (begun) => {
    const next = begin(begun);
    from = events.length;
    queueMicrotask(() => {
      next.loop.play();
      screen.postLive();
    });
    return next;
  };
  await change();
  const since = events.slice(from);
  const said = since.findIndex((event) => event.kind === 'live' && event.live.runId !== runId);
  expect(said).toBeGreaterThan(0);
  expect(since.slice(0, said).filter(({ kind }) => kind === 'frame')).not.toEqual([]);
  expect(since.slice(said).some((event) => event.kind === 'live' && event.live.runId === runId)).toBe(false);
});
