// The lens "Pages: past and future" by pictures of a real run: images by holder, pages that a reader holds back and by whom, T1 to T5
// (docs/spec/logindex.md §3, §6).

import { describe, expect, test } from 'vitest';
import { present } from '../../../../../base/assert.ts';
import type { Mutants } from '../../../../../core/kernel/mutants.ts';
import { blockKeyOf } from '../../../../../core/page/page-key.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import { setSettings } from '../../../../../state/settings-store.ts';
import { t } from '../../../../i18n/i18n.ts';
import { storageId } from '../../../../model/followed-page.ts';
import { shootWorld, type WorldShot } from '../../../../testing/world-frame.ts';
import { blockedText, describeShared, openMtrs, stepText } from './describe.ts';
import {
  flushList,
  flushNow,
  flushWindow,
  headPlaces,
  projectShared,
  readerMarks,
  type SharedModel,
} from './project.ts';
import { stepsOf } from './steps.ts';

// As the field says.
setSettings({ wording: 'expert' });

const edge = await loadSqlEdge();
const nameOf = (blockKey: number): string => `page ${blockKey}`;
const LOAD =
  '0.000 workload d1 main kind=transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';
const reads = Array.from(
  { length: 8 },
  (_, i) => `${300 + i * 12}.000 sql d1 r${i} "SELECT sum(balance) FROM accounts"`,
);
const lines = [LOAD, ...reads, '400.000 cut rw-1 | ro-1 for 90.000 ms'];

/** Two pictures of one moment: the first says where stored images lie, the second what is there. */
function shoot(
  atMs: number,
  run: { readonly seed: number; readonly lines: readonly string[]; readonly mutants?: Mutants } = {
    seed: 3,
    lines,
  },
): { shot: WorldShot; model: SharedModel } {
  const options = { edge, preset: 'polardb', ...run, atMs };
  const first = shootWorld({ ...options, view: { pages: true, files: [] } });
  const { cluster } = first.frame;
  const source = { cluster, nodes: first.nodes };
  const known = present(projectShared(source, null) ?? undefined, 'pages');
  const keys = known.pages.map(({ blockKey }) => blockKey);
  const files = headPlaces(source, keys, known.pageBytes);
  expect(files.length).toBeGreaterThan(3);
  const wanted = [{ blockKey: known.blockKey, at: null }];
  const shot = shootWorld({ ...options, view: { pages: true, files, wanted } });
  const model = projectShared({ cluster, nodes: shot.nodes }, known.blockKey);
  return { shot, model: present(model ?? undefined, 'pages') };
}

describe('LI-6 the run of lesson D03, as the reader that is cut off reads', () => {
  // What the lesson's last step has a person look at.
  const d03 = {
    seed: 7,
    lines: [
      'set nodeHeartbeatMs 24',
      '230.000 sql d1 "create table p1 (id int primary key, balance int)"',
      '260.000 sql d1 "insert into p1 values (1, 500)"',
      '430.000 sql d1 "update p1 set balance = 600 where id = 1"',
      '433.294 cut rw-1 > ro-1 for 110.000 ms',
      '433.295 sql d1 "update p1 set balance = 700 where id = 1"',
      '470.345 session d1 me ro-1 session',
      '470.345 sql d1 me "select balance from p1 where id = 1"',
    ],
  };
  const storedAs = (mutants: Mutants) => {
    const { cells } = present(
      shoot(500, { ...d03, mutants }).model.pages.find(({ blockKey }) => blockKey === blockKeyOf(9, 1)),
      'the page of the account',
    );
    return present(cells.get(storageId), 'its stored image');
  };

  test('without flush control the stored page is marked F, for that reader', () => {
    expect(storedAs(['shared.no-flush-gate'])).toMatchObject({ state: 'future', by: ['ro-1'] });
  });

  test('with flush control it is a page from the past, and the writer’s is held back', () => {
    expect(storedAs([])).toMatchObject({ state: 'past', by: [] });
  });
});

