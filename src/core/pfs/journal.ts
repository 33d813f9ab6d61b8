// Stored forms of the journal (docs/spec/polarfs.md §5): the leader record, one sector that is written whole or not at all, and
// entries of 256 bytes in a ring, each the after-image of one object.

import type { Decoded } from '../../base/codec.ts';
import {
  blockPlace,
  chunkOf,
  countOf,
  ENTRY_BYTES,
  type Geometry,
  indexOf,
  logBytes,
  OBJECT_BYTES,
  objectPlace,
  objectTypes,
  type Place,
} from './geometry.ts';
import {
  decodeObject,
  encodeObject,
  getLong,
  isSealed,
  type PfsObject,
  putLong,
  seal,
  viewOf,
} from './objects.ts';

const LEADER_MAGIC = 0x5046_4c52;
const leaderLongs = ['tailTx', 'headTx', 'tailOff', 'headOff', 'logSize', 'headLsn', 'token'] as const;

/** Transactions in (tailTx, headTx] are in the ring between tailOff and headOff; all up to tailTx are in the superblocks (FS-50). */
export type Leader = Readonly<Record<(typeof leaderLongs)[number], number>>;

export const firstLeader = (g: Geometry, token: number): Leader => ({
  tailTx: 0,
  headTx: 0,
  tailOff: 0,
  headOff: 0,
  logSize: logBytes(g),
  headLsn: 0,
  token,
});

export function encodeLeader(g: Geometry, leader: Leader): Uint8Array {
  const bytes = new Uint8Array(g.sectorBytes);
  const view = viewOf(bytes);
  view.setUint32(4, LEADER_MAGIC, true);
  leaderLongs.forEach((name, i) => void putLong(view, 8 + 8 * i, leader[name]));
  seal(bytes);
  return bytes;
}

export function decodeLeader(g: Geometry, bytes: Uint8Array): Decoded<Leader> {
  if (bytes.length !== g.sectorBytes || !isSealed(bytes)) return { ok: false, error: 'checksum mismatch' };
  const view = viewOf(bytes);
  if (view.getUint32(4, true) !== LEADER_MAGIC) return { ok: false, error: 'no leader record' };
  const leader = Object.fromEntries(leaderLongs.map((name, i) => [name, getLong(view, 8 + 8 * i)])) as Leader;
  const { tailTx, headTx, tailOff, headOff, logSize } = leader;
  const isPlace = (off: number): boolean => off < logSize && off % ENTRY_BYTES === 0;
  if (logSize !== logBytes(g) || !isPlace(tailOff) || !isPlace(headOff) || !(tailTx <= headTx))
    return {
      ok: false,
      error: `leader record of ${tailTx}@${tailOff} to ${headTx}@${headOff} of ${logSize}`,
    };
  return { ok: true, value: leader };
}

/** Bytes of the ring from one offset to another; of equal ones none (FS-53: a full ring never equals an empty one). */
export const ringDistance = (g: Geometry, from: number, to: number): number =>
  (to - from + logBytes(g)) % logBytes(g);

export interface Entry {
  readonly lsn: number;
  readonly txid: number;
  /** False on the last entry of a transaction. */
  readonly more: boolean;
  readonly object: PfsObject;
}

const IMAGE_AT = ENTRY_BYTES - OBJECT_BYTES;

export function encodeEntry(g: Geometry, { lsn, txid, more, object }: Entry): Uint8Array {
  const bytes = new Uint8Array(ENTRY_BYTES);
  const view = viewOf(bytes);
  const { sector, slot } = objectPlace(g, object.type, object.no);
  bytes[4] = objectTypes.indexOf(object.type) + 1;
  bytes[5] = more ? 1 : 0;
  [lsn, txid, object.no, sector, slot].forEach((value, i) => void putLong(view, 8 + 8 * i, value));
  bytes.set(encodeObject(object), IMAGE_AT);
  seal(bytes);
  return bytes;
}

export function decodeEntry(g: Geometry, bytes: Uint8Array): Decoded<Entry> {
  if (bytes.length !== ENTRY_BYTES || !isSealed(bytes)) return { ok: false, error: 'checksum mismatch' };
  const view = viewOf(bytes);
  const type = objectTypes[(bytes[4] as number) - 1];
  const [lsn = 0, txid = 0, no = 0, sector, slot] = [8, 16, 24, 32, 40].map((at) => getLong(view, at));
  if (type === undefined || (bytes[5] as number) > 1) return { ok: false, error: 'no type of object' };
  if (!Number.isSafeInteger(lsn + txid + no)) return { ok: false, error: 'a number above 2^53' };
  const place = objectPlace(g, type, no);
  if (indexOf(g, type, no) >= countOf(g, type) || place.sector !== sector || place.slot !== slot)
    return { ok: false, error: `${type} ${no} is not in sector ${sector}` };
  const object = decodeObject(type, no, bytes.subarray(IMAGE_AT));
  if (!object.ok) return object;
  return { ok: true, value: { lsn, txid, more: bytes[5] === 1, object: object.value } };
}

/** The entries of transactions (after, to], the last of which has LSN `headLsn`; anything else among these bytes is an error (FS-58). */
export function decodeEntries(
  g: Geometry,
  bytes: Uint8Array,
  range: { readonly after: number; readonly to: number; readonly headLsn: number },
): Decoded<Entry[]> {
  const entries: Entry[] = [];
  const count = bytes.length / ENTRY_BYTES;
  let txid = range.after + 1;
  for (let i = 0; i < count; i++) {
    const entry = decodeEntry(g, bytes.subarray(i * ENTRY_BYTES, (i + 1) * ENTRY_BYTES));
    if (!entry.ok) return entry;
    if (entry.value.lsn !== range.headLsn - count + 1 + i || entry.value.txid !== txid)
      return { ok: false, error: `entry ${entry.value.lsn} of transaction ${entry.value.txid}` };
    entries.push(entry.value);
    if (!entry.value.more) txid++;
  }
  return txid === range.to + 1
    ? { ok: true, value: entries }
    : { ok: false, error: `${range.to} is cut off` };
}

/** The pieces of the device that bytes [from, from + length) of the ring lie in; both are whole sectors. */
export function ringPlaces(
  g: Geometry,
  /** Blktags of the journal file, by blkid. */
  journal: readonly number[],
  from: number,
  length: number,
): Place[] {
  const places: Place[] = [];
  for (let done = 0; done < length; ) {
    const off = (from + done) % logBytes(g);
    const at = off % g.blockBytes;
    const part = Math.min(g.blockBytes - at, length - done);
    places.push(blockPlace(g, journal[Math.floor(off / g.blockBytes)] as number, at, part));
    done += part;
  }
  return places;
}

/** The chunk that an entry's object is in. */
export const chunkOfEntry = (g: Geometry, { object }: Entry): number => chunkOf(g, object.type, object.no);
