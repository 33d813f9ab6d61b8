// Readers beside a writer, their reads of the device between its writes in any order, of each chunk at a time of its own (docs/spec/polarfs.md
// FS-60 to FS-65, FS-70): what a reader has after a sync to h is the metadata after transaction h, whatever was committed or trimmed while it read.

import { describe, expect, it } from 'vitest';
import { digestPlain } from '../../base/plain.ts';
import { makePrng, nextBelow, nextChance, type Prng } from '../../base/prng.ts';
import type { Mutants } from '../kernel/mutants.ts';
import { geometries, type Place } from './geometry.ts';
import { beginCall, beginMount, resume, type Step } from './mount.ts';
import type { Call, Mount } from './mount-state.ts';
import {
  type MemoryDevice,
  makeMemoryDevice,
  mkfs,
  mountDevice,
  must,
  perform,
} from './testing/memory-device.ts';

interface Lane {
  readonly mount: Mount;
  step: Step;
}

/** Of a read, what each chunk has answered so far, by place; the chunk groups answer in any order. */
type Parts = Map<Place, Uint8Array>;

/** One chunk's part of a batch of reads; the mount goes on when all have come. Writes are one part. */
function advancePart(device: MemoryDevice, lane: Lane & { readonly parts: Parts }, prng: Prng): void {
  const { step, parts, mount } = lane;
  if (step.kind !== 'read') {
    advance(device, lane);
    return;
  }
  const open = step.places.filter((place) => !parts.has(place));
  const chunk = open[nextBelow(prng, open.length)]?.chunk;
  const asked = open.filter((place) => place.chunk === chunk);
  const answer = perform(device, mount.token, { kind: 'read', places: asked });
  if (answer.kind !== 'bytes') throw new Error('a read inside the device');
  for (const [i, place] of asked.entries()) parts.set(place, answer.bytes[i] as Uint8Array);
  if (parts.size < step.places.length) return;
  const bytes = step.places.map((place) => parts.get(place) as Uint8Array);
  parts.clear();
  lane.step = resume(mount, { kind: 'bytes', bytes });
}

/** One batch of the device for one of the mounts. */
const advance = (device: MemoryDevice, lane: Lane): void => {
  if (lane.step.kind !== 'done') lane.step = resume(lane.mount, perform(device, lane.mount.token, lane.step));
};

const digest = ({ meta }: Mount): string => digestPlain(meta.chunks);

interface Counts {
  NONE: number;
  REPLAY: number;
  RELOAD: number;
  wrong: number;
  restarts: number;
}

function race(seed: number, mutants: Mutants = []): Counts {
  const device = makeMemoryDevice(geometries.mini, 3);
  mkfs(device);
  const prng = makePrng(seed, 'readers');
  const done: Step = { kind: 'done', outcome: { ok: true, value: null } };
  const writer: Lane = { mount: mountDevice(device).mount, step: done };
  const readers = [0, 1].map((): Lane & { readonly parts: Parts } => ({
    mount: mountDevice(device, 'ro', mutants).mount,
    step: done,
    parts: new Map(),
  }));
  const counts: Counts = { NONE: 0, REPLAY: 0, RELOAD: 0, wrong: 0, restarts: 0 };
  const history = new Map<number, string>([[0, digest(writer.mount)]]);
  const nextCall = (): Call => {
    const path = `/${nextBelow(prng, 3)}`;
    const bytes = new Uint8Array(1 + nextBelow(prng, 3000));
    return [
      { kind: 'create', path } as const,
      { kind: 'append', file: path, bytes } as const,
      { kind: 'unlink', path } as const,
    ][nextBelow(prng, 3)] as Call;
  };
  for (let turn = 0; turn < 600; turn++) {
    if (writer.step.kind === 'done') writer.step = beginCall(writer.mount, turn, nextCall());
    else advance(device, writer);
    const { tx } = writer.mount.position;
    if (!history.has(tx)) history.set(tx, digest(writer.mount));
    const lane = readers[nextBelow(prng, 12)];
    if (lane === undefined) continue;
    if (lane.step.kind === 'done') lane.step = beginCall(lane.mount, turn, { kind: 'sync' });
    const before = device.reads;
    // A reader that is quick, or that the writer overtakes in the middle of its reads.
    for (let n = nextChance(prng, 1, 3) ? 9 : 1; n > 0; n--) advancePart(device, lane, prng);
    if (lane.step.kind !== 'done') continue;
    counts.restarts += device.reads - before > 5 ? 1 : 0;
    if (!lane.step.outcome.ok) counts.wrong++;
    else {
      const result = lane.step.outcome.value as { mode: 'NONE' | 'REPLAY' | 'RELOAD'; to: number };
      counts[result.mode]++;
      if (lane.mount.position.tx < result.to || history.get(lane.mount.position.tx) !== digest(lane.mount))
        counts.wrong++;
    }
  }
  return counts;
}

const sum = (runs: readonly Counts[], name: keyof Counts): number =>
  runs.reduce((n, run) => n + run[name], 0);

