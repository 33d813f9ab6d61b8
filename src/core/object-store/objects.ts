// The immutable objects of a backup (docs/spec/wal.md WAL-41, WAL-42): log segments, parts of base images, manifests.
// Each is a sealed value (version, checksum) under a name that holds its content range and checksum. Whoever reads one
// trusts nothing: the seal, the name, the ranges and the chain of the records are checked before anything is used.

import { BadBytes, type ByteReader, type ByteWriter, readUint, writeUint } from '../../base/bytes.ts';
import {
  blob,
  branded,
  type Codec,
  type Decoded,
  decodeWhole,
  type Infer,
  int,
  list,
  MAX_ITEMS,
  struct,
  text,
  uint,
} from '../../base/codec.ts';
import type { GroupId, Lsn } from '../../base/ids.ts';
import { group, historyCodec, lsn, node, term } from '../kernel/fields.ts';
import { openValue, sealWith } from '../kernel/framing.ts';
import { type EncodedRecord, readRecords } from '../log/record.ts';
import type { PageKey } from '../page/page-key.ts';
import { isNamedFor, parseObjectName } from './object-name.ts';

const VERSION = 1;
/** Largest object that is taken: an upload above it is refused. */
export const MAX_OBJECT_BYTES = 16 * 1024 * 1024;

/** WAL-41: `records` (framed, end to end) are all of the group in `[first, end)`; there may be none. */
const logSegment = struct({ group, first: lsn, end: lsn, token: term, records: blob });
export type LogSegment = Infer<typeof logSegment>;

/** A part of the page images of a group at `base`: pages ascending by key, each at its own pageLsn ≤ base. */
const baseObject = struct({
  group,
  base: lsn,
  part: uint,
  pages: list(struct({ blockKey: branded<PageKey>(uint), lsn, page: blob })),
});
export type BaseObject = Infer<typeof baseObject>;

const objectRef = struct({ name: text, bytes: uint });
export type ObjectRef = Infer<typeof objectRef>;

/** A log segment as the manifest names it. */
const manifestLog = struct({ first: lsn, end: lsn, token: term, name: text, bytes: uint, records: uint });
export type ManifestLog = Infer<typeof manifestLog>;

/** A base image; without parts it is that of a group that has no pages at `base`. */
const manifestBase = struct({ base: lsn, pages: uint, parts: list(objectRef) });
export type ManifestBase = Infer<typeof manifestBase>;

/** Log that no object holds any more, and the object that held it (F31, BACKUP_GAP). */
const manifestGap = struct({ first: lsn, end: lsn, name: text });
export type ManifestGap = Infer<typeof manifestGap>;

const manifestGroup = struct({
  group,
  /** The replica that archives, and the number of its appointment: a lower one is refused (WAL-40). */
  archiver: node,
  appointment: uint,
  /** Log below `archivedTo + 1` is in the archive, or is named by a gap. */
  archivedTo: lsn,
  bases: list(manifestBase),
  logs: list(manifestLog),
  gaps: list(manifestGap),
});
export type ManifestGroup = Infer<typeof manifestGroup>;

/** A consistency point: `time` is the virtual µs at which the writer made it. */
export interface ManifestCpl {
  readonly lsn: Lsn;
  readonly time: number;
  readonly commit: boolean;
}

/** Ascending by LSN; each as the difference to the one before. */
const cplsCodec: Codec<ManifestCpl[]> = { encode: writeCpls, decode: readCpls };

function writeCpls(w: ByteWriter, cpls: readonly ManifestCpl[]): void {
  writeUint(w, cpls.length);
  let before = -1;
  let time = 0;
  for (const cpl of cpls) {
    writeUint(w, (cpl.lsn - before) * 2 + (cpl.commit ? 1 : 0));
    int.encode(w, cpl.time - time);
    before = cpl.lsn;
    time = cpl.time;
  }
}

function readCpls(r: ByteReader): ManifestCpl[] {
  const count = readUint(r);
  if (count > MAX_ITEMS || count > r.end - r.at) throw new BadBytes(`list of ${count} at ${r.at}`);
  const cpls: ManifestCpl[] = [];
  let lsn = -1;
  let time = 0;
  for (let i = 0; i < count; i++) {
    const step = readUint(r);
    lsn += Math.floor(step / 2);
    time += int.decode(r);
    if (step < 2 || time < 0 || !Number.isSafeInteger(lsn))
      throw new BadBytes(`consistency point at ${r.at}`);
    cpls.push({ lsn: lsn as Lsn, time, commit: step % 2 === 1 });
  }
  return cpls;
}

const manifest = struct({
  volume: text,
  version: uint,
  token: term,
  history: historyCodec,
  groups: list(manifestGroup),
  cpls: cplsCodec,
});
export type Manifest = Infer<typeof manifest>;

export const encodeLogSegment = (segment: LogSegment): Uint8Array => sealWith(logSegment, VERSION, segment);
export const encodeBaseObject = (base: BaseObject): Uint8Array => sealWith(baseObject, VERSION, base);
export const encodeManifest = (content: Manifest): Uint8Array => sealWith(manifest, VERSION, content);

