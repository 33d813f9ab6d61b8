// Pages of nodes that are down, in real runs of each architecture: what such a node has of a page is never said to be the newest, on
// the lens and on the cards of the map.

import { expect, test } from 'vitest';
import { time } from '../../base/ids.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { t } from '../i18n/i18n.ts';
import { followedOf } from '../stacks/cynosdb/lenses/pages/follow-page.tsx';
import { projectPages } from '../stacks/cynosdb/lenses/pages/project.ts';
import { followedOf as followedShared } from '../stacks/polardb/lenses/shared/follow-page.tsx';
import { projectShared } from '../stacks/polardb/lenses/shared/project.ts';
import { startWorld } from '../testing/world-frame.ts';
import { clusterOf } from './volumes.ts';

const edge = await loadSqlEdge();
const params = '2 thinkUs=3000 ratePerSecond=0 readPercent=50 hotPercent=0 valueBytes=0 load=true';
const load = (kind: string): string => `0.000 workload d1 kind=${kind} rows=20 clients=${params}`;

/** Just after the crash, when no page has changed yet, and later. */
const shotsOf = (preset: string, kind: string, down: string) => {
  const lines = [load(kind), `400.000 crash ${down}`];
  const run = startWorld({ edge, preset, lines, view: { pages: true, log: true } });
  // Of a node that is down a picture has what it said last.
  const [, ...shots] = [399_900, 400_100, 460_000].map((at) => {
    run.runTo(time(at));
    return run.shoot();
  });
  return shots;
};
const wrongFor = (cells: Iterable<{ readonly state: string }>): number =>
  [...cells].filter(({ state }) => state !== 'past' && state !== 'unknown').length;

test.each([
  ['cynosdb-ro', 'transfer', 'store-1'],
  ['cynosdb-ro', 'transfer', 'ro-1'],
  ['postdb-v4', 'tablet-transfer', 'n2'],
])('WAL-33 %s, %s: of %s, which is down, a page is past or not known', (preset, kind, down) => {
  const [before, after] = shotsOf(preset, kind, down).map(({ frame, nodes }) => {
    const cluster = clusterOf(frame.cluster, nodes, 'v1');
    return projectPages({ cluster, nodes }, { blockKey: null, at: null, store: null });
  });
  for (const model of [before, after]) {
    if (model === undefined) throw new Error('no picture');
    expect(model.pages.length).toBeGreaterThan(3);
    const cells = model.pages.flatMap(({ cells: own }) => own.get(down) ?? []);
    expect(wrongFor(cells)).toBe(0);
    expect(
      wrongFor([...(followedOf(model, t)?.cells ?? [])].flatMap(([id, cell]) => (id === down ? [cell] : []))),
    ).toBe(0);
  }
});

test.each(['ro-1', 'rw-1'])('LI-36 polardb: with %s, which is down, its buffer is gone', (down) => {
  for (const { frame, nodes } of shotsOf('polardb', 'transfer', down)) {
    const model = projectShared({ cluster: frame.cluster, nodes }, null);
    if (model === null) throw new Error('no picture');
    expect(model.pages.length).toBeGreaterThan(3);
    expect(model.pages.filter(({ cells }) => cells.has(down))).toEqual([]);
    expect(followedShared(model, null, t)?.cells.has(down)).toBe(false);
  }
});

test('LI-36 polardb: a reader that is frozen keeps its images, which are past once the writer has newer ones', () => {
  const lines = [load('transfer'), '400.000 freeze ro-1 for 400.000 ms'];
  const run = startWorld({ edge, preset: 'polardb', lines, view: { pages: true } });
  run.runTo(time(480_000));
  const { frame, nodes } = run.shoot();
  const pages = projectShared({ cluster: frame.cluster, nodes }, null)?.pages ?? [];
  const behind = pages.filter(({ cells }) => (cells.get('ro-1')?.lsn ?? 0) < (cells.get('rw-1')?.lsn ?? 0));
  expect(behind.length).toBeGreaterThan(0);
  expect(behind.filter(({ cells }) => cells.get('ro-1')?.state === 'current')).toEqual([]);
});
