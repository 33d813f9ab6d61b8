// Monitors of the metadata's Raft log (docs/spec/raft.md), from what its members trace: one leader a term, logs that match, commits
// that a majority has on disk, and a state machine that is the same on every member and answers no question from the past.

import { type ClusterModule, expectRule, type Monitors } from './monitor.ts';

export const metadataLogRules = {
  'raft.one-leader': { ids: ['PCS-9'], source: 'Raft §5.2', lens: 'pcs' },
  'raft.commit-rule': {
    ids: ['PCS-15', 'PCS-16', 'PCS-102'],
    source: 'Raft §5.4',
    lens: 'pcs',
  },
  'raft.log-matching': {
    ids: ['PCS-17'],
    source: 'Raft §5.3',
    lens: 'pcs',
  },
  'raft.joint': {
    ids: ['PCS-24'],
    source: 'Raft §6; Thesis 4.2.1',
    lens: 'pcs',
  },
  'pcs.model': {
    ids: ['PCS-32'],
    source: 'Raft §5.4.3',
    lens: 'pcs',
  },
  'pcs.read-fresh': {
    ids: ['PCS-20', 'PCS-21'],
    source: 'Thesis 6.4',
    lens: 'pcs',
  },
} as const;

/** Terms of a member's durable log, from `first` on. */
interface DurableLog {
  first: number;
  terms: number[];
}

interface MetadataLog {
  readonly leaders: Map<number, string>;
  /** By index and term: checksum of the entry, and the term of the one before it. */
  readonly entries: Map<string, { sum: number; before: number | null }>;
  /** By the names of members. */
  readonly logs: Map<string, DurableLog>;
  /** As which member each node runs. */
  readonly as: Map<string, string>;
  readonly voters: Map<string, Members>;
  /** Nodes that lead, as far as they know. */
  readonly leading: Set<string>;
  /** The highest index that a leader committed, and the entry's term. */
  committed: { index: number; term: number };
  readonly sums: Map<number, number>;
  /** By node: the highest index that its present life has applied. */
  readonly applied: Map<string, number>;
  /** The highest index that a leader applied. */
  reported: number;
  /** Questions: what was committed when they came. */
  readonly asked: Map<string, number>;
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof metadataLogRules> {}
  interface ClusterStates {
    metadataLog: MetadataLog;
  }
}

/**
 * A leader traces what an entry did before it applies the next one. One that thaws may apply what was committed before it was
 * deposed; its trace is late when a leader has applied more by then, and says nothing of the present.
 */
export function isLate({ metadataLog: state }: Monitors, node: string): boolean {
  const applied = state.applied.get(node);
  return applied !== undefined && applied < state.reported && !isAlone(state, node);
}

const termAt = (log: DurableLog | undefined, index: number): number | null =>
  log?.terms[index - log.first] ?? null;

const nameOf = ({ as }: MetadataLog, node: string): string => as.get(node) ?? node;
const logOf = (state: MetadataLog, node: string): DurableLog | undefined =>
  state.logs.get(nameOf(state, node));

/** It is the only member, which traces no events of its log (PCS-102). */
function isAlone(state: MetadataLog, node: string): boolean {
  const config = state.voters.get(node);
  return config?.outgoing.length === 0 && isSame(config.voters, [nameOf(state, node)]);
}

interface Members {
  readonly index: number;
  readonly voters: readonly string[];
  readonly outgoing: readonly string[];
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name) => b.includes(name));

/** The voters stay, the change begins with those before as the outgoing ones, or it ends with those it has begun with. */
const isStep = (before: Members, now: Members): boolean =>
  now.outgoing.length === 0 ? isSame(before.voters, now.voters) : isSame(before.voters, now.outgoing);

const namesIn = (text: string): string[] => (text === '' ? [] : text.split(','));

/** Entries that a member has on disk from `first` on. */
function takeEntries(
  c: Parameters<typeof expectRule>[0],
  state: MetadataLog,
  log: DurableLog,
  first: number,
  terms: readonly number[],
  sums: readonly number[],
): void {
  log.terms.length = Math.max(0, Math.min(log.terms.length, first - log.first));
  if (log.terms.length === 0) log.first = first;
  for (const [i, term] of terms.entries()) {
    const index = first + i;
    const before = termAt(log, index - 1);
    const sum = sums[i] ?? 0;
    const known = state.entries.get(`${index}/${term}`);
    const isSame =
      known === undefined ||
      (known.sum === sum && (known.before === null || before === null || known.before === before));
    expectRule(
      c,
      'raft.log-matching',
      isSame,
      () => `entry ${index} of term ${term} differs from another log's`,
    );
    if (known === undefined) state.entries.set(`${index}/${term}`, { sum, before });
    else known.before ??= before;
    log.terms[index - log.first] = term;
  }
}

