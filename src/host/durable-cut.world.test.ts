// Labs that run ahead of their disks and are killed at any moment: the next start finds every node's disk as of the last
// cut that was decided for, all of it and nothing after it, and nobody has heard of anything later.

import { openDB } from 'idb';
import { expect, test } from 'vitest';
import { present } from '../base/assert.ts';
import type { Time } from '../base/ids.ts';
import { makePrng, nextBelow } from '../base/prng.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { digestImage } from '../sim/digests.ts';
import { setupRun } from '../sim/run-setup.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { diskOf, makeWorld, runWorld, worldHash } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { programOf } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';
import { drawnOf, isDeep } from '../testing/depth.ts';
import { fabricDatabase } from './databases.ts';
import { type Fault, type KillableLab, makeKillableLab } from './testing/killable-lab.ts';

/** How often each is killed. */
const KILLS = isDeep ? { toy: 40, others: 20 } : { toy: 3, others: 1 };
/** Virtual time that a run goes on after its power cut. */
const GOES_ON_US = 20_000;

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Virtual time up to which the lab's database says that things may be shown. */
async function shownUpTo(lab: string): Promise<number> {
  const db = await openDB(fabricDatabase(lab));
  const shown: unknown = await db.get('shown', 'shown');
  db.close();
  return typeof shown === 'number' ? shown : -1;
}

/** The newest instant that its page heard of. */
const heardOf = ({ heard }: KillableLab): number =>
  heard.reduce((time, event) => (event.kind === 'live' ? Math.max(time, event.live.time) : time), -1);

interface Killed {
  /** Nodes whose disk is not as of the cut. */
  readonly wrong: readonly string[];
  readonly heard: number;
  readonly cut: number;
  /** Nodes whose disk the cut found written after the run had booted. */
  readonly written: number;
}

/** A lab at maximum speed, killed after some turns of the event loop, and what its disks are at the next start. */
async function killOne(preset: string, seed: number, fault: Fault = null): Promise<Killed> {
  const prng = makePrng(seed, `durable-cut/${preset}`);
  const name = `${preset}-${seed}-${fault}`;
  const lab = makeKillableLab(name, prng, fault);
  await lab.boot(preset, seed);
  await lab.host.handle({ kind: 'speed', speed: null });
  const bootedAt = heardOf(lab);
  await lab.host.handle({ kind: 'play' });
  while (heardOf(lab) === bootedAt) await turn();
  for (let turns = nextBelow(prng, 300); turns > 0; turns--) await turn();
  lab.kill();
  const heard = heardOf(lab);
  // What was under way lands, or does not.
  for (let i = 0; i < 50; i++) await turn();
  const cut = await shownUpTo(name);

  const next = makeKillableLab(name, prng);
  await next.boot(preset, seed);
  await next.host.handle({ kind: 'pause' });
  await next.host.handle({ kind: 'runTo', id: 4, until: heardOf(next) + GOES_ON_US });
  const text = (await next.host.handle({ kind: 'tape', id: 2 })) as string;
  await next.host.handle({ kind: 'forget', id: 3 });
  next.kill();
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) throw new Error(parsed.error);
  const { tape } = parsed;
  const edge = await loadSqlEdge();
  const place = tape.actions.findIndex(({ kind }) => kind === 'powerCut');
  const power = tape.actions[place];
  if (power?.kind !== 'powerCut') throw new Error('no power cut');

  // The same run up to the cut, simulated: each disk is what it is there.
  const before = setupRun(known, {
    header: { ...tape.header, end: null },
    actions: tape.actions.slice(0, place),
  });
  if (!before.ok) throw new Error(before.error);
  const world = makeWorld<unknown, unknown>(before.setup.spec);
  const host = { program: programOf(before.setup.program), edge, tape: tapes };
  runWorld(world, host, { until: cut as Time });
  const wrong = power.stamps
    .filter(({ node, disk }) => digestImage(diskOf(world, node)) !== disk)
    .map(({ node }) => node);

  // And the run that went on after it: the simulator ends with its hash.
  const whole = setupRun(known, tape);
  if (!whole.ok) throw new Error(whole.error);
  const end = present(tape.header.end, 'the end of the run');
  const again = makeWorld<unknown, unknown>(whole.setup.spec);
  runWorld(again, host, { until: end.at as Time });
  if (fault === null) {
    expect(again.fabric.divergences).toEqual([]);
    expect(worldHash(again)).toBe(end.hash);
  }
  return { wrong, heard, cut, written: power.stamps.filter(({ until }) => until > bootedAt).length };
}

test('E12 a lab that is killed at maximum speed has its last cut on every disk, and has shown nothing after it', async () => {
  let written = 0;
  for (let seed = 1; seed <= KILLS.toy; seed++) {
    const killed = await killOne('toy', seed);
    expect(killed.wrong, `seed ${seed}`).toEqual([]);
    expect(killed.heard, `seed ${seed}`).toBeLessThanOrEqual(killed.cut);
    written += killed.written;
  }
  expect(written).toBeGreaterThan(KILLS.toy);
});

test.each(drawnOf(['polardb', 'bench-p1', 'postdb-v4']))('E12 the same of %s', async (preset) => {
  let written = 0;
  for (let seed = 1; seed <= KILLS.others; seed++) {
    const killed = await killOne(preset, seed);
    expect(killed.wrong, `seed ${seed}`).toEqual([]);
    expect(killed.heard, `seed ${seed}`).toBeLessThanOrEqual(killed.cut);
    written += killed.written;
  }
  expect(written).toBeGreaterThan(0);
});

test('E12 planted: a disk that answers a cut before it has written it is found out', async () => {
  let found = 0;
  for (let seed = 1; seed <= 12 && found === 0; seed++)
    found += (await killOne('toy', seed, 'early')).wrong.length;
  expect(found).toBeGreaterThan(0);
});
