// What the screen says, as data: a claim names its subject and its values, and words are made from it (ui/story/claim-words.ts).
// `sim says` holds each claim against the trace and the state of its instant (judge-claims.ts).

/** Watermarks, by the name of their event without `mark.`; those of a replica or a group, of a writer's volume. */
export type Mark = 'vdl' | 'vcl' | 'pgcl' | 'scl' | 'pgmrpl';

/** An event that a claim rests on, by its place in the run. */
export interface Ground {
  readonly index: number;
  readonly kind: string;
}

interface Claims {
  /** A watermark of one volume, or of one group, moved; of one replica where it is SCL. `of`: that volume or group. */
  readonly advanced: {
    readonly mark: Mark;
    readonly of: string;
    readonly node: string;
    readonly from: number;
    readonly to: number;
  };
  /** What a node holds for true that another writer's term has passed: no fact of the volume. */
  readonly believes: {
    readonly mark: Mark;
    readonly of: string;
    readonly node: string;
    readonly to: number;
    readonly term: number;
    readonly newest: number;
  };
  /** A commit, the last of `commits`, lies on at least `copies` of the `of` copies of its group. */
  readonly durable: {
    readonly volume: string;
    readonly lsn: number;
    readonly copies: number;
    readonly of: number;
    readonly commits: number;
    /** Copies that the writer does not reach, and why; empty: none. */
    readonly writer: string;
    readonly without: readonly string[];
    readonly how: 'down' | 'cut';
    /** Its quorum was lost before, and is back. */
    readonly isBack: boolean;
  };
  /** Fewer copies of a group than a write needs can be reached by its writer, by an action on `cause`. */
  readonly quorumLost: {
    readonly group: string;
    readonly writer: string;
    readonly reached: number;
    readonly of: number;
    readonly need: number;
    readonly by: 'cut' | 'crash';
    readonly cause: string;
  };
  /** A replica has the records back that it missed, from these peers; `commits`: acknowledged meanwhile. */
  readonly healed: {
    readonly node: string;
    readonly records: number;
    readonly from: readonly string[];
    readonly commits: number;
  };
  /**
   * A volume is open; `acked`: the last acknowledged commit of it, which is in it, or -1. `handedOver`: the writer before handed it over,
   * with all that it had allocated durable up to this LSN (FENCE-33), so nothing is discarded; null: it was lost, and what it had not
   * acknowledged may be gone.
   */
  readonly recovered: {
    readonly volume: string;
    readonly token: number;
    readonly vdl: number;
    readonly acked: number;
    readonly handedOver: { readonly writer: string; readonly lsn: number } | null;
  };
  /** The metadata's word on who writes a volume. */
  readonly appointed: {
    readonly volume: string;
    readonly writer: string;
    readonly token: number;
    readonly state: string;
  };
  readonly granted: { readonly volume: string; readonly holder: string; readonly token: number };
  /** Replicas of one volume, the last of them `node`, that wrote a token to disk. */
  readonly installed: {
    readonly node: string;
    readonly group: string;
    readonly replicas: number;
    readonly token: number;
  };
  /** What one event, or several of a kind, say by their fields: a key of the texts with its parameters. */
  readonly happened: {
    readonly key: string;
    readonly params: Readonly<Record<string, string | number>>;
  };
}

export type ClaimKind = keyof Claims;
/** What is concluded from events, without what their fields say by themselves. */
export type Conclusion = {
  [P in Exclude<ClaimKind, 'happened'>]: { readonly kind: P } & Claims[P];
}[Exclude<ClaimKind, 'happened'>];
/** With the events that it rests on, the newest last. */
export type ClaimOf<K extends ClaimKind> = {
  [P in K]: { readonly kind: P; readonly grounds: readonly Ground[] } & Claims[P];
}[K];
export type Claim = ClaimOf<ClaimKind>;
