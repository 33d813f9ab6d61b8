// A block device in memory for tests of the file system: sectors by chunk, each written whole or not at all, and the token check of
// the real one (FS-80). What was never written holds garbage, so that old bytes of a block show where they must not (FS-34).

import type { Mutants } from '../../kernel/mutants.ts';
import { fsck } from '../fsck.ts';
import { chunkBytes, type Geometry, type Place } from '../geometry.ts';
import type { Answer, Step } from '../mount.ts';
import { beginCall, beginMkfs, beginMount, resume } from '../mount.ts';
import type { Call, DeviceError, DeviceWrite, LoadMode, Mount, Outcome, Value } from '../mount-state.ts';

export interface MemoryDevice {
  readonly geometry: Geometry;
  chunks: number;
  readonly sectors: Map<number, Uint8Array>;
  maxToken: number;
  /** Batches of writes and of reads so far. */
  writes: number;
  reads: number;
}

export const makeMemoryDevice = (geometry: Geometry, chunks: number): MemoryDevice => ({
  geometry,
  chunks,
  sectors: new Map(),
  maxToken: 0,
  writes: 0,
  reads: 0,
});

/** The same content; sectors are shared, nobody changes them. */
export const copyDevice = (device: MemoryDevice): MemoryDevice => ({
  ...device,
  sectors: new Map(device.sectors),
});

const GARBAGE = 0xee;
const keyOf = ({ geometry: g }: MemoryDevice, { chunk, at }: Place, i: number): number =>
  (chunk * chunkBytes(g) + at) / g.sectorBytes + i;

const isInside = ({ geometry: g, chunks }: MemoryDevice, { chunk, at, length }: Place): boolean => {
  if (at % g.sectorBytes !== 0 || length % g.sectorBytes !== 0)
    throw new Error(`not whole sectors: ${at}, ${length}`);
  return chunk < chunks && at + length <= chunkBytes(g);
};

function readPlace(device: MemoryDevice, place: Place): Uint8Array {
  const { sectorBytes } = device.geometry;
  const bytes = new Uint8Array(place.length).fill(GARBAGE);
  for (let i = 0; i * sectorBytes < place.length; i++) {
    const sector = device.sectors.get(keyOf(device, place, i));
    if (sector !== undefined) bytes.set(sector, i * sectorBytes);
  }
  return bytes;
}

/** One sector of a batch, with where it goes. */
export interface SectorWrite {
  readonly key: number;
  readonly bytes: Uint8Array;
}

/** What a batch is on the device: sectors, of which a crash keeps any. Zeros beyond what the device holds cost nothing. */
export function sectorsOfBatch(device: MemoryDevice, writes: readonly DeviceWrite[]): SectorWrite[] {
  const { sectorBytes } = device.geometry;
  const zeros = new Uint8Array(sectorBytes);
  return writes.flatMap(({ place, bytes }) =>
    Array.from({ length: place.length / sectorBytes }, (_, i) => ({
      key: keyOf(device, place, i),
      bytes: bytes === null ? zeros : bytes.slice(i * sectorBytes, (i + 1) * sectorBytes),
    })),
  );
}

export const writeSectors = (device: MemoryDevice, sectors: readonly SectorWrite[]): void =>
  sectors.forEach(({ key, bytes }) => void device.sectors.set(key, bytes));

const failed = (error: DeviceError): Answer => ({ kind: 'failed', error });

/** Carries out one batch of a mount with this token. */
export function perform(device: MemoryDevice, token: number, step: Exclude<Step, { kind: 'done' }>): Answer {
  if (step.kind === 'read') {
    device.reads++;
    if (!step.places.every((place) => isInside(device, place))) return failed('EINVAL');
    return { kind: 'bytes', bytes: step.places.map((place) => readPlace(device, place)) };
  }
  device.writes++;
  if (token < device.maxToken) return failed('TOKEN_STALE');
  device.maxToken = token;
  if (!step.writes.every(({ place }) => isInside(device, place))) return failed('EINVAL');
  writeSectors(device, sectorsOfBatch(device, step.writes));
  return { kind: 'written' };
}

/** Goes on until the call has ended. */
export function finish(device: MemoryDevice, mount: Mount, first: Step): Outcome {
  let step = first;
  while (step.kind !== 'done') step = resume(mount, perform(device, mount.token, step));
  return step.outcome;
}

export function mkfs(device: MemoryDevice, chunks: number = device.chunks, isForced = false): Outcome {
  const deviceBytes = chunks * chunkBytes(device.geometry);
  const { mount, step } = beginMkfs(device.geometry, {
    deviceBytes,
    token: device.maxToken,
    isForced,
    now: 0,
  });
  return finish(device, mount, step);
}

/** A writer installs its token before it reads the leader record (FS-81). */
export function mountDevice(
  device: MemoryDevice,
  mode: LoadMode = 'rw',
  mutants: Mutants = [],
): { readonly mount: Mount; readonly outcome: Outcome } {
  if (mode === 'rw') device.maxToken++;
  const { mount, step } = beginMount(device.geometry, { mode, token: device.maxToken, mutants });
  return { mount, outcome: finish(device, mount, step) };
}

export const callOn = (device: MemoryDevice, mount: Mount, call: Call, now = 0): Outcome =>
  finish(device, mount, beginCall(mount, now, call));

/** The value of a call that succeeds. */
export function must(device: MemoryDevice, mount: Mount, call: Call, now = 0): Value {
  const outcome = callOn(device, mount, call, now);
  if (!outcome.ok) throw new Error(`${call.kind}: ${outcome.error}`);
  return outcome.value;
}

export const errorOfCall = (device: MemoryDevice, mount: Mount, call: Call): string => {
  const outcome = callOn(device, mount, call);
  return outcome.ok ? 'ok' : outcome.error;
};

/** What fsck says of the device as it lies there. */
export function fsckDevice(device: MemoryDevice): string[] {
  const { mount, outcome } = mountDevice(device, 'fsck');
  return outcome.ok || mount.badChunks.length > 0 ? fsck(mount) : [`EIO`];
}
