// The one table of every number that a run depends on (PRE-1): name, unit, range, and its value in each profile.
// Configuration, tape, UI, command line and documentation read it. `makeParams` refuses an unknown name with the
// nearest one, a value outside its range with the range, and what does not fit together by name (PRE-6).

import { type LimitName, limitNames, limitTable } from '../core/kernel/limits.ts';
import type { Params } from '../core/kernel/params.ts';
import { type ClusterFault, clusterFault } from './cluster-faults.ts';
import { type Distances, roundTripUs } from './round-trip.ts';

export type Profile = 'spec' | 'demo' | 'bench' | 'sweep';
export const profiles: readonly Profile[] = ['spec', 'demo', 'bench', 'sweep'];

/** How the sweep draws a parameter (PRE-5): from a range, from a list, in round trips, or it keeps the demo value. */
export type SweepDraw =
  | { readonly kind: 'range'; readonly low: number; readonly high: number }
  | { readonly kind: 'choice'; readonly values: readonly number[] }
  /** low…high × rtt, in ms, and not below `least`. */
  | { readonly kind: 'rtt'; readonly low: number; readonly high: number; readonly least: number }
  /** A multiple of another parameter, drawn before. */
  | { readonly kind: 'times'; readonly of: keyof Params; readonly factor: number }
  /** From the latency floor up. */
  | { readonly kind: 'fromFloor'; readonly high: number }
  /** A small value of a limit, in every second seed (draw-limits.ts). */
  | { readonly kind: 'limit' }
  | { readonly kind: 'fixed' };

export interface ParameterSpec {
  readonly name: keyof Params;
  readonly unit:
    | 'µs'
    | 'ms'
    | 'MB/s'
    | 'bytes'
    | 'pages'
    | 'LSNs'
    | 'records'
    | 'requests'
    | 'exponent'
    | ''
    | 'switch';
  readonly min: number;
  readonly max: number;
  readonly spec: number;
  readonly demo: number;
  readonly bench: number;
  readonly sweep: SweepDraw;
}

type Row = readonly [
  name: keyof Params,
  unit: ParameterSpec['unit'],
  range: readonly [min: number, max: number],
  values: readonly [spec: number, demo: number, bench: number],
  sweep: SweepDraw,
];

const MIB = 1024 * 1024;
const MINUTE_US = 60_000_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const range = (low: number, high: number): SweepDraw => ({ kind: 'range', low, high });
const rtt = (low: number, high: number, least = 1): SweepDraw => ({ kind: 'rtt', low, high, least });
const times = (of: keyof Params, factor: number): SweepDraw => ({ kind: 'times', of, factor });
const fixed: SweepDraw = { kind: 'fixed' };

