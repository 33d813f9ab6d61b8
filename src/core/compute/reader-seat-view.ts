// What a seat of mode `ro` shows: its session with the writer, the journal, statements that wait (docs/spec/readers.md).

import type { NodeId, Time } from '../../base/ids.ts';
import type { ViewParams } from '../kernel/view-params.ts';
import { type ReaderView, receiverView } from '../reader/reader-view.ts';
import type { ReaderSeat } from './reader-state.ts';

/** Statements listed that wait for an LSN. */
const WAITS_LISTED = 16;

const writerOf = ({ writers, writer }: ReaderSeat): NodeId | '' => writers[writer % writers.length] ?? '';

const sessionOf = ({ session: { kind } }: ReaderSeat): ReaderView['session'] =>
  kind === 'joined' || kind === 'revoked' ? kind : 'joining';

/** The lists of the journal only when asked for (`log`). */
export function readerSeatView(seat: ReaderSeat, now: Time, { log, wanted }: ViewParams): ReaderView {
  const pages = log === true ? new Set((wanted ?? []).map(({ blockKey }) => blockKey)) : null;
  return {
    ...receiverView(seat.receiver, pages),
    writer: writerOf(seat),
    session: sessionOf(seat),
    epoch: seat.epoch,
    silentUs: Math.max(0, now - seat.heardAt),
    mrpl: seat.mrpl,
    waits: seat.waiters.length,
    lsnWaits: seat.waiters.slice(0, WAITS_LISTED).map(({ from, message, until }) => ({
      session: message.session,
      node: from,
      bound: message.waitLsn,
      leftUs: Math.max(0, until - now),
    })),
    pageReads: seat.reads.pending.size,
    runtime: seat.runtime,
    ...(seat.classic && {
      classic: {
        phase: seat.classic.phase,
        restorePoint: seat.classic.control?.restorePoint ?? -1,
        minRecovery: seat.classic.minRecovery,
        ...seat.classic.counts,
      },
    }),
  };
}
