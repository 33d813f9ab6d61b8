// The token and epoch table of WAL-46 (FENCE-5…8, the device decision of failover.md §1): the first line that matches
// decides, and a refused request changes nothing (WAL-47).

import type { Term } from '../../../base/ids.ts';
import type { Refusal } from '../../kernel/fields.ts';
import { isOpen, type Superblock } from './superblock.ts';

export interface RequestEpochs {
  readonly token: Term;
  readonly memberEpoch: number;
  readonly geoEpoch: number;
}

/** `write`: all lines. `recovery` (InstallHistory, RecoveryRead): without line 5. `open` (OpenVolume): of line 5 only the history. `token` (InstallToken): lines 1 and 3. */
export type RequestClass = 'write' | 'recovery' | 'open' | 'token';

export const refusal = (code: Refusal['code'], which: Refusal['which'], current: number): Refusal => ({
  code,
  which,
  current,
});

/** The refusal of a writer's request, or null when it is accepted. */
export function checkWriter(own: Superblock, request: RequestEpochs, kind: RequestClass): Refusal | null {
  const { maxToken, volumeEpoch } = own;
  if (request.token < maxToken) return refusal('TOKEN_STALE', '', maxToken);
  if (request.token > maxToken && kind !== 'token') return refusal('EPOCH_AHEAD', 'token', maxToken);
  const stale = checkBehind(own, request);
  if (stale || kind === 'token') return stale;
  const ahead = checkAhead(own, request);
  if (ahead || kind === 'recovery') return ahead;
  if (volumeEpoch < request.token || (kind === 'write' && !isOpen(own)))
    return refusal('NOT_READY', '', volumeEpoch);
  return null;
}

type ReaderEpochs = Omit<RequestEpochs, 'token'>;

/** Reads carry memberEpoch and geoEpoch and are tested on those only: lines 3 and 4. */
export const checkReader = (own: Superblock, request: ReaderEpochs): Refusal | null =>
  checkBehind(own, request) ?? checkAhead(own, request);

function checkBehind(own: Superblock, request: ReaderEpochs): Refusal | null {
  const { memberEpoch, geoEpoch } = own.descriptor;
  if (request.memberEpoch < memberEpoch) return refusal('STALE_EPOCH', 'member', memberEpoch);
  if (request.geoEpoch < geoEpoch) return refusal('STALE_EPOCH', 'geo', geoEpoch);
  return null;
}

function checkAhead(own: Superblock, request: ReaderEpochs): Refusal | null {
  const { memberEpoch, geoEpoch } = own.descriptor;
  if (request.memberEpoch > memberEpoch) return refusal('EPOCH_AHEAD', 'member', memberEpoch);
  if (request.geoEpoch > geoEpoch) return refusal('EPOCH_AHEAD', 'geo', geoEpoch);
  return null;
}
