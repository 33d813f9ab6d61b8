// The writer's watermarks (docs/spec/wal.md §4): PGCL from SCLs (WAL-15), VCL and VDL from PGCLs (WAL-16…18), and the end
// of a writer that sees a greater token (WAL-13).
// Cost: an SCL costs O(replicas of its group); the walk to the new VCL visits each record once in its life.

import type { Lsn, Term } from '../../base/ids.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { pgclOf } from './watermarks.ts';
import { countedOf, recordScl } from './writer-progress.ts';
import {
  groupAt,
  retainedRecord,
  type SentBatch,
  type WriterGroup,
  type WriterReplica,
  type WriterState,
} from './writer-state.ts';

/** WAL-13, FENCE-14: a greater token was seen; nothing is allocated, sent or acknowledged from now on. */
export function fenceWriter(w: WriterState, ctx: RoleContext, seen: Term): void {
  if (w.fencedBy !== null || seen <= w.term) return;
  w.fencedBy = seen;
  trace(ctx, { kind: 'volume.fenced', volume: w.volume, token: w.term, seen });
}

/** Takes an SCL reported under the writer's own token and lets the watermarks follow. */
export function countScl(
  w: WriterState,
  ctx: RoleContext,
  group: WriterGroup,
  replica: WriterReplica,
  scl: Lsn,
): void {
  replica.lastReportAt = ctx.now;
  if (!recordScl(replica, scl, ctx.now)) return;
  const vw = group.descriptor.vw - (has(w.mutants, 'writer.ack-at-vw-minus-one') ? 1 : 0);
  const pgcl = pgclOf(group.sets, vw, (member) => countedOf(group.replicas[member] as WriterReplica));
  if (pgcl <= group.pgcl) return;
  group.pgcl = pgcl;
  trace(ctx, { kind: 'mark.pgcl', group: group.descriptor.group, value: pgcl, term: w.term });
  advanceVolume(w, ctx);
}

/** WAL-16, WAL-17: VCL walks the volume chain as far as each record's group is complete; VDL is the last CPL passed. */
function advanceVolume(w: WriterState, ctx: RoleContext): void {
  let { vcl, vdl } = w;
  for (;;) {
    const next = Math.max(vcl + 1, w.startLsn) as Lsn;
    if (next > w.tail) break;
    if (next > groupAt(w, w.retainedGroup[next - w.retainedFirst] as number).pgcl) break;
    if (has(w.mutants, 'writer.vcl-is-min-pgcl') && w.groups.some((group) => group.pgcl < next)) break;
    vcl = next;
    if (retainedRecord(w, next).record.cpl) vdl = next;
  }
  if (vcl === w.vcl) return;
  w.vcl = vcl;
  trace(ctx, { kind: 'mark.vcl', volume: w.volume, value: vcl, term: w.term });
  if (has(w.mutants, 'writer.commit-at-vcl')) vdl = vcl;
  if (vdl === w.vdl) return;
  w.vdl = vdl;
  dropPassed(w);
  trace(ctx, { kind: 'mark.vdl', volume: w.volume, value: vdl, term: w.term });
}

/** Records at or below VDL are retained no longer (WAL-12); each moves its group's tail at VDL. */
function dropPassed(w: WriterState): void {
  const end = w.vdl + 1 - w.retainedFirst;
  while (w.retainedHead < end) {
    const group = groupAt(w, w.retainedGroup[w.retainedHead] as number);
    group.groupTail = (w.retainedFirst + w.retainedHead) as Lsn;
    group.head++;
    while ((group.batches[group.batchHead] as SentBatch | undefined)?.last === group.groupTail)
      group.batchHead++;
    trimGroup(group);
    w.retainedHead++;
  }
  if (!isWorthTrimming(w.retainedHead, w.retained.length)) return;
  w.retained.splice(0, w.retainedHead);
  w.retainedGroup.splice(0, w.retainedHead);
  w.retainedFirst = (w.retainedFirst + w.retainedHead) as Lsn;
  w.retainedHead = 0;
}

/** A queue's passed part is cut off when it is the greater part: O(1) amortised. */
const isWorthTrimming = (head: number, length: number): boolean => head >= 256 && head * 2 >= length;

function trimGroup(group: WriterGroup): void {
  if (isWorthTrimming(group.head, group.lsns.length)) {
    group.lsns.splice(0, group.head);
    group.sent -= group.head;
    group.head = 0;
  }
  if (isWorthTrimming(group.batchHead, group.batches.length)) {
    group.batches.splice(0, group.batchHead);
    group.batchHead = 0;
  }
}
