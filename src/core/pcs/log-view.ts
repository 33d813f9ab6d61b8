// The metadata's Raft log as a member has it, and the metadata as of two of its entries (docs/spec/raft.md, pcs.md PCS-32): what the PCS
// lens draws. Pure, and computed only where it is asked for. A version is an entry of the log: the newest one is what the member
// holds, an older one what the entries from the snapshot on make of it.

import type { NodeId, Time } from '../../base/ids.ts';
import type { MemberId } from '../consensus/configuration.ts';
import { nodeOfMember } from '../consensus/identities.ts';
import { currentConfig, currentConfigIndex, lastTerm } from '../consensus/raft-log.ts';
import { contactEndsAt } from '../consensus/raft-state.ts';
import type { Entry, Progress, Raft } from '../consensus/raft-types.ts';
import type { ViewParams } from '../kernel/view-params.ts';
import { applyMeta, initialContent } from './apply-meta.ts';
import { type ContentRow, contentRows, fieldsLine } from './content-rows.ts';
import { decodeOperation, type MetaContent, openContent } from './meta-content.ts';
import type { MetaState } from './meta-state.ts';

/** `kind`: of the operation that it carries, else `empty` or `config`. */
export interface EntryView {
  readonly index: number;
  readonly term: number;
  readonly kind: string;
  readonly text: string;
}

/** What the leader knows of another member, and what it asks of it next. */
export interface ProgressView {
  readonly node: NodeId;
  readonly state: Progress['state'];
  readonly match: number;
  readonly next: number;
  readonly inflight: number;
  /** It has answered the leader within the last election timeout (PCS-14). */
  readonly isActive: boolean;
}

export interface LogView {
  /** While it asks for votes, its own among them. */
  readonly votes: readonly { readonly node: NodeId; readonly granted: boolean }[];
  readonly lastTerm: number;
  /** Entries up to `index` are in the newest snapshot; 0: there is none. */
  readonly snapshot: { readonly index: number; readonly term: number };
  /** The configuration in force, committed or not (PCS-22). `outgoing`: the old voters while it is joint. */
  readonly config: {
    readonly index: number;
    readonly voters: readonly NodeId[];
    readonly outgoing: readonly NodeId[];
    readonly learners: readonly NodeId[];
  };
  /** The newest entries. */
  readonly entries: readonly EntryView[];
  readonly progress: readonly ProgressView[];
  readonly transferTo: NodeId | null;
  /** Until it stands for election, or as leader checks its quorum. */
  readonly timeoutUs: number;
  /** As leader: entries proposed and not applied, questions not answered. */
  readonly pending: number;
  readonly queries: number;
  /** The other nodes as their heartbeats say, while it leads. */
  readonly beats: readonly { readonly node: NodeId; readonly boot: number; readonly ageUs: number }[];
}

/** The metadata once the entry at `index` was applied; `entry`: null where only the snapshot has it. */
export interface VersionView {
  readonly index: number;
  readonly entry: EntryView | null;
  readonly rows: readonly ContentRow[];
}

/** Versions that can be shown reach from `first` to what is applied. */
export interface VersionsView {
  readonly first: number;
  readonly at: VersionView;
  readonly base: VersionView;
}

type VersionsWanted = NonNullable<ViewParams['metadata']>;

/** Entries that are listed. */
const LISTED = 96;
/** Letters of an entry's fields. */
const LETTERS = 160;
/** Who asked is said first; the numbers of a request are not of interest. */
const unsaid = ['kind', 'boot', 'reqId'];

function entryView(entry: Entry, pcs: readonly NodeId[]): EntryView {
  const { index, term } = entry;
  if (entry.kind === 'data') {
    const decoded = decodeOperation(entry.data);
    if (!decoded.ok) return { index, term, kind: 'data', text: '' };
    return {
      index,
      term,
      kind: decoded.value.kind,
      text: fieldsLine(decoded.value, unsaid).slice(0, LETTERS),
    };
  }
  if (entry.kind === 'empty') return { index, term, kind: 'empty', text: '' };
  const { voters, outgoing, learners } = entry.config;
  const text = [voters, outgoing, learners].map((some) => namesOf(pcs, some).join(', ')).filter(Boolean);
  return { index, term, kind: 'config', text: text.join(' | ') };
}

