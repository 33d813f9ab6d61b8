// Which tab owns a lab. The owner holds a Web Lock for as long as it lives; another tab may watch (the owner's pictures
// come over a BroadcastChannel), take over, or fork the run into a lab of its own. Where a browser has no Web Locks, the tab owns
// its lab and says so nowhere: the databases' epochs still keep two writers apart.

import { errorOf } from '../base/thrown.ts';
import type { ListedEvent, WorldFrame } from '../run-model/picture/frame.ts';
import type { PastQuery } from '../run-model/recorder/past.ts';
import type { TraceQuery } from '../run-model/spans/span.ts';

/** Wall ms a tab that takes over waits for the owner to let go by itself. */
const YIELD_MS = 2000;

/** What a tab that watches asks the one that drives the run: its tape, a stretch of its past, a trace. */
export type AskedOfOwner =
  | { readonly kind: 'tape' }
  | { readonly kind: 'past'; readonly query: PastQuery }
  | { readonly kind: 'trace'; readonly query: TraceQuery };

export type MirrorMessage =
  /** `isAudience`: on a projector, while the tab that drives the run may be hidden. */
  | { readonly kind: 'watch'; readonly isAudience: boolean }
  /** An audience has gone; another one says that it is there. */
  | { readonly kind: 'leave' }
  /** This tab runs the cluster from now on. */
  | { readonly kind: 'owner' }
  | { readonly kind: 'release' }
  | { readonly kind: 'gone' }
  /** Whoever drives the run is asked; `id` is the question's. */
  | { readonly kind: 'ask'; readonly id: string; readonly what: AskedOfOwner }
  /** `value` is what the question is answered with; null where `error` says why there is no answer. */
  | { readonly kind: 'answer'; readonly id: string; readonly value: unknown; readonly error: string | null }
  | {
      readonly kind: 'picture';
      readonly frame: WorldFrame;
      readonly events: readonly ListedEvent[];
      readonly total: number;
    };

export interface Ownership {
  /** True when this tab got the lock. */
  claim(): Promise<boolean>;
  /** Asks the owner to let go, waits, and steals the lock from one that does not answer. Asked twice it is done once. */
  takeOver(): Promise<void>;
  /** True when nobody holds the lock any more; false when this wait was ended by another, or by what this tab did. */
  whenFree(): Promise<boolean>;
  release(): void;
  /** From now on this tab is one of another lab's, whose lock it has not claimed yet. */
  moveTo(lab: string): void;
  post(message: MirrorMessage): void;
  close(): void;
}

export interface OwnershipEvents {
  /** Another tab stole the lock or asked for it. */
  readonly onLost: () => void;
  readonly onMessage: (message: MirrorMessage) => void;
}

const lockName = (lab: string): string => `postdb-lab/${lab}`;

export function makeOwnership(lab: string, events: OwnershipEvents): Ownership {
  let name = lockName(lab);
  let letGo: (() => void) | null = null;
  const openChannel = (): BroadcastChannel | null => {
    if (typeof BroadcastChannel === 'undefined') return null;
    const opened = new BroadcastChannel(name);
    opened.onmessage = (event: MessageEvent<unknown>) => {
      const message = checkMessage(event.data);
      if (message !== null) events.onMessage(message);
    };
    return opened;
  };
  let channel = openChannel();

  /** This tab in the line of those that wait to see the lock free. */
  let line: AbortController | null = null;
  const leaveLine = (): void => {
    line?.abort();
    line = null;
  };
  let takingOver: Promise<void> | null = null;

  const hold = (options: LockOptions): Promise<boolean> =>
    new Promise((resolve, reject) => {
      navigator.locks
        .request(name, options, (lock) => {
          if (lock === null) {
            resolve(false);
            return undefined;
          }
          resolve(true);
          return new Promise<void>((release) => {
            letGo = release;
          });
        })
        .catch((error: unknown) => {
          // The lock was stolen from us, or the wait for it was given up.
          const held = letGo !== null;
          letGo = null;
          if (held) events.onLost();
          else reject(errorOf(error));
        });
    });

  const seize = async (): Promise<void> => {
    if (navigator.locks === undefined) return;
    leaveLine();
    channel?.postMessage({ kind: 'release' } satisfies MirrorMessage);
    const waited = new AbortController();
    const timer = setTimeout(() => waited.abort(), YIELD_MS);
    try {
      await hold({ signal: waited.signal });
    } catch {
      await hold({ steal: true });
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    claim: () =>
      navigator.locks === undefined
        ? Promise.resolve(true)
        : // Where storage is refused, so are locks: nothing is shared with another tab then.
          hold({ ifAvailable: true }).catch(() => true),
    takeOver() {
      // A second one would steal the lock from the first: this tab would lose the lab to itself.
      takingOver ??= seize().finally(() => {
        takingOver = null;
      });
      return takingOver;
    },
    whenFree() {
      leaveLine();
      if (navigator.locks === undefined) return Promise.resolve(false);
      const own = new AbortController();
      line = own;
      return navigator.locks.request(name, { signal: own.signal }, () => true).catch(() => false);
    },
    release() {
      const current = letGo;
      letGo = null;
      current?.();
    },
    moveTo(other) {
      leaveLine();
      channel?.close();
      name = lockName(other);
      channel = openChannel();
    },
    post: (message) => channel?.postMessage(message),
    close() {
      leaveLine();
      channel?.close();
    },
  };
}

function isAsked(what: unknown): what is AskedOfOwner {
  if (typeof what !== 'object' || what === null || !('kind' in what)) return false;
  if (what.kind === 'tape') return true;
  const { query } = what as { query?: unknown };
  return (what.kind === 'past' || what.kind === 'trace') && typeof query === 'object' && query !== null;
}

/** Other tabs are of the same origin, but perhaps of another build: the shape is checked. */
function checkMessage(data: unknown): MirrorMessage | null {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return null;
  switch (data.kind) {
    case 'watch':
      return { kind: 'watch', isAudience: 'isAudience' in data && data.isAudience === true };
    case 'leave':
    case 'owner':
    case 'release':
    case 'gone':
      return { kind: data.kind };
    case 'ask': {
      const { id, what } = data as { id?: unknown; what?: unknown };
      return typeof id === 'string' && isAsked(what) ? { kind: 'ask', id, what } : null;
    }
    case 'answer': {
      const { id, value, error = null } = data as { id?: unknown; value?: unknown; error?: unknown };
      if (typeof id !== 'string' || (error !== null && typeof error !== 'string')) return null;
      return { kind: 'answer', id, value, error };
    }
    case 'picture':
      if (
        !('frame' in data) ||
        typeof data.frame !== 'object' ||
        data.frame === null ||
        !('nodes' in data.frame)
      )
        return null;
      return data as MirrorMessage;
    default:
      return null;
  }
}
