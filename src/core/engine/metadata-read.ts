// Statements that read views of the metadata (docs/spec/pcs.md PCS-98): the first scan finds no rows and blocks, as on a missing page;
// the PCS is asked for all views of the statement at once, so that it sees one version of them, and when the answer is there the
// statement goes on (metadata-answer.ts). It is asked again until it answers.

import type { RequestNumber, Time } from '../../base/ids.ts';
import { takeRequestNumber, wakeAt } from '../kernel/context.ts';
import type { FoundRow, Row, TableDef } from '../sql/access.ts';
import type { Env, Session } from './engine-state.ts';
import { Blocked } from './ports.ts';
import { settingsOf } from './session-settings.ts';

export const METADATA_TIMER = 'engine.metadata';

/** What a statement reads of the metadata. */
export interface MetadataRead {
  /** All its views: they are asked for together. */
  readonly views: readonly string[];
  readonly isStale: boolean;
  /** Of its question; 0: not asked yet. */
  /** Of the last question; null before the first. */
  reqId: RequestNumber | null;
  /** How often it was asked: the nodes of the PCS in turn, for what may be old. */
  tries: number;
  /** By view; null until they have come. */
  rows: ReadonlyMap<string, readonly Row[]> | null;
}

export interface MetadataPosition {
  readonly kind: 'metadata';
  readonly at: number;
}

export const METADATA_START: MetadataPosition = { kind: 'metadata', at: 0 };

/** The part of its task that a statement over these tables has. */
export function metadataOf(session: Session, tables: readonly TableDef[]): { metadata?: MetadataRead } {
  if (!tables.some(({ metadata }) => metadata === 'pcs')) return {};
  const views = tables.flatMap(({ name, metadata }) => (metadata === 'pcs' ? [name] : []));
  return { metadata: { views, isStale: settingsOf(session).pcsStale, reqId: null, tries: 0, rows: null } };
}

export const readOf = ({ running }: Session): MetadataRead | null =>
  running?.task.kind === 'execution' ? (running.task.metadata ?? null) : null;

/** The next row, as a list. May throw Blocked. */
export function nextInMetadata(
  session: Session,
  { name }: TableDef,
  { at }: MetadataPosition,
): { readonly rows: readonly FoundRow[]; readonly position: MetadataPosition } | null {
  const rows = readOf(session)?.rows;
  if (!rows) throw new Blocked([], 0, true);
  const row = rows.get(name)?.[at];
  return row === undefined ? null : { rows: [{ tid: -1, row }], position: { kind: 'metadata', at: at + 1 } };
}

export function waitForMetadata(env: Env, session: Session): void {
  const { ctx } = env;
  const read = readOf(session);
  if (read === null) return;
  read.reqId = takeRequestNumber(ctx);
  session.waiting = { kind: 'metadata', since: ctx.now, isStale: read.isStale };
  askMetadata(env, read);
  armMetadataTimer(env);
}

export function askMetadata({ engine, metadata }: Env, read: MetadataRead): void {
  const { reqId, views, isStale } = read;
  if (reqId === null) return;
  const metas = engine.config.metas ?? [];
  const of = isStale ? (metas[read.tries++ % metas.length] ?? null) : null;
  const atLeast = engine.metadataSeen ?? 0;
  metadata?.askViews({ reqId, stale: isStale, atLeast, views: [...views] }, of);
}

/** Asked again with each heartbeat: by then these may have found another leader (PCS-103). */
export function armMetadataTimer({ engine, ctx }: Env): void {
  if (engine.metadataTimerAt != null) return;
  engine.metadataTimerAt = (ctx.now + engine.config.limits.nodeHeartbeatMs * 1000) as Time;
  wakeAt(ctx, METADATA_TIMER, engine.metadataTimerAt);
}
