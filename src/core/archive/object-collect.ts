// Which objects no manifest can name any more (WAL-42, WAL-45): pure. Segments follow each other, so one that begins below
// the group's archivedTo and is not named never will be; so with a base image below the newest one, and with a manifest
// below the standing one. Everything else may be on its way into the next manifest.

import type { GroupId } from '../../base/ids.ts';
import { parseObjectName } from './object-name.ts';
import { type Manifest, type ManifestGroup, objectsOf } from './objects.ts';

export function collectable(names: Iterable<string>, manifest: Manifest): string[] {
  const named = new Set(objectsOf(manifest));
  const groups = new Map<GroupId, ManifestGroup>(manifest.groups.map((one) => [one.group, one]));
  return [...names].filter((name) => !named.has(name) && isPast(name, manifest, groups));
}

function isPast(
  name: string,
  { volume, version }: Manifest,
  groups: ReadonlyMap<GroupId, ManifestGroup>,
): boolean {
  const object = parseObjectName(name);
  if (object === null || object.volume !== volume) return false;
  if (object.kind === 'manifest') return object.version <= version;
  const group = groups.get(object.group);
  if (group === undefined) return false;
  if (object.kind === 'log') return object.first <= group.archivedTo;
  const newest = group.bases[group.bases.length - 1]?.base ?? -1;
  return object.base <= newest;
}
