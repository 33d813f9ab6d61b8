// Fields that several messages share.

import { branded, type Infer, int, oneOf, struct, text, uint } from '../../base/codec.ts';
import type { GroupId, Lsn, NodeId, Term } from '../../base/ids.ts';

export const group = branded<GroupId>(text);
export const node = branded<NodeId>(text);
/** LSNs and watermarks; −1 is "nothing yet". */
export const lsn = branded<Lsn>(int);
export const term = branded<Term>(uint);

/** Watermarks that a writer tells with every batch and heartbeat (WAL-30). `archivedTo` −1 never holds GC back when backup is off: it is sent as MAX. */
export const floors = { pgcl: lsn, vdl: lsn, groupTail: lsn, pgmrpl: lsn, archivedTo: lsn, holdTo: lsn };
export const epochs = { token: term, memberEpoch: uint, geoEpoch: uint };

const refusal = oneOf(
  'TOKEN_STALE',
  'STALE_EPOCH',
  'EPOCH_AHEAD',
  'NOT_READY',
  'E_BAD_RECORD',
  'E_DATA_DIVERGED',
  'E_CHAIN_CONFLICT',
  'E_BAD_MESSAGE',
  'E_TRUNCATE_BELOW_COMMIT',
  'E_RANGE',
  'LOG_GONE',
  'WRONG_GROUP',
  'STALE_READ_POINT',
  'READ_POINT_AHEAD',
  'NO_SUCH_PAGE',
  'EIO',
  'DISK_FULL',
  'NEED_BASE',
);
/** `which`: token, member, geo or volume, or empty; `current`: the receiver's value (floor, scl, logFloor, maxToken …). */
export const refused = struct({
  code: refusal,
  which: oneOf('', 'token', 'member', 'geo', 'volume'),
  current: int,
});
export type Refusal = Infer<typeof refused>;
