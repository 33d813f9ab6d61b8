// Everything a tape may do to a world: the actions' types, and one registry that says how each is written, on what it
// acts, with which numbers, and how it is undone. Parser, printer, menus, palette and CLI are made from the registry.

import type { GroupId, NodeId, Time } from '../base/ids.ts';
import type { MessageFamily, RestorePoint, WorkloadSpec } from '../core/kernel/door.ts';
import { type CrashMode, type CrashMoment, crashMoments } from './types.ts';

/** Both ends of link faults: every pair of a node in `from` and one in `to`, this way or both ways. */
export interface LinkTarget {
  readonly from: readonly NodeId[];
  readonly to: readonly NodeId[];
  readonly isBothWays: boolean;
}

interface Timed {
  readonly at: Time;
}
/** Undone by itself after `forUs`; null: stays. */
interface Lasting extends Timed {
  readonly forUs: number | null;
}
interface OnNode {
  readonly node: NodeId;
}
interface OnLink {
  readonly link: LinkTarget;
}
interface OnMessage {
  /** `<from>.<sequence>.<copy>` */
  readonly message: string;
}

/** One node's disk as of the last thing it committed before a power cut, as the browser's database has it. */
export interface PowerStamp {
  readonly node: NodeId;
  readonly until: Time;
  readonly ordinal: number;
  readonly life: number;
  /** Running hash of that life at the stamp, 16 hex digits. */
  readonly hash: string;
  /** Digest of the durable image, 16 hex digits. */
  readonly disk: string;
}

