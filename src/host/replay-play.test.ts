// The speed at which a replay plays: chosen while it stands or while it plays.

import { expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import { freshTape } from '../sim/run-setup.ts';
import { printTape } from '../sim/tape-print.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { makeReplayHost, type ReplayHost } from './replay-host.ts';
import type { ReplayEvent } from './replay-messages.ts';

type State = Extract<ReplayEvent, { kind: 'state' }>;

const END = 140_000 as Time;

/** A replay of 140 virtual ms that stands at its beginning, what it reported last, and its end when it has come there. */
async function loadedHost(): Promise<{
  readonly host: ReplayHost;
  readonly reported: () => State | undefined;
  readonly atEnd: Promise<State>;
}> {
  const tape = freshTape(presets, 'hook-hole', 7);
  if ('error' in tape) throw new Error(tape.error);
  const text = printTape(tapes, { ...tape, header: { ...tape.header, end: { at: END, hash: null } } });
  let last: State | undefined;
  let onEnd: (state: State) => void = () => undefined;
  const atEnd = new Promise<State>((resolve) => {
    onEnd = resolve;
  });
  const host = makeReplayHost((event) => {
    if (event.kind === 'frame') host.interrupt({ kind: 'drawn' });
    if (event.kind !== 'state') return;
    last = event;
    if (event.atEnd && !event.playing) onEnd(event);
  });
  await host.handle({ kind: 'load', id: 1, text, seek: 0, verify: false, error: null });
  return { host, reported: () => last, atEnd };
}

test('a speed chosen while a replay plays takes effect there: at the one before it would not come to its end', async () => {
  const { host, reported, atEnd } = await loadedHost();
  await host.handle({ kind: 'play', speed: 1e-6 });
  await host.handle({ kind: 'speed', speed: 1e-6 });
  expect(reported()).toMatchObject({ playing: true, atEnd: false });
  await host.handle({ kind: 'speed', speed: null });
  expect((await atEnd).time).toBe(END);
});

test('a speed chosen while a replay stands does not make it play', async () => {
  const { host, reported } = await loadedHost();
  await host.handle({ kind: 'speed', speed: null });
  expect(await host.handle({ kind: 'digest', id: 2 })).toMatchObject({ time: 0 });
  await host.handle({ kind: 'pause' });
  expect(reported()).toMatchObject({ playing: false, time: 0 });
});
