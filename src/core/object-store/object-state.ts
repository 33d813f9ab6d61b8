// State of the object store (docs/spec/wal.md WAL-42) and how it is opened from its disk. Plain data. An object is one
// disk value, `object/<name>`; a volume's manifest lies in slots (object-slots.ts).

import { blob, branded, type Decoded, type Infer, struct, text, uint } from '../../base/codec.ts';
import type { NodeId, RequestNumber, Term, Time } from '../../base/ids.ts';
import type { DiskImage, NodeConfig, Write } from '../kernel/door.ts';
import { openWith, sealWith } from '../kernel/framing.ts';
import type { Limits } from '../kernel/limits.ts';
import type { Mutants } from '../kernel/mutants.ts';
import type { ObjectAsker } from './messages.ts';
import { isNamedFor, parseObjectName } from './object-name.ts';
import type { ObjectParts } from './object-parts.ts';
import { loadPins, type Pins, pinnedNames } from './object-pins.ts';
import { slotKeys, slotWrites } from './object-slots.ts';
import { type Manifest, objectsOf, openManifest } from './objects.ts';

const VERSION = 1;
/** WAL-76: of the largest manifest, what the next one needs: staged by two archivers at once, and two copies in its slot. */
const RESERVED_MANIFESTS = 6;
/** A manifest's next step, and the pins. */
const RESERVED_BYTES = 64 * 1024;
const OBJECT_PREFIX = 'object/';
const MANIFEST_PREFIX = 'manifest/';

export const objectKey = (name: string): string => OBJECT_PREFIX + name;

const standing = struct({
  volume: text,
  version: uint,
  token: branded<Term>(uint),
  object: text,
  bytes: blob,
});

type StandingValue = Infer<typeof standing>;
export const sealStanding = (value: StandingValue): Uint8Array => sealWith(standing, VERSION, value);
export const openStanding = (bytes: Uint8Array): Decoded<StandingValue> => openWith(standing, VERSION, bytes);

/** The manifest that counts: what is durable. */
export interface Standing extends StandingValue {
  readonly content: Manifest;
}

/** Parts of an object that has not come whole; gone with a crash, and sent again. */
export interface Upload extends ObjectParts {
  readonly from: NodeId;
  readonly total: number;
  /** When its last part came. */
  partAt: Time;
}

export type ObjectWrite =
  | {
      readonly kind: 'object';
      readonly to: NodeId;
      readonly reqId: RequestNumber;
      readonly name: string;
      readonly bytes: Uint8Array;
      readonly traceId: number;
    }
  | {
      readonly kind: 'manifest';
      readonly to: NodeId;
      readonly reqId: RequestNumber;
      readonly next: Standing;
      readonly traceId: number;
    }
  | { readonly kind: 'pins'; readonly to: NodeId; readonly next: Pins; readonly traceId: number }
  | { readonly kind: 'delete' };

export type ObjectRead =
  | {
      readonly kind: 'get';
      readonly to: NodeId;
      readonly for: ObjectAsker;
      readonly reqId: RequestNumber;
      readonly name: string;
      readonly offset: number;
      readonly traceId: number;
    }
  | { readonly kind: 'scrub'; readonly name: string };

export interface ObjectStoreState {
  readonly bootEpoch: number;
  readonly scrubUs: number;
  /** Bytes of the disk. */
  readonly limitBytes: number;
  readonly limits: Limits;
  readonly mutants: Mutants;
  /** Bytes of each durable object, by name. */
  readonly objects: Map<string, number>;
  bytes: number;
  /** Being written: a second put of the same waits for its sender to ask again. */
  readonly writing: Set<string>;
  readonly uploads: Map<string, Upload>;
  /** Manifests put and not yet made the standing one. */
  readonly staged: Map<string, Uint8Array>;
  readonly manifests: Map<string, Standing>;
  /** Durable; and what is being written, which keeps its objects as well. */
  pins: Pins;
  pinning: Pins | null;
  readonly writes: Map<number, ObjectWrite>;
  readonly reads: Map<number, ObjectRead>;
  /** Named by a manifest or a restore, and found gone or damaged. */
  readonly bad: Set<string>;
  /** Objects that the scrub's present round has yet to read. */
  round: string[];
  /** Keys found at open that are no object, or a damaged one. */
  garbage: string[];
}

