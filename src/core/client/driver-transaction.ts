// The transaction of a session, as far as its driver knows.

import type { NodeId } from '../../base/ids.ts';
import type { StatementTree } from '../kernel/client-calls.ts';
import type { Work } from './driver-state.ts';
import { mayEnd } from './outcome.ts';

/** Who has an open transaction. */
type Place =
  /** The writer, the reader that the session is at, or a primary: that of this tablet. */
  | { readonly kind: 'primary'; readonly tablet: number | null }
  /** The node that has its read points (PCS-56). */
  | { readonly kind: 'gatherer'; readonly node: NodeId }
  /** A reader that was removed: its next request is told. */
  | { readonly kind: 'removed' };

type Doubt = 'isGivenUp' | 'isEndUnknown';

/** FENCE-47: in doubt is what was asked of it without an answer. */
interface Begun {
  readonly at: Place;
  /** A request was given up, cancelled or refused, and none was answered since. */
  readonly isGivenUp?: true;
  /** So was one that ends it: nobody can tell whether it is over. */
  readonly isEndUnknown?: true;
}

export type Transaction =
  | { readonly kind: 'none' }
  /** Where tables are cut: a BEGIN that is yet to be sent. */
  | { readonly kind: 'held'; readonly begin: StatementTree }
  | ({ readonly kind: 'open' } & Begun)
  /** It is not committed: nobody has it any more, or, where tables are cut, one of its statements has failed, here or there (A3). */
  | ({ readonly kind: 'failed' } & Begun);

export const NO_TRANSACTION: Transaction = { kind: 'none' };
export const LOST: Transaction = { kind: 'failed', at: { kind: 'primary', tablet: null } };

export const openAt = (tablet: number | null): Transaction => ({
  kind: 'open',
  at: { kind: 'primary', tablet },
});

export const isInTransaction = ({ transaction }: { readonly transaction: Transaction }): boolean =>
  transaction.kind !== 'none';

const isBegun = (transaction: Transaction): transaction is Extract<Transaction, Begun> => 'at' in transaction;

export const tabletOfTransaction = (transaction: Transaction): number | null =>
  isBegun(transaction) && transaction.at.kind === 'primary' ? transaction.at.tablet : null;

export const gathererOf = (transaction: Transaction): NodeId | null =>
  isBegun(transaction) && transaction.at.kind === 'gatherer' ? transaction.at.node : null;

export const isRemoved = (transaction: Transaction): boolean =>
  isBegun(transaction) && transaction.at.kind === 'removed';

/** The same somewhere else. */
export const movedTo = (transaction: Transaction, at: Place): Transaction =>
  isBegun(transaction) ? { ...transaction, at } : transaction;

/** FENCE-47: who had it has it no more. The client ends it, unless it has just asked for that. */
export const lost = (statements: readonly StatementTree[]): Transaction =>
  mayEnd(statements) ? NO_TRANSACTION : LOST;

/** It has failed, if there is one. */
export function failedOf(transaction: Transaction): Transaction {
  if (transaction.kind === 'none') return transaction;
  return isBegun(transaction) ? { ...transaction, kind: 'failed' } : LOST;
}

/**
 * Where tables are cut, and the driver itself ends a request that has no answer. A transaction without one of its statements is not
 * committed (A3), and what a primary may have begun is ended there. Whether COMMIT was carried out the primary can still say
 * (FENCE-44). `isRefused`: it is the request after this one that has none.
 */
export function failedHere(
  { session: { transaction }, request: { bound, sentFor } }: Work,
  isRefused: boolean,
): Transaction {
  if (isRefused) return failedOf(transaction);
  const begun = transaction.kind === 'held' && sentFor !== undefined ? openAt(sentFor) : transaction;
  return bound?.kind === 'tablet' && bound.isCommit ? begun : failedOf(begun);
}

/** A request of it, or its end, got no answer. */
export const doubted = (transaction: Transaction, what: Doubt): Transaction =>
  isBegun(transaction) ? { ...transaction, [what]: true } : transaction;

/** What it is after a request: until it is over, or answers, it keeps what was asked of it before without an answer. */
export function followed(before: Transaction, next: Transaction, isAnswered: boolean): Transaction {
  if (!isBegun(before) || !isBegun(next)) return next;
  const { isGivenUp, ...kept } = { ...before, ...next };
  const at = next.kind === 'open' && isRemoved(before) ? before.at : next.at;
  return { ...kept, at, ...(isGivenUp && !isAnswered && { isGivenUp }) };
}

export const isDoubted = (transaction: Transaction, what: Doubt): boolean =>
  isBegun(transaction) && transaction[what] === true;
