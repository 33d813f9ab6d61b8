// A link to a fresh run, followed over a run that is saved: in labs as a browser runs them, over databases that outlive them. Killed at
// any moment after the press, the lab opens what the link asks for once the press is asked again, and what was there is in Runs, once,
// to where it stood; a page without the link opens the one or the other, whole.

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
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
import { isDeep } from '../testing/depth.ts';
import type { LiveState } from './fabric-messages.ts';
import type { Ask } from './opening.ts';
import type { ChangePlan } from './run-plan.ts';
import type { RunsState } from './run-records.ts';
import { makeKillableLab } from './testing/killable-lab.ts';

const KILLS = isDeep ? 40 : 4;
const SEED = 5;
/** Turns of the event loop from a press until the link's run is the lab's, about. */
const FOLLOW_TURNS = 60;
const hook = { preset: 'hook-hole', seed: 7 };

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await turn();
};

beforeAll(() => {
  // What a browser counts of its storage, and this process does not.
  vi.stubGlobal('navigator', {});
});
afterAll(() => {
  vi.unstubAllGlobals();
});

function page(name: string, label: string) {
  const lab = makeKillableLab(name, makePrng(SEED, label));
  const { host, heard } = lab;
  const live = (): LiveState | undefined => heard.findLast((event) => event.kind === 'live')?.live;
  return {
    host,
    live,
    heard,
    kill: lab.kill,
    open: async (ask: Ask | null) => {
      await lab.boot(hook.preset, hook.seed, null, ask);
      await host.handle({ kind: 'pause' });
    },
    /** As `open`, and nobody waits. */
    begin: (ask: Ask | null) => void lab.boot(hook.preset, hook.seed, null, ask).catch(() => undefined),
    preset: async () => /^preset (\S+)/m.exec(String(await host.handle({ kind: 'tape', id: 3 })))?.[1],
    runs: async () => ((await host.handle({ kind: 'runs', id: 4 })) as RunsState).runs,
  };
}

/** A lab of this name with a run in which a node was crashed, and where it stood when its page was killed. */
async function killedRun(name: string) {
  const first = page(name, `${name} first`);
  await first.open({ id: 'first', preset: 'cynosdb', seed: 2 });
  await first.host.handle({ kind: 'act', id: 5, line: 'crash store-2' });
  await first.host.handle({ kind: 'runTo', id: 6, until: (first.live()?.time ?? 0) + 20_000 });
  const { hash, time } = (await first.host.handle({ kind: 'digest', id: 7 })) as {
    hash: string;
    time: number;
  };
  const runId = present(first.live(), 'a run').runId;
  first.kill();
  await turns(20);
  return { hash, time, runId };
}

/** What a kept run's tape leads to. */
async function hashOfKept(lab: ReturnType<typeof page>, runId: string): Promise<string> {
  const plan = (await lab.host.handle({ kind: 'keptPlan', id: 8, runId })) as ChangePlan | null;
  const { text, time } = present(plan, 'the kept run');
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) throw new Error(parsed.error);
  const made = setupRun(known, parsed.tape);
  if (!made.ok) throw new Error(made.error);
  const world = makeWorld<unknown, unknown>(made.setup.spec);
  const host = { program: programOf(made.setup.program), edge: await loadSqlEdge(), tape: tapes };
  runWorld(world, host, { until: time as Time });
  return worldHash(world);
}

test('E13 killed at any moment after the press of a link, a lab opens what the link asks for, and what was there is in Runs', async () => {
  const prng = makePrng(SEED, 'link-kills');
  const found = new Set<string>();
  for (let kill = 0; kill < KILLS; kill++) {
    const name = `link-kill-${kill}`;
    const before = await killedRun(name);
    const ask: Ask = { id: `press-${kill}`, preset: 'postdb-v4', seed: 3 };
    const pressed = page(name, `${name} pressed`);
    pressed.begin(ask);
    const wait = kill === 0 ? 0 : kill === 1 ? 4 * FOLLOW_TURNS : nextBelow(prng, FOLLOW_TURNS);
    await turns(wait);
    // The page that comes next takes the lab's database: what was not written by then never is.
    pressed.kill();

    // Half of them look first at what a page without the link has.
    if (nextBelow(prng, 2) === 0) {
      const bare = page(name, `${name} bare`);
      await bare.open(null);
      const preset = await bare.preset();
      found.add(`bare: ${preset}`);
      const runs = await bare.runs();
      expect(runs.filter(({ runId }) => runId === before.runId)).toHaveLength(1);
      bare.kill();
      await turns(20);
    }
    const again = page(name, `${name} again`);
    await again.open(ask);
    expect(await again.preset()).toBe('postdb-v4');
    const runs = await again.runs();
    expect(runs.filter(({ preset }) => preset === 'postdb-v4')).toHaveLength(1);
    const [kept, ...more] = runs.filter(({ runId }) => runId === before.runId);
    expect(more).toEqual([]);
    expect(kept).toMatchObject({ isOn: false, preset: 'cynosdb', seed: 2 });
    found.add(
      again.heard.some((event) => event.kind === 'notice' && event.notice.kind === 'recovered')
        ? 'went on'
        : 'began',
    );
    // A bare page went on with it meanwhile; where none did it stands where it stood.
    if (kept?.actions === 2) {
      expect(kept.until).toBe(before.time);
      expect(await hashOfKept(again, before.runId)).toBe(before.hash);
      found.add('kept where it stood');
    }
    again.kill();
    await turns(20);
  }
  expect([...found].sort()).toEqual(expect.arrayContaining(['began', 'kept where it stood', 'went on']));
});

