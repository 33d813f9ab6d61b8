// The end of WAL that a writer begins with (docs/spec/logindex.md LI-73): what another left behind the last complete MTR is cut off, durably, before a
// record of its own follows.

import type { Call, Outcome } from '../pfs/mount-state.ts';
import { namesIn } from '../pfs/tree.ts';
import type { SharedAttachment } from './shared-attachment.ts';
import { fillSegment } from './shared-log.ts';
import { SEGMENT_BYTES, segmentAt, segmentPath, WAL_DIRECTORY } from './wal-file.ts';

/**
 * LI-73: what lies behind the last complete MTR goes, in its segment and in those above, which stay as zeros for what comes. First the sector in
 * which it ends is read. What lies below is let go of later.
 */
export function cutCalls<E>({ log, host: { mount } }: SharedAttachment<E>): Call[] {
  const segment = segmentAt(log.end);
  const names = mount === null ? null : namesIn(mount.meta, WAL_DIRECTORY);
  const numbers = names?.ok ? names.value.map(Number).sort((a, b) => a - b) : [];
  const above = numbers.filter((one) => one > segment);
  log.segments = segment + 1;
  const zeros = above.flatMap((one): Call[] => {
    if (one !== log.segments) return [{ kind: 'unlink', path: segmentPath(one) }];
    log.segments++;
    return [
      fillSegment(one),
      { kind: 'pwrite', file: segmentPath(one), offset: 0, bytes: new Uint8Array(SEGMENT_BYTES) },
    ];
  });
  log.firstSegment = Math.min(log.firstSegment, ...numbers);
  const file = segmentPath(segment);
  if (!numbers.includes(segment)) return [...zeros, fillSegment(segment)];
  return [...zeros, { kind: 'pread', file, offset: 0, length: SEGMENT_BYTES }];
}

/** `done`: the log ends where its last complete MTR does. */
export function onCut<E>(
  attachment: SharedAttachment<E>,
  script: Call[],
  outcome: Outcome,
): 'on' | 'retry' | 'done' {
  const [call] = script;
  const isGone = !outcome.ok && call?.kind === 'unlink' && outcome.error === 'ENOENT';
  if (!outcome.ok && !isGone) return 'retry';
  script.shift();
  if (outcome.ok && call?.kind === 'pread' && outcome.value instanceof Uint8Array)
    script.push(...keepUntilEnd(attachment, outcome.value));
  return script.length > 0 ? 'on' : 'done';
}

function keepUntilEnd<E>(attachment: SharedAttachment<E>, bytes: Uint8Array): Call[] {
  const { log } = attachment;
  const end = log.end % SEGMENT_BYTES;
  const start = end - (end % attachment.host.geometry.sectorBytes);
  log.sector = bytes.slice(start, end);
  const isClean = bytes.length === SEGMENT_BYTES && bytes.subarray(end).every((byte) => byte === 0);
  if (isClean) return [];
  const kept = new Uint8Array(SEGMENT_BYTES - start);
  kept.set(log.sector);
  return [{ kind: 'pwrite', file: segmentPath(segmentAt(log.end)), offset: start, bytes: kept }];
}
