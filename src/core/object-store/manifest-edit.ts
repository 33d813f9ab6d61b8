// How an archiver changes the manifest (docs/spec/wal.md WAL-40…42, WAL-45): pure. An edit is made again on whatever
// manifest stands when another one came between; what no longer fits it gives null, and the archiver begins anew.

import type { GroupId, Lsn, NodeId, Term } from '../../base/ids.ts';
import type { HistoryEntry } from '../kernel/fields.ts';
import { has, type Mutants } from '../kernel/mutants.ts';
import type {
  Manifest,
  ManifestBase,
  ManifestCpl,
  ManifestGap,
  ManifestGroup,
  ManifestLog,
} from './objects.ts';

/** Most consistency points a manifest lists; beyond it the oldest base goes before its time. */
export const MAX_CPLS = 200_000;

export type ManifestEdit =
  /** The archiver takes the group on, with a base to begin from when the archive has none (WAL-41). */
  | { readonly kind: 'appoint'; readonly base: ManifestBase }
  | {
      readonly kind: 'segments';
      readonly logs: readonly ManifestLog[];
      readonly cpls: readonly ManifestCpl[];
    }
  | { readonly kind: 'base'; readonly base: ManifestBase }
  /** The log between archivedTo and the base is gone everywhere: the archive goes on from the base. */
  | { readonly kind: 'restart'; readonly base: ManifestBase }
  /** WAL-76: the object store has no room; base images that only shorten a restore go. */
  | { readonly kind: 'thin' }
  /** Objects that are lost and cannot be made again (F31). */
  | { readonly kind: 'lost'; readonly names: readonly string[] };

export interface Editor {
  readonly volume: string;
  readonly group: GroupId;
  readonly archiver: NodeId;
  readonly appointment: number;
  readonly token: Term;
  readonly history: readonly HistoryEntry[];
  readonly retentionUs: number;
  readonly mutants: Mutants;
}

export const emptyManifest = (volume: string): Manifest => ({
  volume,
  version: 0,
  token: 0 as Term,
  history: [],
  groups: [],
  cpls: [],
});

/** The manifest that follows `manifest`, or null when the edit has no place in it. */
export function editManifest(manifest: Manifest, editor: Editor, edit: ManifestEdit): Manifest | null {
  const { token, history, group, appointment } = editor;
  if (token < manifest.token) return null;
  const own = manifest.groups.find((one) => one.group === group) ?? null;
  if (own && own.appointment > appointment) return null;
  const changed = editGroup(own, editor, edit);
  if (changed === null) return null;
  const groups = manifest.groups.filter((one) => one !== own);
  groups.push(changed);
  groups.sort((a, b) => (a.group < b.group ? -1 : 1));
  const cpls = edit.kind === 'segments' ? mergeCpls(manifest.cpls, edit.cpls) : manifest.cpls;
  const next = { ...manifest, version: manifest.version + 1, token, history: [...history], groups, cpls };
  return retain(next, changed.group, editor.retentionUs);
}

function editGroup(own: ManifestGroup | null, editor: Editor, edit: ManifestEdit): ManifestGroup | null {
  const { group, archiver, appointment } = editor;
  if (edit.kind === 'appoint') {
    if (own) return { ...own, archiver, appointment };
    const { base } = edit;
    return { group, archiver, appointment, archivedTo: base.base, bases: [base], logs: [], gaps: [] };
  }
  if (own?.appointment !== appointment) return null;
  switch (edit.kind) {
    case 'segments':
      return withSegments(own, edit.logs, editor.mutants);
    case 'base':
      return edit.base.base > own.archivedTo ? null : withBase(own, edit.base);
    case 'restart': {
      const { base } = edit.base;
      if (base <= own.archivedTo) return null;
      const gap: ManifestGap = { first: (own.archivedTo + 1) as Lsn, end: (base + 1) as Lsn, name: '' };
      return withBase({ ...own, archivedTo: base, gaps: [...own.gaps, gap] }, edit.base);
    }
    case 'thin':
      return withFewerBases(own);
    case 'lost':
      return withoutLost(own, new Set(edit.names));
  }
}

