// The log cut at the end of an MTR: what a recovery to that point would open (WAL-3, WAL-17). Pages are what redo makes of
// the log up to the cut, of all groups together, so every cut between two MTRs can be looked at, not only those where a
// writer happened to die.

import type { PageKey } from '../../core/page/page-key.ts';
import type { FsckReport } from '../fsck/findings.ts';
import { fsck } from '../fsck/fsck.ts';
import type { VolumePages } from '../fsck/volume-pages.ts';
import type { GroupLog } from './page-chains.ts';
import { pageAt } from './page-chains.ts';

/** Cuts that wait for a group which reaches less far; the oldest are given up. */
const MOST_CUTS = 4096;

/** Structure checks at cuts below `reach`, which all logs have reached, since the last call, of those that `isTaken` takes. */
export function checkCuts(
  logs: readonly GroupLog[],
  reach: number,
  { volume, pageBytes, clientBlocks }: Pick<VolumePages, 'volume' | 'pageBytes' | 'clientBlocks'>,
  isTaken: () => boolean,
): FsckReport[] {
  const cuts: number[] = [];
  for (const log of logs) {
    cuts.push(...log.cpls.filter((lsn) => lsn <= reach && lsn > 0));
    log.cpls = log.cpls.filter((lsn) => lsn > reach).slice(-MOST_CUTS);
  }
  const reports: FsckReport[] = [];
  for (const at of cuts.sort((a, b) => a - b)) {
    if (!isTaken()) continue;
    const pages = pagesAt(logs, at, pageBytes);
    if (pages !== null) reports.push(fsck({ volume, at, pageBytes, clientBlocks, pages, spaces: new Map() }));
  }
  return reports;
}

/** Null where some page's log does not reach back to the cut. */
function pagesAt(logs: readonly GroupLog[], at: number, pageBytes: number): Map<PageKey, Uint8Array> | null {
  const pages = new Map<PageKey, Uint8Array>();
  for (const log of logs)
    for (const [key, chain] of log.pages) {
      const page = pageAt(chain, at, pageBytes);
      if (page === 'unknown' || page === 'broken') return null;
      if (page !== 'absent') pages.set(key, page);
    }
  return pages;
}
