// The palette's order: the full name of a command finds that command, whatever was chosen lately.

import { expect, test } from 'vitest';
import { groupDigits } from '../kit/format.ts';
import type { Command } from './command.ts';
import { listFor, noneListed, rankCommands, typedEvent, typedLsn } from './rank.ts';

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
  expect(rankCommands([held, thousand], '126', []).shown).toEqual([thousand]);
  expect(rankCommands([held, thousand], '268', []).shown).toEqual([]);
  expect(rankCommands([held, thousand], '1268', []).shown).toEqual([thousand]);
  expect(rankCommands([held, thousand], 'drop 278', []).shown).toEqual([held]);
});

test('a typed word begins a word of the line or of its keywords; letters picked out of words find nothing', () => {
  const drop = command('Drop the buffer pool', ['丢弃缓冲池', 'dropBuffer rw-1']);
  const lens = command('Lens: Space-time', ['时空图']);
  const crash = command('Crash (power cut): store-2', ['crash', '宕机', 'crash store-2']);
  const all = [drop, lens, crash];
  const found = (query: string): readonly Command[] => rankCommands(all, query, []).shown;
  for (const query of ['polardb', 'crsh', 'dbp', 'ore-2', 'rash', 'drop buffet'])
    expect(found(query)).toEqual([]);
  expect(found('drop buf')).toEqual([drop]);
  expect(found('dropbuffer')).toEqual([drop]);
  expect(found('缓冲')).toEqual([drop]);
  for (const query of ['space', 'spacetime', 'SPACE-TIME', 'lens: space', 'time', '空图'])
    expect(found(query)).toEqual([lens]);
  for (const query of ['crash store-2', 'store2 crash', 'cut 2', '宕机 store-2', 'power cut: st'])
    expect(found(query)).toEqual([crash]);
});

test('a whole word comes before one that goes on, the label before its keywords', () => {
  const one = command('Crash: store-1');
  const ten = command('Crash: store-10');
  const other = command('Stop', ['crash store-1']);
  expect(rankCommands([other, ten, one], 'crash store-1', []).shown).toEqual([one, ten, other]);
});

test('what is seen keeps its place when more comes for the same search; another search begins anew', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => command(name));
  if (a === undefined || b === undefined || c === undefined) throw new Error('three');
  const at = listFor(noneListed, 'x', [a, b]);
  expect(listFor(at, 'x', [a, b])).toBe(at);
  const more = listFor(at, 'x', [c, a, b]);
  expect([more.first, more.late]).toEqual([[a, b], [c]]);
  expect(listFor(more, 'x', [c, a])).toBe(more);
  expect(listFor(more, 'xy', [c, a])).toEqual({ query: 'xy', first: [c, a], late: [] });
  const none = listFor(at, 'y', []);
  expect(listFor(none, 'y', [])).toBe(none);
  expect(listFor(none, 'y', [c]).first).toEqual([c]);
});

test.each([
  ['100', 100],
  ['go to LSN 112', 112],
  ['Go to lsn 1,268', 1268],
  [`Go to LSN ${groupDigits(1268)}`, 1268],
  ['转到 LSN 112', 112],
  ['go to event 3', null],
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
  ['go to event 12', 12],
  ['event', null],
  ['', null],
  ['1.5', null],
  ['page 3', null],
])('an event is read of what was typed: %o', (query, event) => {
  expect(typedEvent(query)).toBe(event);
});
