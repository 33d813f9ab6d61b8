// The end of WAL that a writer begins with (docs/spec/logindex.md LI-73): what another left behind the last complete MTR is cut off, durably, before a
// record of its own follows.

import type { Call, Outcome } from '../pfs/mount-state.ts';
import { namesIn } from '../pfs/tree.ts';
import { fillSegment } from './shared-log.ts';
import type { SharedSeat } from './shared-seat.ts';
import { SEGMENT_BYTES, segmentAt, segmentPath, WAL_DIRECTORY } from './wal-file.ts';

/** LI-73: what lies behind the last complete MTR goes, in its segment and in those above. First the sector in which it ends is read. */
export function cutCalls<E>({ log, host: { mount } }: SharedSeat<E>): Call[] {
  const segment = segmentAt(log.end);
  const names = mount === null ? null : namesIn(mount.meta, WAL_DIRECTORY);
  const numbers = names?.ok ? names.value.map(Number).sort((a, b) => b - a) : [];
  const above = numbers.filter((one) => one > segment);
  const below = numbers.filter((one) => one < log.firstSegment);
  const unlinks = [...above, ...below].map((one): Call => ({ kind: 'unlink', path: segmentPath(one) }));
  const file = segmentPath(segment);
  if (!numbers.includes(segment)) return [...unlinks, ...fillSegment(segment)];
  return [...unlinks, { kind: 'pread', file, offset: 0, length: SEGMENT_BYTES }];
}

/** `done`: the log ends where its last complete MTR does. */
export function onCut<E>(seat: SharedSeat<E>, outcome: Outcome): 'on' | 'retry' | 'done' {
  const { script, log } = seat;
  const [call] = script;
  const isGone = !outcome.ok && call?.kind === 'unlink' && outcome.error === 'ENOENT';
  const isThere = !outcome.ok && call?.kind === 'create' && outcome.error === 'EEXIST';
  if (!outcome.ok && !isGone && !isThere) return 'retry';
  script.shift();
  if (outcome.ok && call?.kind === 'pread' && outcome.value instanceof Uint8Array)
    script.push(...keepUntilEnd(seat, outcome.value));
  if (script.length > 0) return 'on';
  log.segments = segmentAt(log.end) + 1;
  return 'done';
}

function keepUntilEnd<E>(seat: SharedSeat<E>, bytes: Uint8Array): Call[] {
  const { log } = seat;
  const end = log.end % SEGMENT_BYTES;
  const start = end - (end % seat.host.geometry.sectorBytes);
  log.sector = bytes.slice(start, end);
  const isClean = bytes.length === SEGMENT_BYTES && bytes.subarray(end).every((byte) => byte === 0);
  if (isClean) return [];
  const kept = new Uint8Array(SEGMENT_BYTES - start);
  kept.set(log.sector);
  return [{ kind: 'pwrite', file: segmentPath(segmentAt(log.end)), offset: start, bytes: kept }];
}
