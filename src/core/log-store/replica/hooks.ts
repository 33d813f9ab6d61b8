// Where replication meets the concerns beside it (base images, scrub, archiver, restore), which import it and which it does
// not import. Each concern offers handlers by kind; `store-tables.ts` merges them, and every step's context carries the
// few that replication calls itself.

import type { GroupId, NodeId } from '../../../base/ids.ts';
import type { RoleContext } from '../../kernel/context.ts';
import type { DiskError } from '../../kernel/door.ts';
import type { Message, MessageKind, MessageOf } from '../../kernel/messages.ts';
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

/** As `forTrace`, for the contexts of stores. */
export const forStoreTrace = (ctx: StoreContext, traceId: number): StoreContext => ({
  now: ctx.now,
  role: ctx.role,
  tag: ctx.tag,
  scope: ctx.scope,
  ids: ctx.ids,
  effects: ctx.effects,
  traceId,
  hooks: ctx.hooks,
});

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

/** A kind's handler meets only its own kind: `AnyHandler` is what a table holds for a kind that is not known. */
export type MessageHandlers<K extends MessageKind> = {
  readonly [P in K]: (state: StoreState, ctx: StoreContext, from: NodeId, message: MessageOf<P>) => void;
};

export type GroupMessageHandlers<K extends MessageKind> = {
  readonly [P in K]: (
    state: StoreState,
    group: Group,
    ctx: StoreContext,
    from: NodeId,
    message: MessageOf<P>,
  ) => void;
};

export interface WriteDone {
  readonly id: number;
  readonly error: DiskError | null;
}

export type WriteHandlers<K extends keyof PendingWrites> = {
  readonly [P in K]: (state: StoreState, ctx: StoreContext, write: PendingWrite<P>, done: WriteDone) => void;
};

export type GroupWriteHandlers<K extends keyof PendingWrites> = {
  readonly [P in K]: (
    state: StoreState,
    group: Group,
    ctx: StoreContext,
    write: PendingWrite<P>,
    done: WriteDone,
  ) => void;
};

export interface ReadDone {
  readonly values: readonly (Uint8Array | null)[];
  readonly error: 'EIO' | null;
}

export type ReadHandlers<K extends keyof PendingReads> = {
  readonly [P in K]: (
    state: StoreState,
    group: Group,
    ctx: StoreContext,
    read: PendingRead<P>,
    done: ReadDone,
  ) => void;
};

/** As methods, which may take less than they are declared to: handlers of their own kind. */
export interface AnyHandler {
  message(state: StoreState, ctx: StoreContext, from: NodeId, message: Message): void;
  groupMessage(state: StoreState, group: Group, ctx: StoreContext, from: NodeId, message: Message): void;
  write(state: StoreState, ctx: StoreContext, write: PendingWrite, done: WriteDone): void;
  groupWrite(state: StoreState, group: Group, ctx: StoreContext, write: PendingWrite, done: WriteDone): void;
  read(state: StoreState, group: Group, ctx: StoreContext, read: PendingRead, done: ReadDone): void;
}

export type ByKind<H extends keyof AnyHandler> = Readonly<Record<string, AnyHandler[H]>>;

/** Timers are named `<name>/<group>`. */
export type TimerHandler = (state: StoreState, ctx: StoreContext, group: GroupId) => void;
export type GroupTimerHandler = (state: StoreState, group: Group, ctx: StoreContext) => void;

/** What a concern takes, by kind. Of writes for a hosted replica (`groupWrites`) the end of the step follows. */
export interface Concern {
  readonly messages?: Partial<MessageHandlers<MessageKind>>;
  /** Messages that only a hosted replica takes. */
  readonly groupMessages?: Partial<GroupMessageHandlers<MessageKind>>;
  readonly writes?: Partial<WriteHandlers<keyof PendingWrites>>;
  readonly groupWrites?: Partial<GroupWriteHandlers<keyof PendingWrites>>;
  readonly reads?: Partial<ReadHandlers<keyof PendingReads>>;
  readonly timers?: Readonly<Record<string, TimerHandler>>;
  readonly groupTimers?: Readonly<Record<string, GroupTimerHandler>>;
  readonly control?: Partial<ControlHandlers>;
}
