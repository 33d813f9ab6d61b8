// A split of an index in a log whose records name several pages (docs/spec/logindex.md LI-20, wal.md WAL-78): one record, one LSN, and wherever a
// crash cuts the log the split is there whole or not at all.

import { beforeAll, describe, expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import {
  begin,
  crash,
  type Fixture,
  type LoggedRecord,
  makeFixture,
  pageAtVdl,
  replyOf,
  settleDurable,
  showReply,
} from '../../core/engine/engine-fixture.ts';
import type { Mutants } from '../../core/kernel/mutants.ts';
import { insertRecord, openLogIndex } from '../../core/logindex/log-index.ts';
import { firstMeta } from '../../core/logindex/meta.ts';
import { fullGeometry } from '../../core/logindex/testing/full-geometry.ts';
import { find, makeDisk } from '../../core/logindex/testing/index-disk.ts';
import { pageLsn } from '../../core/page/page.ts';
import { blockOf, type PageKey } from '../../core/page/page-key.ts';
import { changesOf, pagesOf, readPages } from '../../core/page/record-pages.ts';
import { OP_BTREE_INIT, OP_PAGES, opName } from '../../core/page/redo-ops.ts';
import { loadSqlParser, parseSql } from '../../edge/sql-parser.ts';
import { findingLine, fsck } from './fsck.ts';
import { volumePagesOf } from './pages-fixture.ts';

beforeAll(loadSqlParser);

const PAGE_BYTES = 512;

function run(f: Fixture, text: string, session = 's'): string {
  const sequence = begin(f, session, parseSql(text), []);
  settleDurable(f);
  return showReply(replyOf(f, session, sequence));
}

const findings = (f: Fixture): readonly string[] => fsck(volumePagesOf(f)).findings.map(findingLine);

const isSplit = (record: LoggedRecord): boolean =>
  record.op === OP_PAGES &&
  readPages(record.payload).some(({ changes }) => changes.some(({ op }) => op === OP_BTREE_INIT));

/** Rows until an index has split below its root: header, new page, page, parent. */
function made(mutants: Mutants = []): { f: Fixture; split: LoggedRecord; rows: number } {
  const f = makeFixture({ pageBytes: PAGE_BYTES, joinsPages: true, mutants });
  run(f, 'create table t (id int primary key)');
  for (let rows = 0; rows < 200; rows++) {
    const from = f.log.length;
    run(f, `insert into t values (${rows})`);
    const split = f.log
      .slice(from)
      .find((one) => isSplit(one) && pagesOf(one).length === (mutants.length > 0 ? 3 : 4));
    if (split !== undefined && rows > 40) return { f, split, rows };
  }
  throw new Error('no split');
}

describe('LI-20 a split of an index', () => {
  test('WAL-78 is one record with one LSN for all its pages, and as many entries of LogIndex', () => {
    const { f, split } = made();
    const pages = pagesOf(split);
    expect([pages.length, blockOf(pages[0] ?? -1)]).toEqual([4, 0]);
    for (const page of pages)
      expect(pageLsn(present(pageAtVdl(f, page) ?? undefined, 'a page'))).toBeGreaterThanOrEqual(split.lsn);
    const index = openLogIndex(fullGeometry, firstMeta, []);
    for (const record of f.log) insertRecord(index, record.lsn, pagesOf(record));
    for (const [page, chain] of f.chains) {
      const found = find(makeDisk(), index, page as PageKey, 0, f.vdl);
      expect(found).toEqual(chain.map(({ lsn }) => lsn));
    }
    for (const page of pages) expect(f.chains.get(page)?.some(({ lsn }) => lsn === split.lsn)).toBe(true);
  });

  test('WAL-3 LI-7 wherever the log is cut it is there whole or not at all', () => {
    const { f, split, rows } = made();
    const after = f.log.find(({ lsn, cpl }) => lsn > split.lsn && cpl);
    expect(split.cpl).toBe(true);
    const shown: string[] = [];
    for (const at of [after?.lsn ?? -1, split.lsn, split.lsn - 1]) {
      f.built.clear();
      crash(f, at);
      const changed = changesOf(split).filter(({ blockKey }) => {
        const page = pageAtVdl(f, blockKey);
        return page !== null && pageLsn(page) >= split.lsn;
      });
      shown.push(`${changed.length} of ${pagesOf(split).length}`);
      expect(findings(f)).toEqual([]);
      expect(run(f, 'select count(*) from t', `after ${at}`)).toBe(String(rows));
    }
    expect(shown).toEqual(['4 of 4', '4 of 4', '0 of 4']);
  });

  test('a split in two MTRs is two records, and a cut between them is found', () => {
    const { f, split } = made(['engine.split-in-two-mtrs']);
    expect(opName(f.log.find(({ lsn }) => lsn === split.lsn + 1)?.op ?? -1)).toBe('btreeInsert');
    f.built.clear();
    crash(f, split.lsn);
    expect(findings(f)).not.toEqual([]);
  });
});
