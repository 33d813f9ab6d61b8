// Before a member of a Raft group runs it asks the others what they know of it (docs/spec/raft.md PCS-104, polarfs.md FS-79): a disk that is empty,
// damaged or older than what they heard of it is not the one that made its promises, and must not vote under its identity.
// What they remember is memory; so a group whose nodes all lost power at once goes by its disks alone.

import type { NodeId, Time } from '../../base/ids.ts';
import type { MemberId } from './configuration.ts';
import type { Message as RaftMessage, Witness } from './raft-types.ts';
import type { JournalRead, OpenedJournal } from './stored.ts';

/** What a node heard of another member of the log: never less than that member has promised it. */
export interface Heard {
  /** Highest boot epoch; messages of an earlier one are dropped (PCS-2). */
  boot: number;
  /** Highest term in which it voted for this node or acknowledged entries, and the highest index that it acknowledged in it. */
  term: number;
  match: number;
}

/** What another member answers: its own term, and what it heard of the one that asks. */
export interface Known {
  readonly term: number;
  readonly heardBoot: number;
  readonly heardTerm: number;
  readonly heardMatch: number;
}

export interface StartupProbe {
  /** Who is asked, and whose answers are waited for. */
  readonly asked: readonly NodeId[];
  readonly peers: readonly NodeId[];
  /** A member whose disk holds its state waits no longer than this. */
  readonly until: Time;
  readonly answers: Map<NodeId, Known>;
}

export const heardOf = (heard: Map<MemberId, Heard>, member: MemberId): Heard => {
  const known = heard.get(member) ?? { boot: 0, term: 0, match: 0 };
  heard.set(member, known);
  return known;
};

/** False: it is of an earlier life of its sender. */
export function hear(heard: Map<MemberId, Heard>, boot: number, message: RaftMessage): boolean {
  const known = heardOf(heard, message.from);
  if (boot < known.boot) return false;
  known.boot = boot;
  const isPromise =
    (message.kind === 'VoteReply' && message.granted) || (message.kind === 'AppendReply' && message.ok);
  if (!isPromise || message.term < known.term) return true;
  const match = message.kind === 'AppendReply' ? message.match : 0;
  known.match = message.term > known.term ? match : Math.max(known.match, match);
  known.term = message.term;
  return true;
}

/** How a member starts: it waits, begins the group with others, goes on from its disk, or has lost the disk that made its promises. */
export type Verdict =
  | { readonly kind: 'wait' }
  | { readonly kind: 'new' }
  | { readonly kind: 'run'; readonly journal: OpenedJournal; readonly witness: Witness | null }
  | { readonly kind: 'empty' };

/** Term of a member that has its first entry and has heard of nothing else (PCS-4). */
const FIRST_TERM = 1;

/**
 * An empty disk is that of a first start only if every other member says that the group has not begun: none has raised its term, so
 * nobody was ever asked for a promise. One that began proves the disk to be a lost one. `mayBegin`: whether the group may be begun
 * with an empty disk (PCS-120); null: nobody has said yet.
 */
export function judge(
  { peers, until, answers }: StartupProbe,
  journal: Exclude<JournalRead, { kind: 'damaged' }>,
  mayBegin: boolean | null,
  now: Time,
): Verdict {
  const known = [...answers.values()];
  const isAnswered = peers.every((peer) => answers.has(peer));
  if (journal.kind === 'new') {
    if (known.some(({ term }) => term > FIRST_TERM)) return { kind: 'empty' };
    if (!isAnswered || mayBegin === null) return { kind: 'wait' };
    return { kind: mayBegin ? 'new' : 'empty' };
  }
  if (now < until && !isAnswered) return { kind: 'wait' };
  const promised = known.map(({ heardBoot, heardTerm, heardMatch }) => ({
    bootEpoch: heardBoot,
    term: heardTerm,
    match: heardMatch,
  }));
  return { kind: 'run', journal, witness: promised.reduce<Witness | null>(greater, null) };
}

const greater = (a: Witness | null, b: Witness): Witness => ({
  bootEpoch: Math.max(a?.bootEpoch ?? 0, b.bootEpoch),
  ...(a !== null && (a.term > b.term || (a.term === b.term && a.match >= b.match))
    ? { term: a.term, match: a.match }
    : { term: b.term, match: b.match }),
});
