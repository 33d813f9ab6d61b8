// What `postdb-lab/testing` offers, as types: they name nothing of the lab's own, so that they are what a program outside is given.

export interface ClusterOptions {
  /** `cynosdb` if none is named. */
  readonly preset?: string;
  /** In place of `preset`: a preset with other settings, or a whole tape, whose actions are done as well. */
  readonly cluster?: string | ClusterSettings;
  /** Everything that is drawn is drawn from it. 1 if none is given; of `cluster` its own. */
  readonly seed?: number;
  /**
   * How virtual time goes (docs/clients.md, Time). `asked`, if none is named: while a statement is open, at full speed, and with the wall's
   * clock while all that are open only wait for a lock of a client that thinks. `hold`: it stands in such a wait, so that the run does
   * not depend on how long that client thinks.
   */
  readonly pace?: 'asked' | 'hold' | 'max';
}

export interface ClusterSettings {
  readonly preset: string;
  /** As on a tape: `demo`, … */
  readonly profile?: string;
  /** Parameters of the cluster by name, as on a tape (`{ bufferPages: 36 }`). */
  readonly set?: Readonly<Record<string, number>>;
  /** Bugs planted in its protocols, by name (docs/planted-bugs.md). */
  readonly broken?: readonly string[];
}

export interface FaultOptions {
  /** How long it lasts, virtual ms; without it until it is ended. */
  readonly forMs?: number;
  /** Virtual ms from now; without it at once. */
  readonly inMs?: number;
}

/** One statement's outcome as the client was answered; values are PostgreSQL's texts. */
export type SeenResult =
  | {
      readonly kind: 'rows';
      readonly tag: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly (string | null)[])[];
    }
  | { readonly kind: 'done'; readonly tag: string }
  | { readonly kind: 'error'; readonly sqlstate: string; readonly message: string };

/** A request of a client: one text, with the answer that came, if one came. */
export interface SeenCall {
  readonly session: string;
  /** `application_name` of its connection. */
  readonly program: string;
  readonly text: string;
  readonly params: readonly (string | null)[];
  /** Virtual ms. */
  readonly calledMs: number;
  /** Null: no answer came. */
  readonly returnedMs: number | null;
  /** `unknown`: it may have been applied. */
  readonly outcome: 'ok' | 'error' | 'unknown';
  readonly results: readonly SeenResult[];
}

export interface HistoryReport {
  /** Rules of the protocols that the run has violated, as sentences. */
  readonly violations: readonly string[];
  /** Rows of single keys that cannot be put in one order that every client saw. */
  readonly linearizability: readonly string[];
  /** Cycles of transactions that their isolation levels exclude. */
  readonly isolation: readonly string[];
  /** The gravest anomaly whatever the levels: what a serial execution would not have shown (a lost update, write skew …); null: none. */
  readonly anomaly: string | null;
  /** How much could be judged: a check of nothing finds nothing. */
  readonly judged: { readonly transactions: number; readonly registers: number; readonly reads: number };
  /** Columns (`table.column`), tables (`table.*`) or all (`*`) of which the statements do not say what they wrote. */
  readonly notJudged: readonly string[];
}

export interface TestCluster {
  /** Of the database `lab`, where the driver decides. */
  readonly connectionString: string;
  /** `rw`, `ro`, a reader's name, `d2` … */
  connectionStringOf(database: string): string;
  crash(node: string, options?: FaultOptions): void;
  restart(node: string, options?: Pick<FaultOptions, 'inMs'>): void;
  /** `rw-1 | store-1` both ways, `rw-1 > d1` one way. */
  cut(link: string, options?: FaultOptions): void;
  /** Without a link: every fault of every link ends. */
  heal(link?: string): void;
  /** A line of a tape without its time (`diskSlow store-2 400`), now or in so many virtual ms. Throws what is wrong with it. */
  act(line: string, inMs?: number): void;
  /** Lets virtual time pass: nobody has to ask anything meanwhile. */
  run(ms: number): void;
  /** Once, when the writers have acknowledged n more commits: the answer of the n-th is still on its way. */
  onCommit(n: number, then: () => void): void;
  /** Once, when the condition holds, in the words of the lab's *Run until* (`VDL(v1) >= 1000`, `hole.open at store-3`). */
  when(condition: string, then: () => void): void;
  /** From 0 to 1, drawn from the seed: what a test chooses by it is chosen again by the same seed. */
  random(): number;
  /** Virtual ms since the cluster began. */
  now(): number;
  /** Commits that the writers have acknowledged so far. */
  commits(): number;
  /** All that clients asked so far, in the order in which it came. */
  history(): readonly SeenCall[];
  /** Holds that against isolation and linearizability, and the run against the rules of its protocols. */
  check(): HistoryReport;
  /** The run so far, as a tape that plays the same again. */
  tape(): string;
  /** A link that shows the run in the lab. `lab`: where one is served; POSTDB_LAB_ADDRESS, or the address of `npm start`. */
  link(lab?: string): string;
  /** Ends the connections and the address; the tape. Throws what a callback has thrown, or an internal error of the cluster. */
  stop(): Promise<string>;
}
