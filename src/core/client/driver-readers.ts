// How a driver splits reads from writes in a cluster with readers (docs/spec/readers.md READ-40…46): what only reads goes to
// the readers in turn, everything else to the writer, unless the session has another target. A session carries the LSN that
// it has seen, and asks a reader to wait for it; a reader that cannot serve leaves the read to the next one, and the last
// one to the writer.

import type { NodeId } from '../../base/ids.ts';
import type { StatementResult, StatementTree } from '../kernel/client-calls.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { withoutNotes } from '../sql/leading-notes.ts';
import { type DriverState, type PendingRequest, type Session, stayingAt } from './driver-state.ts';
import { isInTransaction } from './driver-transaction.ts';

/** `any`: reads to readers, everything else to the writer; `ro`: to readers only; else to the writer, or to this node. */
export type ReadTarget = string;
export const readLevels = ['session', 'eventual'] as const;
export type ReadLevel = (typeof readLevels)[number];

/** A session's routing, in a cluster with readers. */
export interface Routing {
  target: ReadTarget;
  level: ReadLevel;
  /** Target and level are what the client wanted. */
  isChosen: boolean;
  /** READ-40: the highest read point and SCN that it has seen. */
  sessionLsn: number;
  /** READ-42: of the next request only. */
  waitLsn: number;
  /** Where the present request, or the open transaction, is; null: at the writer. */
  at: NodeId | null;
  /** Readers that could not serve the present request. */
  readonly tried: NodeId[];
  /** Bound of the present request. */
  bound: number;
}

/** `seen`: the LSN that it has seen before. */
export const makeRouting = (target: ReadTarget, seen: number): Routing => ({
  target,
  level: 'session',
  isChosen: false,
  sessionLsn: seen,
  waitLsn: -1,
  at: null,
  tried: [],
  bound: -1,
});

/** A guess, which a reader corrects: what begins with SELECT and is refused there goes to the writer (READ-45). */
const readsOnly = (statements: readonly StatementTree[]): boolean =>
  statements.length > 0 && statements.every(({ text }) => /^\s*select\b/i.test(withoutNotes(text)));

/** The reader that this attempt goes to, or null: the writer. */
export function readerFor(
  state: DriverState,
  session: Session,
  routing: Routing,
  request: PendingRequest,
): NodeId | null {
  const { target, tried } = routing;
  const { readers } = state;
  const { statements } = request;
  if (isInTransaction(session)) return routing.at;
  const node = readers.find((one) => one === target);
  const isWanted = target === 'ro' || node !== undefined || (target === 'any' && readsOnly(statements));
  const staying = readers.find((one) => one === stayingAt(request));
  routing.at = isWanted ? (node ?? staying ?? nextReader(state, tried)) : null;
  if (routing.at === null && (target === 'ro' || node !== undefined)) {
    tried.length = 0; // nobody else may serve it: the round begins again
    routing.at = node ?? nextReader(state, tried);
  }
  const ofSession =
    routing.level === 'session' && !has(state.mutants, 'driver.forgets-session-lsn')
      ? routing.sessionLsn
      : -1;
  routing.bound = Math.max(ofSession, routing.waitLsn);
  return routing.at;
}

function nextReader(state: DriverState, tried: readonly NodeId[]): NodeId | null {
  const { readers } = state;
  for (let i = 0; i < readers.length; i++) {
    const node = readers[(state.turn + i) % readers.length];
    if (node === undefined || tried.includes(node)) continue;
    state.turn = (state.turn + i + 1) % readers.length;
    return node;
  }
  return null;
}

/** The reader was silent or could not serve: the next attempt goes elsewhere. */
export function leaveReader(ctx: RoleContext, session: Session, routing: Routing, why: string): void {
  const { at, tried } = routing;
  if (at === null) return;
  tried.push(at);
  trace(ctx, { kind: 'driver.reader', session: session.name, from: at, why });
  if (!isInTransaction(session)) routing.at = null;
}

/** What a reader answers that another node may answer otherwise (READ-46): all but the loss of a transaction. */
export const isPassedOn = (code: string): boolean => code !== '' && code !== 'TXN_ABORTED_FAILOVER';

/** A SELECT that wants to write: it goes to the writer where the session lets it (READ-45). */
export const isRefusedWrite = ({ target }: Routing, results: readonly StatementResult[]): boolean =>
  target === 'any' && results.some((result) => result.kind === 'error' && result.sqlstate === '25006');

/** READ-40: the session has seen so much. */
export function recordSeen(
  ctx: RoleContext,
  session: Session,
  routing: Routing,
  from: NodeId,
  readPoint: number,
  scn: number,
): void {
  if (readPoint >= 0 || scn >= 0) {
    const { bound, level } = routing;
    const { name, volume } = session;
    trace(ctx, { kind: 'session.read', session: name, from, readPoint, scn, bound, level, volume });
  }
  routing.sessionLsn = Math.max(routing.sessionLsn, readPoint, scn);
  routing.waitLsn = -1;
  routing.bound = -1;
  routing.tried.length = 0;
}
