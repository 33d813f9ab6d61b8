import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadBytes } from '../../base/bytes.ts';
import type { Lsn } from '../../base/ids.ts';
import { entryKey } from './btree-page.ts';
import { heapRoom, makeTuple, slotType, slotTypes } from './heap-page.ts';
import { getU53, PAGE_HEADER_BYTES, pageCount, pageLsn } from './page.ts';
import { pageKey, VOLUME_KEY } from './page-key.ts';
import { preparedEntries } from './prepared-list.ts';
import { applyRecord, applyRecords, checkPage, type RedoStep } from './redo.ts';
import {
  btreeDeletePayload,
  btreeInitPayload,
  btreeInsertPayload,
  clientSetPayload,
  commitPayload,
  decidePayload,
  EMPTY,
  heapDeletePayload,
  heapInsertPayload,
  heapLinkPayload,
  heapPrunePayload,
  heapUpdatePayload,
  OP_BTREE_DELETE,
  OP_BTREE_INIT,
  OP_BTREE_INSERT,
  OP_CLIENT_SET,
  OP_CLOG_INIT,
  OP_COMMIT,
  OP_GENESIS,
  OP_HEAP_DELETE,
  OP_HEAP_INIT,
  OP_HEAP_INSERT,
  OP_HEAP_LINK,
  OP_HEAP_PRUNE,
  OP_HEAP_UPDATE,
  OP_RELATION_INIT,
  OP_RELATION_SET,
  OP_TERM_START,
  OP_TX_DECIDE,
  OP_TX_PREPARE,
  OP_VOLUME_SET,
  opNames,
  preparePayload,
  relationPayload,
  termStartPayload,
  volumeSetPayload,
} from './redo-ops.ts';
import { findClient, hasLargeValues, isCommittedBit, relationBlocks, volumeXidLimit } from './system-page.ts';

const BYTES = 512;
const KEY = pageKey(9, 0, 1);

const at = (lsn: number, op: number, payload: Uint8Array, init = false, blockKey = KEY): RedoStep => ({
  lsn: lsn as Lsn,
  blockKey,
  op,
  init,
  payload,
});
const row = (n: number, fill = 1): Uint8Array => new Uint8Array(n).fill(fill);

/** Chains of heap records that fit, made by playing them. */
const heapSteps = fc.array(
  fc.record({ kind: fc.nat(4), slot: fc.nat(12), size: fc.integer({ min: 1, max: 90 }) }),
  { minLength: 1, maxLength: 60 },
);

function heapChain(steps: readonly { kind: number; slot: number; size: number }[]): RedoStep[] {
  const records = [at(1, OP_HEAP_INIT, EMPTY, true)];
  let page = applyRecords(null, records, BYTES);
  for (const { kind, slot, size } of steps) {
    const lsn = records.length + 1;
    const tuple = makeTuple(lsn, 0, row(size, lsn));
    const candidates = [
      at(lsn, OP_HEAP_INSERT, heapInsertPayload(slot, tuple)),
      at(lsn, OP_HEAP_DELETE, heapDeletePayload(slot, lsn)),
      at(lsn, OP_HEAP_UPDATE, heapUpdatePayload(slot, lsn, 0, slot + 1, tuple)),
      at(lsn, OP_HEAP_PRUNE, heapPrunePayload([{ kind: 'free', slot }], 0)),
      at(
        lsn,
        OP_HEAP_PRUNE,
        heapPrunePayload([{ kind: 'redirect', slot, target: { block: 3, slot: 4 }, flags: 0 }], 0),
      ),
    ];
    const record = candidates[kind] as RedoStep;
    try {
      page = applyRecord(page, record, BYTES);
    } catch (error) {
      if (!(error instanceof BadBytes)) throw error;
      continue;
    }
    records.push(record);
  }
  return records;
}

