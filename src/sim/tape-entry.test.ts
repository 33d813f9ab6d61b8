// What the tape does not take is refused before it happens: whatever was taken, a reader takes again.

import { expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import { known } from '../stacks/known.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { freshTape, setupRun } from './run-setup.ts';
import type { TapeAction } from './tape-actions.ts';
import { fullTape, readEntry, statementEntry } from './tape-entry.ts';
import { TAPE_LIMITS } from './tape-limits.ts';
import { printLine } from './tape-print.ts';

function setupOf(preset: string) {
  const tape = freshTape(presets, preset, 1);
  const made = 'error' in tape ? null : setupRun(known, tape);
  if (made?.ok !== true) throw new Error(preset);
  return made.setup;
}

const setup = setupOf('cynosdb');
const at = 1500 as Time;
const here = { ...setup.spec, now: at };
const say = (text: string, session = 's') => statementEntry(tapes, { session, driver: null, text }, here);

test('a statement is what its line on the tape reads', () => {
  const text = 'select "ä\n\t\\ \u{1f600} \ud800" -- \u0000';
  expect(say(text)).toEqual({ kind: 'sql', at, node: 'd1', session: 's', text, params: [] });
  expect(say('select 1', 'two words')).toHaveProperty('error');
  expect(say('x'.repeat(TAPE_LIMITS.textBytes))).toMatchObject({ kind: 'sql' });
  expect(say('x'.repeat(TAPE_LIMITS.textBytes + 1))).toMatchObject({
    error: 'a text is longer than 1024 KiB',
  });
  expect(
    statementEntry(tapes, { session: 's', driver: null, text: '' }, { ...setupOf('toy').spec, now: at }),
  ).toMatchObject({
    error: 'there is no driver',
  });
});

test('a statement goes through the driver that is named', () => {
  const three = setupOf('stress-50');
  const to = (driver: string | null) =>
    statementEntry(tapes, { session: 'console@v2', driver, text: 'x' }, { ...three.spec, now: at });
  expect(to(null)).toMatchObject({ node: 'd1', session: 'console@v2' });
  expect(to('d3')).toMatchObject({ node: 'd3' });
  expect(to('store-1')).toMatchObject({ error: 'store-1 is no driver here' });
});

test('a line is read at its time and held against its cluster', () => {
  expect(readEntry(tapes, 'crash store-1', here)).toMatchObject({ kind: 'crash', at, node: 'store-1' });
  expect(readEntry(tapes, 'crash store-9', here)).toMatchObject({
    error: expect.stringContaining('store-9'),
  });
});

test('a full tape leaves room for power cuts', () => {
  const crash = readEntry(tapes, 'crash store-1', here) as TapeAction;
  const many = (count: number): TapeAction[] => Array.from({ length: count }, () => crash);
  const most = TAPE_LIMITS.actions - 1000;
  expect(fullTape(tapes, many(most - 2), [crash, crash])).toBe(null);
  expect(fullTape(tapes, many(most - 1), [crash, crash])?.error).toBe(`the tape is full: ${most} actions`);
  const long = say('x'.repeat(TAPE_LIMITS.textBytes)) as TapeAction;
  const longest = Math.floor((TAPE_LIMITS.bytes - 4 * 1024 * 1024) / (printLine(tapes, long).length + 1));
  const texts = Array.from({ length: longest - 1 }, () => long);
  expect(fullTape(tapes, texts, [long, long])?.error).toMatch(/characters/);
});
