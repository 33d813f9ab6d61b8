// What `sim fuzz` damages: what short runs have sent and stored; and the jobs that damage it.

import type { Time } from '../base/ids.ts';
import { decodeMessage, encodeMessage } from '../core/cluster/messages.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { runFlips } from '../sim/fuzz/flips.ts';
import { rareMessages } from '../sim/fuzz/rare-messages.ts';
import { runFuzz } from '../sim/fuzz/run-fuzz.ts';
import {
  type FuzzCorpus,
  type FuzzTarget,
  formatOfKey,
  MESSAGE_OF,
  makeTargets,
  type StackFrames,
} from '../sim/fuzz/targets.ts';
import { setupRun } from '../sim/run-setup.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { makeWorld, runWorld } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { programOf } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';
import type { Answer } from './jobs/answers.ts';

/** Frames kept whatever they are, and of each kind of message; values of each format of a disk. */
const FRAMES = 3000;
const FRAMES_OF_KIND = 20;
const VALUES_OF_FORMAT = 40;
/** Virtual µs between two looks at the disks: what is deleted soon is seen, too. */
const LOOK_US = 1000;

const LOADS = [
  '0.000 workload d1 transfers kind=transfer rows=20 clients=3 thinkUs=1000 ratePerSecond=0 readPercent=10 hotPercent=30 valueBytes=0 load=true',
  '0.000 workload d1 rows kind=kv-insert rows=0 clients=2 thinkUs=2000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=20 load=true',
];
/** Between them they send every kind of message and store every kind of value; a test says so. */
const TAPES = [
  [
    'preset cynosdb-backup',
    'profile demo',
    'set bufferPages 36',
    'set archiveSegmentLsns 16',
    'set archiveMaxMs 20',
    'set archiveBaseLsns 100',
    'set backupRetentionMs 60',
    'seed 11',
    'end 420.000',
    '',
    ...LOADS,
    '60.000 sql d1 "select count(*) from accounts"',
    '70.000 cut rw-1 > store-2 for 10.000 ms',
    '90.000 stop store-3 10.000 ms for 5.000 ms',
    '120.000 bitRot store-1 "store/g1/page/"',
    '121.000 bitRot store-1 "store/g1/log/"',
    '130.000 crash rw-1 for 2.000 ms',
    '140.000 nameArchiver store-2',
    '160.000 wipeDisk store-3 for 5.000 ms',
    '220.000 diskLoseWrite cos-1 "object/v1/g1/log/"',
    '230.000 restore v1 to time 200.000 ms as v2',
    '231.000 crash store-2 for 20.000 ms',
    '330.000 sql d1 @v2 "select count(*) from accounts"',
    '350.000 dropVolume v2',
    '360.000 crash meta-1 for 10.000 ms',
  ],
  [
    'preset cynosdb-4',
    'profile demo',
    'seed 12',
    'end 300.000',
    '',
    ...LOADS,
    '60.000 moveReplica store-1 store-4 g1',
    '150.000 cut rw-1 > store-2 for 20.000 ms',
    '165.000 crash rw-1 for 2.000 ms',
    '190.000 sql d1 "select * from pcs_nodes, pcs_groups"',
    '200.000 moveReplica store-4 store-1 g1',
    '202.000 rollbackMove g1',
    '240.000 putConfig role:store scrubEveryMs 30',
  ],
  [
    'preset cynosdb-ro',
    'profile demo',
    'seed 12',
    'end 400.000',
    '',
    ...LOADS,
    '250.000 revokeReader rw-1 ro-2',
  ],
  [
    'preset cynosdb-ha',
    'profile demo',
    'seed 12',
    'end 420.000',
    '',
    ...LOADS,
    '150.000 crash rw-1 for 60.000 ms',
    '320.000 switchover rw-1',
  ],
  [
    'preset polardb',
    'profile demo',
    'set deviceChunks 2',
    'set chunkEntries 16',
    'seed 12',
    'end 560.000',
    '',
    ...LOADS,
    '240.000 addNode cs-4 chunk a',
    '330.000 offline cs-1',
  ],
];

