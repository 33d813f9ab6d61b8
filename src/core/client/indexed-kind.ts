// A workload on a table with secondary indexes: rows come, change in one indexed column or the other, and go, from several
// clients that meet on the same ids and codes; now and then the whole table is read by heap and by index in one snapshot.

import { nextBelow, type Prng } from '../../base/prng.ts';
import type { WorkloadSpec } from '../kernel/workload-spec.ts';
import { type Kind, pickRow, single } from './workload-kind.ts';

const TAGS = 20;

/** Codes are fewer than twice the ids, so that two clients often want the same one. */
const codeOf = (spec: WorkloadSpec, prng: Prng): string =>
  `code ${nextBelow(prng, spec.rows * 2)}`.padEnd(spec.valueBytes, '-');

export const indexed: Kind = {
  texts: [
    'CREATE TABLE IF NOT EXISTS tagged (id int PRIMARY KEY, tag int, code text UNIQUE)',
    'CREATE INDEX IF NOT EXISTS tagged_tag ON tagged (tag DESC, id)',
    'INSERT INTO tagged VALUES ($1, $2, $3)',
    'UPDATE tagged SET tag = $2 WHERE id = $1',
    'UPDATE tagged SET code = $2 WHERE id = $1',
    'DELETE FROM tagged WHERE id = $1',
    'SELECT count(*) FROM tagged WHERE tag = $1',
    'BEGIN ISOLATION LEVEL REPEATABLE READ',
    'SELECT sum(tag * 1000 + 1) FROM tagged',
    'SELECT sum(tag * 1000 + 1) FROM tagged WHERE tag BETWEEN 0 AND 1000000',
    'COMMIT',
  ],
  load: () => 2,
  loadRequest: (_, index) => ({ statements: [index], params: [] }),
  next: (spec, _, prng) => {
    const id = String(pickRow(spec, prng));
    const tag = String(nextBelow(prng, TAGS));
    const key = `tagged/${id}`;
    if (nextBelow(prng, 100) < spec.readPercent)
      return nextBelow(prng, 2) === 0
        ? single(6, [tag], 'statement', key)
        : { ...single(8, [], 'audit', 'tagged'), statements: [7, 8, 9, 10] };
    const what = nextBelow(prng, 100);
    if (what < 40) return single(2, [id, tag, codeOf(spec, prng)], 'statement', key);
    if (what < 65) return single(3, [id, tag], 'statement', key);
    if (what < 80) return single(4, [id, codeOf(spec, prng)], 'statement', key);
    return single(5, [id], 'statement', key);
  },
};
