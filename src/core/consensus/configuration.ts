// Raft configurations: voters, the outgoing voters of joint consensus, learners (docs/spec/raft.md PCS-22…PCS-26; Raft §6).
// Pure functions. A member id is never used again: who lost its disk, or was removed, comes back under a new one.

import { hasQuorumInEverySet, valueAtQuorum } from '../quorum/quorum.ts';

declare const brand: unique symbol;
/** A member of one Raft group, a positive integer. The caller maps nodes to members. */
export type MemberId = number & { readonly [brand]: 'MemberId' };
export const memberId = (value: number): MemberId => value as MemberId;

export interface Configuration {
  /** The voters; while joint, those of Cnew. */
  readonly voters: readonly MemberId[];
  /** The voters of Cold while joint, else empty. */
  readonly outgoing: readonly MemberId[];
  /** Receive the log and count nowhere. One that is in `outgoing` too votes there until the joint phase ends. */
  readonly learners: readonly MemberId[];
}

export const noMembers: Configuration = { voters: [], outgoing: [], learners: [] };

export const isJoint = (c: Configuration): boolean => c.outgoing.length > 0;

/** Whoever is asked for a vote: the voters of both halves, ascending. */
export const votersOf = (c: Configuration): MemberId[] => union(c.voters, c.outgoing);
/** Whoever receives the log, ascending. */
export const membersOf = (c: Configuration): MemberId[] => union(votersOf(c), c.learners);
export const isVoter = (c: Configuration, id: MemberId): boolean =>
  c.voters.includes(id) || c.outgoing.includes(id);

function union(a: readonly MemberId[], b: readonly MemberId[]): MemberId[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

/** The sets that each need a majority (PCS-24). Nobody, where there is no configuration: then there is no quorum. */
const setsOf = (c: Configuration): (readonly MemberId[])[] =>
  isJoint(c) ? [c.voters, c.outgoing] : [c.voters];

/** True when a majority of every set says yes. */
export const hasQuorum = (c: Configuration, says: (id: MemberId) => boolean): boolean =>
  hasQuorumInEverySet(setsOf(c), 'majority', says);

/** The highest value that a majority of every set has reached: the commit rule and the confirmation of rounds. */
export const quorumValue = (c: Configuration, reached: (id: MemberId) => number): number =>
  valueAtQuorum(setsOf(c), 'majority', reached, 0);

/** The target of a membership change: both lists as they shall be. */
export interface Members {
  readonly voters: readonly MemberId[];
  readonly learners: readonly MemberId[];
}

/** The configuration without `out`. */
export const without = ({ voters, learners }: Configuration, out: readonly MemberId[]): Members => ({
  voters: voters.filter((member) => !out.includes(member)),
  learners: learners.filter((member) => !out.includes(member)),
});

/** `learner` comes in; learners of its node before, among `own`, go. */
export const withLearner = (config: Configuration, own: readonly MemberId[], learner: MemberId): Members => ({
  voters: config.voters,
  learners: [...without(config, own).learners, learner],
});

/** `voter`, a learner until now, votes in place of `out`: itself as a learner, and whoever it comes for. */
export function withVoter(config: Configuration, out: readonly MemberId[], voter: MemberId): Members {
  const { voters, learners } = without(config, out);
  return { voters: [...voters, voter], learners };
}

export type MembersFault = 'BAD_MEMBERS' | 'NOT_LEARNER';

/** What is wrong with a target. A new voter must have been a learner (PCS-26). */
export function checkMembers(
  current: Configuration,
  target: Members,
  maxMembers: number,
): MembersFault | null {
  const all = [...target.voters, ...target.learners];
  if (target.voters.length === 0 || all.length > maxMembers) return 'BAD_MEMBERS';
  if (new Set(all).size !== all.length || all.some((id) => !Number.isSafeInteger(id) || id < 1))
    return 'BAD_MEMBERS';
  const known = (id: MemberId): boolean => current.voters.includes(id) || current.learners.includes(id);
  return target.voters.every(known) ? null : 'NOT_LEARNER';
}

/** The next configuration towards `target`: joint if voters differ, at once if only learners do. */
export function towards(current: Configuration, target: Members): Configuration {
  const voters = target.voters.toSorted((a, b) => a - b);
  const learners = target.learners.toSorted((a, b) => a - b);
  const isSame = voters.length === current.voters.length && voters.every((id) => current.voters.includes(id));
  return { voters, outgoing: isSame ? [] : [...current.voters], learners };
}

/** Cnew after Cold,new. */
export const leaveJoint = (c: Configuration): Configuration => ({ ...c, outgoing: [] });
