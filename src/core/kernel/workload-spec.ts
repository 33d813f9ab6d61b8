// The workloads that a driver can run, as a tape and a preset name them.

export const workloadKindNames = [
  'transfer',
  'tablet-transfer',
  'tpcb',
  'ycsb-a',
  'ycsb-b',
  'ycsb-c',
  'ycsb-d',
  'kv-insert',
  'kv-tables',
  'register',
  'lost-update',
  'write-skew',
  'list-append',
  'append-levels',
  'append-halves',
  'counter',
  'counter-steps',
  'churn',
  'indexed',
  'serial-tables',
] as const;

export type WorkloadKind = (typeof workloadKindNames)[number];

/** A workload of clients inside a driver; rate and concurrency may be changed while it runs. */
export interface WorkloadSpec {
  readonly kind: WorkloadKind;
  /** Rows (accounts, keys) it works on. */
  readonly rows: number;
  /** Closed loop: number of clients. Open loop: limit of statements in flight. */
  readonly clients: number;
  /** Closed loop pause after a reply, virtual µs. */
  readonly thinkUs: number;
  /** Open loop arrivals per virtual second; 0 means closed loop. */
  readonly ratePerSecond: number;
  /** Percentage of point reads where the kind leaves it open. */
  readonly readPercent: number;
  /** Percentage of operations on the first five rows; the rest is uniform (YCSB: zipfian). */
  readonly hotPercent: number;
  /** Bytes of a value where the kind has one. */
  readonly valueBytes: number;
  /** True creates and loads the tables first. */
  readonly load: boolean;
}
