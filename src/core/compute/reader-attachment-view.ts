// What an attachment of mode `ro` shows: its session with the writer, the journal, statements that wait (docs/spec/readers.md).

import type { NodeId, Time } from '../../base/ids.ts';
import type { ViewParams } from '../kernel/view-params.ts';
import { type ReaderView, receiverView } from '../reader/reader-view.ts';
import type { ReaderAttachment } from './reader-state.ts';

/** Statements listed that wait for an LSN. */
const WAITS_LISTED = 16;

const writerOf = ({ writers, writer }: ReaderAttachment): NodeId | '' =>
  writers[writer % writers.length] ?? '';

const sessionOf = ({ session: { kind } }: ReaderAttachment): ReaderView['session'] =>
  kind === 'joined' || kind === 'revoked' ? kind : 'joining';

/** The lists of the journal only when asked for (`log`). */
export function readerAttachmentView(
  attachment: ReaderAttachment,
  now: Time,
  { log, wanted }: ViewParams,
): ReaderView {
  const pages = log === true ? new Set((wanted ?? []).map(({ blockKey }) => blockKey)) : null;
  return {
    ...receiverView(attachment.receiver, pages),
    writer: writerOf(attachment),
    session: sessionOf(attachment),
    epoch: attachment.epoch,
    silentUs: attachment.heardAt === 0 ? null : Math.max(0, now - attachment.heardAt),
    mrpl: attachment.mrpl,
    waits: attachment.waiters.length,
    lsnWaits: attachment.waiters.slice(0, WAITS_LISTED).map(({ from, message, until }) => ({
      session: message.session,
      node: from,
      bound: message.waitLsn,
      leftUs: Math.max(0, until - now),
    })),
    pageReads: attachment.reads.pending.size,
    runtime: attachment.runtime,
    ...(attachment.classic && {
      classic: {
        phase: attachment.classic.phase,
        restorePoint: attachment.classic.control?.restorePoint ?? -1,
        minRecovery: attachment.classic.minRecovery,
        ...attachment.classic.counts,
      },
    }),
  };
}
