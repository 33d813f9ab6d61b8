// What the fate band says at the death of a writer, against what the recovery right after it finds: messages that are under way
// then still arrive, and what is written and not synced may be.

import { expect, test } from 'vitest';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import { shootTransfers } from '../../../../testing/world-frame.ts';
import { projectWal } from './project.ts';

const edge = await loadSqlEdge();

test('WAL-52 the end that a recovery finds lies in the bracket of the instant at which the writer died', () => {
  let isMoreUnderWay = false;
  for (const at of [35.7, 36.2, 36.7, 41.1, 42.209]) {
    const lines = [`${at.toFixed(3)} crash rw-1`, `${(at + 0.5).toFixed(3)} restart rw-1`];
    const dead = shootTransfers(edge, at + 0.01, ...lines);
    const source = { cluster: dead.frame.cluster, nodes: dead.nodes };
    const follow = { group: null, span: null, end: null, replica: null };
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
