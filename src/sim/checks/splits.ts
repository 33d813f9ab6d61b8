// Monitor of splits (docs/spec/pcs.md PCS-46, PCS-47, PCS-52): while keys change hands, and by definitions in which they have not, nobody
// commits in the volume that gives them away.

import type { TraceOf } from '../../core/kernel/trace.ts';
import { type Check, type ClusterModule, expectRule, type Monitors } from './monitor.ts';

export const splitRules = {
  'shard.stale-epoch-inert': {
    ids: ['PCS-46', 'PCS-47', 'PCS-52'],
    claim:
      'of a tablet that is split nothing is committed between what was copied and the cut, nor later by a primary that does not know of the cut',
  },
} as const;

interface Splits {
  /** By volume and term: LSN of the newest commit record. */
  readonly commits: Map<string, Map<number, number>>;
  /** By volume: the last cut of its keys. */
  readonly cuts: Map<string, TraceOf<'split.cut'>>;
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof splitRules> {}
  interface ClusterStates {
    splits: Splits;
  }
}

function onCommit(c: Check, m: Monitors, { volume, term, last, commit }: TraceOf<'mtr.append'>): void {
  if (!commit) return;
  const { commits, cuts } = m.splits;
  const ofVolume = commits.get(volume) ?? new Map<number, number>();
  commits.set(volume, ofVolume.set(term, last));
  const cut = cuts.get(volume);
  // who was overtaken before the keys were copied commits nothing that counts (FENCE-14)
  if (cut === undefined || term < cut.token) return;
  const known = m.tablets.schemas.get(c.node) ?? -1;
  expectRule(
    c,
    'shard.stale-epoch-inert',
    known >= cut.version,
    () =>
      `${c.node} commits in ${volume} by definitions of version ${known}; its keys were cut in ${cut.version}`,
  );
}

function onCut(c: Check, { splits: { commits, cuts } }: Monitors, cut: TraceOf<'split.cut'>): void {
  const late = [...(commits.get(cut.volume) ?? [])].filter(
    ([term, lsn]) => term > cut.token || (term === cut.token && lsn > cut.lsn),
  );
  expectRule(
    c,
    'shard.stale-epoch-inert',
    late.length === 0,
    () =>
      `${cut.volume} has commits up to ${late[0]?.[1]} under ${late[0]?.[0]}; its keys were copied up to ${cut.lsn}`,
  );
  cuts.set(cut.volume, cut);
}

export const splits: ClusterModule<'splits'> = {
  scope: 'cluster',
  name: 'splits',
  rules: splitRules,
  make: () => ({ commits: new Map(), cuts: new Map() }),
  observe: { 'mtr.append': onCommit, 'split.cut': onCut },
};
