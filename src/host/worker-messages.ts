// What the fabric worker and a node's worker say to each other. One request is answered by exactly one reply, in order;
// a `failed` reply may also come by itself, when another tab takes over. And what both say to the page, which makes and
// ends the workers: one that makes workers itself can stand still for ever in Firefox.

import type { Time } from '../base/ids.ts';
import type { NodeConfig } from '../core/kernel/door.ts';
import type { NodeRunner } from '../sim/runner-state.ts';
import type { CrashSurvival, Stamp, WindowAnswer, WindowRequest } from '../sim/types.ts';
import type { PackedAnswer, PackedRequest } from './window-wire.ts';

/** A test's hold on one commit of one node; only in builds made for such tests. */
export interface Failpoint {
  readonly node: string;
  /** The commit with this ordinal (1 is the first after open) never completes; or a step of another run's taking over. */
  readonly holdCommit: number | 'adopt' | 'switch' | 'clean';
}

/** A node's database and the owner's epoch it is opened with. */
export interface DiskPlace {
  readonly database: string;
  readonly epoch: number;
}

export type Image = readonly (readonly [key: string, bytes: Uint8Array])[];

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
  /** A node that lived in another worker goes on here: its disk is written whole into its place, then it is open. */
  | {
      readonly kind: 'adopt';
      readonly program: string;
      readonly runner: NodeRunner<unknown, unknown>;
      readonly place: DiskPlace;
      readonly at: Time;
      readonly failpoint: Failpoint | null;
    }
  /** Hands out the durable image. */
  | { readonly kind: 'image' }
  | { readonly kind: 'window'; readonly request: WindowRequest }
  | { readonly kind: 'crash'; readonly at: Time; readonly mode: CrashSurvival }
  | { readonly kind: 'digest' };

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
  | { readonly kind: 'crashed' }
  | { readonly kind: 'digests'; readonly state: string; readonly disk: string }
  /** The node's engine or its storage stopped: the message is for a person. */
  | { readonly kind: 'failed'; readonly cause: FailureCause; readonly detail: string };

/** As they go between workers. */
export type WireRequest =
  | Exclude<NodeRequest, { kind: 'window' }>
  | { readonly kind: 'window'; readonly request: PackedRequest };
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
            : Extract<NodeReply, { kind: 'digests' }>;

/** What the fabric asks of the page; a worker has the number that the fabric gave it. */
export type WorkersRequest =
  | { readonly kind: 'start'; readonly worker: number }
  /** `isUnused`: it has hosted no node and has no disk open, so that another node may have it. */
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