export function openObjectStore(config: NodeConfig, disk: DiskImage, bootEpoch: number): ObjectStoreState {
  const state: ObjectStoreState = {
    bootEpoch,
    scrubUs: config.params.scrubEveryMs * 1000,
    limitBytes: config.params.diskLimitBytes,
    limits: config.params,
    mutants: config.mutants,
    objects: new Map(),
    bytes: 0,
    writing: new Set(),
    uploads: new Map(),
    staged: new Map(),
    manifests: new Map(),
    pins: loadPins(disk),
    pinning: null,
    writes: new Map(),
    reads: new Map(),
    bad: new Set(),
    round: [],
    garbage: [],
  };
  openManifests(state, disk);
  for (const key of [...disk.keys()].filter((one) => one.startsWith(OBJECT_PREFIX)).sort()) {
    const name = key.slice(OBJECT_PREFIX.length);
    const bytes = disk.get(key);
    if (bytes && isNamedFor(name, bytes)) addObject(state, name, bytes);
    else state.garbage.push(key);
  }
  for (const { content } of state.manifests.values()) recordMissing(state, objectsOf(content));
  recordMissing(state, pinnedNames(state.pins));
  return state;
}

function openManifests(state: ObjectStoreState, disk: DiskImage): void {
  for (const key of [...disk.keys()].filter((one) => one.startsWith(MANIFEST_PREFIX)).sort()) {
    const bytes = disk.get(key);
    const opened = bytes && openStanding(bytes);
    if (!opened?.ok) continue;
    const { volume, version, object } = opened.value;
    const content = openManifest(object, opened.value.bytes);
    if (content.ok && version > (state.manifests.get(volume)?.version ?? 0))
      state.manifests.set(volume, { ...opened.value, content: content.value });
  }
}

export function addObject(state: ObjectStoreState, name: string, bytes: Uint8Array): void {
  state.bytes += bytes.length - (state.objects.get(name) ?? 0);
  state.objects.set(name, bytes.length);
  state.bad.delete(name);
  if (parseObjectName(name)?.kind === 'manifest') state.staged.set(name, bytes);
}

export function dropObject(state: ObjectStoreState, name: string): void {
  state.bytes -= state.objects.get(name) ?? 0;
  state.objects.delete(name);
  state.staged.delete(name);
}

/** WAL-76: may an object take so many bytes? Segments and base images leave the room that the next manifest needs. */
export function hasRoom(state: ObjectStoreState, name: string, bytes: number): boolean {
  if (parseObjectName(name)?.kind === 'manifest') return true;
  let used = objectKey(name).length + bytes;
  for (const [held, size] of state.objects) used += objectKey(held).length + size;
  for (const write of state.writes.values()) if (write.kind === 'object') used += write.bytes.length;
  let largest = 0;
  for (const manifest of state.manifests.values()) {
    used += slotKeys(MANIFEST_PREFIX).length * manifest.bytes.length;
    largest = Math.max(largest, manifest.bytes.length);
  }
  return used + RESERVED_MANIFESTS * largest + RESERVED_BYTES <= state.limitBytes;
}

/** Every object that is named and that is not here. */
function recordMissing(state: ObjectStoreState, names: readonly string[]): void {
  for (const name of names) if (!state.objects.has(name)) state.bad.add(name);
}

export function manifestWrites({ volume, version, token, object, bytes }: Standing): Write[] {
  const value = sealStanding({ volume, version, token, object, bytes });
  return slotWrites(`${MANIFEST_PREFIX}${volume}/`, version, value);
}
