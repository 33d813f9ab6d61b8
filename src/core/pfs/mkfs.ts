// Making a file system and growing it (docs/spec/polarfs.md FS-10 to FS-13). In both the header of chunk 0 is written last: before it
// there is no file system, or the one of the old size.

import { decodeHeader, encodeHeader } from './chunk-header.ts';
import { allocate, applyChanges, changesOf, get, linkLast, makeDraft, put } from './draft.ts';
import {
  blockPlace,
  type Geometry,
  headerPlace,
  leaderPlace,
  sectorPlace,
  superblockSectors,
} from './geometry.ts';
import { encodeLeader, firstLeader } from './journal.ts';
import { addFreeChunk, type Metadata, makeMetadata, sectorImage } from './metadata.ts';
import {
  type Action,
  type Came,
  type DeviceWrite,
  end,
  fail,
  type Mount,
  ok,
  read,
  type Task,
  write,
} from './mount-state.ts';
import { freeObject } from './objects.ts';

/** FS-10: root, the two internal files and their blocks. */
function makeFirstMetadata(g: Geometry, chunks: number, now: number): Metadata {
  const meta = makeMetadata(g);
  for (let chunk = 0; chunk < chunks; chunk++) addFreeChunk(meta);
  const draft = makeDraft(meta);
  const times = { atime: now, mtime: now, ctime: now, btime: now };
  put(draft, { ...freeObject('inode', 0), ...times, used: true, kind: 'dir', nlink: 1 });
  put(draft, { ...freeObject('direntry', 0), used: true, name: '/' });
  for (const [i, name] of ['.pfs-paxos', '.pfs-journal'].entries()) {
    const no = i + 1;
    linkLast(draft, 0, { ...freeObject('direntry', no), used: true, name, ino: no });
    const nblock = no === 1 ? 1 : g.journalBlocks;
    const size = nblock * g.blockBytes;
    put(draft, { ...freeObject('inode', no), ...times, used: true, deno: no, nlink: 1, nblock, size });
    for (let blkid = 0; blkid < nblock; blkid++) {
      const blktag = allocate(draft, 'blktag') as number;
      linkLast(draft, no, {
        ...freeObject('blktag', blktag),
        used: true,
        ino: no,
        blkid,
        holeoff: g.blockBytes,
      });
    }
  }
  applyChanges(meta, changesOf(draft));
  return meta;
}

/** Every sector of a chunk's superblock but its header. */
function setWrites(meta: Metadata, chunk: number): DeviceWrite[] {
  const { geometry: g } = meta;
  const first = (headerPlace(g, chunk).chunk * g.blocksPerChunk * g.blockBytes) / g.sectorBytes;
  return Array.from({ length: superblockSectors(g) - 1 }, (_, i) => {
    const sector = first + 1 + i;
    return { place: sectorPlace(g, sector), bytes: sectorImage(meta, sector) };
  });
}

const headerWrite = (g: Geometry, chunk: number, chunks: number): DeviceWrite => ({
  place: headerPlace(g, chunk),
  bytes: encodeHeader(g, { chunk, chunks }),
});

/** Blocks of the internal files, zeroed, and the leader record in the first sector of the first. */
function internalWrites(meta: Metadata): DeviceWrite[] {
  const { geometry: g } = meta;
  const draft = makeDraft(meta);
  const writes: DeviceWrite[] = [];
  for (const ino of [1, 2])
    for (let no = get(draft, 'inode', ino).head; no !== 0; no = get(draft, 'blktag', no).next)
      writes.push({
        place: no === 1 ? blockPlace(g, no, g.sectorBytes, g.blockBytes - g.sectorBytes) : blockPlace(g, no),
        bytes: null,
      });
  return [...writes, { place: leaderPlace(g), bytes: encodeLeader(g, firstLeader(g, 0)) }];
}

/** Formats `chunks` chunks, the first of which is not to be a file system's already unless the task is forced. */
export function stepMkfs(mount: Mount, task: Extract<Task, { kind: 'mkfs' }>, came: Came): Action {
  const { geometry: g } = mount;
  if (came.kind === 'failed') return end(fail(came.error));
  switch (task.phase) {
    case 0:
      if (task.chunks < 1) return end(fail('EINVAL'));
      task.phase = 1;
      return read([headerPlace(g, 0), headerPlace(g, task.chunks - 1)]);
    case 1: {
      const [first] = came.kind === 'bytes' ? came.bytes : [];
      const isFormatted = first !== undefined && decodeHeader(g, 0, first).ok;
      if (isFormatted && !task.isForced) return end(fail('EBUSY'));
      task.phase = 2;
      return write([{ place: headerPlace(g, 0), bytes: null }]);
    }
    case 2: {
      task.phase = 3;
      const meta = makeFirstMetadata(g, task.chunks, mount.now);
      const sets = meta.chunks.flatMap((_, chunk) => setWrites(meta, chunk));
      const headers = meta.chunks.flatMap((_, chunk) =>
        chunk === 0 ? [] : [headerWrite(g, chunk, task.chunks)],
      );
      return write([...sets, ...internalWrites(meta), ...headers]);
    }
    case 3:
      task.phase = 4;
      return write([headerWrite(g, 0, task.chunks)]);
    default:
      return end(ok());
  }
}

/** FS-12: the new chunks whole, then the headers of the old ones from the highest down to chunk 0. */
export function stepGrow(mount: Mount, task: Extract<Task, { kind: 'grow' }>, came: Came): Action {
  const { geometry: g, meta } = mount;
  if (came.kind === 'failed') return end(fail(came.error));
  const old = meta.chunks.length;
  if (task.phase === 0) {
    if (!(task.chunks > old)) return end(fail('EINVAL'));
    task.phase = 1;
    return read([headerPlace(g, task.chunks - 1)]); // EINVAL where the device has no such chunk
  }
  if (task.phase === 1) {
    task.phase = 2;
    const grown = makeMetadata(g);
    for (let chunk = 0; chunk < task.chunks; chunk++) addFreeChunk(grown);
    const added = Array.from({ length: task.chunks - old }, (_, i) => old + i);
    return write(added.flatMap((chunk) => [...setWrites(grown, chunk), headerWrite(g, chunk, task.chunks)]));
  }
  const next = old + 1 - task.phase;
  if (next >= 0) {
    task.phase++;
    return write([headerWrite(g, next, task.chunks)]);
  }
  while (meta.chunks.length < task.chunks) addFreeChunk(meta);
  return end(ok(task.chunks));
}
