// The safety properties of Figure 3 of the Raft paper, over what the explorer or a random world has seen so far: election safety,
// log matching, leader completeness, state machine safety. They look at logs and facts, and share no rule with what they check.

import type { Entry, Fact, Raft } from '../raft-types.ts';

/** What has been elected and committed up to here: plain data, part of a world. */
export interface History {
  /** term → who was elected in it. */
  readonly leaders: readonly (readonly [term: number, member: number])[];
  /** Of each committed index from 1 on: the entry, and the term of the leader that committed it. */
  readonly committed: readonly (readonly [entry: string, term: number])[];
}

export const noHistory: History = { leaders: [], committed: [] };

export interface Checked {
  readonly history: History;
  readonly violation: string | null;
}

const entryAt = ({ log }: Raft, index: number): Entry | undefined => log.entries[index - log.baseIndex - 1];

/** After a step of `raft`: its facts and its commit index against the past and against the other members. */
export function checkStep(
  history: History,
  raft: Raft,
  commitBefore: number,
  facts: readonly Fact[],
  others: readonly Raft[],
  keyOf: (entry: Entry) => string,
): Checked {
  let { leaders, committed } = history;
  const self = raft.config.self;
  for (const fact of facts) {
    if (fact.kind !== 'role' || fact.role !== 'leader') continue;
    const other = leaders.find(([term, member]) => term === fact.term && member !== self);
    if (other !== undefined)
      return { history, violation: `election safety: ${other[1]} and ${self} lead term ${fact.term}` };
    if (!leaders.some(([term]) => term === fact.term)) leaders = [...leaders, [fact.term, self]];
    const lost = findLost(raft, committed, fact.term, keyOf);
    if (lost !== null)
      return { history, violation: `leader completeness: ${self} leads term ${fact.term} without ${lost}` };
  }
  for (let index = commitBefore + 1; index <= raft.commit; index++) {
    const entry = entryAt(raft, index);
    if (entry === undefined) continue;
    const key = keyOf(entry);
    const [before] = committed[index - 1] ?? [key];
    if (before !== key)
      return {
        history,
        violation: `state machine safety: index ${index} is ${before}, and ${key} at ${self}`,
      };
    if (index === committed.length + 1) committed = [...committed, [key, raft.term]];
  }
  for (const other of others) {
    const lost = other.role === 'leader' ? findLost(other, committed, other.term, keyOf) : null;
    if (lost !== null)
      return {
        history,
        violation: `leader completeness: ${other.config.self} leads term ${other.term} without ${lost}`,
      };
  }
  const isSame = leaders === history.leaders && committed === history.committed;
  return { history: isSame ? history : { leaders, committed }, violation: null };
}

function findLost(
  leader: Raft,
  committed: History['committed'],
  term: number,
  keyOf: (entry: Entry) => string,
): string | null {
  for (const [at, [key, committedIn]] of committed.entries()) {
    const index = at + 1;
    if (committedIn >= term || index <= leader.log.baseIndex) continue;
    const entry = entryAt(leader, index);
    if (entry === undefined || keyOf(entry) !== key) return `${index} = ${key}`;
  }
  return null;
}

/** Log matching: entries of one index and term are the same entry, and so is all before them. */
export function checkMatching(a: Raft, b: Raft, keyOf: (entry: Entry) => string): string | null {
  const first = Math.max(a.log.baseIndex, b.log.baseIndex) + 1;
  const last = Math.min(a.log.baseIndex + a.log.entries.length, b.log.baseIndex + b.log.entries.length);
  let agrees = false;
  for (let index = last; index >= first; index--) {
    const [x, y] = [entryAt(a, index), entryAt(b, index)];
    if (x === undefined || y === undefined) continue;
    if (x.term === y.term) agrees = true;
    if (agrees && keyOf(x) !== keyOf(y))
      return `log matching: ${index} is ${keyOf(x)} at ${a.config.self}, ${keyOf(y)} at ${b.config.self}`;
  }
  return null;
}