/** Rows in the order in which the sweep draws them. */
const rows: readonly Row[] = [
  ['latencyFloorUs', 'µs', [50, 100_000], [1000, 300, 500], range(200, 500)],
  ['linkBaseUs', 'µs', [50, MINUTE_US], [1000, 300, 500], { kind: 'fromFloor', high: 5000 }],
  ['linkBaseOtherZoneUs', 'µs', [50, MINUTE_US], [3000, 500, 500], { kind: 'fromFloor', high: 5000 }],
  ['linkJitterUs', 'µs', [0, MINUTE_US], [2000, 100, 100], range(0, 5000)],
  ['linkHeavyTail', 'switch', [0, 1], [0, 0, 0], { kind: 'choice', values: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1] }],
  ['diskSyncUs', 'µs', [1, MINUTE_US], [1000, 200, 200], range(50, 2000)],
  ['diskSyncJitterUs', 'µs', [0, MINUTE_US], [9000, 100, 50], range(0, 8000)],
  ['diskReadUs', 'µs', [1, MINUTE_US], [100, 100, 100], range(10, 1000)],
  ['diskBandwidth', 'MB/s', [1, 100_000], [200, 200, 200], range(20, 2000)],
  [
    'diskLimitBytes',
    'bytes',
    [64 * 1024, 64 * 1024 * MIB],
    [256 * MIB, 64 * MIB, 2048 * MIB],
    range(4 * MIB, 64 * MIB),
  ],
  [
    'pageBytes',
    'bytes',
    [512, 8192],
    [8192, 1024, 8192],
    { kind: 'choice', values: [512, 1024, 2048, 4096, 8192] },
  ],
  ['bufferPages', 'pages', [36, 1_000_000], [4096, 64, 4096], range(36, 512)],
  ['lal', 'LSNs', [32, 1_000_000_000], [10_000_000, 100, 100_000], range(32, 10_000)],
  ['groupCommitMaxUs', 'µs', [0, 1_000_000], [0, 0, 200], range(0, 500)],
  ['resendMs', 'ms', [1, MINUTE_MS], [100, 20, 100], rtt(4, 20)],
  ['writerHeartbeatMs', 'ms', [1, MINUTE_MS], [100, 4, 20], rtt(2, 10, 20)],
  ['discoverEveryMs', 'ms', [1, MINUTE_MS], [50, 2, 20], rtt(1, 4)],
  ['reqTimeoutMs', 'ms', [1, MINUTE_MS], [200, 6, 100], rtt(2, 8)],
  ['backoffBaseMs', 'ms', [1, MINUTE_MS], [200, 6, 100], rtt(2, 8)],
  ['backoffMaxExp', 'exponent', [0, 16], [5, 3, 5], range(0, 5)],
  ['maxReqSpan', 'LSNs', [1, 1_000_000], [1024, 64, 1024], range(1, 256)],
  ['maxInflightPerPeer', 'requests', [1, 1024], [4, 4, 4], range(1, 8)],
  ['readTimeoutMs', 'ms', [1, MINUTE_MS], [50, 6, 50], rtt(2, 8)],
  ['nodeHeartbeatMs', 'ms', [1, MINUTE_MS], [200, 4, 20], rtt(1, 3, 20)],
  ['attemptTimeoutMs', 'ms', [1, 10 * MINUTE_MS], [500, 40, 1000], rtt(4, 40)],
  ['maxRetryMs', 'ms', [1, 60 * MINUTE_MS], [10_000, 1000, 5000], range(500, 5000)],
  ['routeBackoffMs', 'ms', [1, MINUTE_MS], [20, 1, 2], range(1, 20)],
  ['routeBackoffCapMs', 'ms', [1, 60 * MINUTE_MS], [320, 16, 32], times('routeBackoffMs', 16)],
  ['materialiseRecords', 'records', [1, 1_000_000], [16, 4, 32], range(1, 32)],
  ['materialiseMs', 'ms', [1, MINUTE_MS], [50, 5, 20], range(5, 50)],
  ['holdMaxMs', 'ms', [0, 60 * MINUTE_MS], [60_000, 1000, 10_000], range(50, 2000)],
  ['recoveryRetryMs', 'ms', [1, MINUTE_MS], [100, 6, 50], rtt(2, 8)],
  ['learnerLagLsns', 'LSNs', [0, 1_000_000_000], [64, 64, 64], fixed],
  ['moveTimeoutMs', 'ms', [1, 60 * MINUTE_MS], [60_000, 1200, 6000], range(1200, 6000)],
  ['deadlockMs', 'ms', [1, 10 * MINUTE_MS], [1000, 20, 100], range(10, 200)],
  ['scrubEveryMs', 'ms', [1, 60 * MINUTE_MS], [1000, 20, 200], range(20, 200)],
  ['archiveSegmentLsns', 'LSNs', [1, 1_000_000_000], [65_536, 256, 65_536], fixed],
  ['archiveMaxMs', 'ms', [1, 60 * MINUTE_MS], [60_000, 100, 1000], fixed],
  ['archiveBaseLsns', 'LSNs', [1, 1_000_000_000], [1_048_576, 1024, 1_048_576], fixed],
  ['backupRetentionMs', 'ms', [1, 30 * DAY_MS], [7 * DAY_MS, 10_000, 10 * MINUTE_MS], fixed],
  ['raftHeartbeatMs', 'ms', [1, MINUTE_MS], [100, 4, 20], times('nodeHeartbeatMs', 1)],
  ['electionMinMs', 'ms', [1, MINUTE_MS], [500, 20, 100], times('raftHeartbeatMs', 5)],
  ['electionMaxMs', 'ms', [1, 2 * MINUTE_MS], [1000, 40, 200], times('electionMinMs', 2)],
  ['shardTargetLsns', 'LSNs', [16, 1_000_000_000], [4096, 512, 65_536], fixed],
  ['ddlTimeoutMs', 'ms', [1, 60 * MINUTE_MS], [30_000, 600, 3000], fixed],
  ['ddlCancels', 'switch', [0, 1], [1, 1, 1], fixed],
  ['snapshotOldLsns', 'LSNs', [0, 1_000_000_000], [0, 0, 0], fixed],
  ['snapshotReplayLsns', 'LSNs', [0, 1_000_000_000], [10_000, 50, 10_000], fixed],
  ['firstChunks', '', [0, 1024], [0, 0, 0], fixed],
  ['deviceChunks', '', [0, 1024], [0, 0, 0], fixed],
  ['candidateMaxLagLsns', 'LSNs', [0, 1_000_000_000], [10_000, 200, 10_000], fixed],
  ['waitTimeoutMs', 'ms', [1, 10 * MINUTE_MS], [1000, 200, 1000], range(50, 1000)],
];