const bad = (error: string): { readonly ok: false; readonly error: string } => ({ ok: false, error });

/** The sealed content of an object that lies under `name`. */
function openObject<T>(codec: Codec<T>, name: string, bytes: Uint8Array): Decoded<T> {
  if (!isNamedFor(name, bytes)) return bad(`${name}: checksum differs from the name's`);
  const payload = openValue(VERSION, bytes);
  const read = payload.ok ? decodeWhole(codec, payload.value) : payload;
  return read.ok ? read : bad(`${name}: ${read.error}`);
}

export interface OpenedLog {
  readonly segment: LogSegment;
  readonly records: EncodedRecord[];
}

/** A log segment with its records: all of its group, in its range, each linked to the one before it. */
export function openLogSegment(name: string, bytes: Uint8Array): Decoded<OpenedLog> {
  const opened = openObject(logSegment, name, bytes);
  if (!opened.ok) return opened;
  const segment = opened.value;
  const named = parseObjectName(name);
  const isSame =
    named?.kind === 'log' &&
    named.group === segment.group &&
    named.first === segment.first &&
    named.end === segment.end;
  if (!isSame) return bad(`${name}: holds [${segment.first}, ${segment.end}) of ${segment.group}`);
  const { records, error } = readRecords(segment.records);
  if (error !== null) return bad(`${name}: ${error}`);
  const broken = findBrokenLink(segment, records);
  return broken === null ? { ok: true, value: { segment, records } } : bad(`${name}: ${broken}`);
}

function findBrokenLink(
  { group: id, first, end }: Pick<LogSegment, 'group' | 'first' | 'end'>,
  records: readonly EncodedRecord[],
): string | null {
  let before = -1;
  for (const { record } of records) {
    if (record.group !== id) return `LSN ${record.lsn} is of ${record.group}`;
    if (record.lsn < first || record.lsn >= end) return `LSN ${record.lsn} is outside [${first}, ${end})`;
    const isLinked = before === -1 ? record.prevGroup < first : record.prevGroup === before;
    if (!isLinked) return `LSN ${record.lsn} follows ${record.prevGroup}, not ${before}`;
    before = record.lsn;
  }
  return null;
}

/** A part of a base image: pages ascending by key and none newer than the image. */
export function openBaseObject(name: string, bytes: Uint8Array): Decoded<BaseObject> {
  const opened = openObject(baseObject, name, bytes);
  if (!opened.ok) return opened;
  const { group: id, base, part, pages } = opened.value;
  const named = parseObjectName(name);
  const isSame = named?.kind === 'base' && named.group === id && named.base === base && named.part === part;
  if (!isSame) return bad(`${name}: holds part ${part} of ${id} at ${base}`);
  let before = -1;
  for (const { blockKey, lsn: at } of pages) {
    if (blockKey <= before) return bad(`${name}: page ${blockKey} after ${before}`);
    if (at > base) return bad(`${name}: page ${blockKey} at ${at}, above ${base}`);
    before = blockKey;
  }
  return opened;
}

/** A manifest: what it names belongs to its volume and groups, and its lists are in order. */
export function openManifest(name: string, bytes: Uint8Array): Decoded<Manifest> {
  const opened = openObject(manifest, name, bytes);
  if (!opened.ok) return opened;
  const { volume, version, groups } = opened.value;
  const named = parseObjectName(name);
  if (named?.kind !== 'manifest' || named.volume !== volume || named.version !== version)
    return bad(`${name}: is version ${version} of ${volume}`);
  const seen = new Set<GroupId>();
  for (const one of groups) {
    const wrong = seen.has(one.group) ? `${one.group} twice` : findMisnamed(volume, one);
    if (wrong !== null) return bad(`${name}: ${wrong}`);
    seen.add(one.group);
  }
  return opened;
}

function findMisnamed(volume: string, { group: id, bases, logs }: ManifestGroup): string | null {
  let before = -1;
  for (const { first, end, name } of logs) {
    const named = parseObjectName(name);
    const isSame =
      named?.kind === 'log' &&
      named.volume === volume &&
      named.group === id &&
      named.first === first &&
      named.end === end;
    if (!isSame) return `[${first}, ${end}) of ${id} named ${name}`;
    if (first < before) return `[${first}, ${end}) of ${id} follows ${before}`;
    before = end;
  }
  before = -2;
  for (const { base, parts } of bases) {
    if (base <= before) return `base ${base} of ${id} follows ${before}`;
    before = base;
    for (const [part, { name }] of parts.entries()) {
      const named = parseObjectName(name);
      const isSame =
        named?.kind === 'base' && named.group === id && named.base === base && named.part === part;
      if (!isSame || named.volume !== volume) return `part ${part} of base ${base} of ${id} named ${name}`;
    }
  }
  return null;
}

/** Every object that the manifest names. */
export function objectsOf({ groups }: Manifest): string[] {
  return groups.flatMap(({ bases, logs }) => [
    ...bases.flatMap(({ parts }) => parts.map(({ name }) => name)),
    ...logs.map(({ name }) => name),
  ]);
}
