// A run that goes on from where its preset was recorded is the run that boots: same hash later, same tape. Killed while it begins,
// the lab has the run before or this one, whole. What is no such start boots from its beginning, and one of another run is noticed.

import { expect, test } from 'vitest';
import { present } from '../base/assert.ts';
import type { Time } from '../base/ids.ts';
import { makePrng, nextBelow } from '../base/prng.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { FabricEvent, LiveState } from '../host/fabric-messages.ts';
import { makePlayer } from '../host/player.ts';
import { startKey } from '../host/recorded-start.ts';
import { type KillableLab, makeKillableLab } from '../host/testing/killable-lab.ts';
import { type Keyframe, type RecordedMark, recordKeyframe } from '../run-model/picture/keyframe.ts';
import { freshTape, setupRun } from '../sim/run-setup.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { makeWorld, runWorld, worldHash } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { offeredPresets } from '../stacks/preset-names.ts';
import { presets } from '../stacks/presets.ts';
import { programOf } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';
import { isDeep } from '../testing/depth.ts';
import { packStart, recordStart } from './hook-keyframe.ts';

const edge = await loadSqlEdge();
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
/** Virtual time that a run goes on after its boot. */
const GOES_ON_US = 20_000;
const KILLS = isDeep ? 60 : 8;

const recorded = new Map<string, Keyframe>();

function keyframeOf(preset: string): Keyframe {
  const made = recorded.get(preset) ?? recordKeyframe(known, preset, 7, edge);
  if ('error' in made) throw new Error(made.error);
  recorded.set(preset, made);
  return made;
}

const at = ({ preset, seed, at: time, hash }: Keyframe, bytes: Uint8Array): RecordedMark => ({
  preset,
  seed,
  at: time,
  hash,
  start: `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`,
});

const liveOf = ({ heard }: KillableLab): readonly LiveState[] =>
  heard.flatMap((event) => (event.kind === 'live' ? [event.live] : []));

const noticesOf = (heard: readonly FabricEvent[]): readonly string[] =>
  heard.flatMap((event) => (event.kind === 'notice' ? [event.notice.kind] : []));

/** The tape of what it did up to some time after its boot; it ends with a hash. */
async function tapeAfter(lab: KillableLab, until: number): Promise<string> {
  await lab.host.handle({ kind: 'pause' });
  await lab.host.handle({ kind: 'runTo', id: 2, until });
  const text = (await lab.host.handle({ kind: 'tape', id: 3 })) as string;
  await lab.host.handle({ kind: 'forget', id: 4 });
  lab.kill();
  return text;
}

/** The tape simulated from its beginning has the hash with which it was saved. */
function checkTape(text: string): void {
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) throw new Error(parsed.error);
  const made = setupRun(known, parsed.tape);
  if (!made.ok) throw new Error(made.error);
  const end = present(parsed.tape.header.end, 'the end of the run');
  const world = makeWorld<unknown, unknown>(made.setup.spec);
  runWorld(world, { program: programOf(made.setup.program), edge, tape: tapes }, { until: end.at as Time });
  expect(world.fabric.divergences).toEqual([]);
  expect(worldHash(world)).toBe(end.hash);
}

test.each(isDeep ? offeredPresets : ['hook-hole', 'postdb-v4', 'polardb'])(
  'PRE-4 a run of %s goes on from where it was recorded, and is the run that boots',
  async (preset) => {
    const keyframe = keyframeOf(preset);
    const lab = makeKillableLab(`start-${preset}`, makePrng(1, preset));
    await lab.boot(preset, 7, at(keyframe, recordStart(keyframe, edge)));
    const first = present(
      liveOf(lab).find(({ booting }) => !booting),
      'live',
    );
    expect([first.time, first.windows]).toEqual([keyframe.at, 0]);
    expect(noticesOf(lab.heard)).toEqual([]);
    checkTape(await tapeAfter(lab, keyframe.at + GOES_ON_US));
  },
);

test('E12 a lab that is killed while a recorded run begins has the run before or this one, whole', async () => {
  const [keyframe, found] = [keyframeOf('hook-hole'), new Set<string>()];
  const mark = at(keyframe, recordStart(keyframe, edge));
  const source = { kind: 'preset', preset: 'hook-hole', seed: 7 } as const;
  for (let seed = 1; seed <= KILLS; seed++) {
    const prng = makePrng(seed, 'killed-start');
    const name = `killed-start-${seed}`;
    const lab = makeKillableLab(name, prng);
    await lab.boot('toy', 1);
    const started = lab.host.handle({ kind: 'start', id: 9, source, standAt: null, keyframe: mark });
    for (let turns = nextBelow(prng, 120); turns > 0; turns--) await turn();
    lab.kill();
    started.catch(() => undefined);
    for (let i = 0; i < 50; i++) await turn();
    const next = makeKillableLab(name, prng);
    await next.boot('toy', 1);
    const resumed = present(liveOf(next).at(-1), 'a run');
    const text = await tapeAfter(next, resumed.time + GOES_ON_US);
    found.add(/^preset (\S+)/m.exec(text)?.[1] ?? '');
    checkTape(text);
  }
  expect([...found].sort()).toEqual(['hook-hole', 'toy']);
});

test.each([
  ['cut off', (bytes: Uint8Array) => bytes.slice(0, -1)],
  ['with another byte', (bytes: Uint8Array) => bytes.map((byte, i) => (i === 5000 ? byte ^ 1 : byte))],
  ['that is a page of the host', () => new TextEncoder().encode('<!doctype html>')],
  ['that is empty', () => new Uint8Array(0)],
])('a start %s is none: the run boots', async (what, damage) => {
  const keyframe = keyframeOf('hook-hole');
  const lab = makeKillableLab(`damaged ${what}`, makePrng(1, what));
  await lab.boot('hook-hole', 7, at(keyframe, damage(recordStart(keyframe, edge))));
  const first = present(
    liveOf(lab).find(({ booting }) => !booting),
    'live',
  );
  expect(first.time).toBe(keyframe.at);
  expect(first.windows).toBeGreaterThan(10);
  expect(noticesOf(lab.heard)).toEqual([]);
  checkTape(await tapeAfter(lab, keyframe.at + GOES_ON_US));
});

test('planted: a start of another run under this name is noticed by its hash', async () => {
  const keyframe = keyframeOf('hook-hole');
  const [tape, other] = [freshTape(presets, 'hook-hole', 7), freshTape(presets, 'hook-hole', 8)];
  if ('error' in tape || 'error' in other) throw new Error('no such preset');
  const made = setupRun(known, other);
  if (!made.ok) throw new Error(made.error);
  const player = makePlayer(made.setup, edge, { cacheBytes: 0 });
  while (!player.run(keyframe.at, Number.POSITIVE_INFINITY));
  const lab = makeKillableLab('other-start', makePrng(1, 'other'));
  await lab.boot('hook-hole', 7, at(keyframe, packStart(player, startKey(tape, keyframe))));
  expect(noticesOf(lab.heard)).toEqual(['keyframeMismatch']);
  lab.kill();
});