describe('redo', () => {
  it('WAL-6 a record applied to a page with pageLsn ≥ lsn changes nothing', () => {
    fc.assert(
      fc.property(heapSteps, fc.nat(60), (steps, cut) => {
        const records = heapChain(steps);
        const whole = applyRecords(null, records, BYTES);
        const half = applyRecords(null, records.slice(0, 1 + (cut % records.length)), BYTES);
        expect(applyRecords(half, records, BYTES)).toEqual(whole);
        for (const record of records) expect(applyRecord(whole, record, BYTES)).toEqual(whole);
      }),
    );
  });

  it('WAL-35 one by one and as a chain give the same bytes, and the given page is not touched', () => {
    fc.assert(
      fc.property(heapSteps, (steps) => {
        const records = heapChain(steps);
        let page: Uint8Array | null = null;
        for (const record of records) {
          const before: Uint8Array | null = page;
          const copy = before?.slice();
          page = applyRecord(before, record, BYTES);
          expect(page).not.toBe(before);
          expect(page.byteLength).toBe(page.buffer.byteLength);
          if (before && copy) expect(before).toEqual(copy);
          checkPage(page, KEY, BYTES);
          expect(pageLsn(page)).toBe(record.lsn);
        }
        expect(page).toEqual(applyRecords(null, records, BYTES));
      }),
    );
  });

  it('hostile payloads and pages are answered by BadBytes alone', () => {
    let refused = 0;
    let taken = 0;
    const attempt = (page: Uint8Array | null, record: RedoStep): void => {
      try {
        applyRecord(page, record, BYTES);
        taken++;
      } catch (error) {
        if (!(error instanceof BadBytes)) throw error;
        refused++;
      }
    };
    fc.assert(
      fc.property(
        fc.nat(opNames.length + 1),
        fc.uint8Array({ maxLength: 80 }),
        fc.boolean(),
        fc.uint8Array({ minLength: BYTES, maxLength: BYTES }),
        fc.nat(7),
        heapSteps,
        (op, payload, init, noise, kind, steps) => {
          const record = at(1_000_000, op, payload, init);
          attempt(null, record);
          const valid = applyRecords(null, heapChain(steps), BYTES);
          attempt(valid, record);
          const hostile = noise.slice();
          hostile.set(valid.subarray(0, 20));
          hostile[0] = kind;
          attempt(hostile, record);
          attempt(noise, record);
        },
      ),
      { numRuns: 400 },
    );
    expect(refused).toBeGreaterThan(300);
    expect(taken).toBeGreaterThan(100);
  });

  it('a page of the wrong size, of another key or missing is refused', () => {
    const page = applyRecord(null, at(1, OP_HEAP_INIT, EMPTY, true), BYTES);
    const record = at(2, OP_HEAP_INSERT, heapInsertPayload(0, makeTuple(1, 0, row(3))));
    expect(() => applyRecord(page, record, 1024)).toThrow(BadBytes);
    expect(() => applyRecord(page, { ...record, blockKey: pageKey(9, 0, 2) }, BYTES)).toThrow(BadBytes);
    expect(() => applyRecord(null, record, BYTES)).toThrow(BadBytes);
  });

  it('heap: insert, replace here and elsewhere, prune to a redirect', () => {
    const records = [
      at(1, OP_HEAP_INSERT, heapInsertPayload(0, makeTuple(7, 0, row(100))), true),
      at(2, OP_HEAP_UPDATE, heapUpdatePayload(0, 8, 0, 1, makeTuple(8, 2, row(100)))),
      at(3, OP_HEAP_LINK, heapLinkPayload(1, 9, 0, { block: 5, slot: 2 })),
      at(
        4,
        OP_HEAP_PRUNE,
        heapPrunePayload(
          [
            { kind: 'redirect', slot: 0, target: { block: 5, slot: 2 }, flags: 0 },
            { kind: 'free', slot: 1 },
          ],
          0,
        ),
      ),
    ];
    const page = applyRecords(null, records, BYTES);
    expect(pageCount(page)).toBe(1);
    expect(slotType(page, 0)).toBe(slotTypes.redirect);
    expect(heapRoom(page)).toBe(BYTES - 32 - 4 - 6);
    const filled = applyRecord(
      page,
      at(5, OP_HEAP_INSERT, heapInsertPayload(1, makeTuple(1, 0, row(440)))),
      BYTES,
    );
    expect(heapRoom(filled)).toBe(BYTES - 32 - 4 - 6 - 462);
  });

  it('btree: built from entries, inserted and deleted in place', () => {
    const key = (n: number): Uint8Array => Uint8Array.of(n, 0, 0, 0, 0, 0, 0);
    const page = applyRecords(
      null,
      [
        at(
          1,
          OP_BTREE_INIT,
          btreeInitPayload(
            0,
            7,
            [1, 3].map((n) => ({ key: key(n), child: 0 })),
          ),
          true,
        ),
        at(2, OP_BTREE_INSERT, btreeInsertPayload(1, key(2), 0)),
        at(3, OP_BTREE_DELETE, btreeDeletePayload(0)),
      ],
      BYTES,
    );
    expect([entryKey(page, 0)[0], entryKey(page, 1)[0], pageCount(page)]).toEqual([2, 3, 2]);
  });

  it('a relation says that it has pages of large values, and goes on saying so when it grows', () => {
    const header = pageKey(9, 0, 0);
    const grown = [
      at(1, OP_RELATION_INIT, relationPayload(2), true, header),
      at(2, OP_RELATION_SET, relationPayload(2, true), false, header),
      at(3, OP_RELATION_SET, relationPayload(7), false, header),
    ];
    const before = applyRecords(null, grown.slice(0, 1), BYTES);
    expect([relationBlocks(before), hasLargeValues(before)]).toEqual([2, false]);
    const after = applyRecords(null, grown, BYTES);
    expect([relationBlocks(after), hasLargeValues(after)]).toEqual([7, true]);
    const other = at(4, OP_RELATION_SET, Uint8Array.of(7, 2), false, header);
    expect(() => applyRecord(after, other, BYTES)).toThrow(BadBytes);
  });

  it('volume page, commit log and client table', () => {
    const volume = applyRecords(
      null,
      [
        at(0, OP_GENESIS, EMPTY, true, VOLUME_KEY),
        at(1, OP_VOLUME_SET, volumeSetPayload(65, 2), false, VOLUME_KEY),
        at(2, OP_TERM_START, termStartPayload(3), false, VOLUME_KEY),
      ],
      BYTES,
    );
    expect([volumeXidLimit(volume), getU53(volume, PAGE_HEADER_BYTES + 16), pageLsn(volume)]).toEqual([
      65, 3, 2,
    ]);

    const clogKey = pageKey(0, 1, 0);
    const clog = applyRecords(
      null,
      [at(3, OP_CLOG_INIT, EMPTY, true, clogKey), at(4, OP_COMMIT, commitPayload(11), false, clogKey)],
      BYTES,
    );
    expect([10, 11, 12].map((xid) => isCommittedBit(clog, xid))).toEqual([false, true, false]);
    expect(() => applyRecord(clog, at(5, OP_COMMIT, commitPayload(99_999), false, clogKey), BYTES)).toThrow(
      BadBytes,
    );

    const entry = { hashLow: 1, hashHigh: 2, incarnation: 3, sequence: 4, xid: 5, part: 0 };
    const clientKey = pageKey(2, 0, 0);
    const records = [at(6, OP_CLIENT_SET, clientSetPayload(entry), true, clientKey)];
    for (let i = 1; i <= 12; i++)
      records.push(
        at(
          6 + i,
          OP_CLIENT_SET,
          clientSetPayload({ ...entry, hashLow: 1 + i, xid: 5 + i }),
          false,
          clientKey,
        ),
      );
    const clients = applyRecords(null, records, BYTES);
    expect(findClient(clients, 2, 2)?.xid).toBe(6);
    expect(findClient(clients, 1, 2)).toBeNull();
  });

  it('TXN-2 prepared transactions stand behind the counters of the volume page, and any bytes are refused or kept', () => {
    const one = { gid: 'x', xid: 11, subs: [12, 13], written: [5] };
    const two = { gid: 'yy', xid: 14, subs: [], written: [] };
    const genesis = at(0, OP_GENESIS, EMPTY, true, VOLUME_KEY);
    const volume = (lsn: number, op: number, payload: Uint8Array) => at(lsn, op, payload, false, VOLUME_KEY);
    const blank = applyRecord(null, genesis, BYTES);
    expect(preparedEntries(blank)).toEqual([]);
    const both = applyRecords(
      blank,
      [volume(1, OP_TX_PREPARE, preparePayload(one)), volume(2, OP_TX_PREPARE, preparePayload(two))],
      BYTES,
    );
    expect(preparedEntries(both)).toEqual([one, two]);
    expect(() => applyRecord(both, volume(3, OP_TX_PREPARE, preparePayload(one)), BYTES)).toThrow(BadBytes);
    expect(() => applyRecord(both, volume(3, OP_TX_DECIDE, decidePayload(12)), BYTES)).toThrow(BadBytes);
    const after = applyRecord(both, volume(3, OP_TX_DECIDE, decidePayload(11)), BYTES);
    expect(preparedEntries(after)).toEqual([two]);
    const none = applyRecord(after, volume(4, OP_TX_DECIDE, decidePayload(14)), BYTES);
    expect(none.slice(PAGE_HEADER_BYTES)).toEqual(blank.slice(PAGE_HEADER_BYTES));
    let [refused, kept] = [0, 0];
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 24 }),
        fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 4 }),
        (payload, changes) => {
          const bytes = both.slice();
          for (const [place, value] of changes) bytes[PAGE_HEADER_BYTES + 32 + place] = value;
          for (const play of [
            () => checkPage(bytes, VOLUME_KEY, BYTES),
            () => applyRecord(blank, volume(1, OP_TX_PREPARE, payload), BYTES),
          ])
            try {
              play();
              kept++;
            } catch (error) {
              if (!(error instanceof BadBytes)) throw error;
              refused++;
            }
        },
      ),
    );
    expect(Math.min(refused, kept)).toBeGreaterThan(5);
  });
});
