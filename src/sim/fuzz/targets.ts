// Everything that reads bytes it did not make itself: frames, log records, and each kind of value on a disk. A target says
// how its bytes are sealed, and reads them: to an error that tells what is wrong, or to a value and the bytes of that value.

import type { Decoded } from '../../base/codec.ts';
import type { GroupId, Lsn, NodeId, Term } from '../../base/ids.ts';
import { openConfig, sealConfig } from '../../core/agent/agent.ts';
import { openSavedWorkloads, sealSavedWorkloads } from '../../core/client/workload-state.ts';
import { decodeMessage, encodeMessage } from '../../core/cluster/messages.ts';
import { openJournalValue, readJournal } from '../../core/consensus/stored.ts';
import { has, type Mutants } from '../../core/kernel/mutants.ts';
import { bootWrites, readBootEpoch } from '../../core/kernel/node-boot.ts';
import { encodeRecord, RECORD_HEADER_BYTES, readRecords } from '../../core/log/record.ts';
import { makeHoleList, mergeRange, nwlOf } from '../../core/log-store/holes/hole-list.ts';
import { decodeSnapshot, digestLog, encodeSnapshot } from '../../core/log-store/holes/hole-snapshot.ts';
import { makeFlag, readFlag } from '../../core/log-store/replica/clean-exit.ts';
import { parseKey, superKey } from '../../core/log-store/replica/keys.ts';
import { readVersion } from '../../core/log-store/replica/pages.ts';
import { encodeSegment, readSegment } from '../../core/log-store/replica/segment.ts';
import { readSuperblock, superblockWrites } from '../../core/log-store/replica/superblock.ts';
import { openProgress, sealProgress } from '../../core/log-store/restore/restore-state.ts';
import {
  baseObject,
  logObject,
  manifestGroup,
  manifestObject,
} from '../../core/object-store/archive-fixture.ts';
import {
  baseObjectName,
  isNamedFor,
  logObjectName,
  manifestObjectName,
  parseObjectName,
} from '../../core/object-store/object-name.ts';
import { noPins, openPins, sealPins } from '../../core/object-store/object-pins.ts';
import { openStanding, sealStanding } from '../../core/object-store/object-state.ts';
import {
  encodeBaseObject,
  encodeLogSegment,
  encodeManifest,
  openBaseObject,
  openLogSegment,
  openManifest,
} from '../../core/object-store/objects.ts';
import { openPcsNodes, sealPcsNodes } from '../../core/pcs/node-seeds.ts';
import { META_PREFIX } from '../../core/pcs/pcs-raft.ts';
import type { AnyProgram } from '../runner-state.ts';
import { chunkFormats, chunkTargets } from './chunk-targets.ts';
import { deviceTargets } from './device-targets.ts';
import { joined, reseal } from './mutate.ts';
import { pagesTarget } from './record-targets.ts';

export type FuzzRead =
  | { readonly error: string }
  /** The value was taken; `again`: its own bytes, or null when the target has no single form; then `content` says what was read. */
  | { readonly error: null; readonly again: Uint8Array | null; readonly content?: unknown };

export interface FuzzTarget {
  readonly name: string;
  /** What is still used of a value that `read` refuses, and why that may be; it has to be what stood there. */
  readonly salvage?: { readonly why: string; readonly read: FuzzTarget['read'] };
  /** Every value stands twice and either will do, so a flip of one is no loss: the target that reads each alone, where bits are flipped. */
  readonly flippedBy?: string;
  readonly corpus: readonly Uint8Array[];
  readonly reseal: (bytes: Uint8Array) => void;
  readonly read: (bytes: Uint8Array, good: Uint8Array) => FuzzRead;
}

/** `[crc][all the rest]`: frames and sealed values alike. */
const resealWhole = (bytes: Uint8Array): void => reseal(bytes, 0, 4);

export interface StackFrames {
  readonly stack: string;
  readonly frames: readonly Uint8Array[];
  readonly program: Pick<AnyProgram, 'decodeMessage' | 'encodeMessage'>;
}

