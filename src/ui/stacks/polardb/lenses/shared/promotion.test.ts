// The lens and the cards while a reader becomes the writer (docs/spec/failover.md P1 to P6): what is known is shown, what is not known is not
// shown as zero, and pages keep their names.

import { beforeAll, describe, expect, test } from 'vitest';
import { present } from '../../../../../base/assert.ts';
import { nodeId, time } from '../../../../../base/ids.ts';
import type { ClusterSpec } from '../../../../../core/kernel/cluster-spec.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import { findPreset } from '../../../../../stacks/presets.ts';
import { setSettings } from '../../../../../state/settings-store.ts';
import { t } from '../../../../i18n/i18n.ts';
import { chartsFor } from '../../../../lens/metrics/charts.ts';
import { saidOf } from '../../../../lens/metrics/describe.ts';
import { storageId } from '../../../../model/followed-page.ts';
import { computeOf } from '../../../../model/node-facts.ts';
import { pageName } from '../../../../model/page-name.ts';
import { captionOf, describeCaption } from '../../../../story/captions.ts';
import { newStory } from '../../../../story/story.ts';
import { startWorld, type WorldShot } from '../../../../testing/world-frame.ts';
import { sharedCard } from '../../cards.tsx';
import { describeShared, stateText } from './describe.ts';
import { headPlaces, projectShared, type SharedModel, unstored } from './project.ts';
import { projectPromotion, promotionsOf, reachedAt, recoveryTimes } from './promotion.ts';

const presetCluster = (name: string): ClusterSpec | null => findPreset(name)?.cluster ?? null;

// As the field says.
setSettings({ wording: 'expert' });

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
    const names = saidOf(frame, chartsFor(frame.preset, [], presetCluster(frame.preset)), t).map(
      ([name]) => name,
    );
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => name.includes('VCL'))).toEqual([]);
  });
});

describe('the promotion as steps', () => {
  test('LI §8 P1 to P6 with their times, RTO, and pages by whom they were wanted', () => {
    const { shot } = present(looks.at(-1), 'the last look');
    const [promotion] = promotionsOf(shot.events);
    const view = computeOf(shot.nodes[nodeId('ro-1')])?.shared?.promotion ?? null;
    const of = projectPromotion(
      present(promotion, 'a promotion'),
      shot.events,
      shot.frame.outages,
      view,
      shot.frame.time,
    );
    expect(of).toMatchObject({
      token: 2,
      node: 'ro-1',
      lost: { at: 203_000, node: 'rw-1', isHandover: false },
    });
    expect(of.steps.map(({ step }) => step)).toEqual(['P2', 'P1', 'P3', 'P4', 'P5', 'P6']);
    expect(of.steps.every(({ at }) => at > 203_000)).toBe(true);
    const p4 = of.steps[3]?.lsn ?? -1;
    const p3 = of.steps[2]?.lsn ?? -1;
    expect(present(of.view ?? undefined, 'what its writer says')).toMatchObject({
      redoStart: p4,
      endLsn: p3,
      bgReplayedLsn: p3,
      isOver: true,
    });
    const { opening = 0, onDemand = 0, inBackground = 0 } = of.view ?? {};
    expect(inBackground).toBeGreaterThan(0);
    expect(of.replays.length).toBe(opening + onDemand + inBackground);
    const times = recoveryTimes(of);
    expect(times.open).toBe(reachedAt(of, 'P5') - 203_000);
    expect(times.commit).toBeGreaterThan(times.open);
    expect(of.commits.every(({ isEarly }) => !isEarly)).toBe(true);
  });

  test('FENCE-56 one by plan counts from its handover, and nobody was lost', async () => {
    const run = startWorld({
      edge: await loadSqlEdge(),
      preset: 'polardb',
      lines: [load, '222.500 switchover ro-1'],
      view: { pages: true },
    });
    const isReached = (step: string) => (fresh: WorldShot['events']) =>
      fresh.some(({ event }) => event.kind === 'promote.step' && event.step === step);
    expect(run.runTo(time(600_000), isReached('P5'))).toBe(true);
    const shot = run.shoot();
    const promotion = present(promotionsOf(shot.events)[0], 'a promotion');
    const of = projectPromotion(promotion, shot.events, shot.frame.outages, null, shot.frame.time);
    expect(of.lost).toMatchObject({ node: 'rw-1', isHandover: true });
    const said = (listed: WorldShot['events'][number]): string =>
      describeCaption(
        present(captionOf([{ listed, story: newStory(shot.frame.cluster) }]) ?? undefined, 'a caption'),
        t,
      );
    // What it has of the log is read, not replayed: the pages are still to come.
    const redone = present(
      shot.events.findLast(({ event, node }) => event.kind === 'redo.done' && node === 'ro-1'),
      'the end of P3',
    );
    expect(redone.event).toMatchObject({ pages: 0 });
    expect(said(redone)).toContain('has replayed no page of it yet');
    const fenced = shot.events.filter(({ event }) => event.kind === 'attachment.mode' && event.mode === 'ro');
    for (const one of fenced) expect(said(one)).not.toMatch(/token \d/);
    expect(fenced.length).toBeGreaterThan(0);
  });

  test('LI-70 a commit before background replay has ended is marked, and pages for statements are counted', async () => {
    const many = load
      .replace('rows=100 clients=2', 'rows=400 clients=3')
      .replace('readPercent=0', 'readPercent=25');
    const run = startWorld({
      edge: await loadSqlEdge(),
      preset: 'polardb',
      lines: [many, '345.000 crash rw-1'],
      view: { pages: true },
    });
    const isStep = (step: string) => (fresh: WorldShot['events']) =>
      fresh.some(({ event }) => event.kind === 'promote.step' && event.step === step);
    expect(run.runTo(time(600_000), isStep('P5'))).toBe(true);
    const look = () => {
      const shot = run.shoot();
      const view = computeOf(shot.nodes[nodeId('ro-1')])?.shared?.promotion ?? null;
      const promotion = present(promotionsOf(shot.events)[0], 'a promotion');
      return projectPromotion(promotion, shot.events, shot.frame.outages, view, shot.frame.time);
    };
    const during = look();
    expect(reachedAt(during, 'P6')).toBe(-1);
    expect(during.commits).toEqual([]);
    expect(during.view).toMatchObject({ isOver: false });
    expect(during.view?.bgReplayedLsn).toBeLessThan(during.view?.endLsn ?? 0);
    expect(run.runTo(time(900_000), isStep('P6'))).toBe(true);
    const after = look();
    expect(after.view).toMatchObject({ isOver: true });
    expect(after.view?.onDemand).toBeGreaterThan(0);
    expect(after.view?.inBackground).toBeGreaterThan(0);
    expect(after.commits.filter(({ isEarly }) => isEarly).length).toBeGreaterThan(0);
    expect(new Set(after.replays.map(({ for: who }) => who))).toContain('statement');
  });
});
