// Answers of the PCS to statements that read its views (docs/spec/pcs.md PCS-98), and their absence: a statement that has waited
// WAIT_BEATS fails, so that none waits for ever; a statement_timeout ends it before.

import type { MessageOf } from '../kernel/messages.ts';
import { MAX_VIEW_ROWS } from '../kernel/pcs-views.ts';
import type { Row } from '../sql/access.ts';
import type { SqlError } from '../sql/failure.ts';
import { SqlFailure } from '../sql/failure.ts';
import { metadataTable } from '../sql/metadata-tables.ts';
import { parseValue } from '../sql/text-form.ts';
import type { EngineState, Env, Session } from './engine-state.ts';
import { armMetadataTimer, askMetadata, type MetadataRead, readOf } from './metadata-read.ts';
import { failStatement } from './request-steps.ts';

/** Heartbeats for which a statement waits: longer than an election takes, with what finds the new leader. */
const WAIT_BEATS = 25;

export function onMetadataTimer(env: Env): void {
  const { engine, ctx } = env;
  const waitMs = WAIT_BEATS * engine.config.limits.nodeHeartbeatMs;
  engine.metadataTimerAt = null;
  for (const session of [...engine.sessions.values()]) {
    const read = readOf(session);
    if (session.waiting?.kind !== 'metadata' || read === null) continue;
    if (ctx.now >= session.waiting.since + waitMs * 1000) {
      fail(env, session, unanswered(read, waitMs));
      continue;
    }
    askMetadata(env, read);
    armMetadataTimer(env);
  }
}

/** 08006, connection_failure. */
const unanswered = ({ isStale }: MetadataRead, waitMs: number): SqlError => ({
  sqlstate: '08006',
  message: isStale
    ? `no node of the PCS answered within ${waitMs} ms`
    : `the PCS did not answer within ${waitMs} ms; SET pcs_stale = on shows the copy of any of its nodes`,
  position: null,
});

function fail(env: Env, session: Session, error: SqlError): void {
  const { running } = session;
  session.waiting = null;
  if (running) failStatement(env, session, running, error);
}

/** An answer: late ones, and those to statements that were given up, find nobody. */
export function takeViews(env: Env, { reqId, code, applied, tables }: MessageOf<'Views'>): void {
  const session = waiterFor(env.engine, reqId);
  const read = session && readOf(session);
  if (!session || !read || code === 'PCS_LOADING') return; // with the next heartbeat another node is asked
  const seen = env.engine.metadataSeen ?? 0;
  if (read.isStale && applied < seen) return; // PCS-61: another statement was shown more since this one asked
  env.engine.metadataSeen = Math.max(seen, applied);
  if (code !== '') {
    const message = `these views have more than ${MAX_VIEW_ROWS} rows`;
    fail(env, session, { sqlstate: '54000', message, position: null });
    return;
  }
  const rows = readRows(tables);
  if (rows === null) {
    fail(env, session, { sqlstate: '08P01', message: 'malformed answer of the PCS', position: null });
    return;
  }
  read.rows = rows;
  session.waiting = null;
  env.engine.ready.push(session.key);
}

function waiterFor({ sessions }: EngineState, reqId: number): Session | null {
  for (const session of sessions.values())
    if (session.waiting?.kind === 'metadata' && readOf(session)?.reqId === reqId) return session;
  return null;
}

/** Values by the types of their columns; null where they are not such values. */
function readRows(tables: MessageOf<'Views'>['tables']): ReadonlyMap<string, readonly Row[]> | null {
  const read = new Map<string, readonly Row[]>();
  try {
    for (const { view, rows } of tables) {
      const columns = metadataTable(view)?.columns ?? [];
      if (rows.length > MAX_VIEW_ROWS || rows.some((row) => row.length !== columns.length)) return null;
      read.set(
        view,
        rows.map((row) =>
          columns.map(({ type }, i) => {
            const text = row[i] ?? null;
            return text === null ? null : parseValue(type, text);
          }),
        ),
      );
    }
  } catch (error) {
    if (error instanceof SqlFailure) return null;
    throw error;
  }
  return read;
}
