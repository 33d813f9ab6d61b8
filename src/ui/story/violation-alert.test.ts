// The alert of a violated rule in a Chinese screen says what the rule claims, beside the monitor's own English words.

import { expect, test } from 'vitest';
import { ruleRegistry } from '../rules/registry.ts';
import { claimBeside } from './violation-alert.tsx';

test('every rule has its claim in Chinese; in English the monitor says it', () => {
  expect(ruleRegistry.length).toBeGreaterThan(50);
  for (const { slug: name } of ruleRegistry) {
    expect(claimBeside(name, 'zh-CN'), name).toMatch(/\p{Script=Han}.*。$/su);
    expect(claimBeside(name, 'en')).toBeNull();
  }
});
