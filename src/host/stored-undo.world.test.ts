// Undo and redo by keyframes from storage: in labs as a browser runs them, over databases that outlive them. A lab is killed
// and opened again, and goes back action by action to before it was opened; each time it stands where it stood, and goes
// on as its tape says. Killed in the middle of that, it has one run, whole.

import { type IDBPDatabase, openDB } from 'idb';
import { expect, test } from 'vitest';
import { present } from '../base/assert.ts';
import type { Time } from '../base/ids.ts';
import { makePrng, nextBelow } from '../base/prng.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { setupRun } from '../sim/run-setup.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { makeWorld, runWorld, worldHash } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { programOf } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';
import { drawnOf, isDeep } from '../testing/depth.ts';
import { type KeyframeRow, type KeyframeSchema, keyframeDatabase } from './databases.ts';
import { packWhole } from './keyframe-codec.ts';
import type { ChangePlan } from './run-plan.ts';
import { readStored, writeStored } from './stored-keyframe.ts';
import { makeKillableLab } from './testing/killable-lab.ts';

const KILLS = isDeep ? 30 : 2;
const SEED = 3;
/** Turns of the event loop that a change of runs takes, about. */
const CHANGE_TURNS = 14;

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

interface Digest {
  readonly hash: string;
  readonly time: number;
  readonly nodes: unknown;
}

const bare = ({ hash, time, nodes }: Digest) => ({ hash, time, nodes });

async function withKeyframes<T>(
  lab: string,
  work: (db: IDBPDatabase<KeyframeSchema>) => Promise<T>,
): Promise<T> {
  const db = await openDB<KeyframeSchema>(keyframeDatabase(lab));
  try {
    return await work(db);
  } finally {
    db.close();
  }
}

const rowsOf = async (lab: string): Promise<readonly KeyframeRow[]> => {
  const all = await indexedDB.databases();
  if (!all.some(({ name }) => name === keyframeDatabase(lab))) return [];
  return withKeyframes(lab, (db) => db.getAll('row'));
};

/** A lab at the disks of this name, paused. */
async function opened(name: string, preset: string) {
  const lab = makeKillableLab(name, makePrng(SEED, name));
  const { host } = lab;
  await lab.boot(preset, SEED);
  await host.handle({ kind: 'pause' });
  const digest = async () => bare((await host.handle({ kind: 'digest', id: 5 })) as Digest);
  const plan = async (kind: 'undo' | 'redo') =>
    present((await host.handle({ kind: `${kind}Plan`, id: 2 })) as ChangePlan | null, 'a plan');
  const change = (kind: 'undo' | 'redo', line: string) =>
    host.handle({ kind: 'change', id: 3, port: null, reason: kind === 'undo' ? { kind, line } : { kind } });
  return {
    lab,
    digest,
    plan,
    /** Without a replay. */
    async go(kind: 'undo' | 'redo') {
      const { hasKeyframe, line } = await plan(kind);
      expect(hasKeyframe).toBe(true);
      await change(kind, line);
    },
    change,
    act: async (line: string) =>
      expect(await host.handle({ kind: 'act', id: 4, line })).toEqual(expect.objectContaining({ ok: true })),
    runOn: async (us: number) => host.handle({ kind: 'runTo', id: 7, until: (await digest()).time + us }),
    /** This many keyframes have come into storage. */
    stored: (count: number) =>
      expect.poll(async () => (await rowsOf(name)).length, { timeout: 20_000 }).toBe(count),
    tape: async () => String(await host.handle({ kind: 'tape', id: 8 })),
    runId: () => {
      const event = lab.heard.findLast(({ kind }) => kind === 'live');
      return event?.kind === 'live' ? event.live.runId : '';
    },
    forget: async () => {
      await host.handle({ kind: 'forget', id: 10 });
      lab.kill();
    },
  };
}

/** What a simulator makes of a lab's tape, which ends where the lab stands. */
async function expectSimulated(text: string): Promise<void> {
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) throw new Error(parsed.error);
  const made = setupRun(known, parsed.tape);
  if (!made.ok) throw new Error(made.error);
  const world = makeWorld<unknown, unknown>(made.setup.spec);
  const end = present(parsed.tape.header.end, 'the end of the run');
  const host = { program: programOf(made.setup.program), edge: await loadSqlEdge(), tape: tapes };
  runWorld(world, host, { until: end.at as Time });
  expect(world.fabric.divergences).toEqual([]);
  expect(worldHash(world)).toBe(end.hash);
}

for (const [preset, victim, driver] of drawnOf<readonly [string, string, string]>([
  ['cynosdb', 'store-2', 'rw-1'],
  ['postdb-v4', 'n3', 'n1'],
  ['polardb', 'ro-1', 'rw-1'],
])) {
  test(`E19 ${preset}: opened again, a lab goes back to before it was opened and on again, without a replay`, async () => {
    const name = `stored-${preset}`;
    const first = await opened(name, preset);
    const before: ReturnType<typeof bare>[] = [];
    for (const line of [`crash ${victim}`, `restart ${victim}`, `freeze ${driver} for 5 ms`]) {
      before.push(await first.digest());
      await first.act(line);
      await first.runOn(20_000);
    }
    await first.stored(3);
    first.lab.kill();

    const second = await opened(name, preset);
    const reopened = await second.digest();
    await second.act(`crash ${victim}`);
    await second.runOn(10_000);
    const crashed = await second.digest();
    await second.go('undo');
    expect(await second.digest()).toEqual(reopened);
    // Beyond the power cut: what was done before the lab was opened.
    for (const there of [...before].reverse()) {
      await second.go('undo');
      expect(await second.digest()).toEqual(there);
    }
    // One before the second life's action, and one of the run that was left by its undo: the others stood where one is stored already.
    await second.stored(5);
    second.lab.kill();

    const third = await opened(name, preset);
    for (const there of before.slice(1)) {
      await third.go('redo');
      expect(await third.digest()).toEqual(there);
    }
    await third.go('redo');
    expect(await third.digest()).toEqual(reopened);
    await third.go('redo');
    expect(await third.digest()).toEqual(crashed);
    await third.runOn(30_000);
    await expectSimulated(await third.tape());
    await third.forget();
    expect((await indexedDB.databases()).filter((one) => one.name?.includes(name))).toEqual([]);
  });
}