function withSegments(
  own: ManifestGroup,
  logs: readonly ManifestLog[],
  mutants: Mutants,
): ManifestGroup | null {
  const [first] = logs;
  const last = logs[logs.length - 1];
  if (!first || !last || (first.first !== own.archivedTo + 1 && !has(mutants, 'archive.starts-at-vdl')))
    return null;
  return { ...own, archivedTo: (last.end - 1) as Lsn, logs: [...own.logs, ...logs] };
}

function withBase(own: ManifestGroup, base: ManifestBase): ManifestGroup | null {
  const newest = own.bases[own.bases.length - 1]?.base ?? -2;
  return base.base > newest ? { ...own, bases: [...own.bases, base] } : null;
}

/** Every second base goes, but for the oldest, on which the retained log stands, and the newest. */
function withFewerBases(own: ManifestGroup): ManifestGroup | null {
  const newest = own.bases.length - 1;
  const bases = own.bases.filter((_, i) => i === newest || i % 2 === 0);
  return bases.length < own.bases.length ? { ...own, bases } : null;
}

function withoutLost(own: ManifestGroup, lost: ReadonlySet<string>): ManifestGroup | null {
  const logs = own.logs.filter(({ name }) => !lost.has(name));
  const bases = own.bases.filter(({ parts }) => parts.every(({ name }) => !lost.has(name)));
  if (logs.length === own.logs.length && bases.length === own.bases.length) return null;
  const gaps = own.logs
    .filter(({ name }) => lost.has(name))
    .map(({ first, end, name }): ManifestGap => ({ first, end, name }));
  const all = [...own.gaps, ...gaps].sort((a, b) => a.first - b.first);
  return { ...own, logs, bases, gaps: all };
}

function mergeCpls(held: readonly ManifestCpl[], added: readonly ManifestCpl[]): ManifestCpl[] {
  const merged: ManifestCpl[] = [];
  let at = 0;
  for (const cpl of added) {
    for (let one = held[at]; one && one.lsn < cpl.lsn; one = held[++at]) merged.push(one);
    if (held[at]?.lsn === cpl.lsn) at++;
    merged.push(cpl);
  }
  for (; at < held.length; at++) merged.push(held[at] as ManifestCpl);
  return merged;
}

/** WAL-45: a base may go when a newer one is at or below the retention point; the log below the oldest kept base goes too. */
function retain(manifest: Manifest, group: GroupId, retentionUs: number): Manifest {
  const { cpls } = manifest;
  const point = retentionPoint(cpls, retentionUs);
  const groups = manifest.groups.map((one) => (one.group === group ? retainGroup(one, point) : one));
  const oldest = groups.map(({ bases }) => bases[0]?.base ?? -1);
  const floor = Math.min(...oldest);
  const first = cpls.findIndex(({ lsn }) => lsn >= floor);
  return { ...manifest, groups, cpls: first > 0 ? cpls.slice(first) : cpls };
}

function retentionPoint(cpls: readonly ManifestCpl[], retentionUs: number): number {
  const newest = cpls[cpls.length - 1];
  if (!newest) return -1;
  const overfull = cpls[cpls.length - MAX_CPLS]?.lsn ?? -1;
  const old = cpls.findLast(({ time }) => time <= newest.time - retentionUs)?.lsn ?? -1;
  return Math.max(old, overfull);
}

function retainGroup(group: ManifestGroup, point: number): ManifestGroup {
  const kept = Math.max(
    0,
    group.bases.findLastIndex(({ base }) => base <= point),
  );
  if (kept === 0) return group;
  const bases = group.bases.slice(kept);
  const floor = bases[0]?.base ?? -1;
  return {
    ...group,
    bases,
    logs: group.logs.filter(({ end }) => end > floor + 1),
    gaps: group.gaps.filter(({ end }) => end > floor + 1),
  };
}
