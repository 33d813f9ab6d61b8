// What the fabric worker and a node's worker say to each other. One request is answered by exactly one reply, in order but
// for `cut` and `pack`, during which windows go on; a `failed` reply may also come by itself, when another tab takes over. And what
// both say to the page, which makes and ends the workers: one that makes workers itself can stand still for ever in Firefox.

import type { Time } from '../base/ids.ts';
import type { NodeConfig } from '../core/kernel/door.ts';
import type { NodeRunner } from '../sim/runner-state.ts';
import type { CrashSurvival, Stamp, WindowAnswer, WindowRequest } from '../sim/types.ts';
import type { Packed } from './keyframe-codec.ts';
import type { PackedAnswer, PackedRequest } from './window-wire.ts';

/** A test's hold on one commit of one node; only in builds made for such tests. */
export interface Failpoint {
  readonly node: string;
  /** The commit with this ordinal (1 is the first after open) never completes; or a step of another run's taking over. */
  readonly holdCommit: number | 'stage' | 'switch' | 'settle';
}

/** A node's database and the owner's epoch it is opened with. */
export interface DiskPlace {
  readonly database: string;
  readonly epoch: number;
  /** The change of runs that the lab decided last: what lies staged under its name is the disk's, any other is dropped. */
  readonly turn: string | null;
}

export type Image = readonly (readonly [key: string, bytes: Uint8Array])[];

type AnyRunner = NodeRunner<unknown, unknown>;
/** A node as it was at a keyframe of the live cluster, by the keyframe's number. */
export type KeptRunner = readonly [keyframe: number, runner: AnyRunner];

/** Keeps the node as it is under this number, beside those of `valid`; all others are forgotten. */
export interface KeepRequest {
  readonly keyframe: number;
  readonly valid: readonly number[];
}

/** What a node is in the run that takes over: as a keyframe of its worker has it, as another worker made it, or down. */
export type NextNode =
  | { readonly kind: 'keyframe'; readonly keyframe: number; readonly at: Time }
  | { readonly kind: 'runner'; readonly runner: AnyRunner; readonly at: Time }
  | { readonly kind: 'down'; readonly image: Image; readonly stamp: Stamp | null };

export type NodeRequest =
  | {
      readonly kind: 'open';
      readonly program: string;
      readonly config: NodeConfig;
      readonly place: DiskPlace;
      readonly at: Time;
      readonly life: number;
      readonly failpoint: Failpoint | null;
    }
  /** Reads the disk without opening the node: what survived a power cut. */
  | { readonly kind: 'inspect'; readonly place: DiskPlace }
  /** Replaces the whole disk, the node being down: a power cut that is replayed from a tape. */
  | {
      readonly kind: 'restore';
      readonly place: DiskPlace;
      readonly image: Image;
      readonly stamp: Stamp | null;
    }
  /** A node that lived in another worker goes on here. Its disk lies in its place; `begunAt`: or is written there, new, as of this time. */
  | {
      readonly kind: 'adopt';
      readonly begunAt: Time | null;
      readonly program: string;
      readonly runner: AnyRunner;
      readonly place: DiskPlace;
      readonly failpoint: Failpoint | null;
    }
  | ({ readonly kind: 'keep' } & KeepRequest)
  /** The node as it stands, packed. */
  | { readonly kind: 'now' }
  /** What it kept, packed for storage. */
  | { readonly kind: 'pack'; readonly keyframe: number }
  /** Writes what its disk would differ in beside the disk, under the name of a change of runs; the node goes on as it is. */
  | {
      readonly kind: 'stage';
      readonly turn: string;
      readonly place: DiskPlace;
      readonly next: NextNode;
      /** Also keeps the node as it is now. */
      readonly keep: KeepRequest | null;
      /** What the disk holds, where that is known; it is read otherwise. */
      readonly image: Image | null;
      readonly failpoint: Failpoint | null;
    }
  /** The change was decided: what was staged is its disk, and the node goes on as it is in the other run. */
  | { readonly kind: 'settle'; readonly program: string; readonly failpoint: Failpoint | null }
  /** The change was given up. */
  | { readonly kind: 'unstage' }
  /** Hands out the durable image. */
  | { readonly kind: 'image' }
  /** `isAhead`: what becomes durable in it waits for the next cut. */
  | { readonly kind: 'window'; readonly request: WindowRequest; readonly isAhead: boolean }
  /** What windows wrote that ran ahead of the disk is written beside it, under this name. The cut before was decided for. */
  | { readonly kind: 'cut'; readonly turn: string }
  | { readonly kind: 'crash'; readonly at: Time; readonly mode: CrashSurvival }
  | { readonly kind: 'digest' }
  /** Its run is over: it lets go of its disk and of all that it keeps. Its worker may be another node's. */
  | { readonly kind: 'leave' };

