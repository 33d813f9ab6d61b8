// Rows that a split left in the volume that gave them away (docs/spec/placement.md PCS-113): nobody is sent there for them, and nobody who reads
// the tablet meets them. Its primary removes them by its own definitions, a batch with each heartbeat. Which there are it
// asks its own pages when it opens, and whenever its keys have changed; so a primary that follows goes on with it.

import { type RoleContext, trace } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { relationOf } from '../page/page-key.ts';
import { readKeys, removeBatch } from '../sql/key-batch.ts';
import type { Attachment } from './attachment-state.ts';
import { volumeOf } from './attachment-state.ts';
import { stretchOf } from './split-rows.ts';
import type { Trim } from './split-state.ts';
import { epochOf } from './tablet-attachments.ts';
import { requestOf, SPLIT_MARK, type SplitHost } from './tablet-split.ts';

const BATCH_ROWS = 64;
const sessionOf = (volume: string): string => `${SPLIT_MARK} trims ${volume}`;

/** With each heartbeat; what waits for an answer is asked again. */
export function driveTrims<E>(host: SplitHost<E>): void {
  const { part, attachments } = host;
  for (const attachment of attachments) {
    const volume = volumeOf(attachment);
    const [group] = attachment.recovery.groups;
    if (attachment.status !== 'open' || !group || part.splits.get(volume)?.kind === 'parent') continue;
    const relation = relationOf(group.descriptor.keyFirst);
    const geoEpoch = epochOf(part, relation);
    if (geoEpoch <= 1) continue; // its keys have never changed
    const { token } = attachment.recovery;
    const known = part.trims.get(volume);
    const isNew = known?.token !== token || known.geoEpoch !== geoEpoch;
    const trim: Trim = isNew
      ? { token, geoEpoch, upTo: null, isDone: false, removed: 0, sequence: (known?.sequence ?? 0) + 1 }
      : known;
    part.trims.set(volume, trim);
    if (!trim.isDone) ask(host, attachment, relation, trim);
  }
}

function ask<E>(
  { part, config, request }: SplitHost<E>,
  attachment: Attachment<E>,
  relation: number,
  trim: Trim,
): void {
  const own = stretchOf(part.tables, relation);
  if (!own) return;
  if (own.below === null) {
    trim.isDone = true;
    return;
  }
  const gone = { table: own.table, from: own.below, below: null };
  const built = trim.upTo === null ? readKeys(gone, BATCH_ROWS) : removeBatch(gone, trim.upTo);
  const volume = volumeOf(attachment);
  request(attachment, config.nodeId, {
    kind: 'SqlRequest',
    volume,
    session: sessionOf(volume),
    incarnation: part.incarnation,
    sequence: trim.sequence,
    attempt: 1,
    ...requestOf(built),
    inTransaction: false,
  });
}

/** True: it was an answer to what is asked here. What has failed is asked anew with the next heartbeat. */
export function onTrimReply<E>(host: SplitHost<E>, ctx: RoleContext, m: MessageOf<'PartReply'>): boolean {
  const { part, attachments } = host;
  for (const [volume, trim] of part.trims) {
    if (m.session !== sessionOf(volume)) continue;
    if (m.incarnation !== part.incarnation || m.sequence !== trim.sequence || trim.isDone) return true;
    trim.sequence++;
    const [result] = m.results;
    const attachment = attachments.find(
      (one) => volumeOf(one) === volume && one.recovery.token === trim.token,
    );
    const descriptor = attachment?.recovery.groups[0]?.descriptor;
    const own = descriptor && stretchOf(part.tables, relationOf(descriptor.keyFirst));
    if (!own || m.code !== '' || result?.kind === 'error') trim.upTo = null;
    else if (trim.upTo !== null) {
      trim.removed += Number(/^DELETE (\d+)$/.exec(result?.kind === 'done' ? result.tag : '')?.[1] ?? 0);
      trim.upTo = null;
    } else {
      const last = result?.kind === 'rows' ? result.rows.at(-1) : undefined;
      trim.upTo = last ?? null;
      trim.isDone = last === undefined;
    }
    if (trim.isDone && trim.removed > 0) {
      const { token, removed: rows } = trim;
      trace(ctx, { kind: 'split.attachment', split: 0, volume, state: 'trimmed', token, lsn: -1, rows });
    }
    return true;
  }
  return false;
}
