// What is played ahead of a look at the past is there when it is looked at, and gives way to whatever else is asked.

import { expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import { freshTape } from '../sim/run-setup.ts';
import { printTape } from '../sim/tape-print.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { makeReplayHost } from './replay-host.ts';
import type { ReplayEvent } from './replay-messages.ts';

const until = 140_000 as Time;

function tapeText(): string {
  const tape = freshTape(presets, 'hook-hole', 7);
  if ('error' in tape) throw new Error(tape.error);
  return printTape(tapes, { ...tape, header: { ...tape.header, end: { at: until, hash: null } } });
}

test('a look at the past goes on from where it was played ahead, and shows the same', async () => {
  const text = tapeText();
  const load = { kind: 'load', id: 1, text, seek: until, verify: false, error: null } as const;
  const posted: ReplayEvent[] = [];
  const ahead = makeReplayHost((event) => posted.push(event));
  await ahead.handle({ kind: 'prepare', tape: { text, until } });
  expect(posted).toEqual([]);
  expect(await ahead.handle({ kind: 'digest', id: 2 })).toMatchObject({ time: until });
  await ahead.handle(load);
  const other = makeReplayHost(() => undefined);
  await other.handle(load);
  expect(await ahead.handle({ kind: 'digest', id: 3 })).toEqual(
    await other.handle({ kind: 'digest', id: 3 }),
  );
  expect(posted.filter(({ kind }) => kind === 'frame')).toHaveLength(1);
});

test('how the page looks does not end it, and draws nothing of what nobody looks at', async () => {
  const posted: ReplayEvent[] = [];
  const host = makeReplayHost((event) => posted.push(event));
  const prepared = host.handle({ kind: 'prepare', tape: { text: tapeText(), until } });
  const params = { group: null, lsnWindow: null, span: 32, detail: false };
  for (const request of [
    { kind: 'view', params },
    { kind: 'pick', minRank: 2, limit: 9 },
  ] as const) {
    host.interrupt(request);
    // One after the other, as its worker does them.
    await prepared;
    await host.handle(request);
  }
  expect(await host.handle({ kind: 'digest', id: 1 })).toMatchObject({ time: until });
  expect(posted).toEqual([]);
});

test('it ends as soon as something else is asked', async () => {
  const host = makeReplayHost(() => undefined);
  const prepared = host.handle({ kind: 'prepare', tape: { text: tapeText(), until } });
  host.interrupt({ kind: 'prepare', tape: null });
  await prepared;
  const { time } = (await host.handle({ kind: 'digest', id: 1 })) as { readonly time: number };
  expect(time).toBeLessThan(until);
});
