// Rows of the system views (system-tables.ts): sessions and locks from the writer's memory, definitions from the catalog as it is
// now for the transaction that asks. They are made when a scan begins and stay as they were, as PostgreSQL's of pg_locks do.

import type { FoundRow, Row, TableDef, Value } from '../sql/access.ts';
import { WORLD_EPOCH_MICROS } from '../sql/datetime.ts';
import type { LockMode } from '../sql/statement.ts';
import type { AdvisoryKey } from './advisory-locks.ts';
import { backendNumber } from './backend-number.ts';
import { type Env, oldestActive, type Session } from './engine-state.ts';
import { tidBlock, tidSlot } from './key-codec.ts';
import { definitionRows } from './system-definitions.ts';
import { isSystemTable, type SystemTableName } from './system-tables.ts';

export interface SystemPosition {
  readonly kind: 'system';
  readonly rows: readonly Row[];
  readonly at: number;
}

/** May throw Blocked. */
export function openSystemScan(env: Env, session: Session, { name }: TableDef): SystemPosition {
  const rows = isSystemTable(name) ? rowsOf(env, session, name) : [];
  return { kind: 'system', rows, at: 0 };
}

export function nextInSystem(
  position: SystemPosition,
  atMost: number,
): { readonly rows: readonly FoundRow[]; readonly position: SystemPosition } | null {
  const { rows, at } = position;
  if (at >= rows.length) return null;
  const found = rows.slice(at, at + atMost).map((row) => ({ tid: -1, row }));
  return { rows: found, position: { ...position, at: at + found.length } };
}

function rowsOf(env: Env, session: Session, name: SystemTableName): readonly Row[] {
  if (name === 'pg_locks') return lockRows(env);
  if (name === 'pg_stat_activity') return activityRows(env);
  return definitionRows(env, session, name);
}

const DATABASE = 5n;
const at = (us: number): Value => ({ kind: 'timestamptz', micros: WORLD_EPOCH_MICROS + BigInt(us) });

const pidOf = ({ key }: Pick<Session, 'key'>): number => backendNumber(key);

const MODES: Readonly<Record<LockMode, string>> = {
  1: 'AccessShareLock',
  2: 'RowShareLock',
  3: 'RowExclusiveLock',
  4: 'ShareUpdateExclusiveLock',
  5: 'ShareLock',
  6: 'ShareRowExclusiveLock',
  7: 'ExclusiveLock',
  8: 'AccessExclusiveLock',
};

interface Lock {
  readonly type: 'relation' | 'transactionid' | 'tuple' | 'virtualxid' | 'advisory';
  readonly advisory?: AdvisoryKey;
  readonly relation?: number;
  readonly tid?: number;
  /** The session whose transaction is meant. */
  readonly virtual?: Session;
  readonly xid?: number;
  readonly mode: string;
  readonly isGranted: boolean;
  readonly since?: number;
}

const virtualOf = (session: Session): string => `${pidOf(session)}/${session.sequence}`;

const lockRow = (
  session: Session,
  { type, relation, tid, virtual, xid, advisory, mode, isGranted, since }: Lock,
): Row => [
  type,
  relation === undefined && advisory === undefined ? null : DATABASE,
  relation === undefined ? null : BigInt(relation),
  tid === undefined ? null : tidBlock(tid),
  tid === undefined ? null : tidSlot(tid),
  virtual === undefined ? null : virtualOf(virtual),
  xid === undefined ? null : BigInt(xid),
  advisory === undefined ? null : BigInt(advisory.high),
  advisory === undefined ? null : BigInt(advisory.low),
  advisory?.parts ?? null,
  virtualOf(session),
  pidOf(session),
  mode,
  isGranted,
  since === undefined ? null : at(since),
];

