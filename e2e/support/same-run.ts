// Tapes with crashes, cuts and loss on them, of which every browser and the headless run make the same.

import { freshTape } from '../../src/sim/run-setup.ts';
import { parseAction } from '../../src/sim/tape-parse.ts';
import { printTape } from '../../src/sim/tape-print.ts';
import { presets } from '../../src/stacks/presets.ts';
import { tapes } from '../../src/stacks/tapes.ts';
import type { replayHeadless } from './headless.ts';
import { expect } from './lab-fixture.ts';
import type { HostedEnd } from './lab-page.ts';

export function tapeOf(preset: string, seed: number, lines: readonly string[]): string {
  const tape = freshTape(presets, preset, seed);
  if ('error' in tape) throw new Error(tape.error);
  const actions = lines.map((line) => {
    const action = parseAction(tapes, line);
    if ('error' in action) throw new Error(`${line}: ${action.error}`);
    return action;
  });
  return printTape(tapes, { header: tape.header, actions: [...tape.actions, ...actions] });
}

export const withEnd = (tape: string, ms: number): string =>
  tape.replace(/\n\n?(?=\d)/, `\nend ${ms.toFixed(3)}\n`);

export interface SameRun {
  readonly preset: string;
  readonly seed: number;
  readonly untilMs: number;
  readonly lines: readonly string[];
  /** One with most kinds of action is enough for every change. */
  readonly isShort?: true;
}

export const sameRuns: readonly SameRun[] = [
  {
    preset: 'toy',
    seed: 11,
    untilMs: 40,
    lines: [
      '5 crash t1',
      '8 cut c1 | t2 for 4 ms',
      '9 restart t1',
      '14 loss c1 | t3 : 40 % for 12 ms',
      '16 crash t2 tornLast',
      '19 cut t3 > c1 for 5 ms',
      '22 restart t2',
      '27 crash c1 loseAll for 3 ms',
    ],
  },
  {
    preset: 'cynosdb',
    seed: 23,
    untilMs: 110,
    lines: [
      '30 loss rw-1 | store-1 : 20 % for 20 ms',
      '45 crash store-2 tornLast',
      '52 cut rw-1 | store-3 for 6 ms',
      '60 restart store-2',
      '70 crash rw-1',
      '75 restart rw-1',
      '95 cut store-1 > rw-1 for 5 ms',
    ],
  },
  {
    preset: 'cynosdb',
    seed: 31,
    untilMs: 110,
    isShort: true,
    lines: [
      '42 crashOn store-2 before ack',
      '44 dropNext rw-1 > store-3 : wal 2',
      '46 holdNext rw-1 > store-1 : wal 1',
      '50 release rw-1 > store-1',
      '52 restart store-2',
      '54 bandwidth rw-1 | store-1 : 200 for 8 ms',
      '60 clockDrift store-1 20000 for 20 ms',
      '64 dropBuffer store-3',
      '70 crashLosing store-3 "store/g1/log/40" for 4 ms',
      '82 crashOn rw-1 after append',
      '88 restart rw-1',
      '90 loss rw-1 | store-1 : 20 % for 10 ms',
      '92 cut store-1 > rw-1 for 5 ms',
      '96 powerOff store-1 store-2 for 3 ms',
    ],
  },
];

export function expectSame(hosted: HostedEnd, headless: Awaited<ReturnType<typeof replayHeadless>>): void {
  expect(headless.divergences).toEqual([]);
  expect(hosted.nodes).toEqual(headless.nodes);
  expect(hosted.hash).toBe(headless.hash);
}
