// The lens and the cards while a reader becomes the writer (docs/spec/failover.md P1 to P6): what is known is shown, what is not known is not
// shown as zero, and pages keep their names.

import { beforeAll, describe, expect, test } from 'vitest';
import { present } from '../../../../../base/assert.ts';
import { nodeId, time } from '../../../../../base/ids.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import { t } from '../../../../i18n/i18n.ts';
import { chartsFor } from '../../../../lens/metrics/charts.ts';
import { saidOf } from '../../../../lens/metrics/describe.ts';
import { storageId } from '../../../../model/followed-page.ts';
import { computeOf } from '../../../../model/node-facts.ts';
import { pageName } from '../../../../model/page-name.ts';
import { startWorld, type WorldShot } from '../../../../testing/world-frame.ts';
import { sharedCard } from '../../cards.tsx';
import { describeShared, stateText } from './describe.ts';
import { headPlaces, projectShared, type SharedModel, unstored } from './project.ts';

const load =
  '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=3000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true';

interface Look {
  readonly shot: WorldShot;
  readonly model: SharedModel;
}

/** Every ms from before the death of rw-1 to the end of the promotion, with the stored images of all pages. */
const looks: Look[] = [];
beforeAll(async () => {
  const edge = await loadSqlEdge();
  const view: { readonly pages: true; files: ReturnType<typeof headPlaces> } = { pages: true, files: [] };
  let pageBytes = 0;
  const run = startWorld({ edge, preset: 'polardb', lines: [load, '203.000 crash rw-1'], view });
  for (let at = 201_000; at < 284_000; at += 1000) {
    run.runTo(time(at));
    const { frame, nodes } = run.shoot();
    const source = { cluster: frame.cluster, nodes };
    const known = present(projectShared(source, null) ?? undefined, 'pages');
    pageBytes = known.pageBytes || pageBytes;
    const keys = known.pages.map(({ blockKey }) => blockKey);
    view.files = headPlaces(source, keys, pageBytes);
    const shot = run.shoot();
    looks.push({
      shot,
      model: present(
        projectShared({ cluster: frame.cluster, nodes: shot.nodes }, null) ?? undefined,
        'pages',
      ),
    });
  }
});

/** Of the node that is promoted, while it is. */
const promoted = (): readonly Look[] =>
  looks.filter(({ model, shot }) => {
    const compute = computeOf(shot.nodes[nodeId('ro-1')]);
    return model.writer === 'ro-1' && compute?.state === 'recovering';
  });

describe('a reader that becomes the writer', () => {
  test('LI-73 where it has not found the end of WAL yet, no LSN is shown as 0', () => {
    const early = promoted().filter(({ shot }) => {
      const shared = computeOf(shot.nodes[nodeId('ro-1')])?.shared;
      return shared?.durableLsn === 0;
    });
    expect(early.length).toBeGreaterThan(0);
    for (const { model, shot } of early) {
      expect(model.view?.durableLsn).toBe(-1);
      expect(describeShared(model, t)).toContain('durableLsn –');
      const compute = computeOf(shot.nodes[nodeId('ro-1')]);
      const marks = compute === null ? [] : sharedCard.marks(compute, t, null);
      expect(marks[0]).toMatchObject({ label: 'durableLsn', value: '–' });
    }
    const late = present(promoted().at(-1), 'the end of it').model;
    expect(late.view?.durableLsn).toBeGreaterThan(0);
  });

  test('a reader that has no slot yet has applied nothing that is known', () => {
    const joining = looks.flatMap(({ shot }) => {
      const compute = computeOf(shot.nodes[nodeId('ro-2')]);
      return compute?.shared?.phase === 'join' ? [compute] : [];
    });
    expect(joining.length).toBeGreaterThan(0);
    for (const compute of joining)
      expect(sharedCard.marks(compute, t, null).map(({ value }) => value)).toEqual(['–', '–']);
  });

  test('pages keep their names', () => {
    const during = promoted().filter(({ model }) => model.pages.length > 0);
    expect(during.length).toBeGreaterThan(0);
    const [first] = looks;
    const names = new Set(
      first?.model.pages.map(({ blockKey }) => pageName(blockKey, first.model.tables, t)),
    );
    expect(names.has('accounts#0')).toBe(true);
    for (const { model } of during)
      for (const { blockKey } of model.pages)
        expect(pageName(blockKey, model.tables, t)).not.toMatch(/^r\d+#/);
  });

  test('LI-47 a page that redo lists again, and that is stored as it is, is not called unstored', () => {
    const listed = looks.flatMap(({ model }) =>
      model.pages.flatMap((row) => (row.writer?.isStored ? [{ model, row }] : [])),
    );
    expect(listed.length).toBeGreaterThan(0);
    for (const { model, row } of listed) {
      const cell = present(row.writer ?? undefined, 'the writer’s image');
      expect(row.cells.get(storageId)?.lsn).toBe(cell.lsn);
      expect(stateText(cell, t)).toBe('stored as it is, listed again by redo');
      expect(unstored(model)).not.toContain(row);
    }
    // what is not stored still says so
    expect(looks.some(({ model }) => unstored(model).length > 0)).toBe(true);
  });

  test('a log in files has no VCL, so no difference of one is shown', () => {
    const { frame } = present(looks.at(-1), 'the last look').shot;
    const names = saidOf(frame, chartsFor(frame.preset, []), t).map(([name]) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => name.includes('VCL'))).toEqual([]);
  });
});
