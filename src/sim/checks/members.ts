// Monitors of membership (docs/spec/wal.md §10): what the metadata commits and what replicas install, held against the log as
// it truly is; and convergence, which the end of a run asks of the members that there are then.

import type { NodeId, Time } from '../../base/ids.ts';
import { countBefore } from '../../base/sorted.ts';
import { groupTruth, isLostTruth, parseMembers, settledLsn, thinlyHeld, trueScl } from './log-truth.ts';
import { isLate } from './metadata-log.ts';
import { type Check, expectRule, type Group, type GroupModule, SILENT_US, type Volume } from './monitor.ts';

export const memberRules = {
  'member.quorums-meet': {
    ids: ['WAL-21'],
    source: 'A18 §4.1',
    lens: 'wal',
  },
  'member.one-step': {
    ids: ['WAL-62', 'WAL-67', 'WAL-69'],
    source: 'A18 §4.1; D',
    lens: 'wal',
  },
  'member.commit-safe': {
    ids: ['WAL-64', 'WAL-63'],
    source: 'A18 §4.1; D',
    lens: 'wal',
  },
  'member.epoch-monotone': {
    ids: ['WAL-48'],
    source: 'A18 §4; D',
    lens: 'wal',
  },
} as const;
export const convergenceRules = {
  'cluster.converges': {
    ids: ['WAL-18', 'HOLE-40'],
    source: 'S001 网络延迟; D',
    lens: 'wal',
  },
} as const;

interface Members {
  /** As the metadata committed them last; null: a run that was resumed has not seen them yet. */
  committed: { readonly memberEpoch: number; readonly sets: string } | null;
  /** memberEpoch that each replica has installed. */
  readonly installed: Map<NodeId, number>;
  /** Who is to become a member and has not caught up. */
  learners: readonly string[];
  /** When one of them got a part of a base image, or records, last. */
  learnedAt: Time;
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof memberRules>, RulesOf<typeof convergenceRules> {}
  interface GroupStates {
    readonly members: Members;
  }
}

function onInstall(
  c: Check,
  { id, members }: Group,
  { memberEpoch }: { readonly memberEpoch: number },
): void {
  const before = members.installed.get(c.node) ?? 0;
  expectRule(
    c,
    'member.epoch-monotone',
    memberEpoch >= before,
    () => `${id} has memberEpoch ${memberEpoch} after ${before}`,
  );
  members.installed.set(c.node, Math.max(before, memberEpoch));
}

function onLearned(c: Check, { members }: Group): void {
  if (members.learners.includes(c.node)) members.learnedAt = c.at;
}

/** WAL-21: two write quorums of a set meet, and a read quorum meets each of them. */
function expectQuorumsMeet(c: Check, { truth }: Volume, id: string, sets: readonly string[]): void {
  const group = groupTruth(truth, id);
  if (group === undefined) return;
  const most = Math.max(...sets.map((set) => set.split(',').length));
  expectRule(
    c,
    'member.quorums-meet',
    most < group.vr + group.vw && most < 2 * group.vw,
    () => `${id} has ${most} members: quorums of ${group.vw} and ${group.vr} of them need not meet`,
  );
}

/** WAL-64: every read quorum of the new set has every durable record. */
function expectCommitSafe(c: Check, { truth }: Volume, id: string, sets: string): void {
  const group = groupTruth(truth, id);
  if (group === undefined || truth.isLearning) return;
  const [members = []] = parseMembers(sets, '').sets;
  const able = members.filter((member) => !isLostTruth(group, member));
  const least = able.length - group.vr + 1; // one that has lost its disk answers no read
  const thin = thinlyHeld(group, members, least, truth.vdl);
  expectRule(
    c,
    'member.commit-safe',
    thin === null,
    () => `${id} is ${sets}: fewer than ${least} of them hold LSN ${thin}, which is durable`,
  );
}

export const members: GroupModule<'members'> = {
  scope: 'group',
  name: 'members',
  rules: { ...memberRules, ...convergenceRules },
  make({ cluster, isResumed, origin }, id) {
    const replicas = cluster.groups.find((group) => group.id === id)?.replicas;
    // a lab that was reopened may have changed its members before
    const isKnown = replicas !== undefined && (origin !== null || !isResumed);
    return {
      committed: isKnown ? { memberEpoch: 1, sets: replicas.join(',') } : null,
      installed: new Map(),
      learners: [],
      learnedAt: 0 as Time,
    };
  },
  forget: ({ members: { installed } }, node) => void installed.delete(node),
  observe: {
    'store.open': onInstall,
    'member.install': onInstall,
    'base.chunk': onLearned,
    'wal.durable': onLearned,
    'group.members': (c, { id, members: state }, { memberEpoch, sets, step, learners }, volume) => {
      if (isLate(c.monitors, c.node)) return;
      state.learners = learners === '' ? [] : learners.split(',');
      const before = state.committed;
      state.committed = { memberEpoch, sets };
      const now = sets.split('|');
      expectQuorumsMeet(c, volume, id, now);
      if (before === null) return;
      if (step === 'reopened' && memberEpoch === before.memberEpoch && sets === before.sets) return; // nothing new
      const old = before.sets.split('|');
      const isSame = before.sets === sets;
      const isBegun = old.length === 1 && now.length === 2 && now[0] === old[0];
      const isEnded = old.length === 2 && now.length === 1 && old.includes(sets);
      expectRule(
        c,
        'member.one-step',
        memberEpoch === before.memberEpoch + 1 && (isSame || isBegun || isEnded),
        () => `${id} went from ${before.sets} (${before.memberEpoch}) to ${sets} (${memberEpoch})`,
      );
      if (now.length === 1) expectCommitSafe(c, volume, id, sets);
    },
  },
  /** Every replica holds every record of its group's history, but for what was written just now. */
  finish(c, { id, members: { committed, learners, learnedAt } }, { id: volume, truth }) {
    const group = groupTruth(truth, id);
    if (group === undefined) return;
    const { catchingUp } = c.monitors;
    if (catchingUp !== null && learners.length > 0 && c.at - learnedAt < SILENT_US) {
      catchingUp.groups.add(`${volume}/${id}`);
      return;
    }
    const upTo = settledLsn(truth, c.at);
    const last = group.lsns[countBefore(group.lsns, (lsn) => lsn <= upTo) - 1] ?? group.base;
    const { sets } = parseMembers(committed?.sets ?? '', '');
    const [present = []] = sets;
    expectRule(
      c,
      'cluster.converges',
      sets.length === 1 && present.length === group.copies,
      () => `${id} has members ${committed?.sets}`,
      null,
    );
    for (const node of present) {
      const scl = trueScl(group, node);
      const say = (): string => `${node} holds ${id} up to ${scl}, its log went to ${last}`;
      expectRule(c, 'cluster.converges', scl >= last, say, node);
    }
  },
};