export type TapeAction =
  | (Lasting & OnNode & { readonly kind: 'crash'; readonly mode: CrashMode })
  | (Timed & OnNode & { readonly kind: 'restart' })
  /** Of the writes not yet durable, those to these keys are lost; the others survive. */
  | (Lasting & OnNode & { readonly kind: 'crashLosing'; readonly keys: readonly (string | null)[] })
  /** The node goes down and its disk is replaced by an empty one (F24). */
  | (Lasting & OnNode & { readonly kind: 'wipeDisk' })
  /** What the disk holds durably now is kept beside it, as the image that `rollbackDisk` goes back to. */
  | (Timed & OnNode & { readonly kind: 'snapshotDisk' })
  /** The node goes down and its disk is put back to its snapshot (F24); without one it stays as it is. */
  | (Lasting & OnNode & { readonly kind: 'rollbackDisk' })
  /** The power goes off the next time the node does this, once. */
  | (Timed &
      OnNode & {
        readonly kind: 'crashOn';
        readonly when: 'before' | 'after';
        readonly moment: CrashMoment;
      })
  | (Timed & OnNode & { readonly kind: 'disarm' })
  | (Timed & OnNode & { readonly kind: 'dropBuffer' })
  | (Lasting & { readonly kind: 'powerOff'; readonly nodes: readonly NodeId[] })
  | (Timed & { readonly kind: 'powerOn'; readonly nodes: readonly NodeId[] })
  /** Told to end in good order; its power goes off `graceUs` later, and `forUs` after that it is back. */
  | (Lasting & OnNode & { readonly kind: 'stop'; readonly graceUs: number })
  | (Lasting & OnNode & { readonly kind: 'freeze' })
  | (Timed & OnNode & { readonly kind: 'resume' })
  | (Lasting & OnNode & { readonly kind: 'slowCpu'; readonly usPerInput: number })
  | (Lasting & OnNode & { readonly kind: 'clock'; readonly offsetUs: number })
  | (Lasting & OnNode & { readonly kind: 'clockDrift'; readonly ppm: number })
  | (Lasting & OnNode & { readonly kind: 'diskSlow'; readonly percent: number })
  | (Lasting & OnNode & { readonly kind: 'diskStall' | 'diskFull' | 'diskFailSync' | 'diskFailRead' })
  | (Timed & OnNode & { readonly kind: 'diskOk' })
  | (Timed &
      OnNode & {
        readonly kind: 'bitRot' | 'diskReadError';
        readonly prefix: string;
        readonly pick: number | null;
      })
  | (Timed & OnNode & { readonly kind: 'diskLoseWrite' | 'diskMisdirect'; readonly prefix: string })
  | (Lasting & { readonly kind: 'isolate'; readonly nodes: readonly NodeId[] })
  | (Lasting & { readonly kind: 'partition'; readonly sides: readonly (readonly NodeId[])[] })
  | (Lasting & OnLink & { readonly kind: 'cut' | 'hold' })
  | (Timed & OnLink & { readonly kind: 'heal' | 'release' })
  | (Lasting & OnLink & { readonly kind: 'latency'; readonly baseUs: number })
  | (Lasting & OnLink & { readonly kind: 'jitter'; readonly jitterUs: number })
  /** Bytes that a direction carries in a virtual millisecond. */
  | (Lasting & OnLink & { readonly kind: 'bandwidth'; readonly bytesPerMs: number })
  /** The next messages of a family in each direction are lost, or kept back each by itself. */
  | (Timed &
      OnLink & {
        readonly kind: 'dropNext' | 'holdNext';
        readonly family: MessageFamily;
        readonly count: number;
      })
  | (Lasting &
      OnLink & { readonly kind: 'loss' | 'duplicate' | 'reorder' | 'corrupt'; readonly percent: number })
  | (Timed & { readonly kind: 'healAll' })
  | (Timed &
      OnMessage & {
        readonly kind:
          | 'dropMessage'
          | 'deliverMessage'
          | 'duplicateMessage'
          | 'corruptMessage'
          | 'releaseMessage';
      })
  | (Timed & OnMessage & { readonly kind: 'delayMessage'; readonly byUs: number })
  | (Lasting & OnMessage & { readonly kind: 'holdMessage' })
  | (Timed &
      OnNode & {
        readonly kind: 'sql';
        readonly session: string;
        readonly text: string;
        readonly params: readonly (string | null)[];
      })
  | (Timed & OnNode & { readonly kind: 'cancel'; readonly session: string })
  | (Timed & OnNode & { readonly kind: 'workload'; readonly name: string; readonly spec: WorkloadSpec })
  | (Timed &
      OnNode & { readonly kind: 'workloadSet'; readonly name: string; readonly spec: Partial<WorkloadSpec> })
  | (Timed & OnNode & { readonly kind: 'workloadStop'; readonly name: string })
  /** No-op records up to this LSN in one MTR (more when LAL is smaller); `groups`: names, in turn, `g1*7` seven times. */
  | (Timed & OnNode & { readonly kind: 'padTo'; readonly upTo: number; readonly groups: string })
  /** To the metadata: the replica of a group (null: of every group) moves to another store; to its own: it is made anew. */
  | (Timed & OnNode & { readonly kind: 'moveReplica'; readonly to: NodeId; readonly group: GroupId | null })
  /** To the metadata: this store archives the group (null: every one that is backed up) from now on. */
  | (Timed & OnNode & { readonly kind: 'nameArchiver'; readonly group: GroupId | null })
  /** To the metadata: the group's open membership change (null: every one) is taken back. */
  | (Timed & { readonly kind: 'rollbackMove'; readonly group: GroupId | null })
  /** By a driver to the metadata: a new volume beside its source, as of a CPL or of the newest commit by a time (WAL-45). */
  | (Timed & {
      readonly kind: 'restore';
      readonly source: string;
      readonly to: RestorePoint;
      readonly volume: string;
    })
  /** As well: the restore is given up, and what is loaded of it deleted. */
  | (Timed & { readonly kind: 'cancelRestore'; readonly volume: string })
  /** As well: the restored volume is deleted, with all that it holds. */
  | (Timed & { readonly kind: 'dropVolume'; readonly volume: string })
  /** The writer reads a page as of an older read point, to look at it. */
  | (Timed & OnNode & { readonly kind: 'readPage'; readonly blockKey: number; readonly readPoint: number })
  /** The writer lets a page go from its buffer if it may (WAL-10), keeps it there, or keeps it no more. */
  | (Timed & OnNode & { readonly kind: 'evictPage' | 'unpinPage'; readonly blockKey: number })
  | (Lasting & OnNode & { readonly kind: 'pinPage'; readonly blockKey: number })
  /** The store's replica of the group (null: every one) asks for no hole, or asks again. */
  | (Lasting & OnNode & { readonly kind: 'pauseHoles'; readonly group: GroupId | null })
  | (Timed & OnNode & { readonly kind: 'resumeHoles'; readonly group: GroupId | null })
  | (Timed & { readonly kind: 'powerCut'; readonly stamps: readonly PowerStamp[] });

