// Trace events of an object that has become durable, and of a new standing manifest: monitors and
// captions know the archive from these events alone.

import type { NodeId } from '../../base/ids.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import { parseObjectName } from './object-name.ts';
import { type Manifest, type ManifestGroup, openBaseObject, openLogSegment } from './objects.ts';

export function traceObject(ctx: RoleContext, from: NodeId, name: string, bytes: Uint8Array): void {
  const kind = parseObjectName(name)?.kind;
  if (kind === 'log') {
    const opened = openLogSegment(name, bytes);
    if (!opened.ok) return;
    const { group, first, end, token } = opened.value.segment;
    const { records } = opened.value;
    trace(ctx, {
      kind: 'archive.segment',
      group,
      first,
      end,
      token,
      from,
      bytes: bytes.length,
      lsns: records.map(({ record }) => record.lsn),
      terms: records.map(({ record }) => record.term),
      sums: records.map(({ crc }) => crc),
    });
  } else if (kind === 'base') {
    const opened = openBaseObject(name, bytes);
    if (!opened.ok) return;
    const { group, base, part, pages } = opened.value;
    trace(ctx, { kind: 'archive.base', group, base, part, pages: pages.length, bytes: bytes.length, from });
  }
}

/** The groups that the manifest changes. */
export function traceExtents(ctx: RoleContext, before: Manifest | null, now: Manifest): void {
  const { version } = now;
  for (const group of now.groups) {
    const old = before?.groups.find((one) => one.group === group.group) ?? null;
    const added = rangesNotIn(group, old);
    const removed = old ? rangesNotIn(old, group) : [];
    const { archiver, appointment, archivedTo } = group;
    const gaps = group.gaps.flatMap(({ first, end }) => [first, end]);
    const bases = group.bases.map(({ base }) => base);
    const isSame =
      old !== null &&
      added.length + removed.length === 0 &&
      old.archivedTo === archivedTo &&
      old.appointment === appointment &&
      old.gaps.length === group.gaps.length &&
      old.bases.map(({ base }) => base).join() === bases.join();
    if (isSame) continue;
    trace(ctx, {
      kind: 'archive.extent',
      group: group.group,
      version,
      archiver,
      appointment,
      archivedTo,
      added,
      removed,
      gaps,
      bases,
    });
  }
}

function rangesNotIn({ logs }: ManifestGroup, other: ManifestGroup | null): number[] {
  const names = new Set(other?.logs.map(({ name }) => name));
  return logs.filter(({ name }) => !names.has(name)).flatMap(({ first, end }) => [first, end]);
}
