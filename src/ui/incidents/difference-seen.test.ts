// The bar of an incident says when what it shows has happened, and not before.

import { expect, test } from 'vitest';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import type { Incident, Side } from '../../incidents/incident.ts';
import { incidents } from '../../incidents/library.ts';
import { freshTape } from '../../sim/run-setup.ts';
import { printAction } from '../../sim/tape-print.ts';
import { presets } from '../../stacks/presets.ts';
import { tapes } from '../../stacks/tapes.ts';
import { shootWorld } from '../testing/world-frame.ts';
import { differenceSeen } from './difference-seen.ts';

const edge = await loadSqlEdge();
const nothing = { violations: [], events: [] };

function incidentOf(id: string): Incident {
  const found = incidents.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no incident ${id}`);
  return found;
}

/** Its tape up to a time, as the page shows it. */
function seenAt(incident: Incident, side: Side, atMs: number) {
  const fresh = freshTape(presets, incident.cluster, incident.seed);
  if ('error' in fresh) throw new Error(fresh.error);
  const load = fresh.actions.map((one) => `${(one.at / 1000).toFixed(3)} ${printAction(tapes, one)}`);
  const { counterpart } = incident;
  const own = side === 'breaks' && 'actions' in counterpart ? counterpart.actions : incident.actions;
  const lines = [...load, ...own].sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b));
  const { frame, events } = shootWorld({
    edge,
    preset: incident.cluster,
    seed: incident.seed,
    lines,
    atMs,
    view: {},
  });
  return differenceSeen(incident, side, { now: frame.time, violations: frame.violations, events });
}

test('E25 an answer has come when the last statement of its session has ended', () => {
  const incident = incidentOf('full-disk');
  expect(seenAt(incident, 'breaks', 199)).toEqual({ at: null, until: null });
  const seen = seenAt(incident, 'breaks', 215);
  expect(seen.at).toBeGreaterThan(200_000);
  expect(seen.at).toBeLessThan(215_000);
});

test('an alarm, once the monitor raised it; that none is raised, at the end', () => {
  const incident = incidents.find(({ difference }) => difference.kind === 'rule');
  if (incident?.difference.kind !== 'rule') throw new Error('an incident breaks a rule');
  const end = incident.untilMs * 1000;
  const violations = [{ rule: incident.difference.rule, at: 200_320 as never }];
  expect(differenceSeen(incident, 'breaks', { ...nothing, now: end })).toEqual({ at: null, until: null });
  expect(differenceSeen(incident, 'breaks', { ...nothing, violations, now: end })).toEqual({ at: 200_320 });
  expect(differenceSeen(incident, 'holds', { ...nothing, now: end - 1 })).toEqual({ at: null, until: end });
  expect(differenceSeen(incident, 'holds', { ...nothing, now: end })).toEqual({ at: end });
});

test('commits are counted when their stretch is over', () => {
  const incident = incidentOf('grey-failure');
  expect(differenceSeen(incident, 'breaks', { ...nothing, now: 249_999 })).toEqual({
    at: null,
    until: 250_000,
  });
  expect(differenceSeen(incident, 'breaks', { ...nothing, now: 250_000 })).toEqual({ at: 250_000 });
});