test('E13 another press of the same link begins anew; a run in which nobody did anything is not kept beside its like', async () => {
  const name = 'link-twice';
  const press = async (id: string, seed: number) => {
    const lab = page(name, id);
    await lab.open({ id, preset: 'cynosdb', seed });
    return lab;
  };
  const first = await press('a', 9);
  const { runId } = present(first.live(), 'a run');
  first.kill();
  await turns(20);
  const second = await press('b', 9);
  expect(second.live()?.runId).not.toBe(runId);
  expect(await second.runs()).toHaveLength(1);
  await second.host.handle({ kind: 'act', id: 5, line: 'crash store-2' });
  second.kill();
  await turns(20);
  const third = await press('c', 9);
  expect((await third.runs()).map(({ isOn, actions }) => [isOn, actions])).toEqual([
    [false, 2],
    [true, 1],
  ]);
  third.kill();
});

test('E13 a link whose run cannot begin says so, and the lab goes on with what is saved', async () => {
  const name = 'link-broken';
  const before = await killedRun(name);
  const lab = page(name, 'broken');
  await lab.open({ id: 'x', preset: 'nothing', seed: 1 });
  expect(lab.live()?.runId).toBe(before.runId);
  const notices = lab.heard.flatMap((event) => (event.kind === 'notice' ? [event.notice.kind] : []));
  expect(notices).toEqual(['engineError', 'recovered']);
  lab.kill();
});

test('E13 a twin that somebody did something in is in Runs once its page is gone or a link takes its run’s place, and only once', async () => {
  const name = 'link-twin';
  const first = page(name, 'with a twin');
  await first.open(null);
  const { runId, time } = present(first.live(), 'a run');
  const at = time / 2;
  const inherited =
    String(await first.host.handle({ kind: 'tape', id: 3 })).match(/^0\.000 .*$/gm)?.length ?? 0;
  const line = `${((at + 1000) / 1000).toFixed(3)} crash store-3`;
  const twin = { kind: 'twin', runId, branch: 'twin-1', at, inherited } as const;
  await first.host.handle({ ...twin, until: at + 1000, lines: [line] });
  await first.host.handle({ ...twin, until: at + 5000, lines: [line] });
  // One that was taken back to nothing, one that was dropped, and one of a run that is not on.
  await first.host.handle({ ...twin, branch: 'twin-2', until: at + 1000, lines: [line] });
  await first.host.handle({ ...twin, branch: 'twin-2', until: at, lines: [] });
  await first.host.handle({ ...twin, at: 5, branch: 'twin-2', until: at + 1000, lines: [line] });
  await first.host.handle({ kind: 'dropTwin', runId, at: 5, branch: 'twin-2' });
  await first.host.handle({ ...twin, runId: 'another', until: at, lines: [line] });
  expect(await first.runs()).toHaveLength(1);
  first.kill();
  await turns(20);

  const reloaded = page(name, 'reloaded');
  await reloaded.open(null);
  const twinRun = {
    parent: runId,
    isOn: false,
    until: at + 5000,
    forkedAt: at,
    origin: { kind: 'twin', line },
  };
  expect((await reloaded.runs()).filter(({ isOn }) => !isOn)).toEqual([expect.objectContaining(twinRun)]);
  expect(reloaded.heard.flatMap((event) => (event.kind === 'notice' ? [event.notice] : []))).toMatchObject([
    { kind: 'recovered', twins: 1 },
  ]);
  const kept = present(
    (await reloaded.runs()).find(({ isOn }) => !isOn),
    'the twin',
  );
  await hashOfKept(reloaded, kept.runId);
  // Another, of the run that goes on, and then a link.
  const later = { ...twin, at: at + 2000, until: at + 9000, lines: [line.replace('store-3', 'store-2')] };
  await reloaded.host.handle(later);
  reloaded.kill();
  await turns(20);
  const linked = page(name, 'linked');
  await linked.open({ id: 'press', preset: 'cynosdb', seed: 4 });
  const ended = await linked.runs();
  expect(ended.map(({ isOn, preset, origin }) => [isOn, preset, origin.kind]).sort()).toEqual([
    [false, hook.preset, 'start'],
    [false, hook.preset, 'twin'],
    [false, hook.preset, 'twin'],
    [true, 'cynosdb', 'start'],
  ]);
  linked.kill();
});
