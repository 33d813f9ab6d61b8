// A keyframe comes back from storage as it was, or not at all.

import { expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import { makePrng, nextBelow } from '../base/prng.ts';
import { packRecorder } from '../run-model/recorder/recorder.ts';
import { ENGINE } from '../sim/engine.ts';
import { joined, mutateBytes, reseal } from '../sim/fuzz/mutate.ts';
import { toyEdge } from '../stacks/toy/testing/toy-world.ts';
import { pastOf, readStored } from './stored-keyframe.ts';
import { toyKeyframe } from './testing/toy-keyframe.ts';

const MUTATIONS = 3000;
const CRC_BYTES = 4;

const { keyframe, lived, storedAs } = toyKeyframe(toyEdge, 20_000);
const { key, bytes } = storedAs('past');
const sealed = (changed: Uint8Array): Uint8Array => {
  reseal(changed, 0, CRC_BYTES);
  return changed;
};
const errorOf = (changed: Uint8Array, of = key): string => {
  const read = readStored(changed, of);
  return 'error' in read ? read.error : 'none';
};

test('E19 a stored keyframe is the world that it was written of', () => {
  const read = readStored(bytes, key);
  if ('error' in read) throw new Error(read.error);
  expect(read.fabric).toEqual(keyframe.fabric);
  expect(read.runners).toEqual([...lived.world.runners]);
  expect(read.images).toEqual(lived.world.images);
  const { nodes, ...rest } = packRecorder(lived.recorder, keyframe.time);
  expect(read.recorder).toEqual({ ...rest, nodes: lived.recorder.nodes });
  expect(nodes.size).toBeGreaterThan(1);
});

test('E19 a keyframe of another past, instant, engine or form is none', () => {
  expect(errorOf(bytes, { ...key, past: 'other' })).toBe('of another past or instant');
  expect(errorOf(bytes, { ...key, time: 20_001 as Time })).toBe('of another past or instant');
  const place = CRC_BYTES + 2;
  expect(new TextDecoder().decode(bytes.subarray(place, place + ENGINE.length))).toBe(ENGINE);
  expect(errorOf(sealed(bytes.with(place, 0x39)))).toBe(`of engine 9${ENGINE.slice(1)}, not ${ENGINE}`);
  expect(errorOf(sealed(bytes.with(CRC_BYTES, 2)))).toBe('form 2, not 1');
  expect(errorOf(sealed(joined(bytes, new Uint8Array(1))))).toBe('1 bytes too many');
});

test('E19 what its key says must stand in it', () => {
  const other = toyKeyframe(toyEdge, 30_000);
  const ofOther = other.storedAs('past');
  expect(errorOf(ofOther.bytes, ofOther.key)).toBe('none');
  // The other's world under this key, with a checksum that holds.
  Object.assign(other.lived.world.fabric, { now: keyframe.time });
  const planted = other.storedAs('past');
  expect(errorOf(planted.bytes, key)).toBe('its fabric is at 30000');
});

test('E19 each byte damaged and every length cut short is found by the checksum', () => {
  for (let i = 0; i < bytes.length; i++) {
    const changed = bytes.slice();
    changed[i] = (bytes[i] ?? 0) ^ (1 << (i & 7));
    expect(errorOf(changed)).not.toBe('none');
    expect(errorOf(bytes.subarray(0, i))).not.toBe('none');
  }
});

test('E19 whatever stands behind a checksum that holds, nothing is thrown', () => {
  const prng = makePrng(1, 'stored-keyframe');
  const { bytes: other } = toyKeyframe(toyEdge, 30_000).storedAs('past');
  const errors = new Set<string>();
  for (let i = 0; i < MUTATIONS; i++) {
    const changed = mutateBytes(prng, bytes, other);
    // Half of them where the form begins, which all the rest depends on.
    if (i % 2 === 0) changed[nextBelow(prng, 64)] = nextBelow(prng, 256);
    errors.add(errorOf(sealed(changed)).split(' ')[0] ?? '');
  }
  expect(errors.size).toBeGreaterThan(5);
});

test('a past is named by its header and each of its lines', () => {
  const names = [
    pastOf('header', []),
    pastOf('header', ['a']),
    pastOf('header', ['a', 'b']),
    pastOf('header', ['b', 'a']),
    pastOf('header', ['ab']),
    pastOf('headera', []),
    pastOf('', ['header']),
  ];
  expect(new Set(names).size).toBe(names.length);
});
