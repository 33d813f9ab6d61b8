// What a run did, window by window, as sizes only: what null nodes repeat to show what the browser itself costs.

/** One node's part of a window. */
export interface Part {
  /** Index into `Schedule.nodes`. */
  readonly node: number;
  /** Bytes of each message it was given, and of each it sent. */
  readonly received: readonly number[];
  readonly sent: readonly number[];
  /** What it committed: the last write of each key, null for a deletion. Empty: no transaction. */
  readonly writes: readonly (readonly [key: string, bytes: number | null])[];
}

export interface Schedule {
  readonly nodes: readonly string[];
  readonly windows: readonly (readonly Part[])[];
  /** Commits acknowledged in these windows. */
  readonly commits: number;
}