/** Row locks that are held lie in the rows and in the writer's memory, as in PostgreSQL not here: only who waits for one is seen. */
function lockRows({ engine }: Env): readonly Row[] {
  const rows: Row[] = [];
  for (const session of engine.sessions.values()) {
    const { tx, waiting, key } = session;
    for (const use of tx?.uses ?? []) {
      const mode = MODES[(use % 4) as LockMode];
      rows.push(lockRow(session, { type: 'relation', relation: Math.floor(use / 4), mode, isGranted: true }));
    }
    const since = waiting?.kind === 'relation' ? waiting.since : undefined;
    for (const lock of engine.relationLine) {
      if (lock.session !== key) continue;
      const { relation, isGranted } = lock;
      const waits = isGranted || since === undefined ? {} : { since };
      rows.push(
        lockRow(session, { type: 'relation', relation, mode: MODES[lock.mode], isGranted, ...waits }),
      );
    }
    for (const { session: owner, key: advisory, isShared, isGranted } of engine.advisory ?? [])
      if (owner === key)
        rows.push(lockRow(session, { type: 'advisory', advisory, mode: MODES[isShared ? 5 : 7], isGranted }));
    for (const [xid, active] of engine.active)
      if (active.session === key)
        rows.push(lockRow(session, { type: 'transactionid', xid, mode: MODES[7], isGranted: true }));
    const holder = waiting?.kind === 'virtualxid' ? engine.sessions.get(waiting.holder) : undefined;
    if (holder && waiting?.kind === 'virtualxid') {
      const lock = { type: 'virtualxid', virtual: holder, mode: MODES[5], since: waiting.since } as const;
      rows.push(lockRow(session, { ...lock, isGranted: false }));
    }
    if (waiting?.kind !== 'lock') continue;
    const { xid, row } = waiting;
    if (row !== null) rows.push(lockRow(session, { type: 'tuple', ...row, mode: MODES[7], isGranted: true }));
    rows.push(
      lockRow(session, {
        type: 'transactionid',
        xid,
        mode: MODES[5],
        isGranted: false,
        since: waiting.since,
      }),
    );
  }
  return rows;
}

/** What PostgreSQL calls the waits that it has too; the others are the lab's own. */
const WAITS: Readonly<Record<NonNullable<Session['waiting']>['kind'], readonly [string, string]>> = {
  page: ['IO', 'DataFileRead'],
  frame: ['LWLock', 'BufferMapping'],
  ticket: ['LWLock', 'BufferContent'],
  log: ['IO', 'WalWrite'],
  lock: ['Lock', 'transactionid'],
  relation: ['Lock', 'relation'],
  virtualxid: ['Lock', 'virtualxid'],
  advisory: ['Lock', 'advisory'],
  readers: ['IPC', 'DdlLockReplay'],
  commit: ['IO', 'WalSync'],
  metadata: ['IPC', 'Metadata'],
  turn: ['Timeout', 'Turn'],
};

function stateOf({ running, block }: Session): string {
  if (running) return 'active';
  if (block === 'failed') return 'idle in transaction (aborted)';
  return block === 'explicit' ? 'idle in transaction' : 'idle';
}

function activityRows(env: Env): readonly Row[] {
  const { engine } = env;
  const rows: Row[] = [];
  for (const session of engine.sessions.values()) {
    const { running, tx, waiting, node, name, lastUsed } = session;
    const isClient = node !== '';
    if (!isClient && running?.task.kind !== 'vacuum') continue;
    const [type, event] = waiting ? WAITS[waiting.kind] : [null, null];
    rows.push([
      DATABASE,
      'postgres',
      pidOf(session),
      'postgres',
      isClient ? name : null,
      isClient ? node : null,
      tx === null ? null : at(tx.startedAt),
      running === null || !isClient ? null : at(running.since),
      at(running === null ? lastUsed : running.since),
      type,
      event,
      stateOf(session),
      tx === null || tx.xid === 0 ? null : BigInt(tx.xid),
      tx?.snapshot ? BigInt(tx.snapshot.xmin) : running === null ? null : BigInt(oldestActive(engine)),
      running === null ? null : (running.statements[running.at]?.text ?? null),
      isClient ? 'client backend' : 'autovacuum worker',
    ]);
  }
  return rows;
}
