// What the tally's folder brings to the screen is there: card, lens, caption with its rule, words in both languages.

import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { setLanguage, t, textInBoth } from '../../i18n/i18n.ts';
import { lensesOf } from '../../lens/registry.ts';
import { leadOf, roleIcon } from '../../model/role-cards.ts';
import { findRule, ruleRegistry, rulesOfRun } from '../../rules/registry.ts';
import { hasCaption } from '../../story/captions.ts';
import { tallyUi } from './stack-ui.tsx';
import { tallyTables } from './tables.ts';
import { TallyLens } from './tally-lens.tsx';

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

test('its lens stands under key 1 of its own runs, and in no other', () => {
  expect(lensesOf('tally').map(({ id, digit }) => `${digit} ${id}`)).toEqual([
    '1 tally',
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
  expect(findRule(caption?.rule(moment) ?? '')).toMatchObject({ isMonitored: true, lens: '1' });
  await setLanguage('zh-CN');
  expect(caption?.say([moment], t)).toBe('5 已在每个跟随者上，合计 12。');
});

test('its rule is watched in its runs, and is no rule of the product', () => {
  expect(rulesOfRun('tally').map(({ slug }) => slug)).toEqual(['tally.sum']);
  expect(rulesOfRun('cynosdb').map(({ slug }) => slug)).not.toContain('tally.sum');
  expect(ruleRegistry.map(({ slug }) => slug)).not.toContain('tally.sum');
});

test('its words are there in both languages', () => {
  for (const key of ['word.tallyAdd', 'moment.tallied', 'kind.tally.open', 'lens.tally'])
    expect(textInBoth(key), key).toHaveLength(2);
});
