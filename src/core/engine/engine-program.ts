// What a compute node asks of its SQL engine, and what the engine shows.

import type { Lsn, NodeId, Time } from '../../base/ids.ts';
import type { RoleContext } from '../kernel/context.ts';
import type { NodeConfig } from '../kernel/door.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { Params } from '../kernel/params.ts';
import type { ViewParams } from '../kernel/view-params.ts';
import type { PageKey } from '../page/page-key.ts';
import type { PageRead, TableDef } from '../sql/access.ts';
import type { KeptWhy } from './buffer-pool.ts';
import type { EngineView, SessionAct, SessionView } from './buffer-view.ts';
import type { CarriedClient, ClientsDone } from './clients-task.ts';
import type { PadOrder, PageOrder } from './engine-state.ts';
import type { EnginePorts, JournalChange, ReaderCache } from './ports.ts';
import type { KeptPages, Warm } from './warm-buffer.ts';

export interface EngineRuntime {
  readonly nextXid: number;
  readonly minXid: number;
  readonly activeXids: number[];
  readonly locks: number[];
}

/** What a reader asks of its engine (READ-1), and a writer for its readers. */
export interface ReaderProgram<E> {
  /** READ-6, READ-19: transactions and locks of the writer as they are now. */
  readonly runtimeOf: (engine: E) => EngineRuntime;
  readonly openReader: (engine: E, ctx: RoleContext, ports: EnginePorts) => void;
  readonly readerCache: (engine: E, ctx: RoleContext, ports: EnginePorts) => ReaderCache;
  /** A page as of an older read point; null: there is none. */
  readonly onVersion: (
    engine: E,
    ctx: RoleContext,
    ports: EnginePorts,
    blockKey: PageKey,
    rp: Lsn,
    page: Uint8Array | null,
  ) => void;
  /** READ-15: a page from the stores with what was released meanwhile; null when that does not continue it (READ-4). */
  readonly withJournal: (page: Uint8Array, records: readonly JournalChange[]) => Uint8Array | null;
  /** READ-28: below PGMRPL. */
  readonly onStale: (engine: E, ctx: RoleContext, ports: EnginePorts, blockKey: PageKey, rp: Lsn) => void;
  /** READ-30: the stream begins anew. */
  readonly restartReader: (engine: E, ports: EnginePorts) => void;
  /** Lets go what no open view needs; the least read point. */
  readonly trimReader: (engine: E, ports: EnginePorts) => Lsn;
  readonly endViews: (engine: E, ctx: RoleContext, ports: EnginePorts) => void;
  /** READ-32: of the reader's buffer into that of the writer's engine, before this one is open. */
  readonly keepPages: (engine: E, ctx: RoleContext, ports: EnginePorts, reader: E, warm: Warm) => KeptPages;
  /**
   * LI-65: the relation is the writer's alone by its lock of this LSN, once no statement here holds it; statements that come later wait
   * behind it. True: it is.
   */
  readonly lockForWriter: (
    engine: E,
    ctx: RoleContext,
    ports: EnginePorts,
    lock: Lsn,
    relation: number,
  ) => boolean;
  /** LI-66. */
  readonly unlockForWriter: (engine: E, ctx: RoleContext, ports: EnginePorts, lock: Lsn) => void;
  /** LI-65: who holds the relation gives up (40001); how many. */
  readonly cancelUsers: (
    engine: E,
    ctx: RoleContext,
    ports: EnginePorts,
    lock: Lsn,
    relation: number,
  ) => number;
  /** LI-65: whom a lock of the writer waits for. */
  readonly lockUsers: (engine: E, lock: Lsn, relation: number) => readonly SessionAct[];
  /** LI-64, at the writer: whose a lock is, by the key of its session, and what its relation is called. */
  readonly sessionAct: (engine: E, key: string) => SessionAct | null;
  readonly tableName: (engine: E, relation: number) => string;
}

