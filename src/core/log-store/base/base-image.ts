// The base image that a node is taking (docs/spec/wal.md WAL-71): its timer, and its end, whole or given up.

import { type RoleContext, storeWrites, wakeAt } from '../../kernel/context.ts';
import type { PageKey } from '../../page/page-key.ts';
import { versionKey } from '../replica/keys.ts';
import type { BaseImport, PageAt, StoreState } from '../replica/state.ts';

export const baseTimer = (group: string): string => `base/${group}`;

/** The import is over: of the pages that go, those that a replica here has not are deleted. */
export function dropImport(
  state: StoreState,
  ctx: RoleContext,
  image: BaseImport,
  gone: readonly PageAt[],
): void {
  const { group } = image.descriptor;
  state.imports.delete(group);
  wakeAt(ctx, baseTimer(group), null);
  const kept = new Set<string>();
  for (const [blockKey, { versions }] of state.groups.get(group)?.blocks ?? new Map<PageKey, never>())
    for (const lsn of versions) kept.add(versionKey(group, blockKey, lsn));
  const keys = gone.map(({ blockKey, lsn }) => versionKey(group, blockKey, lsn));
  const writes = keys.filter((key) => !kept.has(key)).map((key) => ({ key, bytes: null }));
  if (writes.length > 0) state.writes.set(storeWrites(ctx, writes), { kind: 'delete' });
}
