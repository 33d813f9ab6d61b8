// Monitor of splits (docs/spec/placement.md PCS-46, PCS-47, pcs.md PCS-52): while keys change hands, and by definitions in which they have not, nobody
// commits in the volume that gives them away; and who knows that they have serves nobody by an older map.

import type { TraceOf } from '../../core/kernel/trace.ts';
import { type Check, type ClusterModule, expectRule, type Monitors } from './monitor.ts';

export const splitRules = {
  'shard.stale-epoch-inert': {
    ids: ['PCS-46', 'PCS-47', 'PCS-52', 'PCS-122'],
    source: 'S000; PD',
    lens: 'placement',
  },
} as const;

/** Of the keys of a tablet that no split has made or cut (PCS-46). */
const FIRST_EPOCH = 1;

interface Splits {
  /** By volume and term: LSN of the newest commit record. */
  readonly commits: Map<string, Map<number, number>>;
  /** By volume: the last cut of its keys. */
  readonly cuts: Map<string, Gone>;
  /** By volume: the first commit after that. */
  readonly commitsAfter: Map<string, number>;
  /** By volume: from which version of the definitions on its keys have which epoch, oldest first; of those that were never cut nothing. */
  readonly epochs: Map<string, { readonly version: number; readonly epoch: number }[]>;
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof splitRules> {}
  interface ClusterStates {
    splits: Splits;
  }
}

function onCommit(c: Check, m: Monitors, { volume, term, end, commit }: TraceOf<'mtr.append'>): void {
  if (!commit) return;
  const scn = end - 1;
  const { commits, commitsAfter, cuts } = m.splits;
  const ofVolume = commits.get(volume) ?? new Map<number, number>();
  commits.set(volume, ofVolume.set(term, scn));
  const cut = cuts.get(volume);
  // who was overtaken before the keys were copied commits nothing that counts (FENCE-14)
  if (cut === undefined || term < cut.token) return;
  if (scn > cut.lsn && !commitsAfter.has(volume)) commitsAfter.set(volume, scn);
  const known = m.tablets.schemas.get(c.node) ?? -1;
  expectRule(
    c,
    'shard.stale-epoch-inert',
    known >= cut.version,
    () =>
      `${c.node} commits in ${volume} by definitions of version ${known}; its keys were cut in ${cut.version}`,
  );
}

/** A cut that its leader did not live to tell is missing here: then more is permitted, never less. */
function onTaken(
  c: Check,
  { splits: { epochs }, tablets: { schemas } }: Monitors,
  { volume, session, geoEpoch }: TraceOf<'request.taken'>,
): void {
  const known = schemas.get(c.node) ?? -1;
  const current = epochs.get(volume)?.findLast(({ version }) => version <= known);
  if (current === undefined) return;
  expectRule(
    c,
    'shard.stale-epoch-inert',
    geoEpoch >= current.epoch,
    () =>
      `${c.node} carries out a request of ${session} for ${volume} by geoEpoch ${geoEpoch}; by its own definitions it is ${current.epoch}`,
  );
}

type Gone = Pick<TraceOf<'split.cut'>, 'volume' | 'lsn' | 'token' | 'version'>;

/** The volume gives keys away that were copied up to here. */
function onGone(c: Check, { splits: { commits, commitsAfter, cuts } }: Monitors, cut: Gone): void {
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
  commitsAfter.delete(cut.volume);
}

function onCut(c: Check, m: Monitors, cut: TraceOf<'split.cut'>): void {
  onGone(c, m, cut);
  const { epochs } = m.splits;
  const { volume, child, version } = cut;
  const before = epochs.get(volume) ?? [];
  const next = { version, epoch: (before.at(-1)?.epoch ?? FIRST_EPOCH) + 1 };
  epochs.set(volume, [...before, next]);
  epochs.set(child, [next]);
}

/** PCS-122: of both nothing is left to serve. */
function onMerged(c: Check, m: Monitors, cut: TraceOf<'merge.cut'>): void {
  const { volume, other, child, lsn, token, otherLsn, otherToken, version } = cut;
  onGone(c, m, { volume, lsn, token, version });
  onGone(c, m, { volume: other, lsn: otherLsn, token: otherToken, version });
  const { epochs } = m.splits;
  const before = [volume, other].map((one) => epochs.get(one)?.at(-1)?.epoch ?? FIRST_EPOCH);
  const next = { version, epoch: Math.max(...before) + 1 };
  epochs.set(child, [next]);
  // no request is routed to them any more by any epoch
  for (const one of [volume, other])
    epochs.set(one, [...(epochs.get(one) ?? []), { version, epoch: Number.MAX_SAFE_INTEGER }]);
}

export const splits: ClusterModule<'splits'> = {
  scope: 'cluster',
  name: 'splits',
  rules: splitRules,
  make: () => ({ commits: new Map(), commitsAfter: new Map(), cuts: new Map(), epochs: new Map() }),
  observe: { 'mtr.append': onCommit, 'request.taken': onTaken, 'split.cut': onCut, 'merge.cut': onMerged },
};
