// The table of lenses: a run's lenses have a key each, their names are there with the table, and events lead to them.

import { expect, test } from 'vitest';
import { traceKinds } from '../../stacks/trace.ts';
import { loadChinese, textInBoth } from '../i18n/i18n.ts';
import { findRule, ruleRegistry, rulesOfRun } from '../rules/registry.ts';
import { uiStacks } from '../stacks/registry.ts';
import type { LensEntry } from './lens-entry.ts';
import { lensOfKind, lensOfRule } from './lens-of-kind.ts';
import { partFor } from './lens-part.ts';
import { inOrder, lensesOf } from './registry.ts';
import { lensesByStack } from './stack-lenses.ts';

const lens = (id: LensEntry['id'], digit: string): LensEntry => ({
  id,
  digit,
  title: 'lens.metrics',
  View: () => null,
});

test('lenses lie as their keys do; a key for two of them, or one that is none, is refused with the free ones', () => {
  expect(inOrder([lens('checks', '0'), lens('wal', '2'), lens('mtr', '1')]).map(({ id }) => id)).toEqual([
    'mtr',
    'wal',
    'checks',
  ]);
  expect(() => inOrder([lens('wal', '4'), lens('pages', '4')])).toThrow(
    'digit 4 of lens pages is taken by wal; free: 1 2 3 5 6 7 8 9 0 - =',
  );
  expect(() => inOrder([lens('wal', 'x')])).toThrow('the digit x of lens wal is one of 1234567890-=');
});

test('the name of every lens is there as soon as the table is, in both languages', async () => {
  await loadChinese();
  const own = uiStacks.flatMap(({ lenses = [] }) => lenses);
  expect(own.length).toBeGreaterThan(4);
  for (const { id, title } of [...lensesOf('hook-hole'), ...own])
    expect(textInBoth(title), id).toHaveLength(2);
});

test('an event is seen in the lens that claims the longest beginning of its kind, else in space-time', () => {
  const kinds = ['wal.ack', 'mark.scl', 'mark.vdl', 'mark.archived', 'recovery.info', 'page.evict'] as const;
  expect(kinds.map((kind) => lensOfKind(kind))).toEqual(['wal', 'wal', 'mtr', 'chains', 'wal', 'pages']);
  expect([lensOfKind('recovery.done'), lensOfKind('node.open')]).toEqual(['recovery', 'spaceTime']);
  for (const { id, events = [] } of uiStacks.flatMap(({ lenses = [] }) => lenses))
    for (const start of events)
      expect(
        traceKinds.some((kind) => kind.startsWith(start)),
        `${start} of ${id}`,
      ).toBe(true);
});

const everyLens = [...new Set([...lensesByStack.values(), lensesOf('')].flat())];

test('every tab of a lens is opened by an event that the lens claims, or by a rule that is seen in it; every claim is of one', () => {
  const tabbed = everyLens.filter(({ tabs }) => tabs !== undefined);
  expect(tabbed.map(({ id }) => id).sort()).toEqual([
    'checks',
    'disk',
    'pages',
    'pcs',
    'placement',
    'shared',
  ]);
  for (const { id, tabs = {} } of tabbed) {
    const rules = ruleRegistry.map(({ slug }) => slug);
    const opened = new Set(
      [
        ...traceKinds.filter((kind) =>
          everyLens.some((one) => one.id === id && one.events?.some((start) => kind.startsWith(start))),
        ),
        ...ruleRegistry.filter((rule) => rule.lens === id).map(({ slug }) => slug),
      ].map((what) => partFor(tabs, what)),
    );
    for (const [tab, starts] of Object.entries(tabs)) {
      expect(opened, `${id} ${tab}`).toContain(tab);
      for (const start of starts)
        expect(
          [...traceKinds, ...rules].some((what) => what.startsWith(start)),
          `${start} of ${id}`,
        ).toBe(true);
    }
  }
});

test('every section of a lens is brought by an event or a rule that is seen in it; every claim is of one', () => {
  const sectioned = everyLens.filter(({ sections }) => sections !== undefined);
  expect(sectioned.map(({ id }) => id).sort()).toEqual(['chains', 'journal', 'wal']);
  const rules = ruleRegistry.map(({ slug }) => slug);
  for (const { id, tabs, events = [], sections = {} } of sectioned) {
    expect(tabs, id).toBeUndefined();
    const seen = [
      ...traceKinds.filter((kind) => events.some((start) => kind.startsWith(start))),
      ...ruleRegistry.filter((rule) => rule.lens === id).map(({ slug }) => slug),
    ];
    expect(new Set(seen.map((what) => partFor(sections, what))), id).toEqual(new Set(Object.keys(sections)));
    for (const start of Object.values(sections).flat())
      expect(
        [...traceKinds, ...rules].some((what) => what.startsWith(start)),
        `${start} of ${id}`,
      ).toBe(true);
  }
});

test('a rule of members is seen in the lens that draws them', () => {
  for (const slug of ['member.dual', 'member.one-step']) expect(findRule(slug)?.lens, slug).toBe('wal');
});

test('Why? leads from each rule that is watched in a run to a lens of that run', () => {
  const lensIn = (slug: string, preset: string) => {
    const rule = findRule(slug);
    return rule === undefined ? undefined : lensOfRule(rule, lensesOf(preset))?.id;
  };
  expect(['cynosdb-ro', 'polardb'].map((preset) => lensIn('ro.never-ahead', preset))).toEqual([
    'pages',
    'shared',
  ]);
  expect(lensIn('page.flush-gate', 'polardb')).toBe('shared');
  // What an architecture alone watches is drawn in it, but for one rule.
  const listed = ['postdb-v4', 'polardb'].flatMap((preset) =>
    rulesOfRun(preset).filter(
      ({ slug }) =>
        !rulesOfRun('cynosdb-ro').some((one) => one.slug === slug) && lensIn(slug, preset) === 'checks',
    ),
  );
  expect(listed.map(({ slug }) => slug)).toEqual(['read.latest']);
});
