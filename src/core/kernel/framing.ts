// Framing of disk values: [crc32c u32][version u8][payload]. A value that fails its checksum or has an unknown
// version is an error by value, never used. Torn writes leave a prefix, which fails here.

import type { Codec } from '../../base/codec.ts';
import { type Decoded, decodeWhole, encodeWhole } from '../../base/codec.ts';
import { crc32c } from '../../base/crc32c.ts';

/** Where the payload of a value begins. */
export const PAYLOAD_AT = 5;

/** What the checksum of a value says: all that follows it. Planted bugs alone do not read it, or forget the payload's first or last byte. */
export type Coverage = 'whole' | 'unread' | 'butFirst' | 'butLast';

const sumOf = (value: Uint8Array, coverage: Coverage): number =>
  crc32c(
    value,
    coverage === 'butFirst' ? PAYLOAD_AT + 1 : 4,
    value.length - (coverage === 'butLast' ? 1 : 0),
  );

/** A value whose payload, all zero yet, is written in place (`payloadOf`) and sealed when it is complete. */
export function makeValue(version: number, payloadBytes: number): Uint8Array {
  const value = new Uint8Array(PAYLOAD_AT + payloadBytes);
  value[4] = version;
  return value;
}

/** The payload where it lies. */
export const payloadOf = (value: Uint8Array): Uint8Array => value.subarray(PAYLOAD_AT);

/** Ends a value of `makeValue`: puts the checksum over all that follows it. */
export function sealInPlace(value: Uint8Array, coverage: Coverage = 'whole'): void {
  const crc = sumOf(value, coverage);
  value[0] = crc;
  value[1] = crc >>> 8;
  value[2] = crc >>> 16;
  value[3] = crc >>> 24;
}

/** Wraps `payload` with checksum and version. */
export function sealValue(version: number, payload: Uint8Array, coverage: Coverage = 'whole'): Uint8Array {
  const value = makeValue(version, payload.length);
  value.set(payload, PAYLOAD_AT);
  sealInPlace(value, coverage);
  return value;
}

/** The payload of a sealed value, or why it may not be used. */
export function openValue(
  version: number,
  value: Uint8Array,
  coverage: Coverage = 'whole',
): Decoded<Uint8Array> {
  if (value.length < PAYLOAD_AT) return { ok: false, error: `value of ${value.length} bytes is torn` };
  const stored =
    ((value[0] as number) |
      ((value[1] as number) << 8) |
      ((value[2] as number) << 16) |
      ((value[3] as number) << 24)) >>>
    0;
  if (coverage !== 'unread' && stored !== sumOf(value, coverage))
    return { ok: false, error: 'checksum mismatch' };
  if (value[4] !== version) return { ok: false, error: `version ${value[4]}, expected ${version}` };
  return { ok: true, value: value.slice(PAYLOAD_AT) };
}

export function sealWith<T>(
  codec: Codec<T>,
  version: number,
  content: T,
  coverage: Coverage = 'whole',
): Uint8Array {
  return sealValue(version, encodeWhole(codec, content), coverage);
}

export function openWith<T>(
  codec: Codec<T>,
  version: number,
  value: Uint8Array,
  coverage: Coverage = 'whole',
): Decoded<T> {
  const payload = openValue(version, value, coverage);
  return payload.ok ? decodeWhole(codec, payload.value) : payload;
}
