// The written-out form of a superblock against its layout (superblock.ts).

import { expect, test } from 'vitest';
import { makeReader, readU32 } from '../../../base/bytes.ts';
import { decodeWhole, encodeWhole } from '../../../base/codec.ts';
import { groupId, lsn, nodeId, term } from '../../../base/ids.ts';
import { payloadOf } from '../../kernel/framing.ts';
import { readSuperblock, type Superblock, superblockLayout, superblockWrites } from './superblock.ts';

const GROUP = groupId('g1');

const first: Superblock = {
  sequence: 300,
  volume: 'v1',
  descriptor: {
    group: GROUP,
    sets: [[nodeId('a'), nodeId('b'), nodeId('c')]],
    learners: [nodeId('d')],
    keyFirst: 0,
    keyEnd: 1000,
    vw: 2,
    vr: 2,
    memberEpoch: 3,
    geoEpoch: 1,
    baseLsn: lsn(0),
  },
  maxToken: term(4),
  volumeEpoch: term(5),
  openToken: term(6),
  history: [{ term: term(1), startLsn: lsn(0), prevEnd: lsn(-1) }],
  mode: 'recovery',
  maxNwl: lsn(700),
  knownVdl: lsn(-1),
  groupTail: lsn(900),
  pgmrpl: lsn(1000),
  logFloor: lsn(1100),
  nclCheckpoint: lsn(120_000),
  failed: 'E_CHAIN_CONFLICT',
};

/** What lies on disk before the padding. */
function storedForm(superblock: Superblock): Uint8Array {
  const bytes = superblockWrites(GROUP, superblock)[0]?.bytes ?? new Uint8Array(0);
  const payload = payloadOf(bytes);
  return payload.slice(4, 4 + readU32(makeReader(payload)));
}

test('WAL-48 a superblock is written as its layout has it, the second time and with another descriptor and history too', () => {
  const { descriptor, history } = first;
  const later: Superblock = {
    ...first,
    sequence: 301,
    mode: 'normal',
    failed: '',
    descriptor: { ...descriptor, learners: [], memberEpoch: 4 },
    history: [...history, { term: term(5), startLsn: lsn(800), prevEnd: lsn(700) }],
  };
  for (const superblock of [first, { ...first, sequence: 302 }, later]) {
    expect(storedForm(superblock)).toEqual(encodeWhole(superblockLayout, superblock));
    expect(decodeWhole(superblockLayout, storedForm(superblock))).toEqual({ ok: true, value: superblock });
    const disk = new Map<string, Uint8Array>();
    for (const { key, bytes } of superblockWrites(GROUP, superblock)) if (bytes) disk.set(key, bytes);
    expect(readSuperblock(GROUP, disk)).toEqual(superblock);
  }
});
