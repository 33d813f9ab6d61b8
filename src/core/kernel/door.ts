// The core's one door (docs/architecture.md): a node opens from a disk and changes only through `step`.
// Everything that enters or leaves a node is one of these plain values; virtual time and chance come in, never ambient.

import type { NodeId, Time } from '../../base/ids.ts';
import type { Prng } from '../../base/prng.ts';
import type { ClientRequest, ClientResult, StatementTree } from './client-calls.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import type { OperatorCommand } from './commands.ts';
import type { MessageFamily, MessageLabel } from './message-label.ts';
import type { Mutants } from './mutants.ts';
import type { Params } from './params.ts';
import type { TraceEvent } from './trace.ts';
import type { NodeView, Role } from './view.ts';
import type { ViewParams } from './view-params.ts';

/** Durable values by key. Values are exact-size byte arrays that nobody changes. */
export type DiskImage = ReadonlyMap<string, Uint8Array>;

/** One put (`bytes`) or delete (`null`) of a disk key. */
export interface Write {
  readonly key: string;
  readonly bytes: Uint8Array | null;
}

/** Why a batch of writes did not become durable. */
export type DiskError = 'DISK_FULL' | 'EIO';

/**
 * Which room of a disk a batch may take (WAL-77). `data`: all but the two kept ones. `freeing`: what lets more go than it takes
 * may take the first of these as well. `recovery`: what a change of writer waits for takes every byte.
 */
export type Room = 'data' | 'freeing' | 'recovery';

export interface NodeConfig {
  readonly nodeId: NodeId;
  readonly roles: readonly Role[];
  readonly cluster: ClusterSpec;
  readonly params: Params;
  /** The node's own stream, keyed by (seed, node, life), as it begins: a role that draws from it keeps a copy in its state. */
  readonly prng: Prng;
  /** Planted bugs that are on; none in an honest run. */
  readonly mutants: Mutants;
}

/** Everything that may enter a node. `now` is the node's own clock in virtual µs (skew included). */
export type Input<Message> = { readonly now: Time } & (
  | { readonly kind: 'message'; readonly from: NodeId; readonly message: Message; readonly traceId: number }
  | { readonly kind: 'diskDone'; readonly id: number; readonly error: DiskError | null }
  | {
      readonly kind: 'readDone';
      readonly id: number;
      readonly values: readonly (Uint8Array | null)[];
      readonly error: 'EIO' | null;
    }
  | { readonly kind: 'wake'; readonly timer: string }
  /** End in good order: what a clean exit saves is to be saved now; the power goes off soon (HOLE-51). */
  | { readonly kind: 'stop' }
  | {
      readonly kind: 'clientRequest';
      readonly requestId: string;
      readonly request: ClientRequest;
      readonly statements: readonly StatementTree[];
    }
  | { readonly kind: 'operatorCommand'; readonly command: OperatorCommand }
);

/** The timer that wakes a node right after it was opened. */
export const BOOT_TIMER = 'boot';

/**
 * Everything that may leave a node. `traceId` names the client's statement that it is done for (PCS-94); of a disk request or
 * an event it is for whoever looks on, part of no byte and no hash, and without it that of the input counts.
 */
export type Effect<Message> =
  | { readonly kind: 'send'; readonly to: NodeId; readonly message: Message; readonly traceId: number }
  /** An ordered batch of writes; `then` happens only once all of it is durable, right after `diskDone` was stepped. */
  | {
      readonly kind: 'store';
      readonly id: number;
      readonly writes: readonly Write[];
      readonly then: readonly Effect<Message>[];
      /** Where nothing is said: `data`. */
      readonly room?: Exclude<Room, 'data'>;
      readonly traceId?: number;
    }
  | {
      readonly kind: 'read';
      readonly id: number;
      readonly keys: readonly string[];
      readonly traceId?: number;
    }
  /** Sets (or with `null` clears) the named timer; a second call replaces the first. */
  | { readonly kind: 'wakeAt'; readonly timer: string; readonly at: Time | null }
  | { readonly kind: 'reply'; readonly requestId: string; readonly result: ClientResult }
  /** The node ends for good: its metadata has removed it (PCS-79). It does nothing after this step. */
  | { readonly kind: 'exit' }
  | { readonly kind: 'trace'; readonly event: TraceEvent; readonly traceId?: number };

/** What a world needs to run a kind of node. The cluster and the toy each export one. */
export interface NodeProgram<State, Message> {
  readonly openNode: (config: NodeConfig, disk: DiskImage) => State;
  readonly step: (state: State, input: Input<Message>) => Effect<Message>[];
  /** For clones only (twins, undo): same state, nothing volatile lost. */
  readonly adopt: (state: State) => State;
  readonly encodeMessage: (message: Message, traceId: number) => Uint8Array;
  readonly decodeMessage: (
    bytes: Uint8Array,
  ) => { readonly message: Message; readonly traceId: number } | { readonly error: string };
  readonly nodeView: (state: State, params: ViewParams) => NodeView;
  /** Label and family of a message in flight, for canvas and list. */
  readonly describeMessage: (message: Message) => MessageLabel;
  /** Family of a frame without decoding it; what is no frame is `control`. */
  readonly familyOfFrame: (bytes: Uint8Array) => MessageFamily;
}
