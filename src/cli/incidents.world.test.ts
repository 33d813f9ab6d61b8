// Each incident and its counterpart: what they claim to differ in, they differ in, and where the protocol holds no monitor says otherwise.

import { describe, expect, test } from 'vitest';
import { present } from '../base/assert.ts';
import { type Incident, incidentTape, type Side } from '../incidents/incident.ts';
import { incidents } from '../incidents/library.ts';
import { seenBreaking } from '../incidents/see-it-break.ts';
import { tapeWith } from '../incidents/tape-with.ts';
import { mutants } from '../stacks/mutants.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { isDeep } from '../testing/depth.ts';
import { switches } from '../ui/lessons/switches.ts';
import { commitsBetween } from './pcs-fixture.ts';
import { type AnsweredRun, eventsIn, lastAnswers, runTapeText } from './tape-fixture.ts';

function play(incident: Incident, side: Side): Promise<AnsweredRun> {
  const { difference, untilMs } = incident;
  const rule = difference.kind === 'rule' ? difference.rule : null;
  return runTapeText(incidentTape(presets, tapes, incident, side), untilMs, ({ violations }) =>
    violations.some((found) => found.rule === rule),
  );
}

function expectDifference(holds: AnsweredRun, breaks: AnsweredRun, { difference }: Incident): void {
  switch (difference.kind) {
    case 'rule':
      expect(breaks.monitors.violations.map(({ rule }) => rule)).toContain(difference.rule);
      return;
    case 'answer': {
      const { session } = difference;
      expect([lastAnswers(holds)[session], lastAnswers(breaks)[session]]).toEqual([
        difference.holds,
        difference.breaks,
      ]);
      return;
    }
    case 'commits': {
      const [from, to] = difference.between;
      expect(commitsBetween(holds, from, to)).toBeGreaterThanOrEqual(difference.holds);
      expect(commitsBetween(breaks, from, to)).toBeLessThanOrEqual(difference.breaks);
      return;
    }
    case 'events': {
      const { event, least } = difference;
      const [on, off] = difference.on === 'holds' ? [holds, breaks] : [breaks, holds];
      expect(eventsIn(on, event).length).toBeGreaterThanOrEqual(least);
      expect(eventsIn(off, event)).toEqual([]);
    }
  }
}

const five = (quorum: string): string =>
  [
    'cluster five',
    'architecture cynosdb',
    'node d1 driver a',
    'node meta-1 meta a',
    'node rw-1 writer a',
    'node store-1..5 store a,b',
    `group store-1..5 ${quorum}`,
    'boot 40.000',
    'load d1 main kind=transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true',
    '',
  ].join('\n');

describe('E25 incidents', () => {
  // A load of many sessions that goes on for long: in the deep command.
  const played = incidents.filter(({ id }) => isDeep || id !== 'hot-key');
  test.each(played.map((incident) => [incident.id, incident] as const))(
    '%s: the protocol holds, and the counterpart shows what it says',
    async (_, incident) => {
      const holds = await play(incident, 'holds');
      expect(holds.monitors.violations).toEqual([]);
      const breaks = await play(incident, 'breaks');
      expectDifference(holds, breaks, incident);
    },
  );

  test('PRE-9: one plays on a cluster that lines lay out, and one that is none is refused at its field', async () => {
    const known = present(
      incidents.find(({ id }) => id === 'full-disk'),
      'full-disk',
    );
    const cluster = five('write=3 read=3');
    const stores = ['store-3', 'store-4', 'store-5'];
    const full = (of: readonly string[]): readonly string[] => [
      ...known.actions.filter((line) => !line.includes('diskFull')),
      ...of.map((store) => `150.000 diskFull ${store} for 100.000 ms`),
    ];
    // Two full stores of five refuse nobody; three do.
    const own: Incident = {
      ...known,
      cluster,
      actions: full(stores.slice(1)),
      counterpart: { actions: full(stores) },
    };
    expectDifference(await play(own, 'holds'), await play(own, 'breaks'), own);
    expect(() => incidentTape(presets, tapes, { ...own, cluster: five('write=2 read=3') }, 'holds')).toThrow(
      'cluster: line 7, group g1: 2 × 2 ≤ 5',
    );
    expect(() => incidentTape(presets, tapes, { ...own, cluster: 'oracle' }, 'holds')).toThrow(
      'unknown preset oracle',
    );
  });

  test('at least ten, of each architecture some, each under a name of its own', () => {
    expect(new Set(incidents.map(({ id }) => id)).size).toBe(incidents.length);
    expect(incidents.length).toBeGreaterThanOrEqual(10);
  });
});

test.each(switches.map(({ name, stack }) => [name, stack ?? 'cynosdb'] as const))(
  '%s is seen to break its rule as the lab says',
  async (name, preset) => {
    const { caughtBy } = present(
      mutants.find((mutant) => mutant.name === name),
      name,
    );
    const shown = seenBreaking(name, preset);
    const { monitors } = await runTapeText(tapeWith(presets, tapes, shown), shown.untilMs, ({ violations }) =>
      violations.some(({ rule }) => caughtBy.includes(rule)),
    );
    expect(monitors.violations.filter(({ rule }) => caughtBy.includes(rule))).not.toEqual([]);
  },
);
