// Which objects no manifest can name any more (WAL-42, WAL-45). Segments follow each other, so one that begins below
// the group's archivedTo and is not named never will be; so with a base image below the newest one, and with a manifest
// below the standing one. Everything else may be on its way into the next manifest. What a restore is made from stays.

import type { GroupId } from '../../base/ids.ts';
import { type RoleContext, storeWrites, trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { parseObjectName } from './object-name.ts';
import { pinnedNames } from './object-pins.ts';
import { dropObject, type ObjectStoreState, objectKey } from './object-state.ts';
import { type Manifest, type ManifestGroup, objectsOf } from './objects.ts';

export function collectable(
  names: Iterable<string>,
  manifest: Manifest,
  pinned: readonly string[] = [],
): string[] {
  const named = new Set([...objectsOf(manifest), ...pinned]);
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

/** They go; the manifest without them is durable. */
export function collect(state: ObjectStoreState, ctx: RoleContext, volume: string): void {
  const standing = state.manifests.get(volume);
  if (!standing) return;
  remove(state, ctx, volume, collectable(state.objects.keys(), standing.content, keptNames(state)));
}

/**
 * WAL-76: an archiver has one base image under way, and none while it archives log, so parts of its group's other images
 * that no manifest names are of images that were given up. A manifest that names one of them all the same is refused
 * (`NO_SUCH_OBJECT`).
 */
export function collectGivenUp(state: ObjectStoreState, ctx: RoleContext, put: string): void {
  const wanted = parseObjectName(put);
  if (wanted === null || wanted.kind === 'manifest') return;
  const { volume, group } = wanted;
  const standing = state.manifests.get(volume);
  const kept = new Set([...(standing ? objectsOf(standing.content) : []), ...keptNames(state)]);
  const names = [...state.objects.keys()].filter((name) => {
    const one = parseObjectName(name);
    if (one?.kind !== 'base' || one.volume !== volume || one.group !== group || kept.has(name)) return false;
    return wanted.kind === 'log' || one.base !== wanted.base;
  });
  remove(state, ctx, volume, names);
}

function keptNames({ mutants, pins, pinning }: ObjectStoreState): string[] {
  if (has(mutants, 'archive.no-pins')) return [];
  return [pins, pinning].flatMap((one) => (one ? pinnedNames(one) : []));
}

function remove(state: ObjectStoreState, ctx: RoleContext, volume: string, names: readonly string[]): void {
  if (names.length === 0) return;
  let bytes = 0;
  for (const name of names) {
    bytes += state.objects.get(name) ?? 0;
    dropObject(state, name);
  }
  trace(ctx, { kind: 'archive.collected', volume, objects: names.length, bytes });
  const writes = names.map((name) => ({ key: objectKey(name), bytes: null }));
  state.writes.set(storeWrites(ctx, writes), { kind: 'delete' });
}