describe('while a reader is cut off', () => {
  const { shot, model } = shoot(480);

  test('LI-1 the gate of flushes and the bound of checkpoints are two figures of the writer', () => {
    const { oldestApplyLsn, consistentLsn, redoLsn, durableLsn } = present(
      model.view ?? undefined,
      'the writer',
    );
    expect(new Set([oldestApplyLsn, consistentLsn, redoLsn, durableLsn]).size).toBe(4);
    expect(redoLsn).toBeLessThan(consistentLsn);
    const said = describeShared(model, t);
    expect(said).toContain(`oldestApplyLsn ${oldestApplyLsn}`);
    expect(said).toContain(`consistentLsn ${consistentLsn}`);
  });

  test('LI-40 the writer holds back what that reader has not applied, and says by whom', () => {
    const { view } = model;
    expect(view?.oldestApplyLsn).toBeLessThan(view?.durableLsn ?? 0);
    const blocked = flushList(model).filter(
      ({ writer }) => view !== null && writer !== null && flushNow(writer, view) === 'BLOCKED',
    );
    expect(blocked.length).toBeGreaterThan(0);
    for (const { writer } of blocked) {
      expect(writer?.by.length).toBeGreaterThan(0);
      for (const one of writer?.by ?? [])
        expect(model.slots.find(({ reader }) => reader === one)?.applyLsn).toBeLessThan(
          writer?.latestLsn ?? 0,
        );
    }
    expect(view?.blocked).toBe(flushList(model).filter(({ writer }) => writer?.by.length).length);
    const [first] = blocked;
    expect(blockedText(first?.writer ?? null, 'accounts#1', model, t)).toMatch(
      /^accounts#1 may not be stored: latestLsn \d+ > oldestApplyLsn \d+; rw-1 has not heard that ro-\d.* applied it\.$/,
    );
  });

  test('LI-40 LI-62 each reader as it has reported, and as it is; the gate is the least of what was reported', () => {
    const marks = readerMarks(model);
    expect(marks.map(({ reader }) => reader)).toEqual(model.slots.map(({ reader }) => reader));
    expect(marks.length).toBeGreaterThan(0);
    expect(marks[0]?.reported).toBe(model.view?.oldestApplyLsn);
    for (const { reported, applied } of marks) expect(reported).toBeLessThanOrEqual(applied);
    const [from, to] = flushWindow(model, flushList(model));
    for (const { writer } of flushList(model)) {
      expect(writer?.latestLsn).toBeLessThan(to);
      expect(writer?.oldestLsn).toBeGreaterThanOrEqual(from);
    }
  });

  test('LI-42 the flush list stands in the order of oldestLsn', () => {
    const oldest = flushList(model).map(({ writer }) => writer?.oldestLsn ?? 0);
    expect(oldest.length).toBeGreaterThan(1);
    expect(oldest).toEqual([...oldest].sort((a, b) => a - b));
  });

  test('LI-6 no stored image is beyond what a live reader has applied; some are from the past', () => {
    const stored = model.pages.flatMap(({ cells }) => cells.get(storageId) ?? []);
    expect(stored.length).toBeGreaterThan(3);
    expect(stored.filter(({ state }) => state === 'future')).toEqual([]);
    expect(stored.filter(({ state }) => state === 'past').length).toBeGreaterThan(0);
    for (const { lsn } of stored) expect(lsn).toBeLessThanOrEqual(model.view?.durableLsn ?? 0);
  });

  test('LI-20 the records of the chosen page come from LogIndex, ascending', () => {
    expect(model.records.length).toBeGreaterThan(0);
    expect(model.records).toEqual([...model.records].sort((a, b) => a - b));
    expect(model.records.every((lsn) => lsn <= (model.view?.durableLsn ?? 0) + 64)).toBe(true);
  });

  test('T1 to T5 of a page: changed, known to a reader, read, held back or stored', () => {
    const steps = model.pages.flatMap(({ blockKey }) => stepsOf(shot.events, blockKey, 100));
    const marks = new Set(steps.map(({ mark }) => mark));
    expect(['T1', 'T2', 'T3', 'T4', 'T5'].filter((mark) => !marks.has(mark as 'T1'))).toEqual([]);
    const held = steps.find(({ kind }) => kind === 'blocked');
    expect(stepText(present(held, 'a page held back'), t, nameOf)).toMatch(
      /has not heard that ro-\d.* applied \d+/,
    );
    expect(steps.some(({ kind, records }) => kind === 'read' && records > 0)).toBe(true);
  });

  test('LI-20 a record that names several pages is a step of each of them, and names the others', () => {
    const wide = shot.events.flatMap(({ event }) => (event.kind === 'wal.pages' ? [event] : []));
    const joined = present(
      wide.find(({ lsns, pages }) => pages.length > 2 && lsns[0] === lsns[2]),
      'a record of three pages',
    );
    const lsn = present(joined.lsns[0], 'its LSN');
    const pages = joined.pages.filter((_, i) => joined.lsns[i] === lsn);
    for (const page of pages) {
      const step = stepsOf(shot.events, page, 1000).find((one) => one.kind === 'changed' && one.lsn === lsn);
      const others = pages.filter((one) => one !== page);
      expect(step?.beside).toEqual(others);
      const said = stepText(present(step, 'a step of the page'), t, nameOf);
      for (const one of others) expect(said).toContain(nameOf(one));
    }
  });

  test('LI-20 a reader inside an MTR is said to read as of the end of the one before; others are not named', () => {
    const { cluster } = shot.frame;
    const nodes = structuredClone(shot.nodes);
    expect(openMtrs(model, t)).toEqual([]);
    const reader = present(nodes['ro-2'], 'ro-2');
    for (const role of reader.view?.roles ?? [])
      if (role.role === 'compute' && role.shared !== undefined)
        Object.assign(role.shared, { applyLsn: 268, parsedLsn: 271 });
    const inside = present(projectShared({ cluster, nodes }, model.blockKey) ?? undefined, 'pages');
    expect(openMtrs(inside, t)).toEqual([
      'ro-2 has parsed records up to LSN 271 of an MTR whose end has not come. It reads as of 268, without any of them.',
    ]);
  });

  test('the lens in a paragraph', () => {
    expect(describeShared(model, t)).toMatch(
      /^Writer rw-1: \d+ pages, \d+ not stored, \d+ of them blocked\. durableLsn/,
    );
  });
});
