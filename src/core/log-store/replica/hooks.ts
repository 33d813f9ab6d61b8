// Where replication meets the concerns beside it (base images, scrub, archiver, restore), which import it and which it does
// not import. Each concern offers handlers by kind; `store-tables.ts` merges them, and every step's context carries the
// few that replication calls itself.

import type { GroupId, NodeId } from '../../../base/ids.ts';
import type { RoleContext } from '../../kernel/context.ts';
import type { DiskError } from '../../kernel/door.ts';
import type { MessageKind, MessageOf } from '../../kernel/messages.ts';
import type { SuperblockChange } from './group-state.ts';
import type {
  ControlOp,
  ControlOps,
  Group,
  PendingRead,
  PendingReads,
  PendingWrite,
  PendingWrites,
  StoreState,
} from './state.ts';

/** What a step of the role is given. */
export interface StoreContext extends RoleContext {
  readonly hooks: StoreHooks;
}

export interface StoreHooks {
  readonly control: ControlHandlers;
  /** A replica exists from here on, or begins to work. */
  begin(state: StoreState, group: Group, ctx: StoreContext): void;
  /** At the end of a step that may let something waiting go on. */
  settle(state: StoreState, group: Group, ctx: StoreContext): void;
  /** HOLE-39: what the replica lacks is in no peer's log any more. */
  heal(state: StoreState, group: Group, ctx: StoreContext): void;
  /** Disk keys of page versions that other concerns have written or are writing for the replica. */
  keysOf(state: StoreState, group: GroupId): string[];
  /** The replica is gone: so is all that other concerns keep of it. */
  forget(state: StoreState, group: GroupId, ctx: StoreContext): void;
}

/** `start` answers at once (false) or begins the superblock write (true) whose completion runs `finish`. */
export interface ControlHandler<K extends keyof ControlOps> {
  start(state: StoreState, group: Group, ctx: StoreContext, op: ControlOp<K>): boolean;
  finish(
    state: StoreState,
    group: Group,
    ctx: StoreContext,
    op: ControlOp<K>,
    change: SuperblockChange,
  ): void;
}

export type ControlHandlers<K extends keyof ControlOps = keyof ControlOps> = {
  readonly [P in K]: ControlHandler<P>;
};

/** By the kind of the message: of one that may be about a group that is not hosted. */
export type MessageHandlers<K extends MessageKind> = {
  readonly [P in K]: (state: StoreState, ctx: StoreContext, from: NodeId, message: MessageOf<P>) => void;
};

/** Of one that only a hosted replica takes. */
export type GroupMessageHandlers<K extends MessageKind> = {
  readonly [P in K]: (
    state: StoreState,
    group: Group,
    ctx: StoreContext,
    from: NodeId,
    message: MessageOf<P>,
  ) => void;
};

export type WriteHandlers<K extends keyof PendingWrites> = {
  readonly [P in K]: (
    state: StoreState,
    ctx: StoreContext,
    write: PendingWrite<P>,
    error: DiskError | null,
  ) => void;
};

/** Of a write for a hosted replica; the end of the step follows. */
export type GroupWriteHandlers<K extends keyof PendingWrites> = {
  readonly [P in K]: (
    state: StoreState,
    group: Group,
    ctx: StoreContext,
    write: PendingWrite<P>,
    error: DiskError | null,
    id: number,
  ) => void;
};

export type ReadHandlers<K extends keyof PendingReads> = {
  readonly [P in K]: (
    state: StoreState,
    group: Group,
    ctx: StoreContext,
    read: PendingRead<P>,
    values: readonly (Uint8Array | null)[],
    error: 'EIO' | null,
  ) => void;
};

/** Timers are named `<name>/<group>`. */
export type TimerHandler = (state: StoreState, ctx: StoreContext, group: GroupId) => void;
export type GroupTimerHandler = (state: StoreState, group: Group, ctx: StoreContext) => void;
