// What is drawn of answers that outlive the life which asked.

import { expect, test } from 'vitest';
import { findPreset } from '../../stacks/presets.ts';
import { DENSE_LATE, drawLateAnswers, SWEEP_LATE } from './late-answers.ts';

test.each([
  ['cynosdb', SWEEP_LATE, 20_000_000],
  ['postdb-v4', SWEEP_LATE, 20_000_000],
  ['polardb', DENSE_LATE, 2_000_000],
] as const)(
  'FENCE-59 %s: answers of one life are held until its next one waits for its own',
  (preset, scale, chaosUs) => {
    const cluster = findPreset(preset)?.cluster;
    if (cluster === undefined) throw new Error('no preset');
    const families = new Set<string>();
    for (let seed = 1; seed <= 30; seed++) {
      const actions = drawLateAnswers(seed, cluster, chaosUs, scale);
      expect(actions.length > 0, `seed ${seed}`).toBe(seed % 3 === 1);
      const crashes = actions.flatMap((one) => (one.kind === 'crash' ? [one] : []));
      expect(crashes.length % 2).toBe(0);
      crashes.forEach((crash, i) => {
        const again = crashes[i + 1];
        if (i % 2 !== 0 || again === undefined) return;
        const [begins, next] = [crash.at + (crash.forUs ?? 0), again.at + (again.forUs ?? 0)];
        const held = actions.filter((one) => one.kind === 'holdNext' && one.at === begins);
        const awaited = actions.filter((one) => one.kind === 'holdNext' && one.at === next);
        const [first, ...others] = actions.filter(
          (one) => one.kind === 'release' && one.at > next && one.at < next + 2 * scale.waitUs[1] + 1,
        );
        expect(held).toHaveLength(1);
        const ofOne = new Set(
          [...held, ...awaited].map((one) => (one.kind === 'holdNext' ? one.family : '')),
        );
        expect(ofOne.size).toBe(1);
        for (const family of ofOne) families.add(family);
        expect(awaited.length).toBeGreaterThanOrEqual(2);
        expect(again.at).toBeGreaterThan(begins);
        expect(first?.at).toBeLessThan(Math.min(...others.map(({ at }) => at)));
        for (const { at } of actions) expect(at).toBeLessThan(chaosUs);
      });
    }
    expect([...families].toSorted()).toEqual(['ack', 'pageReply']);
  },
);