export function makeCorpus(edge: Edge): FuzzCorpus {
  const frames = rareMessages.map((message) => encodeMessage(message, 5));
  const corpus: Gathered = { frames, stacks: [], disk: [] };
  for (const lines of TAPES) gather(corpus, ['postdb-tape 1', 'engine 0.4.0', ...lines, ''].join('\n'), edge);
  return corpus;
}

interface Gathered extends FuzzCorpus {
  readonly frames: Uint8Array[];
  readonly stacks: (StackFrames & { readonly frames: Uint8Array[] })[];
  readonly disk: { key: string; bytes: Uint8Array }[];
}

function gather({ frames, stacks, disk }: Gathered, text: string, edge: Edge): void {
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.error}`);
  const made = setupRun(known, parsed.tape);
  if (!made.ok) throw new Error(made.error);
  const { spec, program: stack } = made.setup;
  const cluster = programOf(stack);
  const sent = new Map<string, number>();
  const own: Uint8Array[] = [];
  const isShared = (bytes: Uint8Array): boolean => !('error' in decodeMessage(bytes));
  const program: typeof cluster = {
    ...cluster,
    encodeMessage: (message, traceId) => {
      const bytes = cluster.encodeMessage(message, traceId);
      const { kind } = cluster.describeMessage(message);
      const count = (sent.get(kind) ?? 0) + 1;
      sent.set(kind, count);
      if (count <= FRAMES_OF_KIND || frames.length < FRAMES) (isShared(bytes) ? frames : own).push(bytes);
      return bytes;
    },
  };
  if (stacks.every((one) => one.stack !== stack)) stacks.push({ stack, frames: own, program: cluster });
  const world = makeWorld<unknown, unknown>(spec);
  const seen = new Set<Uint8Array>();
  const stored = new Map<string, number>();
  const end = parsed.tape.header.end?.at ?? 0;
  for (let at = LOOK_US; at <= end; at += LOOK_US) {
    runWorld(world, { program, edge, tape: tapes }, { until: at as Time });
    for (const runner of world.runners.values())
      for (const [key, bytes] of runner.disk.durable) {
        if (seen.has(bytes)) continue;
        seen.add(bytes);
        const format = formatOfKey(key) ?? key;
        const count = stored.get(format) ?? 0;
        stored.set(format, count + 1);
        if (count < VALUES_OF_FORMAT) disk.push({ key, bytes });
      }
  }
}

/** Frames by the kind of their message: a bit of each kind's fields is flipped. */
export function kindOfValue(target: string, bytes: Uint8Array): string {
  if (target === 'message') {
    const read = decodeMessage(bytes);
    return 'error' in read ? '' : read.message.kind;
  }
  if (!target.startsWith(MESSAGE_OF)) return '';
  const program = programOf(target.slice(MESSAGE_OF.length));
  const read = program.decodeMessage(bytes);
  return 'error' in read ? '' : program.describeMessage(read.message).kind;
}

/** Made once in a thread, for all its jobs: it takes longer than some of them. */
let made: readonly FuzzTarget[] | null = null;
const targetsOf = (edge: Edge): readonly FuzzTarget[] => {
  made ??= makeTargets(makeCorpus(edge));
  return made;
};

/** Bytes of an input that are shown. */
const SHOWN_BYTES = 200;

export function answerFlips(edge: Edge): Answer<'flips'> {
  const { counts, faults } = runFlips(targetsOf(edge), kindOfValue);
  return { counts: [...counts], faults };
}

export function answerFuzz(inputs: number, seed: number, edge: Edge): Answer<'fuzz'> {
  const { counts, faults } = runFuzz(targetsOf(edge), inputs, seed);
  return {
    counts: [...counts],
    faults: faults.map(({ target, what, input, bytes }) => ({
      target,
      what,
      input,
      hex: Buffer.from(bytes.subarray(0, SHOWN_BYTES)).toString('hex'),
    })),
  };
}
