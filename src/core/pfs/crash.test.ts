// A crash at every write of the mounted writer, with each prefix and each subset of the sectors that were not synced: the next
// mount has the metadata of a transaction's end, acknowledged calls are whole, and fsck finds nothing (FS-52, FS-56, FS-66).

import { describe, expect, it } from 'vitest';
import { clonePlain } from '../../base/plain.ts';
import { makePrng, nextChance, type Prng } from '../../base/prng.ts';
import { isSame } from '../../base/same-plain.ts';
import type { Mutants } from '../kernel/mutants.ts';
import { fsck } from './fsck.ts';
import { chunkBytes, geometries } from './geometry.ts';
import type { Metadata } from './metadata.ts';
import { beginCall, beginMkfs, resume } from './mount.ts';
import type { Call } from './mount-state.ts';
import {
  copyDevice,
  type MemoryDevice,
  makeMemoryDevice,
  mkfs,
  mountDevice,
  must,
  perform,
  type SectorWrite,
  sectorsOfBatch,
  writeSectors,
} from './testing/memory-device.ts';

/** Which sectors of a batch a crash keeps: every subset of a small one, prefixes, single ones left out and random ones of a large one. */
function fatesOf(prng: Prng, sectors: readonly SectorWrite[]): SectorWrite[][] {
  const { length } = sectors;
  if (length <= 6)
    return Array.from({ length: 2 ** length }, (_, mask) => sectors.filter((_sector, i) => (mask >> i) & 1));
  const prefixes = [1, length >> 1, length - 1].map((end) => sectors.slice(0, end));
  const without = [0, length >> 1].map((out) => sectors.filter((_sector, i) => i !== out));
  const random = Array.from({ length: 4 }, () => sectors.filter(() => nextChance(prng, 1, 2)));
  return [[], [...sectors], ...prefixes, ...without, ...random];
}

interface Found {
  crashes: number;
  /** Metadata that is of no transaction's end, and what fsck says. */
  readonly faults: string[];
}

/** `states`: the metadata before the call and after each of its transactions; the last one or two may be what a crash left. */
function judge(crashed: MemoryDevice, states: readonly Metadata[], found: Found, what: string): void {
  found.crashes++;
  const loaded = mountDevice(crashed, 'fsck');
  const isKnown = loaded.outcome.ok && states.some((meta) => isSame(meta.chunks, loaded.mount.meta.chunks));
  if (!isKnown) {
    found.faults.push(`${what}: ${loaded.outcome.ok ? 'half a transaction' : loaded.outcome.error}`);
    return;
  }
  const { outcome } = mountDevice(crashed);
  const lines = outcome.ok ? fsck(mountDevice(crashed, 'fsck').mount) : [outcome.error];
  if (lines.length > 0) found.faults.push(`${what}: ${lines.join(', ')}`);
}

/** Makes the calls one after the other; before each batch of writes is whole, every fate of it is tried on a copy. */
function crashEverywhere(device: MemoryDevice, calls: readonly Call[], mutants: Mutants = []): Found {
  const found: Found = { crashes: 0, faults: [] };
  const prng = makePrng(1, 'fates');
  const { mount } = mountDevice(device, 'rw', mutants);
  for (const [i, call] of calls.entries()) {
    let step = beginCall(mount, i, call);
    while (step.kind !== 'done') {
      if (mutants.length > 0 && found.faults.length > 0) return found; // a planted bug is found
      if (step.kind === 'write') {
        const before = clonePlain(mount.meta);
        const copies = fatesOf(prng, sectorsOfBatch(device, step.writes)).map((kept) => {
          const copy = copyDevice(device);
          writeSectors(copy, kept);
          return copy;
        });
        step = resume(mount, perform(device, mount.token, step));
        for (const copy of copies) judge(copy, [before, mount.meta], found, `call ${i} ${call.kind}`);
      } else step = resume(mount, perform(device, mount.token, step));
    }
    expect(step.outcome.ok, `${call.kind}: ${JSON.stringify(step.outcome)}`).toBe(true);
  }
  return found;
}

const bytes = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

/** Every kind of call, several laps of the journal, forced and due trims. */
const script: readonly Call[] = [
  { kind: 'mkdir', path: '/d' },
  { kind: 'create', path: '/d/f' },
  { kind: 'append', file: '/d/f', bytes: bytes(20_000, 1) },
  { kind: 'pwrite', file: '/d/f', offset: 50_000, bytes: bytes(700, 2) },
  { kind: 'create', path: '/g' },
  { kind: 'append', file: '/g', bytes: bytes(9_000, 3) },
  { kind: 'rename', from: '/d/f', to: '/g' },
  { kind: 'truncate', file: '/g', length: 9_001 },
  { kind: 'append', file: '/g', bytes: bytes(60_000, 4) },
  { kind: 'flushlog' },
  { kind: 'fallocate', path: '/z', length: 20_000 },
  { kind: 'fallocate', path: '/z', length: 30_000 },
  { kind: 'rmdir', path: '/d' },
  ...Array.from({ length: 6 }, (_, i): Call[] => [
    { kind: 'create', path: `/${i}` },
    { kind: 'append', file: `/${i}`, bytes: bytes(10, i) },
    { kind: 'unlink', path: `/${i}` },
  ]).flat(),
  { kind: 'unlink', path: '/g' },
  { kind: 'rename', from: '/z', to: '/y' },
];

