// What stands below the lanes is as high with a chosen event as without one: lanes that moved would take the second click
// of a relation to another event.

import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { loadSqlEdge } from '../../../edge/sql-edge.ts';
import { shootTransfers } from '../../testing/world-frame.ts';
import { EventFacts } from './event-facts.tsx';
import type { SpaceTimeModel } from './model.ts';
import { makeProjector } from './project.ts';

test('lanes stand still when an event is chosen, a relation is asked for, a lane is hidden', async () => {
  const shot = shootTransfers(await loadSqlEdge(), 60, '50.000 cut rw-1 | store-3 for 4.000 ms');
  const past = shot.past({
    from: 45_000,
    to: 60_000,
    minRank: 0,
    kinds: null,
    withMessages: true,
    known: null,
    limit: 20_000,
  });
  const lanes = shot.frame.cluster.nodes.map(({ id }) => id);
  const modelOf = (chosen: number | null, other: number | null, hidden: readonly string[]): SpaceTimeModel =>
    makeProjector({
      lanes,
      hidden,
      families: [],
      chosen,
      other,
      minRank: 0,
      mergeUs: 0,
      mergeLocal: false,
      spanUs: 15_000,
      scope: null,
    }).project(past, []);
  const last = past.events.at(-1)?.index ?? -1;
  const first = past.events[0]?.index ?? -1;
  const shown = [modelOf(null, null, []), modelOf(last, null, []), modelOf(last, first, ['rw-1'])].map(
    (model) => renderToStaticMarkup(createElement(EventFacts, { model })),
  );
  // Each says something else in a box of one and the same look.
  expect(new Set(shown).size).toBe(3);
  const boxes = shown.map((html) => /^<section[^>]*>/.exec(html)?.[0]);
  expect(boxes[0]).toMatch(/class="[^"]*\bh-\[\d+px\] flex-none overflow-y-auto\b/);
  expect(new Set(boxes).size).toBe(1);
});