describe('readers beside a writer', () => {
  it('FS-60 FS-62 FS-65 have the metadata after the transaction that they say, also when they are lapped while they read', () => {
    const runs = Array.from({ length: 24 }, (_, seed) => race(seed));
    expect(sum(runs, 'wrong')).toBe(0);
    for (const mode of ['NONE', 'REPLAY', 'RELOAD'] as const)
      expect(sum(runs, mode), mode).toBeGreaterThan(20);
  });

  it.each([
    ['M43', 'pfs.no-reload'],
    ['M150', 'pfs.no-second-look'],
    ['M233', 'pfs.looks-beside'],
  ] as const)('%s %s is found', (_, name) => {
    expect(
      sum(
        Array.from({ length: 12 }, (_seed, seed) => race(seed, [name])),
        'wrong',
      ),
    ).toBeGreaterThan(0);
  });

  it.each(['ro', 'fsck'] as const)(
    'FS-13 FS-60 %s begins anew when the device has grown since it read how many chunks there are (polardb seed 100)',
    (mode) => {
      let begunAnew = 0;
      for (let batches = 0; batches < 5; batches++) {
        const device = makeMemoryDevice(geometries.mini, 1);
        mkfs(device);
        const { mount: writer } = mountDevice(device);
        must(device, writer, { kind: 'create', path: '/a' });
        const { mount, step } = beginMount(geometries.mini, { mode, token: 0 });
        const lane: Lane = { mount, step };
        for (let i = 0; i < batches; i++) advance(device, lane);
        device.chunks = 2;
        must(device, writer, { kind: 'growfs', chunks: 2 });
        must(device, writer, { kind: 'fallocate', path: '/a', length: 20 * 8192 });
        const before = device.reads;
        while (lane.step.kind !== 'done') advance(device, lane);
        expect(lane.step.outcome.ok, `${batches}`).toBe(true);
        if (batches + device.reads - before > 5) begunAnew++;
        // What was committed after it read how far the journal goes it has not.
        if (mount.position.tx === writer.position.tx) expect(digest(mount)).toBe(digest(writer));
      }
      expect(begunAnew).toBeGreaterThan(0);
    },
  );

  it('FS-60 FS-65 a load that the device fails at any of its reads leaves the metadata, and the next sync has all', () => {
    let failed = 0;
    for (let batches = 0; batches < 9; batches++) {
      const device = makeMemoryDevice(geometries.mini, 1);
      mkfs(device);
      const { mount: writer } = mountDevice(device);
      must(device, writer, { kind: 'create', path: '/a' });
      const { mount } = mountDevice(device, 'ro');
      must(device, mount, { kind: 'sync' });
      must(device, writer, { kind: 'create', path: '/b' });
      must(device, mount, { kind: 'sync' });
      // an object of a new chunk: the reader loads all anew, though its place in the journal is there
      device.chunks = 2;
      must(device, writer, { kind: 'growfs', chunks: 2 });
      must(device, writer, { kind: 'fallocate', path: '/a', length: 20 * 8192 });
      const before = digest(mount);
      const lane: Lane = { mount, step: beginCall(mount, 0, { kind: 'sync' }) };
      for (let i = 0; i < batches; i++) advance(device, lane);
      if (lane.step.kind === 'done') continue;
      const end = resume(mount, { kind: 'failed', error: 'ENOQUORUM' });
      expect(end).toEqual({ kind: 'done', outcome: { ok: false, error: 'ENOQUORUM' } });
      expect(digest(mount), `${batches}`).toBe(before);
      failed++;
      must(device, mount, { kind: 'sync' });
      expect(digest(mount), `${batches}`).toBe(digest(writer));
    }
    expect(failed).toBe(6);
  });

  it('FS-64 a read of a block that has another owner meanwhile is made again', () => {
    const found = { stale: 0, again: 0 };
    for (const mutants of [[], ['pfs.no-poll']] as const) {
      for (let batches = 0; batches < 8; batches++) {
        const device = makeMemoryDevice(geometries.mini, 1);
        mkfs(device);
        const { mount: writer } = mountDevice(device);
        must(device, writer, { kind: 'create', path: '/a' });
        must(device, writer, { kind: 'append', file: '/a', bytes: new Uint8Array(8192).fill(1) });
        const { mount: reader } = mountDevice(device, 'ro', mutants);
        const lane: Lane = {
          mount: reader,
          step: beginCall(reader, 0, { kind: 'pread', file: '/a', offset: 0, length: 10 }),
        };
        for (let i = 0; i < batches; i++) advance(device, lane);
        must(device, writer, { kind: 'truncate', file: '/a', length: 0 });
        must(device, writer, { kind: 'create', path: '/b' });
        must(device, writer, { kind: 'append', file: '/b', bytes: new Uint8Array(8192).fill(2) });
        while (lane.step.kind !== 'done') advance(device, lane);
        const bytes = lane.step.outcome.ok ? [...(lane.step.outcome.value as Uint8Array)] : [];
        if (bytes.includes(2)) found.stale++;
        if (mutants.length === 0) {
          expect(bytes.includes(2), `${batches}`).toBe(false);
          if (bytes.length === 0 && batches > 0) found.again++;
        }
      }
    }
    expect(found.again).toBeGreaterThan(0);
    expect(found.stale).toBeGreaterThan(0); // M151: a reader that does not poll again
  });
});
