// The window protocol between the fabric and the nodes' runners (docs/host.md, Windows): the same values whether
// a runner is called in the same process or lives in a worker behind a MessagePort. All plain data.

import type { NodeId, Time } from '../base/ids.ts';
import type { ClientRequest, ClientResult, StatementTree } from '../core/kernel/client-calls.ts';
import type { OperatorCommand } from '../core/kernel/commands.ts';
import type { NodeConfig, Write } from '../core/kernel/door.ts';
import type { MessageLabel } from '../core/kernel/message-label.ts';
import type { TraceEvent } from '../core/kernel/trace.ts';
import type { NodeView } from '../core/kernel/view.ts';
import type { ViewParams } from '../core/kernel/view-params.ts';
import type { CrashMoment } from './crash-points.ts';

/** "No local event is waiting." */
export const NEVER = Number.MAX_SAFE_INTEGER as Time;

/** A frame that arrives. Ordered by (at, from, sequence). */
export interface Delivery {
  readonly at: Time;
  readonly from: NodeId;
  readonly sequence: number;
  readonly bytes: Uint8Array;
  /** Ordinal of the sender's input that sent it: the causal link. */
  readonly causeOrdinal: number;
}

/** Faults of one node's disk, all off by default; set by tape actions, applied by the disk model. */
export interface DiskFaults {
  /** Sync time × this / 100. */
  readonly slowPercent: number;
  /** Of its size: what it has room for. */
  readonly roomPercent: number;
  readonly full: boolean;
  readonly failSync: boolean;
  readonly failRead: boolean;
  /** No sync completes while true. */
  readonly stall: boolean;
}

export const noDiskFaults: DiskFaults = {
  slowPercent: 100,
  roomPercent: 100,
  full: false,
  failSync: false,
  failRead: false,
  stall: false,
};

/** What a tape action does to a running node, at its time, before any delivery of that time. */
export type NodeCommand =
  | {
      readonly kind: 'clientRequest';
      readonly requestId: string;
      readonly request: ClientRequest;
      readonly statements: readonly StatementTree[];
    }
  | { readonly kind: 'agent'; readonly command: OperatorCommand }
  /** The node is instructed to end in good order; its power goes off a little later (tape action `stop`). */
  | { readonly kind: 'stop' }
  | { readonly kind: 'freeze' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'diskFaults'; readonly faults: Partial<DiskFaults> }
  /** Flips one bit of a stored value: key chosen by `pick` from the keys with `prefix`, drawn from the action's stream when null. */
  | { readonly kind: 'bitRot'; readonly prefix: string; readonly pick: number | null }
  /** The next durable write of a value whose key has the prefix is acknowledged, but lost or written over another such value. */
  | { readonly kind: 'diskTrick'; readonly trick: 'lose' | 'misdirect' | 'none'; readonly prefix: string }
  /** The durable image as of now becomes the disk's snapshot. */
  | { readonly kind: 'snapshotDisk' }
  /** A stored value can no longer be read; chosen as for `bitRot`. */
  | { readonly kind: 'readError'; readonly prefix: string; readonly pick: number | null }
  /** Clock offset in µs from now on. */
  | { readonly kind: 'clock'; readonly offsetUs: number }
  /** From now on the clock gains this much on virtual time, parts per million. */
  | { readonly kind: 'clockDrift'; readonly ppm: number }
  /** What the device holds and has not made durable is gone; its sync fails. */
  | { readonly kind: 'dropBuffer' }
  /** The node loses its power the next time it does this; null: not any more. */
  | { readonly kind: 'arm'; readonly armed: Armed | null }
  /** Every input takes this long to work off, 0 is off. */
  | { readonly kind: 'slowCpu'; readonly usPerInput: number };

/** Before or after what a node's power goes off. */
export interface Armed {
  readonly when: 'before' | 'after';
  readonly moment: CrashMoment;
}

export interface TimedCommand {
  readonly at: Time;
  readonly command: NodeCommand;
}

export interface WindowRequest {
  /** End of the window, exclusive: every local event, delivery and command before it is worked off. */
  readonly until: Time;
  readonly deliveries: readonly Delivery[];
  readonly commands: readonly TimedCommand[];
  readonly view: ViewParams | null;
}

