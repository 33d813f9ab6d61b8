// The outage of a small volume as a recorder follows it: its writer dies, and the next one opens it step by step.

import { nodeId, type Time } from '../../base/ids.ts';
import {
  append,
  cluster,
  committed,
  computed,
  durable,
  history,
  info,
  install,
  type Line,
  recoveryStep,
} from '../../sim/checks/monitor-fixture.ts';
import { known } from '../../stacks/known.ts';
import { makeRecorder, type Recorder, recordEvents } from '../recorder/recorder.ts';
import type { OutageFrame } from './outage-frame.ts';
import { outageFrames } from './outages.ts';

export const makeOf = (resumedAt: Time | null = null): Recorder =>
  makeRecorder(known, cluster, 10, resumedAt);
/** Its tables are cut. */
export const makeCut = (): Recorder =>
  makeRecorder(known, { ...cluster, placement: { n: 3, vw: 2, vr: 2 } }, 10);

/** The lines happen 10 µs apart, after those before. */
export function play(recorder: Recorder, lines: readonly Line[]): number {
  lines.forEach(([node, event]) => {
    const at = (10 * (recorder.firstIndex + recorder.listed.length)) as Time;
    const ids = { node: nodeId(node), ordinal: 1, causeNode: null, causeOrdinal: 0 };
    recordEvents(known, recorder, [{ ...ids, at, event }]);
  });
  return 10 * (recorder.listed.length - 1);
}

export const shown = (recorder: Recorder): readonly OutageFrame[] =>
  outageFrames(recorder.outages, recorder.calls);

export function only(recorder: Recorder): OutageFrame {
  const [outage] = shown(recorder);
  if (outage === undefined) throw new Error('no outage');
  return outage;
}

export const open = (node: string, incarnation = 2): Line => [node, { kind: 'node.open', incarnation }];
export const published = (token: number): Line => [
  'meta',
  { kind: 'meta.writer', volume: 'v1', writer: 'rw', token, state: 'OPEN' },
];
export const done = (token: number, startLsn: number): Line => [
  'rw',
  { kind: 'recovery.done', volume: 'v1', token, vdl: startLsn, startLsn },
];
const opened = (node: string, token: number): Line => [node, { kind: 'volume.open', group: 'g1', token }];
export const acked = (scn: number, term: number): Line => [
  'rw',
  { kind: 'commit.ack', volume: 'v1', tx: 9, scn, vdl: scn, term },
];
export const call = (client: string, op: number): Line => [
  'd1',
  { kind: 'op.invoke', client, op, operation: 'put', key: 'k', value: '1' },
];
export const routed = (session: string, group: string): Line => [
  'd1',
  { kind: 'driver.route', session, group, to: 'rw', term: 1 },
];
export const answer = (client: string, op: number, outcome: string, value = ''): Line => [
  'd1',
  { kind: 'op.return', client, op, outcome, value, scn: -1 },
];

/** The volume is created: nothing of it is an outage. */
export const boot: Line[] = [
  recoveryStep('token', 0),
  published(1),
  install('s1', 1),
  install('s2', 1),
  ...committed,
];
export const upToRead: Line[] = [
  open('rw'),
  recoveryStep('token', 0),
  recoveryStep('R1', 2),
  install('s1', 2),
  install('s2', 2),
];
export const recovered = (vdlPrime = 3): Line[] => [
  ...upToRead,
  recoveryStep('R2', 2),
  recoveryStep('R3', 2),
  info('s1', 5),
  info('s2', 3),
  recoveryStep('R4', 2),
  computed(2, vdlPrime, 14),
  recoveryStep('R5', 2),
  history('s1', 2, vdlPrime, 14, [4, 5]),
  history('s2', 2, vdlPrime, 14, []),
  recoveryStep('R6', 2),
  durable('s2', [2, 3], 'peer'),
  recoveryStep('R7', 2),
  opened('s1', 2),
  opened('s2', 2),
  append(14, 14, 2),
  done(2, 14),
];
