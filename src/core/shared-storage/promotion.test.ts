// A reader that becomes the writer: what it goes on from (docs/spec/logindex.md LI-33, LI-70, LI-74).

import { expect, test } from 'vitest';
import type { Lsn } from '../../base/ids.ts';
import { makeFlushControl } from '../logindex/flush-control.ts';
import { insertEntry, type LogIndex, onWritten, openLogIndex, planFlush } from '../logindex/log-index.ts';
import { firstMeta, type Meta, rebuildMeta } from '../logindex/meta.ts';
import type { Geometry } from '../logindex/table.ts';
import { find, makeDisk, write } from '../logindex/testing/index-disk.ts';
import { NOTES_KEY, type PageKey, pageKey } from '../page/page-key.ts';
import { firstCheckpoint } from './control-file.ts';
import { makePageReplay, makePageWork } from './page-replay.ts';
import { beginTail, noReplays, onReplayed, type Promoting, parseTail } from './promotion.ts';
import type { SharedAttachment } from './shared-attachment.ts';
import { makeSharing } from './sharing.ts';

const at = (value: number): Lsn => value as Lsn;
const page = (n: number): PageKey => pageKey(8, 0, n);
const limits = { copySlots: 0, copyLag: 100, minModified: 5, snapshot: null };

/** Three segments to use in a table. */
const g: Geometry = { segments: 4, slots: 2, tablesPerFile: 2, memTables: 2, keptTables: 0 };

type Attachment = SharedAttachment<unknown>;

/** A reader that has parsed the log up to `applyLsn`, and the attachment of the writer that it is to be. */
function promotedAt(applyLsn: number, index: LogIndex): { attachment: Attachment; promotion: Promoting } {
  const known = { bgReplayedLsn: at(applyLsn), consistentLsn: at(applyLsn) };
  const promotion: Promoting = {
    replay: { ...makePageReplay(index, at(applyLsn), 0, known), hasData: true },
    work: makePageWork(),
    bounds: null,
    walk: { min: at(0), table: 1, entry: 0, saved: null, wants: 'bloom' },
    held: [],
    handled: new Set(),
    asked: new Set(),
    counts: noReplays(),
    hasLess: false,
    damage: null,
  };
  const attachment = {
    redo: { kind: 'logIndex', promotion },
    sharing: makeSharing(),
    checkpoint: firstCheckpoint,
    flush: makeFlushControl(limits, at(1)),
    host: { mount: {} },
    log: {},
    held: new Map(),
    arrived: [],
    config: { mutants: [] },
  } as unknown as Attachment;
  return { attachment, promotion };
}

/** What the tail has is parsed. */
function parse(attachment: Attachment, promotion: Promoting): 'on' | 'restart' {
  const { phase } = attachment;
  if (phase.kind !== 'tail') throw new Error('P3 has not begun');
  return parseTail(attachment, promotion, phase);
}

test('LI-33 a table that the old writer has saved stays closed: what comes goes into the next one, and is saved with it', () => {
  const disk = makeDisk();
  const [old, own] = [openLogIndex(g, firstMeta, []), openLogIndex(g, firstMeta, [])];
  for (let n = 1; n <= 3; n++) for (const index of [old, own]) insertEntry(index, page(n), at(n));
  // the record that closes the table is not durable when its writer ends
  expect(insertEntry(old, page(4), at(4))).toBe('rotated');
  for (const one of planFlush(old, at(3)) ?? []) write(disk, one);
  onWritten(old);

  const { attachment, promotion } = promotedAt(3, own);
  expect(beginTail(attachment, promotion, old.meta)).toBe(true);
  parse(attachment, promotion);
  insertEntry(own, page(1), at(4)); // the saved table has room for it
  for (let n = 5; n <= 12; n++) {
    insertEntry(own, page(n), at(n));
    for (const one of planFlush(own, at(n)) ?? []) write(disk, one);
    if (own.writing !== null) onWritten(own);
  }
  expect(find(disk, own, page(1), 0, 99)).toEqual([1, 4]);
});

test('LI-28 a reader does not go on with its tables where LogIndex was made anew by a writer that has written nothing else', () => {
  const tailOf = (parsed: number, meta: Meta): 'on' | 'restart' => {
    const own = openLogIndex({ ...g, memTables: 4 }, firstMeta, []);
    for (let n = 1; n <= parsed; n++) insertEntry(own, page(n), at(n));
    const { attachment, promotion } = promotedAt(parsed, own);
    return beginTail(attachment, promotion, meta) ? parse(attachment, promotion) : 'restart';
  };
  const saved = { maxTableId: 1, startLsn: at(3), maxLsn: at(3), minFile: 0 };
  // as its writer has saved them, in step with it, behind it, before any is saved
  expect([tailOf(5, saved), tailOf(3, saved), tailOf(5, firstMeta)]).toEqual(['on', 'on', 'on']);
  for (const highest of [0, 1, 2])
    for (const walStart of [1, 4, 6])
      for (const parsed of [5, 8]) {
        const meta = rebuildMeta(g, highest, at(walStart));
        expect(tailOf(parsed, meta), `${highest} ${walStart} ${parsed}`).toBe('restart');
      }
});

test('LI-32 LI-70 a page lacks records that LogIndex has let go of while its reader had no slot: it is read in its file', () => {
  for (const isGone of [true, false]) {
    const disk = makeDisk();
    const own = openLogIndex({ ...g, keptTables: 4 }, firstMeta, []);
    for (let n = 1; n <= 3; n++) insertEntry(own, page(n), at(n));
    const { attachment, promotion } = promotedAt(3, own);
    const { cache } = promotion.replay;
    const built = { kind: 'built', image: new Uint8Array(8), pageLsn: at(1), completeLsn: at(3) } as const;
    cache.set(page(1), { ...built, isOutdated: false });
    // its writer has gone on: two tables of the first file and one of the next are saved, and the first file has gone
    const meta = { maxTableId: 3, startLsn: at(9), maxLsn: at(9), minFile: isGone ? 1 : 0 };
    expect(beginTail(attachment, promotion, meta)).toBe(true);
    // what the tail has is parsed
    for (const [n, block] of [4, 1, 6, 7, 8, 9].entries()) insertEntry(own, page(block), at(n + 4));
    cache.set(page(1), { ...built, isOutdated: true });
    promotion.replay.parser.applyLsn = at(9);
    parse(attachment, promotion);
    expect(find(disk, own, page(1), 4, 9)).toEqual(isGone ? [] : [5]);
    expect(cache.has(page(1))).toBe(!isGone);
  }
});

test('LI-70 a page that was made anew while it was read for background replay is no damage', () => {
  const { attachment, promotion } = promotedAt(3, openLogIndex(g, firstMeta, []));
  promotion.bounds = { redoStart: at(1), endLsn: at(3), bgReplayedLsn: at(0) };
  const request = { page: NOTES_KEY, rp: null, isBackground: true };
  promotion.handled.add(NOTES_KEY);
  onReplayed(attachment, { request, image: null, error: 'FUTURE_PAGE' });
  expect(promotion.damage).toBeNull();
  onReplayed(attachment, { request: { ...request, page: page(1) }, image: null, error: 'DAMAGED' });
  expect(promotion.damage).not.toBeNull();
});
