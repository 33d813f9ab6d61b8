// What parts of the screen say of the state at the instant that they show, as data: figures on cards, what a node is, the status
// line, waits with their causes, recovery times. `sim says` holds each against the run (judge-standings.ts).

import type { OutageFrame } from '../outage-frame.ts';

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
  /** Recovery times. */
  readonly outage: Pick<
    OutageFrame,
    'volume' | 'writer' | 'since' | 'from' | 'openedAt' | 'firstCommitAt'
  > & { readonly token: number };
}

export type StandingKind = keyof Standings;
export type StandingOf<K extends StandingKind> = { [P in K]: { readonly kind: P } & Standings[P] }[K];
export type Standing = StandingOf<StandingKind>;