/**
 * The term of the entry that a leader says it commits. A leader's own by PCS-16, but a member that is alone commits what its disk holds
 * (PCS-102).
 */
function committedTerm(state: MetadataLog, leader: string, index: number, term: number): number | null {
  return isAlone(state, leader) ? termAt(logOf(state, leader), index) : term;
}

/** A majority of each set has the entry on disk. */
function isOnMajority(state: MetadataLog, leader: string, index: number, term: number): boolean {
  const config = state.voters.get(leader);
  if (config === undefined) return true;
  const has = (node: string): boolean => termAt(state.logs.get(node), index) === term;
  return [config.voters, config.outgoing]
    .filter((set) => set.length > 0)
    .every((set) => set.filter(has).length * 2 > set.length);
}

export const metadataLog: ClusterModule<'metadataLog'> = {
  scope: 'cluster',
  name: 'metadataLog',
  rules: metadataLogRules,
  make: () => ({
    leaders: new Map(),
    entries: new Map(),
    logs: new Map(),
    as: new Map(),
    voters: new Map(),
    leading: new Set(),
    committed: { index: 0, term: 0 },
    sums: new Map(),
    applied: new Map(),
    reported: 0,
    asked: new Map(),
  }),
  observe: {
    'raft.open': (c, { metadataLog: state }, { as, first, terms, sums, base }) => {
      const log: DurableLog = first > 1 ? { first: first - 1, terms: [base] } : { first, terms: [] };
      state.as.set(c.node, as);
      state.logs.set(as, log);
      state.applied.set(c.node, first - 1);
      takeEntries(c, state, log, first, terms, sums);
    },
    'raft.durable': (c, { metadataLog: state }, { first, terms, sums }) => {
      const log = logOf(state, c.node);
      if (log) takeEntries(c, state, log, first, terms, sums);
    },
    'raft.members': (c, { metadataLog: state }, { index, voters, outgoing }) => {
      const before = state.voters.get(c.node);
      const now = { index, voters: namesIn(voters), outgoing: namesIn(outgoing) };
      state.voters.set(c.node, now);
      if (before === undefined || index <= before.index || !state.leading.has(c.node)) return;
      expectRule(
        c,
        'raft.joint',
        isStep(before, now),
        () => `configuration ${index}: ${voters} | ${outgoing} after ${before.voters}`,
      );
    },
    'raft.follower': (c, { metadataLog: state }) => void state.leading.delete(c.node),
    'node.down': (c, { metadataLog: state }) => void state.leading.delete(c.node),
    'raft.snapshot': (c, { metadataLog: state }, { index, what }) => {
      if (what !== 'installed') return;
      state.logs.set(nameOf(state, c.node), { first: index + 1, terms: [] });
      state.applied.set(c.node, index);
    },
    'raft.leader': (c, { metadataLog: state }, { term }) => {
      state.leading.add(c.node);
      const other = state.leaders.get(term);
      expectRule(
        c,
        'raft.one-leader',
        other === undefined || other === c.node,
        () => `${other} leads term ${term}, too`,
      );
      state.leaders.set(term, c.node);
      const { index, term: of } = state.committed;
      const log = logOf(state, c.node);
      const found = termAt(log, index);
      const holds = index === 0 || log === undefined || index < log.first || found === of;
      expectRule(
        c,
        'raft.commit-rule',
        holds,
        () => `leads term ${term} without entry ${index} of term ${of}`,
      );
    },
    'raft.commit': (c, { metadataLog: state }, { index, term, leads }) => {
      if (!leads) return;
      const of = committedTerm(state, c.node, index, term);
      expectRule(
        c,
        'raft.commit-rule',
        of !== null && isOnMajority(state, c.node, index, of),
        () => `commits ${index} in term ${term} without a majority that has it`,
      );
      if (of !== null && index > state.committed.index) state.committed = { index, term: of };
    },
    'pcs.apply': (c, { metadataLog: state }, { index, sum }) => {
      const known = state.sums.get(index);
      expectRule(
        c,
        'pcs.model',
        known === undefined || known === sum,
        () => `entry ${index} leads to another state here`,
      );
      if (known === undefined) state.sums.set(index, sum);
      state.applied.set(c.node, index);
      if (state.leading.has(c.node)) state.reported = Math.max(state.reported, index);
    },
    'pcs.ask': (c, { metadataLog: state }, { id }) => {
      state.asked.set(`${c.node}/${id}`, state.committed.index);
    },
    'pcs.answer': (c, { metadataLog: state }, { id, applied }) => {
      const then = state.asked.get(`${c.node}/${id}`);
      state.asked.delete(`${c.node}/${id}`);
      if (then === undefined) return;
      expectRule(
        c,
        'pcs.read-fresh',
        applied >= then,
        () => `answers as of ${applied}, when ${then} was committed`,
      );
    },
  },
};
