// The number of a session for as long as it lives (pg_backend_pid, pg_stat_activity): its driver and name, hashed, because no operating
// system gives it one.

import { hashText, makeHash } from '../../base/hash.ts';

/** Of a session of a driver, as a node knows it. */
export const backendNumberOf = (driver: string, session: string): number =>
  backendNumber(`${driver}/${session}`);

export function backendNumber(sessionKey: string): number {
  const hash = makeHash();
  hashText(hash, sessionKey);
  return (hash.lo >>> 1) | 1;
}
