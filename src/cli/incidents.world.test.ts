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
