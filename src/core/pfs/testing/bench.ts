// What the contract suite of the file system stands on: a device, whatever it is made of, on which file systems are made and mounted.

import type { Geometry } from '../geometry.ts';
import type { Call, LoadMode, Mount, Outcome, Value } from '../mount-state.ts';
import { callOn, fsckDevice, makeMemoryDevice, mkfs, mountDevice } from './memory-device.ts';

export interface FsBench {
  readonly geometry: Geometry;
  readonly mkfs: () => Outcome;
  readonly mount: (mode: LoadMode) => { readonly mount: Mount; readonly outcome: Outcome };
  readonly call: (mount: Mount, call: Call, now?: number) => Outcome;
  readonly fsck: () => string[];
  /** The device gets so many chunks. */
  readonly extend: (chunks: number) => void;
}

export function memoryBench(geometry: Geometry, chunks: number): FsBench {
  const device = makeMemoryDevice(geometry, chunks);
  return {
    geometry,
    mkfs: () => mkfs(device),
    mount: (mode) => mountDevice(device, mode),
    call: (mount, call, now) => callOn(device, mount, call, now),
    fsck: () => fsckDevice(device),
    extend: (more) => {
      device.chunks = more;
    },
  };
}

/** A mounted file system by short words. A call that fails gives the name of its error. */
interface TestFs {
  readonly bench: FsBench;
  readonly mount: Mount;
  readonly call: (call: Call, now?: number) => Value | string;
}

export function mounted(bench: FsBench, mode: LoadMode = 'rw'): TestFs {
  const { mount, outcome } = bench.mount(mode);
  if (!outcome.ok) throw new Error(`mount: ${outcome.error}`);
  const call = (one: Call, now?: number): Value | string => {
    const result = bench.call(mount, one, now);
    return result.ok ? result.value : result.error;
  };
  return { bench, mount, call };
}

export function madeFs(bench: FsBench): TestFs {
  const outcome = bench.mkfs();
  if (!outcome.ok) throw new Error(`mkfs: ${outcome.error}`);
  return mounted(bench);
}

/** Bytes that tell where they are. */
export const pattern = (length: number, seed = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 17 + (i >> 8)) & 0xff);
