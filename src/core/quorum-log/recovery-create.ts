// Creation of a volume (docs/spec/wal.md WAL-4): LSN 0 on every replica of every group. Whoever creates it makes the same
// bytes, so a creation that was cut short is simply gone on with, under a later token as well.

import type { Lsn, Term, Time } from '../../base/ids.ts';
import { NONE } from '../../base/ids.ts';
import type { Descriptor, HistoryEntry } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { encodeRecord } from '../log/record.ts';
import { isOfTablets, type PageKey, VOLUME_KEY } from '../page/page-key.ts';
import { OP_GENESIS } from '../page/redo-ops.ts';

/** Token and term of the creation (FENCE-2). */
export const CREATION_TERM = 1 as Term;

export const creationHistory = (): HistoryEntry[] => [
  { term: CREATION_TERM, startLsn: 0 as Lsn, prevEnd: NONE },
];

/** The group's genesis record, on the first page of its key range, which nothing else uses; of tablets on the volume's page. */
export const genesisRecord = (descriptor: Descriptor): Uint8Array =>
  encodeRecord({
    lsn: 0 as Lsn,
    prevVolume: NONE,
    prevGroup: (descriptor.baseLsn - 1) as Lsn,
    prevBlock: NONE,
    group: descriptor.group,
    blockKey: isOfTablets(descriptor) ? VOLUME_KEY : (descriptor.keyFirst as PageKey),
    term: CREATION_TERM,
    mtrFirst: 0 as Lsn,
    cpl: true,
    commit: false,
    op: OP_GENESIS,
    init: true,
    payload: new Uint8Array(0),
    time: 0 as Time,
  }).bytes;

export const createReplica = (volume: string, descriptor: Descriptor): MessageOf<'CreateReplica'> => ({
  kind: 'CreateReplica',
  volume,
  token: CREATION_TERM,
  descriptor,
  genesis: genesisRecord(descriptor),
});