function made(): MemoryDevice {
  const device = makeMemoryDevice(geometries.mini, 1);
  mkfs(device);
  return device;
}

describe('a crash of the mounted writer', () => {
  it('FS-52 FS-56 FS-58 FS-66 at any of its writes leaves the end of a transaction, and fsck clean', () => {
    const { crashes, faults } = crashEverywhere(made(), script);
    expect(faults).toEqual([]);
    expect(crashes).toBeGreaterThan(500);
  });

  it.each([
    ['M41', 'pfs.leader-first'],
    ['M42', 'pfs.trim-early'],
    ['M183', 'pfs.leaks-blocks'],
  ] as const)('%s %s is found', (_, name) => {
    const { faults } = crashEverywhere(made(), script, [name]);
    expect(faults.length).toBeGreaterThan(0);
  });

  it('FS-34 M40 bytes of another file never show, unless the size is published before the data is durable', () => {
    const owner = made();
    const first = mountDevice(owner).mount;
    must(owner, first, { kind: 'create', path: '/secret' });
    must(owner, first, { kind: 'append', file: '/secret', bytes: bytes(40_000, 0x55) });
    must(owner, first, { kind: 'unlink', path: '/secret' });
    must(owner, first, { kind: 'create', path: '/f' });
    const shown = (mutants: Mutants): number => {
      const device = copyDevice(owner);
      const { mount } = mountDevice(device, 'rw', mutants);
      let seen = 0;
      let step = beginCall(mount, 0, { kind: 'append', file: '/f', bytes: bytes(3_000, 9) });
      while (step.kind !== 'done') {
        if (step.kind === 'write') {
          const copy = copyDevice(device);
          const again = mountDevice(copy).mount;
          const read = must(copy, again, {
            kind: 'pread',
            file: '/f',
            offset: 0,
            length: 9_000,
          }) as Uint8Array;
          if (read.some((byte) => byte !== 0 && byte !== 9)) seen++;
        }
        step = resume(mount, perform(device, mount.token, step));
      }
      return seen;
    };
    expect(shown([])).toBe(0);
    expect(shown(['pfs.size-first'])).toBeGreaterThan(0);
  });

  it('FS-10 in mkfs leaves no file system or a whole one', () => {
    const device = makeMemoryDevice(geometries.mini, 2);
    const { geometry, maxToken: token, chunks } = device;
    const deviceBytes = chunks * chunkBytes(geometry);
    const prng = makePrng(3, 'fates');
    const found = { none: 0, whole: 0 };
    const { mount, step: first } = beginMkfs(geometry, { deviceBytes, token, isForced: false, now: 0 });
    let step = first;
    while (step.kind !== 'done') {
      if (step.kind === 'write')
        for (const kept of fatesOf(prng, sectorsOfBatch(device, step.writes))) {
          const copy = copyDevice(device);
          writeSectors(copy, kept);
          const again = mountDevice(copy);
          if (again.outcome.ok) expect(fsck(mountDevice(copy, 'fsck').mount)).toEqual([]);
          found[again.outcome.ok ? 'whole' : 'none']++;
        }
      step = resume(mount, perform(device, mount.token, step));
    }
    expect(found.none).toBeGreaterThan(0);
    expect(found.whole).toBeGreaterThan(0);
  });

  it('FS-12 in growfs leaves the old size or the new', () => {
    const device = makeMemoryDevice(geometries.mini, 3);
    mkfs(device, 1);
    const { mount } = mountDevice(device);
    must(device, mount, { kind: 'create', path: '/f' });
    const sizes = new Set<number>();
    const prng = makePrng(2, 'fates');
    let step = beginCall(mount, 0, { kind: 'growfs', chunks: 3 });
    while (step.kind !== 'done') {
      if (step.kind === 'write')
        for (const kept of fatesOf(prng, sectorsOfBatch(device, step.writes))) {
          const copy = copyDevice(device);
          writeSectors(copy, kept);
          const again = mountDevice(copy).mount;
          expect(fsck(mountDevice(copy, 'fsck').mount)).toEqual([]);
          sizes.add(again.meta.chunks.length);
        }
      step = resume(mount, perform(device, mount.token, step));
    }
    expect(sizes).toEqual(new Set([1, 3]));
  });
});
