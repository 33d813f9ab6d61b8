// Names of objects in the object store (WAL-42): what an object holds and the checksum of its bytes, so that a name never
// means two contents. `<volume>/<group>/log/<first>-<last>-<crc>`, `<volume>/<group>/base/<base>.<part>-<crc>`,
// `<volume>/manifest/<version>-<crc>`. Numbers are padded, so names sort as the LSNs do.

import { crc32c } from '../../base/crc32c.ts';
import type { GroupId } from '../../base/ids.ts';

export type ObjectName =
  | {
      readonly kind: 'log';
      readonly volume: string;
      readonly group: GroupId;
      /** `[first, end)`. */
      readonly first: number;
      readonly end: number;
      readonly crc: number;
    }
  | {
      readonly kind: 'base';
      readonly volume: string;
      readonly group: GroupId;
      readonly base: number;
      readonly part: number;
      readonly crc: number;
    }
  | { readonly kind: 'manifest'; readonly volume: string; readonly version: number; readonly crc: number };

const LSN_DIGITS = 16;
const pad = (value: number): string => String(value).padStart(LSN_DIGITS, '0');
const hex = (crc: number): string => (crc >>> 0).toString(16).padStart(8, '0');

export const logObjectName = (
  volume: string,
  group: GroupId,
  [first, end]: readonly [first: number, end: number],
  bytes: Uint8Array,
): string => `${volume}/${group}/log/${pad(first)}-${pad(end)}-${hex(crc32c(bytes))}`;

export const baseObjectName = (
  volume: string,
  group: GroupId,
  base: number,
  part: number,
  bytes: Uint8Array,
): string => `${volume}/${group}/base/${pad(base)}.${part}-${hex(crc32c(bytes))}`;

export const manifestObjectName = (volume: string, version: number, bytes: Uint8Array): string =>
  `${volume}/manifest/${pad(version)}-${hex(crc32c(bytes))}`;

const LOG = /^([a-z0-9]+)\/([a-z0-9]+)\/log\/(\d{16})-(\d{16})-([0-9a-f]{8})$/;
const BASE = /^([a-z0-9]+)\/([a-z0-9]+)\/base\/(\d{16})\.(\d{1,7})-([0-9a-f]{8})$/;
const MANIFEST = /^([a-z0-9]+)\/manifest\/(\d{16})-([0-9a-f]{8})$/;

/** What a name holds, or null when it is no object's name. */
export function parseObjectName(name: string): ObjectName | null {
  const log = LOG.exec(name);
  if (log) {
    const [, volume = '', group = '', first, end, crc = ''] = log;
    const range = { first: Number(first), end: Number(end) };
    if (range.first >= range.end) return null;
    return { kind: 'log', volume, group: group as GroupId, ...range, crc: Number.parseInt(crc, 16) };
  }
  const base = BASE.exec(name);
  if (base) {
    const [, volume = '', group = '', at, part, crc = ''] = base;
    const place = { base: Number(at), part: Number(part) };
    return { kind: 'base', volume, group: group as GroupId, ...place, crc: Number.parseInt(crc, 16) };
  }
  const manifest = MANIFEST.exec(name);
  if (!manifest) return null;
  const [, volume = '', version, crc = ''] = manifest;
  return { kind: 'manifest', volume, version: Number(version), crc: Number.parseInt(crc, 16) };
}

/** The bytes are those that the name was made for. */
export const isNamedFor = (name: string, bytes: Uint8Array): boolean =>
  parseObjectName(name)?.crc === crc32c(bytes);
