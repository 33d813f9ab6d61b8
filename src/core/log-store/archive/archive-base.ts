// A base image of the archive (docs/spec/wal.md WAL-41): all pages of the group at one of its records, part after part. It
// is chosen as for a peer (WAL-71) and pinned like one while it lasts, so GC keeps what its pages take; the log up to it is
// archived before the manifest names it.

import type { Lsn, Time } from '../../../base/ids.ts';
import { readKeys } from '../../kernel/context.ts';
import type { BasePage } from '../../kernel/fields.ts';
import { baseObjectName } from '../../object-store/object-name.ts';
import { encodeBaseObject } from '../../object-store/objects.ts';
import type { PageKey } from '../../page/page-key.ts';
import { beginExport, buildPages, versionsFor, versionsRead } from '../base/base-donor.ts';
import { unpin } from '../replica/gc.ts';
import type { StoreContext } from '../replica/hooks.ts';
import { versionKey } from '../replica/keys.ts';
import type { Group, PendingRead, StoreState } from '../replica/state.ts';
import type { Archiver, BaseJob, NamedBytes } from './archiver-state.ts';

/** The image at the newest point that may be given, pinned under the object store's name. */
export function beginBase(
  group: Group,
  archiver: Archiver,
  why: BaseJob['why'],
  now: Time,
  keepUs: number,
): BaseJob {
  const image = beginExport(group, 0);
  group.gc.pins.set(archiver.store, image);
  keepBase(group, archiver, now, keepUs);
  const { base, keys } = image;
  return { kind: 'base', why, base: base as Lsn, keys, taken: 0, pages: 0, parts: [] };
}

export function keepBase(group: Group, archiver: Archiver, now: Time, keepUs: number): void {
  const image = group.gc.pins.get(archiver.store);
  if (image) image.keepUntil = (now + keepUs) as Time;
}

export function endBase(group: Group, archiver: Archiver): void {
  unpin(group, archiver.store);
}

/** Still pinned: otherwise GC may have taken what the pages need. */
export const isPinned = (group: Group, archiver: Archiver, job: BaseJob): boolean =>
  group.gc.pins.get(archiver.store)?.base === job.base;

type Reading = PendingRead<'archive'>;

/** The pages of the next part; null while some of their versions are being read. EIO: this replica cannot build one. */
export function gatherPart(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  job: BaseJob,
): readonly BasePage[] | 'EIO' | null {
  const blocks = nextBlocks(state, job);
  const { held, missing } = versionsFor(group, blocks, job.base);
  if (missing.length === 0) return buildPages(group, blocks, job.base, held, state.params.pageBytes) ?? 'EIO';
  const keys = missing.map(({ blockKey, version }) => versionKey(group.id, blockKey, version));
  state.reads.set(readKeys(ctx, keys), {
    kind: 'archive',
    group: group.id,
    base: job.base,
    blocks,
    held,
    missing,
  });
  return null;
}

export function gatherRead(
  state: StoreState,
  group: Group,
  reading: Reading,
  values: readonly (Uint8Array | null)[],
  error: 'EIO' | null,
): readonly BasePage[] | 'EIO' {
  const { blocks, base } = reading;
  const read = error ? null : versionsRead(group, reading, values);
  if (read === null) return 'EIO';
  return buildPages(group, blocks, base, read, state.params.pageBytes) ?? 'EIO';
}

function nextBlocks(state: StoreState, { keys, taken }: BaseJob): readonly PageKey[] {
  const count = Math.max(1, Math.floor(state.params.objectBytes / state.params.pageBytes));
  return keys.slice(taken, taken + count);
}

/** The part with these pages; the job goes on behind it. */
export function makePart(
  state: StoreState,
  group: Group,
  archiver: Archiver,
  job: BaseJob,
  pages: readonly BasePage[],
): NamedBytes {
  const part = job.parts.length;
  const bytes = encodeBaseObject({ group: group.id, base: job.base, part, pages: [...pages] });
  const name = baseObjectName(archiver.volume, group.id, job.base, part, bytes);
  job.taken += nextBlocks(state, job).length;
  job.pages += pages.length;
  job.parts.push({ name, bytes: bytes.length });
  return { name, bytes };
}