test('E19 the fourteenth undo in a row is as near as the first, and a run that is deleted takes its keyframes with it', async () => {
  const name = 'stored-many';
  const lab = await opened(name, 'cynosdb');
  const runId = lab.runId();
  const before: ReturnType<typeof bare>[] = [];
  for (let i = 1; i <= 14; i++) {
    before.push(await lab.digest());
    await lab.act('freeze store-2 for 1 ms');
    await lab.runOn(2_000);
    await lab.stored(i);
  }
  for (const there of before.reverse()) {
    await lab.go('undo');
    expect(await lab.digest()).toEqual(there);
    // And of the run that the first undo left: those that follow at once would push it out of the newest twelve before.
    await lab.stored(15);
  }
  expect(lab.runId()).not.toBe(runId);
  await lab.lab.host.handle({ kind: 'deleteRun', id: 11, runId });
  await lab.stored(0);
  await lab.forget();
});

/** A lab in which a node was crashed and one frozen, killed once the keyframes before that are stored; and how it stood before the crash. */
async function killedAfterTwo(name: string) {
  const lab = await opened(name, 'cynosdb');
  const before = await lab.digest();
  await lab.act('crash store-2');
  await lab.runOn(20_000);
  await lab.act('freeze store-3 for 5 ms');
  await lab.runOn(20_000);
  await lab.stored(2);
  lab.lab.kill();
  return before;
}

/** Changes the stored keyframe that was taken first. */
const changeFirst = (lab: string, change: (bytes: Uint8Array, row: KeyframeRow) => Uint8Array) =>
  withKeyframes(lab, async (db) => {
    const number = present((await db.getAllKeys('row'))[0], 'a keyframe');
    const [row, bytes] = [await db.get('row', number), await db.get('keyframe', number)];
    await db.put('keyframe', change(present(bytes, 'its bytes'), present(row, 'its row')), number);
  });

test('E19 a stored keyframe that is damaged is passed over for a replay, and dropped', async () => {
  const name = 'stored-damaged';
  await killedAfterTwo(name);
  await changeFirst(name, (bytes) => bytes.with(bytes.length >> 1, (bytes[bytes.length >> 1] ?? 0) ^ 4));
  const lab = await opened(name, 'cynosdb');
  await lab.go('undo');
  await lab.stored(3);
  const { hasKeyframe, line } = await lab.plan('undo');
  expect([hasKeyframe, line.split(' ').slice(1)]).toEqual([false, ['crash', 'store-2']]);
  await lab.stored(2);
  await lab.forget();
});

/** Goes back to a keyframe that was read, whose nodes' clocks were put on, and written again; on from there, a simulator is asked. */
async function wentBackTo(name: string, clockUs: number): Promise<void> {
  const before = await killedAfterTwo(name);
  await changeFirst(name, (bytes, row) => {
    const key = { past: row.past, time: row.time as Time };
    const world = readStored(bytes, key);
    if ('error' in world) throw new Error(world.error);
    const { runners, ...rest } = world;
    for (const [, runner] of runners) runner.clockOffsetUs += clockUs;
    return writeStored(
      key,
      packWhole(rest),
      runners.map(([node, runner]) => [node, packWhole(runner)]),
    );
  });
  const lab = await opened(name, 'cynosdb');
  await lab.go('undo');
  await lab.go('undo');
  expect((await lab.digest()).time).toBe(before.time);
  await lab.runOn(20_000);
  const text = await lab.tape();
  await lab.forget();
  await expectSimulated(text);
}

test('E19 planted: a keyframe of another state under this key, whole by its checksum, is found by the digest', async () => {
  await wentBackTo('stored-again', 0);
  await expect(wentBackTo('stored-planted', 100)).rejects.toThrow('to be');
});

test('E19 killed at any moment on the way back by a stored keyframe, a lab has one run, whole', async () => {
  const prng = makePrng(SEED, 'stored-kills');
  const kinds = new Set<string>();
  for (let kill = 1; kill <= KILLS; kill++) {
    const name = `stored-kill-${kill}`;
    const before = await killedAfterTwo(name);
    const lab = await opened(name, 'cynosdb');
    await lab.go('undo');
    const { hasKeyframe, line } = await lab.plan('undo');
    expect(hasKeyframe).toBe(true);
    let isOver = false;
    lab.change('undo', line).then(
      () => {
        isOver = true;
      },
      () => undefined,
    );
    // The first at once, the last once it is over, the others in between.
    const turns = kill === KILLS ? Number.POSITIVE_INFINITY : kill === 1 ? 0 : nextBelow(prng, CHANGE_TURNS);
    for (let i = 0; i < turns && !isOver; i++) await turn();
    lab.lab.kill();
    for (let i = 0; i < 50; i++) await turn();

    const next = await opened(name, 'cynosdb');
    await next.runOn(20_000);
    const text = await next.tape();
    await expectSimulated(text);
    const isOld = / crash store-2\n/.test(text);
    kinds.add(isOld ? 'old' : 'new');
    if (isOld) {
      await next.go('undo');
      expect(await next.digest()).toEqual(before);
    }
    await next.forget();
  }
  expect([...kinds].sort()).toEqual(['new', 'old']);
});
