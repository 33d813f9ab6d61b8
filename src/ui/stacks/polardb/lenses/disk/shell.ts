// A shell on a mount by inspection (docs/spec/polarfs.md §4, §8): what it knows are calls that only read, made on the mount as its node has it,
// by the file system's own code (core/pfs/mount.ts). What a call asks of the device is answered by what chunk servers show; until
// they have shown it, the call waits. Pure: a command line and a picture in, text, an error or places out.

import type { ClusterSpec } from '../../../../../core/kernel/cluster-spec.ts';
import type { DevicePlace } from '../../../../../core/kernel/view-params.ts';
import { fsck } from '../../../../../core/pfs/fsck.ts';
import type { Leader } from '../../../../../core/pfs/journal.ts';
import { beginCall, resume, type Step } from '../../../../../core/pfs/mount.ts';
import type { Call, Mapped, Mount, Outcome, Stat, StatFs } from '../../../../../core/pfs/mount-state.ts';
import { bytesAt, devicePlace, type Nodes } from '../../device.ts';

export interface ShellSource {
  readonly cluster: ClusterSpec;
  readonly nodes: Nodes;
  readonly mount: Mount;
}

/** `waits`: the call goes on when these bytes are shown. */
export type ShellAnswer =
  | { readonly kind: 'done'; readonly lines: readonly string[] }
  /** `isChange`: the command would change something, and here everything only reads. */
  | { readonly kind: 'error'; readonly error: string; readonly isChange?: true }
  | { readonly kind: 'waits'; readonly places: readonly DevicePlace[] };

/** Bytes of a file that one `cat` shows. */
export const catBytes = 512;
const bytesOfLine = 16;

const changing = ['rm', 'mkdir', 'touch', 'mv', 'append', 'truncate', 'rmdir', 'create', 'growfs', 'write'];

/** Runs the call as far as the shown bytes allow. A mount that nobody changes gives the same to the same call. */
export function runCall(
  { cluster, nodes, mount }: ShellSource,
  call: Call,
): Outcome | readonly DevicePlace[] {
  mount.stack.length = 0;
  for (let step: Step = beginCall(mount, 0, call); ; ) {
    if (step.kind === 'done') return step.outcome;
    if (step.kind === 'write') return { ok: false, error: 'EROFS' };
    const places = step.places.map((place) => devicePlace(cluster, place));
    const bytes = places.map((place) => (place === null ? null : bytesAt(nodes, place)));
    const missing = places.flatMap((place, i) => (place !== null && bytes[i] === undefined ? [place] : []));
    if (missing.length > 0) return places.flatMap((place) => place ?? []);
    const known = bytes.flatMap((one) => one ?? []);
    step = resume(
      mount,
      known.length < places.length ? { kind: 'failed', error: 'EIO' } : { kind: 'bytes', bytes: known },
    );
  }
}

const done = (lines: readonly string[]): ShellAnswer => ({ kind: 'done', lines });
const error = (text: string) => ({ kind: 'error', error: text }) as const;

/** `0010  66 6f …  fo.` */
export function hexLines(bytes: Uint8Array, from: number): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += bytesOfLine) {
    const part = [...bytes.subarray(at, at + bytesOfLine)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${(from + at).toString(16).padStart(6, '0')}  ${hex.padEnd(bytesOfLine * 3 - 1)}  ${text}`);
  }
  return lines;
}

function withOutcome<T>(source: ShellSource, call: Call, then: (value: T) => ShellAnswer): ShellAnswer {
  const outcome = runCall(source, call);
  if ('ok' in outcome) return outcome.ok ? then(outcome.value as T) : error(`${call.kind}: ${outcome.error}`);
  return { kind: 'waits', places: outcome };
}

const statLine = (path: string, { kind, ino, size, nblock }: Stat): string =>
  `${kind === 'dir' ? 'd' : '-'} ${String(ino).padStart(5)} ${String(size).padStart(9)} B ${String(nblock).padStart(4)} blk  ${path}`;

function list(source: ShellSource, path: string): ShellAnswer {
  return withOutcome<readonly string[]>(source, { kind: 'readdir', path }, (names) => {
    const lines: string[] = [];
    for (const name of names) {
      const outcome = runCall(source, { kind: 'stat', path: `${path === '/' ? '' : path}/${name}` });
      if (!('ok' in outcome)) return { kind: 'waits', places: outcome };
      lines.push(outcome.ok ? statLine(name, outcome.value as Stat) : `? ${name}: ${outcome.error}`);
    }
    return done(lines);
  });
}

/** Carries out a command line. */
export function runShell(source: ShellSource, line: string): ShellAnswer {
  const [word = '', named = '/', offset = '0'] = line.trim().split(/\s+/);
  if (changing.includes(word)) return { ...error(`${word}: EROFS`), isChange: true };
  // one without a slash begins where the shell stands, which is the root
  const path = named.startsWith('/') ? named : `/${named}`;
  switch (word) {
    case 'ls':
      return list(source, path);
    case 'stat':
      return withOutcome<Stat>(source, { kind: 'stat', path }, (stat) =>
        done([
          statLine(path, stat),
          `nlink ${stat.nlink}  atime ${stat.atime}  mtime ${stat.mtime}  ctime ${stat.ctime}  btime ${stat.btime} ms`,
        ]),
      );
    case 'fmap':
      return withOutcome<readonly Mapped[]>(source, { kind: 'fmap', path }, (mapped) =>
        done(
          mapped.map(([blkid, blktag, holeoff]) => `block ${blkid}: blktag ${blktag}, hole from ${holeoff}`),
        ),
      );
    case 'cat': {
      const from = Number(offset);
      if (!Number.isSafeInteger(from) || from < 0) return error(`cat: EINVAL ${offset}`);
      const call: Call = { kind: 'pread', file: path, offset: from, length: catBytes };
      return withOutcome<Uint8Array>(source, call, (bytes) =>
        done(bytes.length === 0 ? ['(end of file)'] : hexLines(bytes, from)),
      );
    }
    case 'df':
      return withOutcome<StatFs>(source, { kind: 'statfs' }, (fs) =>
        done([
          `chunks ${fs.chunks}  blocks ${fs.blocks}  free ${fs.freeBlocks}`,
          `free inodes ${fs.freeInodes}  free direntries ${fs.freeDirentries}`,
        ]),
      );
    case 'journal':
      return withOutcome<Leader>(source, { kind: 'journal' }, (leader) =>
        done(Object.entries(leader).map(([name, value]) => `${name.padEnd(8)} ${value}`)),
      );
    case 'fsck': {
      const issues = fsck({ meta: source.mount.meta, badChunks: [] });
      return done(issues.length === 0 ? ['clean'] : issues);
    }
    case 'help':
      return done(['ls [PATH]  stat PATH  cat PATH [OFFSET]  fmap PATH  df  journal  fsck']);
    default:
      return error(`${word}: ?`);
  }
}
