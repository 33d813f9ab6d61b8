// What the tally's folder brings to the screen is there: card, lens, caption with its rule, words in both languages.

import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { ClusterSpec } from '../../../core/kernel/cluster-spec.ts';
import { setsOf } from '../../../run-model/gauges/gauges.ts';
import type { ListedEvent } from '../../../run-model/picture/frame.ts';
import { gauges } from '../../../stacks/gauges.ts';
import { findPreset } from '../../../stacks/presets.ts';
import { sampleOf } from '../../../state/metrics-store.ts';
import { setLanguage, t, textInBoth } from '../../i18n/i18n.ts';
import { findConflict } from '../../lens/checks/conflict.ts';
import { chartsFor, columnTitle, figuresOf } from '../../lens/metrics/charts.ts';
import { lensesOf } from '../../lens/registry.ts';
import { leadOf, roleIcon } from '../../model/role-cards.ts';
import { tablesOf } from '../../model/run-tables.ts';
import { findRule, ruleRegistry, rulesOfRun } from '../../rules/registry.ts';
import { hasCaption } from '../../story/captions.ts';
import { makeHookFrame } from '../../testing/hook-frame.ts';
import { tallyUi } from './stack-ui.tsx';
import { tallyTables } from './tables.ts';
import { TallyLens } from './tally-lens.tsx';

const presetCluster = (name: string): ClusterSpec | null => findPreset(name)?.cluster ?? null;

beforeAll(() => vi.stubGlobal('document', { documentElement: { lang: 'en' } }));
afterEach(() => setLanguage('en'));

test('its card', async () => {
  const card = leadOf({ roles: ['tally'] });
  expect(card).toBe(tallyUi.cards?.[0]);
  expect(roleIcon({ roles: ['tally'] })).toBe(card?.icon);
  expect(card?.name(null, t)).toBe('adder');
  await setLanguage('zh-CN');
  expect(card?.name(null, t)).toBe('累加器');
});

test('its lens stands under key 2 of its own runs, and in no other', () => {
  expect(lensesOf('tally').map(({ id, digit }) => `${digit} ${id}`)).toEqual([
    '1 traces',
    '2 tally',
    '7 spaceTime',
    '0 checks',
    '- metrics',
  ]);
  expect(lensesOf('cynosdb').map(({ id }) => id)).not.toContain('tally');
  // Before the first picture there is nothing to show.
  expect(renderToStaticMarkup(<TallyLens />)).toBe('');
});

test('its caption, with the rule that Why? explains', async () => {
  expect(hasCaption('tally.done')).toBe(true);
  const [caption] = tallyTables.captions ?? [];
  const event = { kind: 'tally.done', serial: 1, amount: 5, total: 12 } as const;
  const moment = { listed: { event, node: 't1' }, story: {} } as never;
  expect(caption?.say([moment], t)).toBe('5 is on every follower, total 12.');
  expect(findRule(caption?.rule(moment) ?? '')).toMatchObject({ isMonitored: true, lens: 'tally' });
  await setLanguage('zh-CN');
  expect(caption?.say([moment], t)).toBe('5 已在每个跟随者上，合计 12。');
});

test('its rule is watched in its runs, and is no rule of the product', () => {
  expect(rulesOfRun('tally').map(({ slug }) => slug)).toEqual(['tally.sum']);
  expect(rulesOfRun('cynosdb').map(({ slug }) => slug)).not.toContain('tally.sum');
  expect(ruleRegistry.map(({ slug }) => slug)).not.toContain('tally.sum');
});

const done = (index: number, amount: number, total: number): ListedEvent =>
  ({
    at: index * 1000,
    node: 't1',
    event: { kind: 'tally.done', serial: index, amount, total },
    index,
    rank: 2,
  }) as never;

test('its gauges are columns of its own runs, drawn by its chart under its names', () => {
  const view = (total: number) => ({
    view: { roles: [{ role: 'tally', isLeader: false, total, entries: 1 }] },
  });
  const nodes = [view(5), view(7)].map((node, i) => ({ id: `t${i}`, roles: ['tally'], disk: null, ...node }));
  const frame = { ...makeHookFrame(), preset: 'tally', nodes: nodes as never };
  const sample = sampleOf({ ...frame, metrics: { ...frame.metrics, tallyTotal: 5 } });
  expect(sample).toMatchObject({ tallyTotal: 5, tallyHeld: 12 });
  expect(Object.keys(sampleOf(makeHookFrame()))).not.toContain('tallyHeld');
  expect(Object.keys(sample)).not.toContain('vdl');
  const charts = chartsFor('tally', [], presetCluster('tally'));
  expect(columnTitle('tallyHeld', charts, t)).toBe('Totals: all followers');
  const series = { timeMs: [1], columns: { tallyTotal: [5], tallyHeld: [12] } };
  expect(figuresOf(charts, series, t)).toEqual([
    ['Totals: leader', 5],
    ['Totals: all followers', 12],
  ]);
  expect(chartsFor('cynosdb', [], presetCluster('cynosdb')).map(({ id }) => id)).not.toContain('tally');
});

test('its lanes stand in its timeline: a dot for each sum, the total as a staircase', () => {
  expect(tablesOf('tally').lanes?.map(({ form }) => form)).toEqual(['dots', 'steps']);
  expect(setsOf(gauges, 'tallyTotal', [done(1, 5, 5), done(2, 7, 12)], 'v1')).toEqual([
    { at: 1000, value: 5 },
    { at: 2000, value: 12 },
  ]);
});

test('the facts of its violated rule are the two sums, seen in its lens', () => {
  const violation = { rule: 'tally.sum', at: 2000, node: 't1', message: 'total 19, not 12' } as never;
  const { offence, against } = findConflict(violation, [done(1, 5, 5), done(2, 7, 19)]);
  expect([offence?.listed.index, offence?.lens, against?.listed.index]).toEqual([2, 'tally', 1]);
});

test('its words are there in both languages', () => {
  for (const key of ['word.tallyAdd', 'moment.tallied', 'kind.tally.open', 'lens.tally'])
    expect(textInBoth(key), key).toHaveLength(2);
});
