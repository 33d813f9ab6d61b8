// The registry of rules is complete, bilingual, and names sentences that docs/spec has.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ruleSlugs } from '../../stacks/rules.ts';
import { findLens } from '../lens/registry.ts';
import { findRule, ruleRegistry, rulesOfRun, specFileOf } from './registry.ts';

test('every monitored rule has words; slugs are unique', () => {
  for (const slug of ruleSlugs) expect(findRule(slug)?.isMonitored, slug).toBe(true);
  expect(new Set(ruleRegistry.map(({ slug }) => slug)).size).toBe(ruleRegistry.length);
  expect(ruleRegistry.length).toBeGreaterThan(rulesOfRun('').length);
});

test('the page of every rule of the specification is known', () => {
  const folder = new URL('../../../docs/spec/', import.meta.url);
  const wrong = readdirSync(folder).flatMap((name) =>
    [...readFileSync(new URL(name, folder), 'utf8').matchAll(/^- \*\*([A-Z]+-\d+)\*\*/gm)]
      .map(([, id = '']) => id)
      .filter((id) => specFileOf(id) !== `docs/spec/${name}`),
  );
  expect(wrong).toEqual([]);
});

test.each(ruleRegistry.map((rule) => [rule.slug, rule] as const))('%s', (_slug, rule) => {
  for (const id of rule.ids) {
    const spec = readFileSync(new URL(`../../../${specFileOf(id)}`, import.meta.url), 'utf8');
    expect(spec, `${id} in ${specFileOf(id)}`).toContain(`- **${id}**`);
  }
  expect(rule.ids.length).toBeGreaterThan(0);
  expect(rule.title.en.length).toBeLessThanOrEqual(48);
  expect(rule.title.zh).toMatch(/\p{Script=Han}/u);
  expect(rule.text.en).toMatch(/\.$/);
  expect(rule.text.zh).toMatch(/。$/);
  expect(rule.source).not.toBe('');
  expect(findLens(rule.lens), rule.lens).toBeDefined();
});