const limitRow = (name: LimitName): Row => {
  const [usual, least] = limitTable[name];
  return [
    name,
    name.endsWith('Bytes') ? 'bytes' : '',
    [least, 1e9],
    [usual, usual, usual],
    { kind: 'limit' },
  ];
};

export const parameters: readonly ParameterSpec[] = [...rows, ...limitNames.map(limitRow)].map(
  ([name, unit, [min, max], [spec, demo, bench], sweep]) => ({
    name,
    unit,
    min,
    max,
    spec,
    demo,
    bench,
    sweep,
  }),
);

const byName = new Map<string, ParameterSpec>(parameters.map((spec) => [spec.name, spec]));

/** A parameter's value in a profile. The sweep starts from the demo values and its tape names what it drew. */
export const profileValue = (spec: ParameterSpec, profile: Profile): number =>
  profile === 'sweep' ? spec.demo : spec[profile];

export type ParamsResult =
  | { readonly ok: true; readonly params: Params }
  | ({ readonly ok: false } & ClusterFault);

const atSet = (name: string, kind: ClusterFault['kind'], of: ClusterFault['of'] = {}): ClusterFault =>
  clusterFault(`set ${name}`, kind, { name, ...of });

/** The parameters of a profile with changes, as they fit the cluster's links and disks, or why not. */
export function makeParams(
  profile: Profile,
  changes: Iterable<readonly [name: string, value: number]> = [],
  cluster: Distances = {},
): ParamsResult {
  const values = new Map<string, number>(parameters.map((spec) => [spec.name, profileValue(spec, profile)]));
  for (const [name, value] of changes) {
    const fault = checkChange(name, value);
    if (fault !== null) return { ok: false, ...fault };
    values.set(name, value);
  }
  const params = Object.fromEntries(values) as unknown as Params;
  const fault = checkTogether(params, cluster);
  return fault === null ? { ok: true, params } : { ok: false, ...fault };
}

/** Why the parameter may not have this value, or null. */
export function checkChange(name: string, value: number): ClusterFault | null {
  const spec = byName.get(name);
  if (spec === undefined)
    return atSet(name, 'unknownParameter', { nearest: nearestName(name, [...byName.keys()]) });
  const { unit, min, max } = spec;
  if (Number.isSafeInteger(value) && value >= min && value <= max) return null;
  return atSet(name, 'outOfRange', { value, unit, min, max });
}

/** PRE-6: what must hold between parameters, and links; the first violation, or null. */
export function checkTogether(params: Params, cluster: Distances = {}): ClusterFault | null {
  const round = roundTripUs(params, cluster);
  const floor = { other: 'latencyFloorUs', least: params.latencyFloorUs };
  for (const name of ['linkBaseUs', 'linkBaseOtherZoneUs'] as const)
    if (params[name] < floor.least) return atSet(name, 'belowFloor', { value: params[name], ...floor });
  for (const { from, to, baseUs } of cluster.links ?? [])
    if (baseUs < floor.least)
      return clusterFault(`link ${from} ${to}`, 'linkBelowFloor', { value: baseUs, from, to, ...floor });
  for (const name of ['resendMs', 'reqTimeoutMs', 'readTimeoutMs', 'recoveryRetryMs'] as const)
    if (params[name] * 1000 <= round) return atSet(name, 'notAboveRoundTrip', { value: params[name], round });
  const { raftHeartbeatMs, electionMinMs: least, electionMaxMs } = params;
  if (least < 4 * raftHeartbeatMs)
    return atSet('electionMinMs', 'electionTooShort', {
      value: least,
      other: 'raftHeartbeatMs',
      least: 4 * raftHeartbeatMs,
    });
  if (electionMaxMs < least)
    return atSet('electionMaxMs', 'electionReversed', {
      value: electionMaxMs,
      other: 'electionMinMs',
      least,
    });
  if (params.attemptTimeoutMs >= params.maxRetryMs)
    return atSet('attemptTimeoutMs', 'attemptTooLong', {
      value: params.attemptTimeoutMs,
      other: 'maxRetryMs',
      most: params.maxRetryMs,
    });
  if (params.routeBackoffMs > params.routeBackoffCapMs)
    return atSet('routeBackoffMs', 'backoffReversed', {
      value: params.routeBackoffMs,
      other: 'routeBackoffCapMs',
      most: params.routeBackoffCapMs,
    });
  return null;
}

/** Letters to change to get from one word to the other. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[j] as number) + 1, (current[j - 1] as number) + 1));
    }
    previous = current;
  }
  return previous[b.length] as number;
}

/** The known name that is most like `name`, for "did you mean". */
export function nearestName(name: string, known: readonly string[]): string {
  const short = name.slice(0, 80);
  let best = known[0] ?? '';
  let least = Number.MAX_SAFE_INTEGER;
  for (const candidate of known) {
    const distance = editDistance(short, candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}
