// What a restore is made from (docs/spec/wal.md WAL-43, WAL-44, WAL-45): pure, from the manifest and the metadata alone. The
// plan becomes an entry of the metadata's log, so every replica of every attempt to load it loads the same.

import type { Lsn, NodeId, Term } from '../../base/ids.ts';
import { groupId } from '../../base/ids.ts';
import type { RestorePoint } from '../kernel/commands.ts';
import type { Descriptor, HistoryEntry } from '../kernel/fields.ts';
import { has, type Mutants } from '../kernel/mutants.ts';
import type { Manifest } from '../object-store/objects.ts';
import {
  checkRestorable,
  type GroupSource,
  type Restorable,
  restorableAt,
} from '../object-store/restorable.ts';
import { votersOf } from '../placement/membership.ts';
import type { MetaContent, MetaOperation } from './meta-content.ts';
import { volumeNamed } from './volumes.ts';

export type RestoreEntry = Omit<Extract<MetaOperation, { kind: 'beginRestore' }>, 'from' | 'boot' | 'reqId'>;

export interface RestoreOrder {
  readonly source: string;
  readonly to: RestorePoint;
  readonly volume: string;
}

export type RestorePlan =
  | { readonly error: null; readonly entry: RestoreEntry }
  | { readonly error: string; readonly lsn: number; readonly detail: string };

interface Terms {
  readonly lal: number;
  readonly writer: NodeId;
  readonly attachments: number;
  readonly at: number;
  readonly mutants: Mutants;
}

export function planRestore(
  content: MetaContent,
  manifest: Manifest,
  { source, to, volume }: RestoreOrder,
  terms: Terms,
): RestorePlan {
  const found = to.kind === 'lsn' ? checkRestorable(manifest, to.lsn) : restorableAt(manifest, to.at);
  if (found.error !== null) return refusalOf(found);
  const lsn = found.lsn as Lsn;
  const descriptors = volumeNamed(content, source)?.groups ?? [];
  const groups: { source: GroupSource; descriptor: Descriptor }[] = [];
  for (const descriptor of descriptors) {
    const own = found.groups.find(({ group }) => group === descriptor.group);
    if (!own) return { error: 'E_NOT_RESTORABLE', lsn, detail: descriptor.group };
    groups.push({ source: own, descriptor });
  }
  const leavesBoundary = has(terms.mutants, 'restore.leaves-boundary');
  const isLoaded = ({ first }: { readonly first: number }): boolean => !leavesBoundary || first < lsn;
  const named = (i: number) => groupId(`g${content.groupsMade + i + 1}`);
  const entry: RestoreEntry = {
    kind: 'beginRestore',
    volume,
    source,
    lsn,
    history: restoredHistory(manifest.history, lsn, terms),
    groups: groups.map(({ source: { group, base, logs } }, i) => ({
      group: named(i),
      source: group,
      base: base.base,
      parts: base.parts.map(({ name }) => name),
      logs: logs.filter(isLoaded).map(({ name }) => name),
    })),
    descriptors: groups.map(({ descriptor }, i) => restoredDescriptor(descriptor, i, named)),
    writer: terms.writer,
    attachments: terms.attachments,
    at: terms.at,
  };
  return { error: null, entry };
}

/** The same keys on the same stores, as a group of its own whose members have never changed. */
const restoredDescriptor = (
  descriptor: Descriptor,
  index: number,
  named: (index: number) => Descriptor['group'],
): Descriptor => ({
  ...descriptor,
  group: named(index),
  sets: [[...votersOf(descriptor)]],
  learners: [],
  memberEpoch: 1,
  geoEpoch: 1,
});

/** WAL-45: the source's history cut at L, then a term above all of it. */
export function restoredHistory(
  history: readonly HistoryEntry[],
  lsn: Lsn,
  { lal, mutants }: Pick<Terms, 'lal' | 'mutants'>,
): HistoryEntry[] {
  const kept = history.filter(({ startLsn }) => startLsn <= lsn);
  const last = kept[kept.length - 1]?.term ?? 0;
  const term = (has(mutants, 'restore.old-token') ? last : last + 1) as Term;
  return [...kept, { term, startLsn: (lsn + lal + 1) as Lsn, prevEnd: lsn }];
}

function refusalOf(found: Exclude<Restorable, { error: null }>): RestorePlan {
  const { error, lsn } = found;
  if (found.error === 'E_NOT_A_CPL') return { error, lsn, detail: '' };
  const { group, missing } = found;
  const range = missing ? ` [${missing[0]}, ${missing[1]})` : '';
  return { error, lsn, detail: group === null ? '' : `${group}${range}` };
}