export type ActionName = TapeAction['kind'];
export type ActionOf<K extends ActionName> = Extract<TapeAction, { kind: K }>;

/** What an action is done to: decides where a menu offers it and what its line names first. */
export type ActionTarget =
  | 'node'
  | 'driver'
  | 'writer'
  | 'store'
  | 'nodes'
  | 'sides'
  | 'link'
  | 'message'
  | 'world';

/** One argument on the line, in order. Times are µs inside and `ms` or `us` on the line. */
export type ArgSpec =
  | {
      readonly name: string;
      readonly type: 'number';
      readonly unit: 'ms' | 'us' | '%' | '';
      readonly min: number;
      readonly max: number;
      /** What a menu offers first, in the argument's own unit inside (µs, %). */
      readonly usual: number;
      readonly isOptional?: boolean;
    }
  | {
      readonly name: string;
      readonly type: 'word';
      readonly words: readonly string[];
      /** Left out of the line when it has this value; '': always said. */
      readonly usual: string;
    }
  | { readonly name: string; readonly type: 'text' }
  | { readonly name: string; readonly type: 'texts' }
  /** A session: a name, and `@volume` behind it when it is not the first volume; left out when it is `main`. */
  | { readonly name: string; readonly type: 'session' }
  /** A volume's name, after a word of its own (or none). */
  | { readonly name: string; readonly type: 'volume'; readonly after: string }
  /** `to lsn 1234`, `to time 20.500 ms`. */
  | { readonly name: string; readonly type: 'point' }
  /** A session's or a workload's name; left out of the line when it is `main`. */
  | { readonly name: string; readonly type: 'name' }
  | { readonly name: string; readonly type: 'workload'; readonly isPartial: boolean }
  | { readonly name: string; readonly type: 'stamps' }
  | { readonly name: string; readonly type: 'node' }
  /** A group's name; left out: all of them. */
  | { readonly name: string; readonly type: 'group' };

export interface ActionKind {
  readonly target: ActionTarget;
  readonly args: readonly ArgSpec[];
  /** True: takes `for <time> ms`, after which `undo` is done. */
  readonly isLasting: boolean;
  /** The action that undoes it, if one does. */
  readonly undo: ActionName | null;
  /** True for faults, false for what clients and operators do. */
  readonly isFault: boolean;
}

/** Longest time, latency or delay an action may name: one virtual minute. */
export const LONGEST_US = 60_000_000;
/** Longest run: 24 virtual hours. */
export const LONGEST_RUN_US = 86_400_000_000;

const fault = (
  target: ActionTarget,
  args: readonly ArgSpec[] = [],
  undo: ActionName | null = null,
): ActionKind => ({ target, args, isLasting: undo !== null, undo, isFault: true });

const remedy = (target: ActionTarget, args: readonly ArgSpec[] = []): ActionKind => ({
  target,
  args,
  isLasting: false,
  undo: null,
  isFault: false,
});

const percent: ArgSpec = { name: 'percent', type: 'number', unit: '%', min: 0, max: 100, usual: 20 };
const micros = (name: string, unit: 'ms' | 'us', min: number, max: number, usual: number): ArgSpec => ({
  name,
  type: 'number',
  unit,
  min,
  max,
  usual,
});

/** A value on the disk: one of those whose keys have the prefix. */
const storedValue: readonly ArgSpec[] = [
  { name: 'prefix', type: 'text' },
  { name: 'pick', type: 'number', unit: '', min: 0, max: 0xffff_ffff, usual: 0, isOptional: true },
];