/** What a primary asks of its engine to give a part of a tablet away, and to take it (split-copy.ts). */
export interface SplitProgram<E> {
  readonly quiesce: (engine: E, ctx: RoleContext, ports: EnginePorts, force: boolean) => boolean;
  readonly readClients: (engine: E, ctx: RoleContext, ports: EnginePorts) => void;
  readonly putClients: (
    engine: E,
    ctx: RoleContext,
    ports: EnginePorts,
    put: {
      readonly clients: readonly CarriedClient[];
      readonly node: NodeId;
      readonly name: string;
      readonly isEmpty: boolean;
    },
  ) => void;
  readonly clientsDone: (engine: E) => ClientsDone | null;
}

/** What the role asks of the SQL engine; `E` is its plain-data state. */
export interface EngineProgram<E> {
  /** `reads`: of a reader (READ-1). */
  readonly makeEngine: (config: NodeConfig, reads: boolean) => E;
  /** Limits and waits are these from now on. */
  readonly configure: (engine: E, params: Params) => void;
  /** The volume is open. `firstStart`: it holds nothing but genesis and term starts, so the catalog is yet to be made. */
  readonly openEngine: (
    engine: E,
    ctx: RoleContext,
    ports: EnginePorts,
    how: { firstStart: boolean },
  ) => void;
  readonly onSqlRequest: (
    engine: E,
    ctx: RoleContext,
    ports: EnginePorts,
    from: NodeId,
    message: MessageOf<'SqlRequest' | 'SqlClose' | 'SqlCancel'>,
  ) => void;
  /** `null`: NO_SUCH_PAGE. `origin`: who sent it. */
  readonly onPage: (
    engine: E,
    ctx: RoleContext,
    ports: EnginePorts,
    blockKey: PageKey,
    page: Uint8Array | null,
    origin: PageRead,
  ) => void;
  /** No-op records up to an LSN (`padTo` of a tape). */
  readonly onPad: (engine: E, ctx: RoleContext, ports: EnginePorts, order: PadOrder) => void;
  /** To one page of the buffer (`evictPage`, `pinPage`, `unpinPage` of a tape). Returns why the page does not leave it, null where it does. */
  readonly onPageOrder: (engine: E, ctx: RoleContext, ports: EnginePorts, order: PageOrder) => KeptWhy | null;
  /** The page with all its changes, for a writer that stores pages itself; null: it is not in the buffer. */
  readonly pageImage: (engine: E, blockKey: PageKey) => Uint8Array | null;
  readonly onVdl: (engine: E, ctx: RoleContext, ports: EnginePorts) => void;
  readonly onWake: (engine: E, ctx: RoleContext, ports: EnginePorts, timer: string) => void;
  /** An answer of the PCS to a statement that reads its views. */
  readonly onViews: (engine: E, ctx: RoleContext, ports: EnginePorts, answer: MessageOf<'Views'>) => void;
  /** FENCE-14: open commits are answered COMMIT_UNKNOWN, all else FENCED. */
  readonly onFenced: (engine: E, ctx: RoleContext) => void;
  /** WAL-25: the least read point of an open view, at most VDL. */
  readonly engineMinReadPoint: (engine: E, ports: EnginePorts) => Lsn;
  /** PCS-83: the volume's tables, where the metadata has the catalog. Absent: this engine has its own only. */
  readonly giveTables?: (engine: E, tables: readonly TableDef[]) => void;
  /** Transactions that have read or written these relations are open (PCS-85). */
  readonly usesRelations?: (engine: E, relations: readonly number[]) => boolean;
  /** Absent: with this engine no tablet is split. */
  readonly split?: SplitProgram<E>;
  /** Absent: there are no readers with this engine. */
  readonly reader?: ReaderProgram<E>;
  readonly engineView: (
    engine: E,
    now: Time,
    params: ViewParams,
  ) => EngineView & { readonly sessionViews?: readonly SessionView[] };
}
