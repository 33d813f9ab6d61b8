// What a compute node asks of its SQL engine, and what the engine shows.

import type { Lsn, NodeId, Time } from '../../base/ids.ts';
import type { RoleContext } from '../kernel/context.ts';
import type { NodeConfig, ViewParams } from '../kernel/door.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { Params } from '../kernel/params.ts';
import type { PageKey } from '../page/page-key.ts';
import type { PageRead } from '../sql/access.ts';
import type { EngineView, SessionView } from './buffer-view.ts';
import type { PadOrder, PageOrder } from './engine-state.ts';
import type { EnginePorts } from './ports.ts';

/** What the role asks of the SQL engine; `E` is its plain-data state. */
export interface EngineProgram<E> {
  readonly makeEngine: (config: NodeConfig) => E;
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
    message: MessageOf<'SqlRequest' | 'SqlClose'>,
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
  /** To one page of the buffer (`evictPage`, `pinPage`, `unpinPage` of a tape). */
  readonly onPageOrder: (engine: E, ctx: RoleContext, ports: EnginePorts, order: PageOrder) => void;
  readonly onVdl: (engine: E, ctx: RoleContext, ports: EnginePorts) => void;
  readonly onWake: (engine: E, ctx: RoleContext, ports: EnginePorts, timer: string) => void;
  /** FENCE-14: open commits are answered COMMIT_UNKNOWN, all else FENCED. */
  readonly onFenced: (engine: E, ctx: RoleContext) => void;
  /** WAL-25: the least read point of an open view, at most VDL. */
  readonly engineMinReadPoint: (engine: E, ports: EnginePorts) => Lsn;
  readonly engineView: (
    engine: E,
    now: Time,
    params: ViewParams,
  ) => EngineView & { readonly sessionViews?: readonly SessionView[] };
}