/** A page by its key. */
const onePage: readonly ArgSpec[] = [
  { name: 'blockKey', type: 'number', unit: '', min: 0, max: Number.MAX_SAFE_INTEGER, usual: 0 },
];

export const crashModes: readonly CrashMode[] = ['drawn', 'loseAll', 'tornLast'];

/** Most messages that one `dropNext` or `holdNext` waits for. */
const MOST_NEXT = 1000;

const messageFamilies: readonly MessageFamily[] = [
  'sqlRequest',
  'sqlReply',
  'wal',
  'ack',
  'holeRequest',
  'holeFill',
  'pageRead',
  'pageReply',
  'control',
  'heartbeat',
  'fence',
  'archive',
];

const nextOfFamily: readonly ArgSpec[] = [
  { name: 'family', type: 'word', words: messageFamilies, usual: '' },
  { name: 'count', type: 'number', unit: '', min: 1, max: MOST_NEXT, usual: 1 },
];

export const actionKinds: Readonly<Record<ActionName, ActionKind>> = {
  crash: fault('node', [{ name: 'mode', type: 'word', words: crashModes, usual: 'drawn' }], 'restart'),
  restart: remedy('node'),
  crashLosing: fault('node', [{ name: 'keys', type: 'texts' }], 'restart'),
  crashOn: fault('node', [
    { name: 'when', type: 'word', words: ['before', 'after'], usual: '' },
    { name: 'moment', type: 'word', words: crashMoments, usual: '' },
  ]),
  wipeDisk: fault('store', [], 'restart'),
  snapshotDisk: remedy('store'),
  rollbackDisk: fault('store', [], 'restart'),
  disarm: remedy('node'),
  dropBuffer: fault('node'),
  powerOff: fault('nodes', [], 'powerOn'),
  powerOn: remedy('nodes'),
  stop: {
    ...remedy('node', [micros('graceUs', 'ms', 1, LONGEST_US, 20_000)]),
    isLasting: true,
    undo: 'restart',
  },
  freeze: fault('node', [], 'resume'),
  resume: remedy('node'),
  slowCpu: fault('node', [micros('usPerInput', 'us', 0, LONGEST_US, 100)], 'slowCpu'),
  clock: fault('node', [micros('offsetUs', 'ms', -LONGEST_US, LONGEST_US, 50_000)], 'clock'),
  clockDrift: fault(
    'node',
    [{ name: 'ppm', type: 'number', unit: '', min: -100_000, max: 100_000, usual: 10_000 }],
    'clockDrift',
  ),
  diskSlow: fault(
    'node',
    [{ name: 'percent', type: 'number', unit: '%', min: 1, max: 100_000, usual: 1000 }],
    'diskSlow',
  ),
  diskStall: fault('node', [], 'diskStall'),
  diskFull: fault('node', [], 'diskFull'),
  diskFailSync: fault('node', [], 'diskFailSync'),
  diskFailRead: fault('node', [], 'diskFailRead'),
  diskOk: remedy('node'),
  bitRot: fault('node', storedValue),
  diskReadError: fault('node', storedValue),
  diskLoseWrite: fault('node', [{ name: 'prefix', type: 'text' }]),
  diskMisdirect: fault('node', [{ name: 'prefix', type: 'text' }]),
  isolate: fault('nodes', [], 'heal'),
  partition: fault('sides', [], 'heal'),
  cut: fault('link', [], 'heal'),
  hold: fault('link', [], 'release'),
  heal: remedy('link'),
  release: remedy('link'),
  latency: fault('link', [micros('baseUs', 'ms', 1, LONGEST_US, 5_000)], 'latency'),
  jitter: fault('link', [micros('jitterUs', 'ms', 0, LONGEST_US, 2_000)], 'jitter'),
  bandwidth: fault(
    'link',
    [{ name: 'bytesPerMs', type: 'number', unit: '', min: 1, max: 1_000_000_000, usual: 256 }],
    'bandwidth',
  ),
  dropNext: fault('link', nextOfFamily),
  holdNext: fault('link', nextOfFamily),
  loss: fault('link', [percent], 'loss'),
  duplicate: fault('link', [percent], 'duplicate'),
  reorder: fault('link', [percent], 'reorder'),
  corrupt: fault('link', [percent], 'corrupt'),
  healAll: remedy('world'),
  dropMessage: fault('message'),
  deliverMessage: fault('message'),
  duplicateMessage: fault('message'),
  corruptMessage: fault('message'),
  releaseMessage: remedy('message'),
  delayMessage: fault('message', [micros('byUs', 'ms', 1, LONGEST_US, 1_000)]),
  holdMessage: fault('message', [], 'releaseMessage'),
  sql: remedy('driver', [
    { name: 'session', type: 'session' },
    { name: 'text', type: 'text' },
    { name: 'params', type: 'texts' },
  ]),
  cancel: remedy('driver', [{ name: 'session', type: 'session' }]),
  workload: remedy('driver', [
    { name: 'name', type: 'name' },
    { name: 'spec', type: 'workload', isPartial: false },
  ]),
  workloadSet: remedy('driver', [
    { name: 'name', type: 'name' },
    { name: 'spec', type: 'workload', isPartial: true },
  ]),
  workloadStop: remedy('driver', [{ name: 'name', type: 'name' }]),
  padTo: remedy('writer', [
    { name: 'upTo', type: 'number', unit: '', min: 0, max: 1_000_000_000, usual: 100 },
    { name: 'groups', type: 'text' },
  ]),
  readPage: remedy('writer', [
    { name: 'blockKey', type: 'number', unit: '', min: 0, max: Number.MAX_SAFE_INTEGER, usual: 0 },
    { name: 'readPoint', type: 'number', unit: '', min: 0, max: Number.MAX_SAFE_INTEGER, usual: 0 },
  ]),
  evictPage: remedy('writer', onePage),
  pinPage: { ...remedy('writer', onePage), isLasting: true, undo: 'unpinPage' },
  unpinPage: remedy('writer', onePage),
  pauseHoles: fault('store', [{ name: 'group', type: 'group' }], 'resumeHoles'),
  resumeHoles: remedy('store', [{ name: 'group', type: 'group' }]),
  moveReplica: remedy('store', [
    { name: 'to', type: 'node' },
    { name: 'group', type: 'group' },
  ]),
  nameArchiver: remedy('store', [{ name: 'group', type: 'group' }]),
  rollbackMove: remedy('world', [{ name: 'group', type: 'group' }]),
  restore: remedy('world', [
    { name: 'source', type: 'volume', after: '' },
    { name: 'to', type: 'point' },
    { name: 'volume', type: 'volume', after: 'as' },
  ]),
  cancelRestore: remedy('world', [{ name: 'volume', type: 'volume', after: '' }]),
  dropVolume: remedy('world', [{ name: 'volume', type: 'volume', after: '' }]),
  powerCut: fault('world', [{ name: 'stamps', type: 'stamps' }]),
};

export const actionNames: readonly ActionName[] = Object.keys(actionKinds) as ActionName[];

/** What a session or workload is called when its line does not say. */
export const MAIN_NAME = 'main';

/** Fields of a workload on the line, in order, with their ranges; UI and parser read it. */
export const workloadFields: readonly {
  readonly name: Exclude<keyof WorkloadSpec, 'kind' | 'load'>;
  readonly min: number;
  readonly max: number;
}[] = [
  { name: 'rows', min: 0, max: 10_000_000 },
  { name: 'clients', min: 0, max: 10_000 },
  { name: 'thinkUs', min: 0, max: LONGEST_US },
  { name: 'ratePerSecond', min: 0, max: 10_000_000 },
  { name: 'readPercent', min: 0, max: 100 },
  { name: 'hotPercent', min: 0, max: 100 },
  { name: 'valueBytes', min: 0, max: 65_536 },
];
