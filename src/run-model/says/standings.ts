// What parts of the screen say of the state at the instant that they show, as data: figures on cards, what a node is, the status
// line, waits with their causes, recovery times, the rows of lenses, violations. `sim says` holds each against the run (judge-standings.ts).

import type { OutageFrame } from '../outages/outage-frame.ts';

interface Standings {
  /** A number on a node's card; `term`: its key in the glossary. `of`: a group or a volume, empty: of the node. */
  readonly figure: {
    readonly node: string;
    readonly role: string;
    readonly term: string;
    readonly label: string;
    readonly of: string;
    readonly value: number;
  };
  /** What a card says that its node is. */
  readonly health: { readonly node: string; readonly is: string };
  /** The status line: nobody has the volume open, since its writer stopped. */
  readonly noWriter: { readonly node: string };
  /** Of each of these tablets nobody is primary. */
  readonly noPrimary: { readonly groups: readonly string[] };
  /** These are down or frozen; commits go on, or that is not said. */
  readonly noAnswer: { readonly nodes: readonly string[]; readonly goesOn: boolean };
  readonly lacks: { readonly node: string; readonly peers: readonly string[] };
  readonly cut: { readonly links: readonly string[]; readonly goesOn: boolean };
  readonly stalled: { readonly commits: number; readonly oldestUs: number };
  readonly steady: { readonly commits: number; readonly vdl: number | null };
  /** What waits cannot go on while these last. */
  readonly blocked: {
    readonly wait: string;
    readonly node: string;
    readonly causes: readonly { readonly kind: string; readonly nodes: readonly string[] }[];
  };
  /** A row of *WAL & holes*: the gaps of a replica's log, each `[first, end)`. */
  readonly copy: {
    readonly node: string;
    readonly group: string;
    readonly scl: number;
    /** Up to here it has no gap; SCL is the last record of the group below it. */
    readonly ncl: number;
    readonly nwl: number;
    readonly holes: readonly (readonly [first: number, last: number])[];
  };
  /** Items of a replica's status list, as far as its window shows them, each up to where the next begins; `sent` of holes. */
  readonly listed: {
    readonly node: string;
    readonly group: string;
    readonly items: readonly {
      readonly lsn: number;
      readonly type: 'data' | 'hole' | 'end';
      readonly sent: boolean | null;
      readonly next: number;
    }[];
  };
  /** Up to where replicas of a group ask for holes, as its writer knows; `from`: minStart of a recovery, null: none runs. */
  readonly fillTo: {
    readonly node: string;
    readonly volume: string;
    readonly group: string;
    readonly token: number;
    readonly from: number | null;
    readonly to: number;
  };
  /** The head of *WAL & holes*, as the writer has it; −1: it does not know. */
  readonly logHead: {
    readonly node: string;
    readonly volume: string;
    readonly group: string;
    readonly vdl: number;
    readonly vcl: number;
    readonly pgcl: number;
    readonly tail: number;
  };
  /** *Members* in *WAL & holes*: members of a group that its writer reaches, and those behind a cut link. */
  readonly reaches: {
    readonly writer: string;
    readonly group: string;
    readonly nodes: readonly string[];
    readonly cut: readonly string[];
  };
  /** A row of the read points in *Storage chains*: those of a node's sessions, the least that it holds, where a new read begins. */
  readonly readPoints: {
    readonly node: string;
    readonly volume: string;
    readonly role: 'writer' | 'reader';
    readonly points: readonly number[];
    readonly mrpl: number;
    readonly newest: number;
  };
  /** PGMRPL there, and the least MRPL that the writer knows of. */
  readonly readFloor: {
    readonly node: string;
    readonly volume: string;
    readonly pgmrpl: number;
    readonly least: number;
  };
  /** Of a page in *Journal to readers*: the LSN of a reader's image (null: none), and the records that it has and has not applied. */
  readonly pageJournal: {
    readonly node: string;
    readonly page: number;
    readonly image: number | null;
    readonly lsns: readonly number[];
  };
  /** A row of *Shard placement*, of the metadata's `memberEpoch` of the group. */
  readonly placed: {
    readonly group: string;
    readonly volume: string;
    readonly leader: string | null;
    readonly term: number;
    readonly memberEpoch: number;
    readonly voters: readonly string[];
    readonly outgoing: readonly string[];
    readonly learners: readonly string[];
  };
  /** A page in *Pages: past and future*: its image at a holder, `storage` or a node; `by`: for whom the stored one is future. */
  readonly image: {
    readonly holder: string;
    readonly page: number;
    readonly lsn: number;
    readonly is: string;
    readonly by: readonly string[];
  };
  /** The head of *Pages: past and future*: what is durable, and the least that the readers have reported. */
  readonly pagesHead: { readonly writer: string; readonly durable: number; readonly gate: number };
  /** *Promotion* in *Pages: past and future*: from where to where background replay runs, how far it is, pages that it and statements had. */
  readonly promotion: {
    readonly node: string;
    readonly token: number;
    readonly redoStart: number;
    readonly endLsn: number;
    readonly bgReplayed: number;
    readonly pages: number;
    readonly isOver: boolean;
  };
  /** A row of *Flush list*: a dirty page, and the readers that hold it back; `order`: oldestLsn of the row above, −1: none. */
  readonly dirtyPage: {
    readonly writer: string;
    readonly page: number;
    readonly order: number;
    readonly oldest: number;
    readonly latest: number;
    readonly by: readonly string[];
  };
  /** A line of *Flush list*: what a reader has reported to the writer. */
  readonly reported: { readonly reader: string; readonly lsn: number };
  /** A row of *LogIndex*: a table, and the LSNs of one page in it. */
  readonly indexTable: {
    readonly node: string;
    readonly table: number;
    readonly isSaved: boolean;
    readonly page: number;
    readonly lsns: readonly number[];
  };
  /** A head of the file system's journal, as a mount has it. */
  readonly journalHead: { readonly node: string; readonly headTx: number };
  /** *Path* in *Shared disk*: the place of a byte of a file: chunk, block of it, and the servers that have the chunk. */
  readonly filePlace: {
    readonly node: string;
    readonly path: string;
    readonly offset: number;
    readonly group: string;
    readonly chunk: number;
    readonly servers: readonly string[];
  };
  /** A read in *Reads*: its tablets, of those that have come who answered at which read point of which volume. */
  readonly gathered: {
    readonly node: string;
    readonly read: number;
    readonly startedAt: number;
    readonly isOver: boolean;
    readonly parts: readonly {
      readonly relation: number;
      readonly from: string | null;
      readonly volume: string;
      readonly readPoint: number;
    }[];
  };
  /** The alert of a violated rule. */
  readonly violated: { readonly rule: string; readonly at: number };
  /** A caption that speaks of a lost quorum stands, and is not marked as over. */
  readonly stands: { readonly writer: string; readonly group: string; readonly isOver: boolean };
  /** Recovery times. */
  readonly outage: Pick<
    OutageFrame,
    'volume' | 'writer' | 'since' | 'from' | 'openedAt' | 'firstCommitAt'
  > & { readonly token: number };
}

export type StandingKind = keyof Standings;
export type StandingOf<K extends StandingKind> = { [P in K]: { readonly kind: P } & Standings[P] }[K];
export type Standing = StandingOf<StandingKind>;