const namesOf = (pcs: readonly NodeId[], members: readonly MemberId[]): NodeId[] =>
  members.flatMap((member) => nodeOfMember(pcs, member) ?? []);

/** Null: the member does not run yet. */
export function logView(state: MetaState, now: Time): LogView | null {
  const { log, pcs, pending, queries, beats } = state;
  const { raft } = log;
  if (raft === null) return null;
  const { snapshot, votes, leadership, clock, role } = raft;
  const { voters, outgoing, learners } = currentConfig(raft.log);
  const name = (member: MemberId): readonly NodeId[] => namesOf(pcs, [member]);
  const isAsking = role === 'candidate' || role === 'preCandidate';
  return {
    votes: isAsking
      ? [...votes].flatMap(([member, granted]) => name(member).map((node) => ({ node, granted })))
      : [],
    lastTerm: lastTerm(raft.log),
    snapshot: { index: snapshot?.index ?? 0, term: snapshot?.term ?? 0 },
    config: {
      index: currentConfigIndex(raft.log),
      voters: namesOf(pcs, voters),
      outgoing: namesOf(pcs, outgoing),
      learners: namesOf(pcs, learners),
    },
    entries: raft.log.entries.slice(-LISTED).map((entry) => entryView(entry, pcs)),
    progress: [...(leadership?.progress ?? [])]
      .filter(([member]) => member !== raft.config.self)
      .flatMap(([member, { state: sending, match, next, inflight, answeredAt }]) =>
        name(member).map((node) => ({
          node,
          state: sending,
          match,
          next,
          inflight: inflight.length,
          isActive: now - answeredAt < raft.config.timing.electionMaxUs,
        })),
      ),
    transferTo: leadership?.transferTo == null ? null : nodeOfMember(pcs, leadership.transferTo),
    timeoutUs: Math.max(0, (leadership === null ? clock.electionAt : contactEndsAt(raft, leadership)) - now),
    pending: pending.length,
    queries: queries.size,
    beats: [...beats].map(([node, { boot, at }]) => ({ node, boot, ageUs: Math.max(0, now - at) })),
  };
}

const rowsOf = (content: MetaContent): readonly ContentRow[] =>
  contentRows(content, 'cluster', ['applied', 'sum']);

/** Null: it is not this member's metadata that is looked at, or there is none yet. */
export function versionsView(state: MetaState, wanted: VersionsWanted): VersionsView | null {
  const { raft } = state.log;
  if (raft === null || wanted.node !== state.nodeId || state.isCorrupt) return null;
  const { applied } = state.content;
  const first = Math.min(applied, raft.snapshot?.index ?? 0);
  const within = (index: number): number => Math.max(first, Math.min(applied, index));
  const at = within(wanted.at ?? applied);
  const base = within(wanted.base ?? at - 1);
  const replay = replayer(state, raft);
  // From the lower to the higher: the entries are applied once.
  const low = versionView(state, raft, replay, Math.min(at, base));
  const high = at === base ? low : versionView(state, raft, replay, Math.max(at, base));
  return { first, at: at >= base ? high : low, base: at >= base ? low : high };
}

type Replay = (index: number) => MetaContent;

/** Metadata as of the snapshot, then as of entries in ascending order. */
function replayer(state: MetaState, raft: Raft): Replay {
  const opened = raft.snapshot === null ? null : openContent(raft.snapshot.bytes);
  const content = opened?.ok === true ? opened.value : initialContent(state.config.cluster);
  return (index) => {
    for (const entry of raft.log.entries) {
      if (entry.index <= content.applied || entry.index > index) continue;
      content.applied = entry.index;
      if (entry.kind === 'config') content.config = entry.config;
      if (entry.kind !== 'data') continue;
      const decoded = decodeOperation(entry.data);
      if (decoded.ok) applyMeta(content, decoded.value);
    }
    return content;
  };
}

function versionView(state: MetaState, raft: Raft, replay: Replay, index: number): VersionView {
  const content = index === state.content.applied ? state.content : replay(index);
  const entry = raft.log.entries.find((one) => one.index === index);
  return { index, entry: entry === undefined ? null : entryView(entry, state.pcs), rows: rowsOf(content) };
}
