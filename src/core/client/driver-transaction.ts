// The transaction of a session, as far as its driver knows.

import type { NodeId } from '../../base/ids.ts';
import type { StatementTree } from '../kernel/door.ts';
import type { PendingRequest } from './driver-state.ts';
import { mayEnd } from './outcome.ts';

/** Who has an open transaction. */
type Place =
  /** The writer, the reader that the session is at, or a primary: that of this tablet. */
  | { readonly kind: 'primary'; readonly tablet: number | null }
  /** The node that has its read points (PCS-56). */
  | { readonly kind: 'gatherer'; readonly node: NodeId };

export type Transaction =
  | { readonly kind: 'none' }
  /** Where tables are cut: a BEGIN that is yet to be sent. */
  | { readonly kind: 'held'; readonly begin: StatementTree }
  | { readonly kind: 'open'; readonly at: Place }
  /** It is not committed: nobody has it any more, or, where tables are cut, one of its statements has failed, here or there (A3). */
  | { readonly kind: 'failed'; readonly at: Place };

export const NO_TRANSACTION: Transaction = { kind: 'none' };
export const LOST: Transaction = { kind: 'failed', at: { kind: 'primary', tablet: null } };

export const openAt = (tablet: number | null): Transaction => ({
  kind: 'open',
  at: { kind: 'primary', tablet },
});

interface InTransaction {
  transaction: Transaction;
}

export const isInTransaction = ({ transaction }: Readonly<InTransaction>): boolean =>
  transaction.kind !== 'none';

const placeOf = (transaction: Transaction): Place =>
  'at' in transaction ? transaction.at : { kind: 'primary', tablet: null };

export function tabletOfTransaction(transaction: Transaction): number | null {
  const place = placeOf(transaction);
  return place.kind === 'primary' ? place.tablet : null;
}

export function gathererOf(transaction: Transaction): NodeId | null {
  const place = placeOf(transaction);
  return place.kind === 'gatherer' ? place.node : null;
}

/** FENCE-47: who had it has it no more. The client ends it, unless it has just asked for that. */
export function loseTransaction(session: InTransaction, request: Pick<PendingRequest, 'statements'>): void {
  session.transaction = mayEnd(request.statements) ? NO_TRANSACTION : LOST;
}

/** It has failed, if there is one. */
export function failTransaction(session: InTransaction): void {
  if (isInTransaction(session)) session.transaction = { kind: 'failed', at: placeOf(session.transaction) };
}