/** `held`: somebody else still has the disk open. */
export type FailureCause = 'engine' | 'storage' | 'held' | 'quota' | 'fenced' | 'removed';

export type NodeReply =
  | { readonly kind: 'opened' }
  | {
      readonly kind: 'inspected';
      readonly stamp: Stamp | null;
      readonly digest: string;
      readonly keys: number;
    }
  | { readonly kind: 'restored' }
  | { readonly kind: 'image'; readonly image: Image }
  | { readonly kind: 'answer'; readonly answer: WindowAnswer }
  /** What its disk holds, and what its worker had kept of it. */
  | { readonly kind: 'crashed'; readonly image: Image; readonly kept: readonly KeptRunner[] }
  | { readonly kind: 'kept' }
  | { readonly kind: 'left' }
  | { readonly kind: 'now'; readonly packed: Packed }
  /** Null: it has it no more. */
  | { readonly kind: 'packed'; readonly packed: Packed | null }
  | { readonly kind: 'staged' }
  | { readonly kind: 'cut' }
  /** `kept`: of a node that is down now, for its worker goes. */
  | { readonly kind: 'settled'; readonly kept: readonly KeptRunner[] }
  | { readonly kind: 'digests'; readonly state: string; readonly disk: string }
  /** The node's engine or its storage stopped: the message is for a person. */
  | { readonly kind: 'failed'; readonly cause: FailureCause; readonly detail: string };

/** As they go between workers. */
export type WireRequest =
  | Exclude<NodeRequest, { kind: 'window' }>
  | { readonly kind: 'window'; readonly request: PackedRequest; readonly isAhead: boolean };
export type WireReply =
  | Exclude<NodeReply, { kind: 'answer' }>
  | { readonly kind: 'answer'; readonly answer: PackedAnswer };

export type ReplyTo<K extends NodeRequest['kind']> = K extends 'open' | 'adopt'
  ? Extract<NodeReply, { kind: 'opened' }>
  : K extends 'inspect'
    ? Extract<NodeReply, { kind: 'inspected' }>
    : K extends 'restore'
      ? Extract<NodeReply, { kind: 'restored' }>
      : K extends 'image'
        ? Extract<NodeReply, { kind: 'image' }>
        : K extends 'window'
          ? Extract<NodeReply, { kind: 'answer' }>
          : K extends 'crash'
            ? Extract<NodeReply, { kind: 'crashed' }>
            : K extends 'keep'
              ? Extract<NodeReply, { kind: 'kept' }>
              : K extends 'leave'
                ? Extract<NodeReply, { kind: 'left' }>
                : K extends 'now'
                  ? Extract<NodeReply, { kind: 'now' }>
                  : K extends 'pack'
                    ? Extract<NodeReply, { kind: 'packed' }>
                    : K extends 'cut'
                      ? Extract<NodeReply, { kind: 'cut' }>
                      : K extends 'stage' | 'unstage'
                        ? Extract<NodeReply, { kind: 'staged' }>
                        : K extends 'settle'
                          ? Extract<NodeReply, { kind: 'settled' }>
                          : Extract<NodeReply, { kind: 'digests' }>;

/** What a node's worker can be: any node, or one that runs no SQL (stacks/storage-roles.ts), whose script is a third as long. */
export type WorkerCode = 'any' | 'storage';

/** What the fabric asks of the page; a worker has the number that the fabric gave it. */
export type WorkersRequest =
  /** Of this code, or of one that can be more. */
  | { readonly kind: 'start'; readonly worker: number; readonly code: WorkerCode }
  /** `isUnused`: it hosts no node, or no more, and has no disk open, so that another node may have it. */
  | { readonly kind: 'end'; readonly worker: number; readonly isUnused: boolean };

export type WorkersReply =
  | { readonly kind: 'started'; readonly worker: number; readonly port: MessagePort }
  /** It did not start, threw, or said what cannot be read: whoever is at its port hears nothing of that. */
  | { readonly kind: 'failed'; readonly worker: number; readonly detail: string }
  /** It is gone, or keeps no disk open. */
  | { readonly kind: 'ended'; readonly worker: number };

/** What the page says to a node's worker: who it works for from now on. The page is answered by `WorkerHere`. */
export interface WorkerHandedOver {
  readonly port: MessagePort;
  /** Name of the Web Lock that the worker holds for as long as it lives. */
  readonly lock: string;
}
export type WorkerHere = 'here';
