// Monitors of the log as its writer allocates it and recoveries annul it (docs/spec/wal.md §1, §6): LSNs one by one, within
// LAL, each for one record only; what a history annuls is deleted by every replica and never comes back. What they check
// they then enter into the truth of the volume's log, which all its other monitors read.

import type { TraceOf } from '../../core/kernel/trace.ts';
import {
  adoptTruth,
  appendTruth,
  beginTerm,
  durableTruth,
  groupTruth,
  isAnnulled,
  type LogTruth,
  makeLogTruth,
  parseMembers,
  truncateTruth,
} from './log-truth.ts';
import { type Check, expectRule, groupOf, type Volume, type VolumeModule } from './monitor.ts';

export const logRules = {
  'wal.lsn-never-reused': {
    ids: ['WAL-53', 'FENCE-31'],
    source: 'A17 §4.2.1; D',
    lens: 'wal',
  },
  'wal.mtr-contiguous': { ids: ['WAL-1', 'WAL-3'], source: 'A17; S002 MTR', lens: 'mtr' },
  'wal.truncated-removed': {
    ids: ['HOLE-43', 'WAL-59'],
    source: 'S001 异常; D',
    lens: 'wal',
  },
  'wal.truncated-never-returned': {
    ids: ['WAL-56'],
    source: 'A17 §4.3; S001',
    lens: 'wal',
  },
  'wal.back-pressure': { ids: ['WAL-7'], source: 'A17 §4.2.1', lens: 'mtr' },
} as const;

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof logRules> {}
  interface VolumeStates {
    readonly truth: LogTruth;
  }
}

function onAppend(
  c: Check,
  { truth, recoveries: { computed }, lal }: Volume,
  e: TraceOf<'mtr.append'>,
): void {
  const plan = computed.get(e.term);
  if (e.term > truth.term) beginTerm(truth, e.term, plan?.vdlPrime ?? truth.vdl, plan?.startLsn ?? e.first);
  if (e.term < truth.term) return;
  expectRule(
    c,
    'wal.mtr-contiguous',
    e.first === truth.tail + 1 && e.end > e.first,
    () => `MTR [${e.first}, ${e.end}) after tail ${truth.tail}`,
  );
  expectRule(
    c,
    'wal.lsn-never-reused',
    e.first > truth.highest,
    () => `LSN ${e.first} was given before (highest ${truth.highest})`,
  );
  const last = e.end - 1;
  const limit = Math.max(truth.vdl, e.term === 1 ? 0 : (plan?.startLsn ?? 0) - 1) + lal;
  const say = (): string => `LSN ${last} allocated above ${limit}`;
  expectRule(c, 'wal.back-pressure', last <= limit, say);
  appendTruth(truth, c.at, e.first, e.groups.split(','));
}

function onDurable(c: Check, volume: Volume, e: TraceOf<'wal.durable'>): void {
  const { truth } = volume;
  const group = groupTruth(truth, e.group);
  if (group === undefined) return;
  const epoch = groupOf(c, volume, e.group).fencing.epochs.get(c.node) ?? 0;
  const returned = e.lsns.find((lsn) => isAnnulled(truth, lsn, epoch));
  expectRule(
    c,
    'wal.truncated-never-returned',
    returned === undefined,
    () => `annulled LSN ${returned} is back (${e.source}) under history ${epoch}`,
  );
  durableTruth(truth, group, c.node, e.lsns);
}

export const logWriting: VolumeModule<'truth'> = {
  scope: 'volume',
  name: 'truth',
  rules: logRules,
  make: ({ cluster, isResumed }) => makeLogTruth(cluster, isResumed),
  observe: {
    'mtr.append': onAppend,
    'wal.durable': onDurable,
    'recovery.history': (c, { truth }, e) => {
      const group = groupTruth(truth, e.group);
      if (group === undefined) return;
      const left = truncateTruth(group, c.node, e.removed, e.prevEnd, e.startLsn);
      expectRule(
        c,
        'wal.truncated-removed',
        left.length === 0,
        () => `${e.group} keeps annulled LSN ${left[0]} under history ${e.token}`,
      );
    },
    'member.adopt': (_, { truth }, { term, group, sets, learners }) =>
      adoptTruth(truth, term, group, parseMembers(sets, learners)),
  },
};