/** What a run has made: frames that were sent, and values on disks. */
export interface FuzzCorpus {
  /** Of the messages that every stack has. */
  readonly frames: readonly Uint8Array[];
  /** Those of stacks that have more. */
  readonly stacks: readonly StackFrames[];
  readonly disk: readonly { readonly key: string; readonly bytes: Uint8Array }[];
}

/** Every kind of key that a node's disk has, and the target that reads its values. A key that none of them is like has none. */
export const formatsByKey: readonly (readonly [key: RegExp, target: string])[] = [
  [/^node\/boot\//, 'boot epoch'],
  [/^node\/config\//, 'configuration'],
  [/^store\/[^/]+\/super\//, 'superblock'],
  [/^store\/[^/]+\/log\//, 'log segment'],
  [/^store\/[^/]+\/page\//, 'page version'],
  [/^store\/[^/]+\/clean\/list$/, 'status list'],
  [/^store\/[^/]+\/clean\/flag$/, 'clean flag'],
  [/^store\/[^/]+\/restore$/, 'restore note'],
  [/^meta\//, 'metadata value'],
  [/^driver\/workloads$/, 'workloads'],
  [/^object\/[^/]+\/[^/]+\/log\//, 'object: log segment'],
  [/^object\/[^/]+\/[^/]+\/base\//, 'object: base'],
  [/^object\/[^/]+\/manifest\//, 'object: manifest'],
  [/^manifest\//, 'object store: standing manifest'],
  [/^pins\//, 'object store: pins'],
  ...chunkFormats,
];

/** The target for the values of a disk key, or null: nobody has said how they are damaged. */
export const formatOfKey = (key: string): string | null =>
  formatsByKey.find(([pattern]) => pattern.test(key))?.[1] ?? null;

/** Names of targets that read frames of one stack begin with it. */
export const MESSAGE_OF = 'message of ';

/** `mutants`: planted bugs that are on in the decoders. */
export function makeTargets({ frames, stacks, disk }: FuzzCorpus, mutants: Mutants = []): FuzzTarget[] {
  const valuesOf = (kind: string) => disk.filter(({ key }) => parseKey(key)?.kind === kind);
  const bytesOf = (prefix: string) =>
    disk.filter(({ key }) => key.startsWith(prefix)).map(({ bytes }) => bytes);
  const segments = valuesOf('log');
  return [
    { name: 'message', corpus: frames, reseal: resealWhole, read: readFrame },
    ...stacks.map(
      (one): FuzzTarget => ({
        name: `${MESSAGE_OF}${one.stack}`,
        corpus: one.frames,
        reseal: resealWhole,
        read: (bytes) => {
          const read = one.program.decodeMessage(bytes);
          if ('error' in read) return { error: read.error };
          return { error: null, again: one.program.encodeMessage(read.message, read.traceId) };
        },
      }),
    ),
    {
      name: 'records',
      corpus: segments.map(({ key, bytes }) => recordsOf(key, bytes)).filter((bytes) => bytes.length > 0),
      reseal: resealRecords,
      read: readBatch,
    },
    pagesTarget(resealRecords),
    ...segments.slice(0, 1).map(({ key }): FuzzTarget => segmentTarget(key, segments)),
    {
      name: 'superblock',
      corpus: valuesOf('super').map(({ bytes }) => bytes),
      reseal: resealWhole,
      read: readSuper,
    },
    { name: 'status list', corpus: snapshots(), reseal: resealWhole, read: readList },
    {
      name: 'page version',
      corpus: valuesOf('page').map(({ bytes }) => bytes),
      reseal: resealWhole,
      read: readPage,
    },
    {
      name: 'boot epoch',
      corpus: bytesOf('node/boot/').map((bytes) => bootValue(readBootEpoch(bootDisk(bytes)), mutants)),
      reseal: resealWhole,
      read: readBoot(mutants),
    },
    {
      name: 'nodes of the metadata',
      corpus: [['n1'], ['n2', 'n3', 'n4']].map((nodes) => sealPcsNodes(nodes as NodeId[])),
      reseal: resealWhole,
      read: (bytes: Uint8Array) => again(openPcsNodes(bytes), sealPcsNodes),
    },
    {
      name: 'configuration',
      corpus: bytesOf('node/config/').flatMap((bytes) => {
        const opened = openConfig(bytes, []);
        return opened.ok ? [sealConfig(opened.value, mutants)] : [];
      }),
      reseal: resealWhole,
      read: (bytes: Uint8Array) => again(openConfig(bytes, mutants), (stored) => sealConfig(stored, mutants)),
    },
    {
      name: 'clean flag',
      corpus: [makeFlag()],
      reseal: resealWhole,
      read: (bytes: Uint8Array) => again(readFlag(bytes), makeFlag),
    },
    {
      name: 'workloads',
      // Those of a run hold the trees of their statements, too long to flip every bit of.
      corpus: [...bytesOf('driver/workloads'), smallWorkload()],
      reseal: resealWhole,
      read: (bytes: Uint8Array) => again(openSavedWorkloads(bytes), sealSavedWorkloads),
    },
    ...objectTargets(),
    ...chunkTargets(disk, resealWhole),
    ...deviceTargets(resealWhole),
    {
      name: 'metadata',
      flippedBy: 'metadata value',
      corpus: bytesOf('meta/'),
      reseal: resealWhole,
      read: readMeta(disk),
    },
    {
      name: 'metadata value',
      corpus: bytesOf('meta/'),
      reseal: resealWhole,
      read: readMetaValue(disk, mutants),
    },
  ].filter(({ corpus }) => corpus.length > 0);
}

const smallWorkload = (): Uint8Array =>
  sealSavedWorkloads([
    {
      name: 'w',
      spec: '{"rows":3}',
      loaded: true,
      statements: [{ text: 'BEGIN', tree: Uint8Array.of(1, 2) }],
    },
  ]);

function readFrame(bytes: Uint8Array): FuzzRead {
  const read = decodeMessage(bytes);
  if ('error' in read) return { error: read.error };
  return { error: null, again: encodeMessage(read.message, read.traceId) };
}

const placeOf = (key: string) => {
  const parsed = parseKey(key);
  return { group: (parsed?.group ?? '') as GroupId, ordinal: parsed?.kind === 'log' ? parsed.ordinal : 0 };
};

const recordsOf = (key: string, bytes: Uint8Array): Uint8Array =>
  joined(...readSegment(bytes, placeOf(key)).records.map((one) => one.bytes));

/** Each record that can be found gets its own checksum. */
function resealRecords(bytes: Uint8Array): void {
  for (let at = 0; at + RECORD_HEADER_BYTES <= bytes.length; ) {
    const length = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0, true);
    const start = at + RECORD_HEADER_BYTES;
    if (start + length > bytes.length) return;
    reseal(bytes, at + 4, start, start + length);
    at = start + length;
  }
}

function readBatch(bytes: Uint8Array): FuzzRead {
  const { records, error } = readRecords(bytes);
  if (error !== null) return { error };
  return { error: null, again: joined(...records.map(({ record }) => encodeRecord(record).bytes)) };
}

function segmentTarget(key: string, segments: FuzzCorpus['disk']): FuzzTarget {
  const place = placeOf(key);
  const corpus = segments.map((one) => {
    const { records } = readSegment(one.bytes, placeOf(one.key));
    return encodeSegment(records, place);
  });
  return {
    name: 'log segment',
    salvage: {
      why: 'HOLE-55: where the header is damaged, records are found by their own checksums',
      read: (bytes) => {
        const { records, damaged, torn } = readSegment(bytes, place);
        return damaged || torn
          ? { error: 'its range is reported as damaged, or its end as torn' }
          : { error: null, again: encodeSegment(records, place) };
      },
    },
    corpus,
    reseal: (bytes) => resealRecords(bytes.subarray(Math.min(bytes.length, 19))),
    read: (bytes) => {
      const { records, torn, damaged, isForeign, range } = readSegment(bytes, place);
      if (torn) return { error: 'torn at its end' };
      if (isForeign) return { error: 'of another place' };
      if (damaged) return { error: `damaged in [${damaged[0]}, ${damaged[1]})` };
      if (!range) return { error: 'header checksum mismatch' };
      return { error: null, again: encodeSegment(records, place) };
    },
  };
}

function readSuper(bytes: Uint8Array): FuzzRead {
  const group = 'g1' as GroupId;
  const block = readSuperblock(group, new Map([[superKey(group, 0, 'a'), bytes]]));
  if (block === null) return { error: 'superblock version, checksum or field out of place' };
  return { error: null, again: superblockWrites(group, block)[0]?.bytes ?? null };
}

/** Objects of a backup: read under the name that their bytes have, so that a changed one is not refused for its name alone. */
function objectTargets(): FuzzTarget[] {
  const logs = [logObject(0, 30, [0, 4, 9]), logObject(30, 61, []), logObject(61, 90, [61, 62, 80, 89])];
  const bases = [baseObject(40, [1, 2, 9]), baseObject(60, [], 1)];
  const group = manifestGroup(logs.slice(0, 2), [
    [0, 30],
    [30, 61],
  ]);
  const gaps = [{ first: 2 as Lsn, end: 4 as Lsn, name: 'v1/g1/log/x' }];
  const manifests = [
    manifestObject(1, []),
    manifestObject(4, [group]),
    manifestObject(9, [{ ...group, gaps }]),
  ];
  const bytesOf = (objects: readonly { bytes: Uint8Array }[]) => objects.map(({ bytes }) => bytes);
  const target = (
    name: string,
    corpus: Uint8Array[],
    read: (bytes: Uint8Array, good: Uint8Array) => FuzzRead,
  ) => ({
    name,
    corpus,
    reseal: resealWhole,
    read,
  });
  const notes = [0, 7].map((done) =>
    sealProgress({ volume: 'v2', done, pages: 3 * done, records: 900 * done }),
  );
  const pins = [
    { ...noPins(), turn: 1, boot: 2, sequence: 3 },
    { turn: 4, boot: 1, sequence: 9, pins: [{ volume: 'v2', names: logs.map(({ name }) => name) }] },
  ].map(sealPins);
  const standings = manifests.map(({ name, bytes }, i) =>
    sealStanding({ volume: 'v1', version: [1, 4, 9][i] ?? 0, token: 1 as Term, object: name, bytes }),
  );
  return [
    target('restore note', notes, (bytes) => again(openProgress(bytes), sealProgress)),
    target('object store: pins', pins, (bytes) => again(openPins(bytes), sealPins)),
    target('object store: standing manifest', standings, (bytes) => again(openStanding(bytes), sealStanding)),
    target('object under its name', bytesOf([...logs, ...bases, ...manifests]), (bytes, good) => {
      const name = [...logs, ...bases, ...manifests].find((one) => one.bytes === good)?.name ?? '';
      return isNamedFor(name, bytes)
        ? { error: null, again: bytes }
        : { error: 'not the bytes that its name was made for' };
    }),
    target('object: log segment', bytesOf(logs), (bytes, good) => {
      const range = logs.find((one) => one.bytes === good);
      const parsed = range && parseObjectName(range.name);
      const at = parsed?.kind === 'log' ? ([parsed.first, parsed.end] as const) : ([0, 1] as const);
      const opened = openLogSegment(logObjectName('v1', GROUP, at, bytes), bytes);
      return opened.ok ? { error: null, again: encodeLogSegment(opened.value.segment) } : opened;
    }),
    target('object: base', bytesOf(bases), (bytes, good) => {
      const [base, part] = good === bases[0]?.bytes ? [40, 0] : [60, 1];
      const opened = openBaseObject(baseObjectName('v1', GROUP, base, part, bytes), bytes);
      return opened.ok ? { error: null, again: encodeBaseObject(opened.value) } : opened;
    }),
    target('object: manifest', bytesOf(manifests), (bytes, good) => {
      const version = [1, 4, 9][manifests.findIndex((one) => one.bytes === good)] ?? 0;
      const opened = openManifest(manifestObjectName('v1', version, bytes), bytes);
      return opened.ok ? { error: null, again: encodeManifest(opened.value) } : opened;
    }),
  ];
}

const again = <T>(opened: Decoded<T>, seal: (value: T) => Uint8Array): FuzzRead =>
  opened.ok ? { error: null, again: seal(opened.value) } : opened;

const GROUP = 'g1' as GroupId;
const EPOCH = 3 as Term;
const HELD = digestLog([1, 2, 3]);

/** Lists of a few shapes; a run's own are restored and gone at once. */
function snapshots(): Uint8Array[] {
  return [0, 1, 7, 40].map((holes) => {
    const list = makeHoleList(0);
    for (let i = 0; i <= holes; i++) mergeRange(list, i * 13, i * 13 + 1 + (i % 9));
    return encodeSnapshot({ group: GROUP, bootEpoch: 2, volumeEpoch: EPOCH }, list, HELD);
  });
}

function readList(bytes: Uint8Array, good: Uint8Array): FuzzRead {
  const nwl = nwlOfGood(good);
  const read = decodeSnapshot(bytes, { group: GROUP, volumeEpoch: EPOCH, nwl, log: HELD });
  if (read.error !== null) return { error: read.error };
  const owner = { group: GROUP, bootEpoch: read.bootEpoch, volumeEpoch: EPOCH };
  return { error: null, again: encodeSnapshot(owner, read.list, HELD) };
}

function nwlOfGood(good: Uint8Array): number {
  for (let nwl = -1; nwl < 1000; nwl++) {
    const read = decodeSnapshot(good, { group: GROUP, volumeEpoch: EPOCH, nwl, log: HELD });
    if (read.error === null) return nwlOf(read.list);
  }
  return -1;
}

function readPage(bytes: Uint8Array, good: Uint8Array): FuzzRead {
  const header = new DataView(good.buffer, good.byteOffset + 5);
  const number = (at: number): number =>
    header.getUint32(at, true) + header.getUint32(at + 4, true) * 2 ** 32;
  const read = readVersion(bytes, number(12) as never, number(4));
  if (read.kind !== 'good')
    return { error: read.kind === 'bad' ? 'version checksum or length' : 'of another page' };
  return { error: null, again: null, content: read.page };
}

const bootDisk = (bytes: Uint8Array): ReadonlyMap<string, Uint8Array> => new Map([['node/boot/a', bytes]]);
const bootValue = (epoch: number, mutants: Mutants): Uint8Array =>
  bootWrites(epoch, mutants)[0]?.bytes ?? new Uint8Array();

/** Nobody writes the epoch 0: it stands for a disk that has none. */
const readBoot =
  (mutants: Mutants) =>
  (bytes: Uint8Array): FuzzRead => {
    const epoch = readBootEpoch(bootDisk(bytes), mutants);
    return epoch === 0
      ? { error: 'checksum, version or form of a boot epoch' }
      : { error: null, again: null, content: epoch };
  };

/** The whole log with one value replaced: it loads, or says that it is damaged. */
const readMeta =
  (disk: FuzzCorpus['disk']) =>
  (bytes: Uint8Array, good: Uint8Array): FuzzRead => {
    const image = new Map(
      disk.filter(({ key }) => key.startsWith('meta/')).map((one) => [one.key, one.bytes]),
    );
    for (const [key, value] of image) if (value === good) image.set(key, bytes);
    readJournal(image, META_PREFIX);
    return { error: null, again: null };
  };

/** One value of the journal alone: a record or a checkpoint, or nothing of it. */
const readMetaValue =
  (disk: FuzzCorpus['disk'], mutants: Mutants) =>
  (bytes: Uint8Array, good: Uint8Array): FuzzRead => {
    const key = disk.find((one) => one.bytes === good)?.key ?? '';
    const coverage = has(mutants, 'meta.entries-unchecked') ? 'unread' : 'whole';
    const content = openJournalValue(key, bytes, META_PREFIX, coverage);
    return content === null
      ? { error: 'no record and no checkpoint can be read of it' }
      : { error: null, again: null, content };
  };
