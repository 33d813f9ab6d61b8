// A keyframe of the live cluster as the browser keeps it: each node's part as its own worker packed it, the fabric, the
// recorder and the disks of nodes that are down beside them. A checksum covers all of it, what it is of included: engine,
// past and instant. Whatever is not whole, or of another engine, form or run, is an error and never a world.

import {
  BadBytes,
  type ByteReader,
  type ByteWriter,
  makeReader,
  makeWriter,
  readRaw,
  readText,
  readU8,
  readU32,
  readUint,
  takeBytes,
  writeBytes,
  writeText,
  writeU8,
  writeU32,
  writeUint,
} from '../base/bytes.ts';
import { crc32c } from '../base/crc32c.ts';
import { type Hash, hashHex, hashNumber, hashText, makeHash } from '../base/hash.ts';
import type { NodeId, Time } from '../base/ids.ts';
import { messageOf } from '../base/thrown.ts';
import { packRecorder } from '../run-model/recorder/recorder.ts';
import { ENGINE } from '../sim/engine.ts';
import type { NodeRunner } from '../sim/runner-state.ts';
import type { TapeHeader } from '../sim/tape.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { printLine, printTape } from '../sim/tape-print.ts';
import { tapes } from '../stacks/tapes.ts';
import { type Deflated, type Packed, packWhole, unpackWhole } from './keyframe-codec.ts';
import type { LiveKeyframe } from './live-keyframes.ts';
import type { WorldSnapshot } from './world-snapshot.ts';

/** Version of the form; another one is not read. */
const FORM = 1;
const CRC_BYTES = 4;
/** Bytes that one keyframe may unfold to: more is no keyframe of this lab. */
const MAX_UNPACKED = 256 * 1024 * 1024;

type AnyRunner = NodeRunner<unknown, unknown>;

/** Of which run, by all that was done in it, and of which instant. The two say what the world is. */
export interface KeyframeKey {
  readonly past: string;
  readonly time: Time;
}

/** What a run goes on from. */
export type StoredWorld = Pick<WorldSnapshot, 'fabric' | 'runners' | 'images' | 'recorder'>;

/** Names a past: the header of its tape and the lines that had been done. */
export const pastOf = (header: string, lines: readonly string[]): string =>
  named(header, lines.map(nameLine));

/** The same of actions; each is printed once. */
export const pastOfActions = (header: TapeHeader, actions: readonly TapeAction[]): string =>
  named(headerText(header), actions.map(nameAction));

function named(header: string, lines: readonly Hash[]): string {
  const hash = makeHash();
  hashText(hash, header);
  for (const { lo, hi } of lines) {
    hashNumber(hash, lo);
    hashNumber(hash, hi);
  }
  return hashHex(hash);
}

function nameLine(line: string): Hash {
  const hash = makeHash();
  hashText(hash, line);
  return hash;
}

const actionNames = new WeakMap<TapeAction, Hash>();

function nameAction(action: TapeAction): Hash {
  const name = actionNames.get(action) ?? nameLine(printLine(tapes, action));
  actionNames.set(action, name);
  return name;
}

/** A tape's header as it is kept: without an end. */
export const headerText = (header: TapeHeader): string =>
  printTape(tapes, { header: { ...header, end: null }, actions: [] });

export const linesOf = (actions: readonly TapeAction[]): readonly string[] =>
  actions.map((action) => printLine(tapes, action));

/** All but the nodes that are up. */
export const packRest = ({ fabric, recorder, images, time }: LiveKeyframe): Packed =>
  packWhole({
    fabric,
    // With the nodes' views: the first picture of the run that goes on from here asks no node.
    recorder: { ...packRecorder(recorder, time), nodes: recorder.nodes },
    images: new Map([...images].map(([node, image]) => [node, new Map(image)])),
  });

export function writeStored(
  { past, time }: KeyframeKey,
  rest: Packed,
  nodes: readonly (readonly [NodeId, Packed])[],
): Uint8Array {
  const w = makeWriter(64 * 1024);
  writeU32(w, 0);
  writeU8(w, FORM);
  writeText(w, ENGINE);
  writeText(w, past);
  writeUint(w, time);
  writePacked(w, rest);
  writeUint(w, nodes.length);
  for (const [node, packed] of nodes) {
    writeText(w, node);
    writePacked(w, packed);
  }
  const bytes = takeBytes(w);
  new DataView(bytes.buffer).setUint32(0, crc32c(bytes, CRC_BYTES), true);
  return bytes;
}

function writePacked(w: ByteWriter, { arrays, plain }: Packed): void {
  for (const { bytes, length } of [arrays, plain]) {
    writeUint(w, length);
    writeBytes(w, bytes);
  }
}

/** The world that was stored under this key, made anew. */
export function readStored(bytes: Uint8Array, key: KeyframeKey): StoredWorld | { readonly error: string } {
  try {
    const world = read(bytes, key);
    const fault = faultOf(world, key);
    return fault === null ? world : { error: fault };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** The same where only a whole world is of use; null: it is none. */
export function wholeWorld(bytes: unknown, key: KeyframeKey): StoredWorld | null {
  const world = bytes instanceof Uint8Array ? readStored(bytes, key) : null;
  return world === null || 'error' in world ? null : world;
}

function read(bytes: Uint8Array, { past, time }: KeyframeKey): StoredWorld {
  const r = makeReader(bytes);
  if (readU32(r) !== crc32c(bytes, CRC_BYTES)) throw new BadBytes('checksum mismatch');
  const form = readU8(r);
  if (form !== FORM) throw new BadBytes(`form ${form}, not ${FORM}`);
  const engine = readText(r);
  if (engine !== ENGINE) throw new BadBytes(`of engine ${engine}, not ${ENGINE}`);
  if (readText(r) !== past || readUint(r) !== time) throw new BadBytes('of another past or instant');
  const room = { left: MAX_UNPACKED };
  const rest = readPacked(r, room) as Omit<StoredWorld, 'runners'>;
  const runners: (readonly [NodeId, AnyRunner])[] = [];
  for (let left = readUint(r); left > 0; left--) {
    const node = readText(r) as NodeId;
    runners.push([node, readPacked(r, room) as AnyRunner]);
  }
  if (r.at !== r.end) throw new BadBytes(`${r.end - r.at} bytes too many`);
  return { ...rest, runners };
}

function readPacked(r: ByteReader, room: { left: number }): unknown {
  return unpackWhole({ arrays: readDeflated(r, room), plain: readDeflated(r, room) });
}

function readDeflated(r: ByteReader, room: { left: number }): Deflated {
  const length = readUint(r);
  room.left -= length;
  if (room.left < 0) throw new BadBytes('unfolds to too much');
  return { bytes: readRaw(r, readUint(r)), length };
}

/** What it says of itself is what stands in it: its instant, and a runner of each node that is up. */
function faultOf({ fabric, runners, images, recorder }: StoredWorld, { time }: KeyframeKey): string | null {
  if (fabric.now !== time) return `its fabric is at ${fabric.now}`;
  if (!(images instanceof Map) || !(recorder.nodes instanceof Map)) return 'no disks, or no recorder';
  const up = fabric.nodes.filter(({ status }) => status === 'up').map(({ spec }) => spec.id);
  const isWhole =
    up.length === runners.length && runners.every(([id, { node }], i) => id === up[i] && node === id);
  return isWhole ? null : 'not a runner of each node that is up';
}
