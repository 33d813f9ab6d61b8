// What LogIndex has on disk: its meta, which says which tables exist, and where their images lie (LI-9, LI-27, LI-28, LI-32).
// Table t is number (t − 1) mod tablesPerFile of file ⌊(t − 1) / tablesPerFile⌋; a file is a row of [bloom][table].

import { type Codec, type Decoded, struct, uint } from '../../base/codec.ts';
import type { Lsn } from '../../base/ids.ts';
import { openWith, sealWith } from '../kernel/framing.ts';
import type { Geometry } from './table.ts';
import { BLOOM_BYTES, tableBytes } from './table-image.ts';

const VERSION = 1;

export interface Meta {
  /** A table above it does not exist, whatever bytes are there (LI-28). */
  readonly maxTableId: number;
  /** From here on WAL is parsed after a crash (LI-31). */
  readonly startLsn: Lsn;
  readonly maxLsn: Lsn;
  /** Files below it are gone, or may go (LI-32). */
  readonly minFile: number;
}

export const firstMeta: Meta = { maxTableId: 0, startLsn: 0 as Lsn, maxLsn: 0 as Lsn, minFile: 0 };

const metaRecord: Codec<Record<'segments' | 'slots' | 'tablesPerFile' | keyof Meta, number>> = struct({
  segments: uint,
  slots: uint,
  tablesPerFile: uint,
  maxTableId: uint,
  startLsn: uint,
  maxLsn: uint,
  minFile: uint,
});

/** Bytes of the least sector: of the meta's file, and what a row of a bloom filter and a table is rounded up to. */
export const SECTOR_BYTES = 512;

/** With the geometry, which the images cannot be read without. One sector, so it is written whole or not at all. */
export function sealMeta({ segments, slots, tablesPerFile }: Geometry, meta: Meta): Uint8Array {
  const sector = new Uint8Array(SECTOR_BYTES);
  const sealed = sealWith(metaRecord, VERSION, { segments, slots, tablesPerFile, ...meta });
  sector[0] = sealed.length;
  sector.set(sealed, 1);
  return sector;
}

export function openMeta(g: Geometry, bytes: Uint8Array): Decoded<Meta> {
  const end = 1 + (bytes[0] ?? 0);
  const opened = openWith(metaRecord, VERSION, bytes.slice(1, end));
  if (!opened.ok) return { ok: false, error: `LogIndex meta: ${opened.error}` };
  if (bytes.subarray(end).some((byte) => byte !== 0))
    return { ok: false, error: 'LogIndex meta: bytes after its record' };
  const { segments, slots, tablesPerFile, maxTableId, startLsn, maxLsn, minFile } = opened.value;
  if (segments !== g.segments || slots !== g.slots || tablesPerFile !== g.tablesPerFile)
    return {
      ok: false,
      error: `LogIndex meta: tables of ${segments}/${slots}/${tablesPerFile}, not ${g.segments}/${g.slots}/${g.tablesPerFile}`,
    };
  if (minFile * tablesPerFile > maxTableId || startLsn > maxLsn)
    return {
      ok: false,
      error: `LogIndex meta: file ${minFile}, table ${maxTableId}, LSNs ${startLsn}, ${maxLsn}`,
    };
  return {
    ok: true,
    value: { maxTableId, startLsn: startLsn as Lsn, maxLsn: maxLsn as Lsn, minFile },
  };
}

/**
 * LI-28: the meta of a LogIndex that is made anew from WAL, because a table or the meta is damaged. Its tables begin in a file
 * above all there are, so that none of the old bytes is read again; it is durable before the first insert. `walStart` is the
 * least LSN that WAL is retained from.
 */
export const rebuildMeta = (g: Geometry, highestFile: number, walStart: Lsn): Meta => ({
  maxTableId: (highestFile + 1) * g.tablesPerFile,
  startLsn: walStart,
  maxLsn: walStart,
  minFile: highestFile + 1,
});

export const fileOf = (g: Geometry, table: number): number => Math.floor((table - 1) / g.tablesPerFile);
export const lastTableOf = (g: Geometry, file: number): number => (file + 1) * g.tablesPerFile;

export type Part = 'bloom' | 'table';

/** Where bytes lie in a file of the volume. */
export interface Place {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

export const META_PATH = '/logindex/meta';
export const pathOfFile = (file: number): string => `/logindex/${file}`;

/** A row begins with a sector, so that it is written without reading what is beside it. */
const rowBytes = (g: Geometry): number =>
  Math.ceil((BLOOM_BYTES + tableBytes(g)) / SECTOR_BYTES) * SECTOR_BYTES;

export const fileBytes = (g: Geometry): number => g.tablesPerFile * rowBytes(g);

export function placeOf(g: Geometry, table: number, part: Part): Place {
  const start = ((table - 1) % g.tablesPerFile) * rowBytes(g);
  return {
    path: pathOfFile(fileOf(g, table)),
    offset: part === 'bloom' ? start : start + BLOOM_BYTES,
    length: part === 'bloom' ? BLOOM_BYTES : tableBytes(g),
  };
}
