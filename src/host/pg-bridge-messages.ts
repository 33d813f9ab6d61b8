// What the bridge's worker and the page say to each other.

import type { ClientResult } from '../core/kernel/client-calls.ts';
import type { Opened, Wish } from '../pg/connection.ts';

/** What a client does: nothing, in no transaction or in one, or in one that has failed; or it waits for an answer. */
export type BridgeActivity = 'idle' | 'inTransaction' | 'failedTransaction' | 'asking';

export interface BridgeClient {
  readonly id: number;
  /** `application_name`. */
  readonly program: string;
  readonly database: string;
  readonly activity: BridgeActivity;
  /** What it asks, or asked last. */
  readonly statement: string;
}

export type BridgeRequest =
  /** Connects to this address of a WebSocket. */
  | { readonly kind: 'connect'; readonly address: string }
  | { readonly kind: 'answer'; readonly ask: number; readonly reply: ClientResult | Opened | null }
  /** Another run has begun: every client gets an error that says so, and its connection ends. */
  | { readonly kind: 'endAll'; readonly sqlstate: string; readonly message: string };

/** What the page is asked; the rest concerns the connections alone. */
export type BridgeWish = Extract<Wish, { kind: 'open' | 'sql' | 'lab' }>;

export type BridgeEvent =
  | { readonly kind: 'connected'; readonly port: number }
  /** Nobody is at the other end, or no longer: why. */
  | { readonly kind: 'disconnected'; readonly why: string }
  | {
      readonly kind: 'ask';
      readonly ask: number;
      readonly client: number;
      readonly wish: BridgeWish;
    }
  | { readonly kind: 'cancel'; readonly client: number }
  /** `finalStatement`: what is to be asked once its session has ended; null: nothing. */
  | { readonly kind: 'left'; readonly client: number; readonly finalStatement: string | null }
  /** All there are, with what they do now. */
  | { readonly kind: 'clients'; readonly clients: readonly BridgeClient[] };
