// The codecs written out by hand are held to the layouts: the same bytes, the same values, the same refusals.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Codec, decodeWhole, encodeWhole } from '../../base/codec.ts';
import { layouts, sqlReply, sqlRequest, writeAck, writeBatch } from './hot-codecs.ts';

const uint = fc.oneof(fc.nat(300), fc.nat(), fc.maxSafeNat());
const lsn = fc.oneof(
  fc.constant(-1),
  fc.nat(70_000),
  fc.maxSafeNat().map((n) => Math.floor(n / 2)),
);
const text = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: 'grapheme', maxLength: 8 }));
const bytes = fc.uint8Array({ maxLength: 90 });
const texts = fc.array(fc.option(text), { maxLength: 4 });
const epochs = { token: uint, memberEpoch: uint };
const refused = fc.option(
  fc.record({
    code: fc.constantFrom('TOKEN_STALE', 'NEED_BASE'),
    which: fc.constantFrom('', 'volume'),
    current: lsn,
  }),
);

const bodies: Readonly<Record<keyof typeof layouts, fc.Arbitrary<unknown>>> = {
  WriteBatch: fc.record({
    volume: text,
    group: text,
    ...epochs,
    geoEpoch: uint,
    pgcl: lsn,
    vdl: lsn,
    groupTail: lsn,
    pgmrpl: lsn,
    archivedTo: lsn,
    holdTo: lsn,
    records: bytes,
    first: lsn,
    end: lsn,
    count: uint,
  }),
  WriteAck: fc.record({ group: text, ...epochs, scl: lsn, archivedTo: lsn, nwl: lsn, refused }),
  SqlRequest: fc.record({
    volume: text,
    session: text,
    incarnation: uint,
    sequence: uint,
    attempt: uint,
    statements: fc.array(fc.record({ id: uint, text, tree: bytes }), { maxLength: 3 }),
    params: texts,
    inTransaction: fc.boolean(),
  }),
  SqlReply: fc.record({
    session: text,
    incarnation: uint,
    sequence: uint,
    code: text,
    scn: lsn,
    results: fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('done'), tag: text }),
        fc.record({
          kind: fc.constant('rows'),
          tag: text,
          columns: fc.array(fc.record({ name: text, type: text }), { maxLength: 3 }),
          rows: fc.array(texts, { maxLength: 3 }),
          origin: fc.option(
            fc.record({ relation: uint, readPoint: lsn, tids: fc.array(lsn, { maxLength: 3 }) }),
          ),
        }),
        fc.record(
          {
            kind: fc.constant('error'),
            sqlstate: text,
            message: text,
            position: fc.option(uint),
            about: fc.record({ detail: text, table: text }),
          },
          { requiredKeys: ['kind', 'sqlstate', 'message', 'position'] },
        ),
      ),
      { maxLength: 3 },
    ),
    inTransaction: fc.boolean(),
  }),
};

const written = { WriteBatch: writeBatch, WriteAck: writeAck, SqlRequest: sqlRequest, SqlReply: sqlReply };

describe.each(Object.keys(layouts) as (keyof typeof layouts)[])('%s', (kind) => {
  const layout = layouts[kind] as Codec<unknown>;
  const codec = written[kind] as Codec<unknown>;

  test('has the bytes of its layout and comes back as it was', () => {
    fc.assert(
      fc.property(bodies[kind], (body) => {
        const encoded = encodeWhole(codec, body);
        expect(encoded).toEqual(encodeWhole(layout, body));
        expect(decodeWhole(codec, encoded)).toEqual({ ok: true, value: { ...(body as object), kind } });
      }),
    );
  });

  test('refuses exactly what its layout refuses', () => {
    let refusals = 0;
    fc.assert(
      fc.property(bodies[kind], fc.nat(), fc.nat(255), fc.nat(3), (body, place, byte, cut) => {
        const damaged = encodeWhole(layout, body).slice(0, cut === 0 ? -1 : undefined);
        if (damaged.length > 0) damaged[place % damaged.length] = byte;
        const ours = decodeWhole(codec, damaged);
        const theirs = decodeWhole(layout, damaged);
        expect(ours.ok).toBe(theirs.ok);
        if (ours.ok && theirs.ok) expect(ours.value).toEqual({ ...(theirs.value as object), kind });
        else refusals++;
      }),
      { numRuns: 500 },
    );
    expect(refusals).toBeGreaterThan(50);
  });
});