export interface OutMessage {
  readonly at: Time;
  readonly to: NodeId;
  /** Ascending per sending node and life. */
  readonly sequence: number;
  readonly bytes: Uint8Array;
  readonly causeOrdinal: number;
}

export interface OutReply {
  readonly at: Time;
  readonly requestId: string;
  readonly result: ClientResult;
}

/** One trace event with its place: node, virtual time, ordinal of the input that made it, and that input's cause. */
export interface TracedEvent {
  readonly at: Time;
  readonly node: NodeId;
  readonly ordinal: number;
  readonly causeNode: NodeId | null;
  readonly causeOrdinal: number;
  readonly event: TraceEvent;
}

/** How far a node has come; written in the same transaction as its disk. */
export interface Stamp {
  readonly until: Time;
  /** Inputs worked off in this life. */
  readonly ordinal: number;
  readonly life: number;
  /** Running hash over inputs and trace of this life, 16 hex digits. */
  readonly hash: string;
}

export interface DiskUse {
  /** Keys of the writes not yet durable, in their order, when a view was asked for; the first of them. */
  readonly unsynced?: readonly string[];
  readonly pending: number;
  readonly volatileWrites: number;
  readonly volatileBytes: number;
  readonly bytes: number;
  readonly limitBytes: number;
  /** There is an earlier image to put the disk back to. */
  readonly hasSnapshot?: true;
}

export interface WindowAnswer {
  readonly nextAt: Time;
  readonly sent: readonly OutMessage[];
  readonly replies: readonly OutReply[];
  readonly trace: readonly TracedEvent[];
  /** Writes that became durable in this window, in order; the host commits them before it answers. */
  readonly durable: readonly Write[];
  readonly stamp: Stamp;
  /** Inputs worked off in this window. */
  readonly events: number;
  readonly view: NodeView | null;
  readonly disk: DiskUse;
  /** The armed crash came about at this time: the node has done nothing since. */
  readonly tripped?: Time;
  /** The node ended for good at this time (effect `exit`), and has done nothing since. */
  readonly exited?: Time;
}

/** How unsynced writes fare at a crash. `drawn`: from the disk's own stream. */
export type CrashMode = 'drawn' | 'loseAll' | 'tornLast';

/** The keys to which writes are lost while all others survive, or which writes survive. */
export type ChosenSurvival = { readonly losing: readonly string[] } | { readonly keeping: Kept };

/** A crash's mode, or which writes survive. */
export type CrashSurvival = CrashMode | 'wiped' | 'rolledBack' | ChosenSurvival;

/** Which writes that no sync covered survive: those whose key contains the text, all others, or the first so many. */
export type Kept =
  | { readonly which: 'only' | 'allBut'; readonly part: string }
  | { readonly which: 'first'; readonly count: number };

/** What the host has to do between windows, in this order, before the next window is released. */
export type Lifecycle =
  | {
      readonly kind: 'open';
      readonly node: NodeId;
      readonly at: Time;
      readonly config: NodeConfig;
      readonly life: number;
    }
  | { readonly kind: 'crash'; readonly node: NodeId; readonly at: Time; readonly mode: CrashSurvival }
  /** Remember the node's durable image as of now: a power cut on the tape will return to it. */
  | { readonly kind: 'mark'; readonly node: NodeId; readonly at: Time; readonly disk: string }
  /** The durable image becomes what was remembered, or empty if nothing was; the node is down at that time. */
  | { readonly kind: 'restore'; readonly node: NodeId; readonly at: Time };

/** A message on its way, for the canvas and the list of messages in flight. */
export interface FlightView {
  /** Stable name: `<from>.<sequence>.<copy>`. */
  readonly id: string;
  readonly from: NodeId;
  readonly to: NodeId;
  readonly sentAt: Time;
  /** Scheduled arrival; for a lost one the time at which its fate shows. */
  readonly arrivesAt: Time;
  readonly fate: 'flying' | 'lost' | 'held';
  readonly label: MessageLabel;
  readonly bytes: number;
  /** Ordinal of the sender’s input that sent it. */
  readonly causeOrdinal: number;
}
