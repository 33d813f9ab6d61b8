// The replay of a repro bundle ends where the run went wrong: no picture after it, the engine stopped in the last one, said once.

import { expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import type { WorldFrame } from '../run-model/picture/frame.ts';
import { freshTape } from '../sim/run-setup.ts';
import type { Tape } from '../sim/tape.ts';
import { printTape } from '../sim/tape-print.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { makeFrameReader } from './frame-wire.ts';
import { failedBy, stopAtError } from './replay-error.ts';
import { makeReplayHost } from './replay-host.ts';
import type { RecordedError, ReplayEvent } from './replay-messages.ts';

const ms = (count: number): Time => (count * 1000) as Time;
const engine: RecordedError = { kind: 'engine', node: 'store-2', at: ms(120), rule: '', detail: 'no END' };
const violation: RecordedError = { ...engine, kind: 'violation', rule: 'hole.merge' };

function tapeTo(at: Time | null): Tape {
  const tape = freshTape(presets, 'hook-hole', 7);
  if ('error' in tape) throw new Error(tape.error);
  return { ...tape, header: { ...tape.header, end: at === null ? null : { at, hash: '0123456789abcdef' } } };
}

test.each([
  ['without an end', null, engine, ms(120), null],
  ['that went on', ms(400), engine, ms(120), null],
  ['that went on past a violation, whose instant is part of it', ms(400), violation, ms(120) + 1, null],
  ['that was exported before the picture with the error', ms(119), engine, ms(119), '0123456789abcdef'],
] as const)('a tape %s ends at the error', (_which, end, error, at, hash) => {
  const { tape, stop } = stopAtError(tapeTo(end), error);
  expect(tape.header.end).toEqual({ at, hash });
  expect(stop).toEqual({ error, at });
  expect(failedBy(stop, at - 1)).toBeUndefined();
  expect(failedBy(stop, at)).toEqual(error.kind === 'engine' ? new Map([['store-2', 'no END']]) : undefined);
});

/** Plays a tape as the page does, drawing each picture as it comes, until it stands at its end. */
async function play(text: string, error: RecordedError | null) {
  const reported: ReplayEvent[] = [];
  const frames: WorldFrame[] = [];
  const read = makeFrameReader();
  let onEnd: (() => void) | null = null;
  const host = makeReplayHost((event) => {
    if (event.kind === 'frame') {
      frames.push(read(event.frame));
      host.interrupt({ kind: 'drawn' });
    } else if (event.kind === 'errorReached' || event.kind === 'diverged') reported.push(event);
    else if (event.kind === 'state' && event.atEnd && !event.playing) onEnd?.();
  });
  await host.handle({ kind: 'load', id: 1, text, seek: null, verify: true, error });
  await new Promise<void>((resolve) => {
    onEnd = resolve;
    void host.handle({ kind: 'play', speed: null });
  });
  return { host, frames, reported };
}

test('the replay of an engine error stands there with that engine stopped; before, and in a twin, it runs', async () => {
  const { host, frames, reported } = await play(printTape(tapes, tapeTo(ms(400))), engine);
  expect(reported).toEqual([{ kind: 'errorReached', error: engine }]);
  const last = frames.at(-1);
  expect(last?.time).toBe(ms(120));
  expect(last?.nodes.find(({ id }) => id === 'store-2')).toMatchObject({ status: 'failed', error: 'no END' });
  expect(last?.nodes.filter(({ error }) => error !== null)).toHaveLength(1);
  expect(frames.length).toBeGreaterThan(1);
  for (const frame of frames.filter(({ time }) => time < ms(120)))
    expect(frame.nodes.every(({ error }) => error === null)).toBe(true);
  await host.handle({ kind: 'fork', id: 2 });
  expect(frames.at(-1)?.nodes.every(({ error }) => error === null)).toBe(true);
  expect(reported).toHaveLength(1);
});

test('a tape without a repro bundle is played to its own end', async () => {
  const tape = tapeTo(ms(140));
  const text = printTape(tapes, { ...tape, header: { ...tape.header, end: { at: ms(140), hash: null } } });
  const { frames, reported } = await play(text, null);
  expect(reported).toEqual([]);
  expect(frames.at(-1)?.time).toBe(ms(140));
});
