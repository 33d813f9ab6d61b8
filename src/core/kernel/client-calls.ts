// What a client asks of a driver, and the answer as a person sees it.

import type { NodeId } from '../../base/ids.ts';

export type ClientRequest =
  | {
      readonly kind: 'sql';
      readonly session: string;
      readonly text: string;
      readonly params: readonly (string | null)[];
    }
  | { readonly kind: 'cancel'; readonly session: string };

export interface StatementTree {
  readonly text: string;
  /** libpg-query's parse tree as UTF-8 JSON, or the parser's error. Made at the edge, untrusted by the node. */
  readonly tree: Uint8Array;
}

export interface Column {
  readonly name: string;
  readonly type: string;
  /** Of a type that CREATE TYPE made, with all that is known of it (sql/enum-type.ts). */
  readonly made?: string;
}

/** Where the rows of a result lie: the tid of each (block · 65536 + slot), −1 for a row that is none of the table's. */
export interface RowOrigin {
  readonly relation: number;
  /** WAL-22: what the reader saw. */
  readonly readPoint: number;
  readonly tids: readonly number[];
}

/** Tag of a statement whose request was committed before (FENCE-43): what it gave then is not kept. */
export const REPLAYED = 'REPLAYED';

/** One statement's outcome as a person sees it. Values are PostgreSQL text form. */
export type StatementResult =
  | {
      readonly kind: 'rows';
      readonly tag: string;
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly (string | null)[])[];
      /** Null when the rows are computed, not read (aggregates, constants). */
      readonly origin: RowOrigin | null;
    }
  | { readonly kind: 'done'; readonly tag: string }
  | {
      readonly kind: 'error';
      readonly sqlstate: string;
      readonly message: string;
      readonly position: number | null;
      /** Of an error about a constraint. */
      readonly about?: { readonly detail: string; readonly table: string };
    };

/** The answer to a client request. `unknown`: it may or may not have been applied, never guessed. */
export interface ClientResult {
  readonly outcome: 'ok' | 'error' | 'unknown';
  readonly statements: readonly StatementResult[];
  /** SCN of the last commit it made, or −1. */
  readonly scn: number;
  /** Of a read of several volumes (PCS-56): the node that gathered it, and where each volume was read. */
  readonly readAt?: ReadAt;
}

export interface ReadAt {
  readonly node: NodeId;
  readonly points: readonly { readonly volume: string; readonly readPoint: number }[];
}
