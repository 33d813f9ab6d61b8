// The palette's order: the full name of a command finds that command, whatever was chosen lately.

import { expect, test } from 'vitest';
import { groupDigits } from '../kit/format.ts';
import type { Command } from './command.ts';
import { rankCommands, typedEvent, typedLsn } from './rank.ts';

const command = (label: string, keywords: readonly string[] = []): Command => ({
  id: label,
  group: 'fault',
  label,
  keywords,
  run: () => undefined,
});

const first = (
  query: string,
  recent: readonly string[],
  ...commands: readonly Command[]
): string | undefined => rankCommands(commands, query, recent).shown[0]?.label;

test('what is called just so comes first, before what was chosen lately and matches as well', () => {
  const hold = command('Hold: H 273 store-1 to store-3');
  const release = command('Hold: H 273 store-1 to store-3 and more', ['Hold: H 273 store-1 to store-3']);
  for (const recent of [[], [release.id], [hold.id]])
    expect(first(hold.label, recent, release, hold)).toBe(hold.label);
  expect(first('hold: h 273 STORE-1 to store-3', [release.id], release, hold)).toBe(hold.label);
});

test('of equals the one chosen lately, and nothing that does not match', () => {
  const crash = command('Crash: store-1');
  const other = command('Crash: store-2');
  expect(first('crash', [other.id], crash, other)).toBe(other.label);
  expect(rankCommands([crash, other], 'zzz', []).total).toBe(0);
});

test('the digits of a number stand together, whatever parts them in what is read', () => {
  const held = command('Drop: H 278–286');
  const thousand = command(`Go to LSN ${groupDigits(1268)}`);
  expect(rankCommands([held, thousand], '268', []).shown).toEqual([thousand]);
  expect(rankCommands([held, thousand], '1268', []).shown).toEqual([thousand]);
  expect(rankCommands([held, thousand], 'drop 278', []).shown).toEqual([held]);
});

test.each([
  ['100', 100],
  ['lsn 100', 100],
  ['>LSN100', 100],
  ['> lsn 7', 7],
  ['', null],
  ['0', null],
  ['1.5', null],
  ['crash store-1', null],
])('a place in the log is read of what was typed: %o', (query, lsn) => {
  expect(typedLsn(query)).toBe(lsn);
});

test.each([
  ['1204', 1204],
  ['event 1204', 1204],
  ['>ev 0', 0],
  ['事件 7', 7],
  ['event', null],
  ['', null],
  ['1.5', null],
  ['page 3', null],
])('an event is read of what was typed: %o', (query, event) => {
  expect(typedEvent(query)).toBe(event);
});
