// What the fate band says at the death of a writer, against what the recovery right after it finds: messages that are under way
// then still arrive, and what is written and not synced may be.

import { expect, test } from 'vitest';
import type { ViewParams } from '../../../../../core/kernel/view-params.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import { shootTransfers, viewTransfers, type WorldShot } from '../../../../testing/world-frame.ts';
import type { WalModel, WalParams } from './model.ts';
import { projectWal, walNeed } from './project.ts';

const edge = await loadSqlEdge();
const follow: WalParams = { group: null, span: null, end: null, replica: null };

const project = ({ frame, nodes }: WorldShot, params: Partial<WalParams> = {}): WalModel =>
  projectWal({ cluster: frame.cluster, nodes, flights: frame.flights }, { ...follow, ...params });

test('WAL-52 the end that a recovery finds lies in the bracket of the instant at which the writer died', () => {
  let isMoreUnderWay = false;
  for (const at of [35.7, 36.2, 36.7, 41.1, 42.209]) {
    const lines = [`${at.toFixed(3)} crash rw-1`, `${(at + 0.5).toFixed(3)} restart rw-1`];
    const dead = shootTransfers(edge, at + 0.01, ...lines);
    const source = { cluster: dead.frame.cluster, nodes: dead.nodes };
    const { bracket } = projectWal({ ...source, flights: dead.frame.flights }, follow);
    const found = shootTransfers(edge, at + 60, ...lines).frame.outages[0]?.attempts.at(-1)?.vdlPrime ?? -1;
    expect(found, `${at}`).toBeGreaterThan(0);
    expect(bracket?.least ?? -1, `${at}`).toBeLessThanOrEqual(found);
    expect(bracket?.most ?? -1, `${at}`).toBeGreaterThanOrEqual(found);
    // Without the messages it would have been promised to be lost.
    const { bracket: settled } = projectWal({ ...source, flights: [] }, follow);
    isMoreUnderWay ||= (settled?.most ?? found) < found;
  }
  expect(isMoreUnderWay).toBe(true);
});

test.each<readonly [string, Partial<WalParams>]>([
  ['widens past single records', { span: 256 }],
  ['stands before VDL', { span: 32, end: 96 }],
])('WAL-52 a window that %s has the records that a recovery would walk', (_what, params) => {
  // The writer is dead, and its own list of records with it.
  const shoot = (at: number, view: Partial<ViewParams> = {}): WorldShot =>
    viewTransfers(edge, at + 0.01, view, `${at.toFixed(3)} crash rw-1`);
  const at = [35.7, 36.2, 36.7, 41.1].find((time) => {
    const { bracket } = project(shoot(time));
    return bracket !== null && bracket.most > bracket.least;
  });
  if (at === undefined) throw new Error('no record has an open fate at any of these times');
  const before = project(shoot(at));
  const { window } = project(shoot(at), params);
  const { recordsFrom = -1, ...rest } = walNeed({ ...before, window }, params.end ?? null);
  expect(recordsFrom).toBeLessThan(before.vdl);
  expect(project(shoot(at, { ...rest, recordsFrom }), params).bracket).toEqual(before.bracket);
  expect(project(shoot(at, rest), params).bracket).not.toEqual(before.bracket);
});
