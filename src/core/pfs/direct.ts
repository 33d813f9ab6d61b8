// Calls that need no transaction (docs/spec/polarfs.md FS-44): a read, or a write inside blocks that are there and hold bytes already, goes to the
// device beside the mount's one call, many at a time. What changes metadata, or frees blocks of a file that one of them is in, waits its turn.

import { blocksOf, dataWrites, edgePlaces, piecesOf, readPlan } from './file-blocks.ts';
import type { Call, FileRef, Io, Mount, Outcome } from './mount-state.ts';
import { findPath } from './tree.ts';

/** A call beside the mount's own. */
export interface Direct {
  readonly ino: number;
  readonly io: Io;
  /** Of a read: where the bytes of each place belong. */
  readonly parts: readonly { readonly skip: number; readonly at: number; readonly length: number }[];
  readonly length: number;
}

/** Null: it goes through the mount. An outcome, where the device is not needed. */
export function planDirect(mount: Mount, call: Call): Direct | Outcome | null {
  if (mount.mode !== 'rw' || mount.state !== 'open') return null;
  if ((call.kind !== 'pread' && call.kind !== 'pwrite') || typeof call.file !== 'string') return null;
  const { meta } = mount;
  const found = findPath(meta, call.file);
  if (!found.ok) return found.error === 'ENOENT' ? found : null;
  const { no: ino, kind, size } = found.value;
  if (kind === 'dir' || isFreed(mount, ino)) return null;
  const { offset } = call;
  if (call.kind === 'pread') {
    const length = Math.max(0, Math.min(size, offset + call.length) - offset);
    const plan = readPlan(meta, ino, offset, length);
    if (plan.length === 0) return { ok: true, value: new Uint8Array(length) };
    const parts = plan.map(({ skip, at, length: own }) => ({ skip, at, length: own }));
    return { ino, io: { kind: 'read', places: plan.map(({ place }) => place) }, parts, length };
  }
  const { bytes } = call;
  const end = offset + bytes.length;
  if (bytes.length === 0 || end > size) return null;
  const blocks = blocksOf(meta, ino);
  const isThere = piecesOf(meta.geometry, offset, bytes.length).every(
    ({ blkid, to }) => to <= (blocks.get(blkid)?.holeoff ?? 0),
  );
  if (!isThere || edgePlaces(meta, ino, offset, bytes.length).length > 0) return null;
  const io: Io = { kind: 'write', writes: dataWrites(meta, ino, offset, bytes, []) };
  return { ino, io, parts: [], length: bytes.length };
}

export function directOutcome({ io, parts, length }: Direct, bytes: readonly Uint8Array[]): Outcome {
  if (io.kind === 'write') return { ok: true, value: length };
  const value = new Uint8Array(length);
  for (const [i, { skip, at, length: own }] of parts.entries())
    value.set((bytes[i] as Uint8Array).subarray(skip, skip + own), at);
  return { ok: true, value };
}

/** The mount's call takes blocks from the file, or is about to. */
const isFreed = (mount: Mount, ino: number): boolean =>
  mount.stack.some((task) =>
    task.kind === 'call'
      ? freedBy(mount, task.call) === ino
      : (task.kind === 'release' || task.kind === 'truncate') && task.ino === ino,
  );

/** The inode that a call may take blocks or the name from; −1: none. */
export function freedBy({ meta }: Mount, call: Call): number {
  let path: FileRef = -1;
  if (call.kind === 'unlink') path = call.path;
  else if (call.kind === 'rename') path = call.from;
  else if (call.kind === 'truncate') path = call.file;
  const found = typeof path === 'string' ? findPath(meta, path) : null;
  return found?.ok === true ? found.value.no : -1;
}
