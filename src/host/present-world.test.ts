// A look at the past that begins with the live cluster's own world stands where a replay stands, there and wherever it goes
// from there.

import { expect, test } from 'vitest';
import type { WorldFrame } from '../run-model/picture/frame.ts';
import { makeFrameReader } from './frame-wire.ts';
import { makeLabHost } from './lab-host.ts';
import { readPresent } from './present-world.ts';
import { makeReplayHost, type ReplayHost } from './replay-host.ts';
import type { PresentWorld, ReplayEvent } from './replay-messages.ts';

interface Digest {
  readonly hash: string;
  readonly events: number;
  readonly time: number;
}

/** A lab in memory that was acted on after its boot, and stands some time later: its world, and its own digest. */
async function standing(
  preset: string,
  line: string,
): Promise<{ readonly present: PresentWorld; readonly digest: Digest }> {
  let time = 0;
  const host = makeLabHost((event) => {
    if (event.kind === 'live') time = event.live.time;
  });
  await host.handle({
    kind: 'boot',
    id: 1,
    lab: preset,
    storage: 'memory',
    workers: new MessageChannel().port1,
    fallback: { preset, seed: 7 },
    ask: null,
    fork: null,
    failpoint: null,
    keyframe: null,
  });
  await host.handle({ kind: 'pause' });
  expect(await host.handle({ kind: 'act', id: 2, line })).toMatchObject({ ok: true });
  await host.handle({ kind: 'runTo', id: 3, until: time + 30_000 });
  const present = (await host.handle({ kind: 'present', id: 4, known: null })) as PresentWorld;
  expect(await host.handle({ kind: 'present', id: 4, known: present.time })).toEqual({
    ...present,
    bytes: null,
  });
  const digest = (await host.handle({ kind: 'digest', id: 5 })) as Digest;
  await host.handle({ kind: 'forget', id: 6 });
  return { present, digest };
}

async function lookedAt(
  { text, time }: PresentWorld,
  present?: PresentWorld,
): Promise<{ readonly host: ReplayHost; readonly posted: readonly ReplayEvent[] }> {
  const posted: ReplayEvent[] = [];
  const host = makeReplayHost((event) => posted.push(event));
  const given = present === undefined ? {} : { present };
  await host.handle({ kind: 'load', id: 1, text, seek: time, verify: false, error: null, ...given });
  return { host, posted };
}

const digestAt = async ({ handle }: ReplayHost): Promise<unknown> => handle({ kind: 'digest', id: 7 });
/** Its pictures, but for what a node that is down was last asked to show, and its disk. */
const framesOf = (posted: readonly ReplayEvent[]): readonly WorldFrame[] => {
  const read = makeFrameReader();
  return posted.flatMap((event) => {
    if (event.kind !== 'frame') return [];
    const frame = read(event.frame);
    const nodes = frame.nodes.map((node) =>
      node.status === 'up' ? node : { ...node, view: null, disk: null },
    );
    return [{ ...frame, nodes, metrics: { ...frame.metrics, storedBytes: 0 } }];
  });
};

test.each([
  ['cynosdb', 'crash store-1'],
  ['postdb-v4', 'crash n2'],
  ['polardb', 'cut rw-1 | cs-2'],
])('E18 %s: a look at the past begins with the present, and is the replay', async (preset, line) => {
  const { present, digest } = await standing(preset, line);
  const near = await lookedAt(present, present);
  const far = await lookedAt(present);
  expect(await digestAt(near.host)).toMatchObject({ hash: digest.hash, time: digest.time });
  expect(await digestAt(near.host)).toEqual(await digestAt(far.host));
  expect(framesOf(near.posted)).toEqual(framesOf(far.posted));
  expect(framesOf(near.posted)).toHaveLength(1);
  // Back from there, on again, and a twin: as if it had been replayed.
  for (const request of [
    { kind: 'back', id: 8, minRank: 2 },
    { kind: 'seek', id: 9, time: present.time - 12_000 },
    { kind: 'back', id: 10, minRank: 2 },
    { kind: 'step', id: 11, minRank: 2 },
    { kind: 'seek', id: 12, time: present.time },
    { kind: 'fork', id: 13 },
    { kind: 'act', id: 14, line: 'crash d1' },
  ] as const) {
    await near.host.handle(request);
    await far.host.handle(request);
    expect(await digestAt(near.host), request.kind).toEqual(await digestAt(far.host));
  }
});

test('E18 a present that is not whole is none, and one of another tape or time neither', async () => {
  const { present, digest } = await standing('toy', 'crash t2');
  expect(readPresent(present)?.fabric.now).toBe(present.time);
  const bytes = present.bytes ?? new Uint8Array(0);
  const damaged = bytes.map((byte, i) => (i === 900 ? byte ^ 4 : byte));
  for (const other of [
    { ...present, bytes: damaged },
    { ...present, bytes: null },
    { ...present, text: `${present.text}# another` },
    { ...present, time: (present.time + 1) as typeof present.time },
  ])
    expect(readPresent(other)).toBe(null);
  const { host } = await lookedAt(present, { ...present, bytes: damaged });
  expect(await digestAt(host)).toMatchObject({ hash: digest.hash });
});
