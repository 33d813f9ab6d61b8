// What GC may drop of a block, and from when on it is worth looking (WAL-36).

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Block, droppable, droppableFrom, firstAtOrAbove, lastNotAbove } from './blocks.ts';

const lsns = fc.uniqueArray(fc.nat(40), { maxLength: 8 }).map((items) => items.sort((a, b) => a - b));

const blocks = fc
  .record({ chain: lsns, versions: lsns })
  .map(({ chain, versions }): Block => ({ chain, versions, lost: -1 }));

/** Records and versions that go. */
function dropped(block: Block, pgmrpl: number, hold: number): number {
  const { records, versions } = droppable(block, pgmrpl, hold, hold);
  return firstAtOrAbove(block.chain, records + 1) + firstAtOrAbove(block.versions, versions);
}

test('WAL-36 nothing that may go is overlooked, and what is held is not looked at before it is let go', () => {
  fc.assert(
    fc.property(blocks, fc.nat(45), fc.nat(45), fc.nat(45), (block, noted, hold, pgmrpl) => {
      const { from, held } = droppableFrom(block, noted);
      const isLookedAt = from <= pgmrpl || held <= hold;
      if (dropped(block, pgmrpl, hold) > 0) expect(isLookedAt).toBe(true);
      if (held < Infinity) expect(held).toBeGreaterThan(noted);
      if (hold <= noted && held < Infinity && block.versions.length < 2) expect(isLookedAt).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

/** What a read at `lsn` is made from: the newest version at or below it, and the records from there; null: nothing is there to begin with. */
function sourceAt({ chain, versions }: Block, lsn: number): readonly number[] | null {
  const base = lastNotAbove(versions, lsn);
  return base === -1 ? null : [base, ...chain.filter((one) => one > base && one <= lsn)];
}

/** As GC leaves it. */
function afterGc(block: Block, pgmrpl: number, archivedTo: number, holdTo: number): Block {
  const { records, versions } = droppable(block, pgmrpl, archivedTo, holdTo);
  return {
    ...block,
    chain: block.chain.filter((lsn) => lsn > records),
    versions: block.versions.filter((lsn) => lsn >= versions),
  };
}

/** A point on, one before or one after some version or record of the block. */
const boundaries = (block: Block): fc.Arbitrary<number> =>
  fc.oneof(
    fc.nat(45),
    ...[block.chain, block.versions].flatMap((items) =>
      items.length === 0
        ? []
        : [fc.constantFrom(...items.flatMap((lsn) => [Math.max(0, lsn - 1), lsn, lsn + 1]))],
    ),
  );

test('WAL-36 at floors on, before and after each boundary no read from PGMRPL on loses anything, and nothing more could go', () => {
  let onVersion = 0;
  let onRecord = 0;
  const drawn = blocks.chain((block) =>
    fc.tuple(fc.constant(block), boundaries(block), boundaries(block), boundaries(block)),
  );
  fc.assert(
    fc.property(drawn, ([block, pgmrpl, archivedTo, holdTo]) => {
      const left = afterGc(block, pgmrpl, archivedTo, holdTo);
      for (let lsn = pgmrpl; lsn <= 46; lsn++) expect(sourceAt(left, lsn)).toEqual(sourceAt(block, lsn));
      const hold = Math.min(archivedTo, holdTo);
      expect(left.chain.filter((lsn) => lsn > hold)).toEqual(block.chain.filter((lsn) => lsn > hold));
      // what is left is needed by a read at PGMRPL or above, or somebody waits for it
      const [oldest] = left.versions;
      if (oldest !== undefined && left.versions.length > 1)
        expect(sourceAt(left, pgmrpl)?.[0] ?? oldest).toBe(oldest);
      const base = lastNotAbove(left.versions, pgmrpl);
      for (const lsn of left.chain) if (base !== -1 && lsn <= base) expect(lsn).toBeGreaterThan(hold);
      if (block.versions.includes(pgmrpl)) onVersion++;
      if (block.chain.includes(hold)) onRecord++;
    }),
    { numRuns: 500 },
  );
  expect(Math.min(onVersion, onRecord)).toBeGreaterThan(40);
});

test.each([
  // versions 10 and 20 of a chain 5, 10, 15, 20, 21: PGMRPL, hold → records that go, versions that go
  [9, 99, [], []],
  [10, 99, [5, 10], []],
  [11, 99, [5, 10], []],
  [19, 99, [5, 10], []],
  [20, 99, [5, 10, 15, 20], [10]],
  [21, 99, [5, 10, 15, 20], [10]],
  [20, 9, [5], [10]],
  [20, 10, [5, 10], [10]],
  [20, 14, [5, 10], [10]],
  [20, 15, [5, 10, 15], [10]],
  [20, 19, [5, 10, 15], [10]],
  [20, 20, [5, 10, 15, 20], [10]],
])(
  'WAL-36 at PGMRPL %i with the log held from %i on go records %j and versions %j',
  (pgmrpl, hold, records, versions) => {
    const block: Block = { chain: [5, 10, 15, 20, 21], versions: [10, 20], lost: -1 };
    for (const [archivedTo, holdTo] of [
      [hold, 99],
      [99, hold],
    ] as const) {
      const left = afterGc(block, pgmrpl, archivedTo, holdTo);
      expect(block.chain.filter((lsn) => !left.chain.includes(lsn))).toEqual(records);
      expect(block.versions.filter((lsn) => !left.versions.includes(lsn))).toEqual(versions);
    }
  },
);
