// `/control` of a volume in files (docs/spec/logindex.md LI-9, LI-47): the checkpoint in its first sector, written whole or not at all.

import { branded, type Codec, type Decoded, struct, uint } from '../../base/codec.ts';
import type { Lsn } from '../../base/ids.ts';
import { openWith, sealWith } from '../kernel/framing.ts';

export const CONTROL_PATH = '/control';
const VERSION = 1;

export interface Checkpoint {
  /** Every change below it is in the files of pages; recovery replays from here. */
  readonly redoLsn: Lsn;
  /** Where WAL is read from to find it: a record that begins an MTR, at or below redoLsn. */
  readonly scanLsn: Lsn;
  readonly scanPosition: number;
}

/** Of a volume that has no WAL yet. */
export const firstCheckpoint: Checkpoint = { redoLsn: 1 as Lsn, scanLsn: 1 as Lsn, scanPosition: 0 };

const checkpointRecord: Codec<Checkpoint> = struct({
  redoLsn: branded<Lsn>(uint),
  scanLsn: branded<Lsn>(uint),
  scanPosition: uint,
});

/** One sector. */
export function sealCheckpoint(checkpoint: Checkpoint, sectorBytes: number): Uint8Array {
  const sector = new Uint8Array(sectorBytes);
  const sealed = sealWith(checkpointRecord, VERSION, checkpoint);
  sector[0] = sealed.length;
  sector.set(sealed, 1);
  return sector;
}

export function openCheckpoint(sector: Uint8Array): Decoded<Checkpoint> {
  const length = sector[0] ?? 0;
  return openWith(checkpointRecord, VERSION, sector.slice(1, 1 + length));
}
