// A small volume's life as trace events, for the tests of monitors: creation, two MTRs, a quorum, a commit, a crash of
// the writer, a recovery that annuls the tail.

import { groupId, nodeId, time } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { TraceEvent, TraceOf } from '../../core/kernel/trace.ts';
import { known } from '../../stacks/known.ts';
import type { Monitors, RuleSlug, Violation } from './monitor.ts';
import { finishMonitors, makeMonitors, observe } from './monitors.ts';

export const stores = ['s1', 's2', 's3'].map(nodeId);
export const cluster: ClusterSpec = {
  preset: 'test',
  volume: 'v1',
  nodes: [],
  groups: [{ id: groupId('g1'), replicas: stores, keyFirst: 0, keyEnd: 10, vw: 2, vr: 2 }],
};
/** The same beside an object store. */
export const backedUp: ClusterSpec = {
  ...cluster,
  nodes: [{ id: nodeId('cos'), zone: 'a', roles: ['objectStore'] }],
};

export type Line = readonly [node: string, event: TraceEvent];
export const group = 'g1';
export const durable = (node: string, lsns: number[], source = 'writer'): Line => [
  node,
  { kind: 'wal.durable', group, lsns, source },
];
export const ack = (node: string, scl: number, token = 1): Line => [
  node,
  { kind: 'wal.ack', group, scl, nwl: scl, token },
];
export const append = (first: number, last: number, term = 1, commit = false): Line => [
  'rw',
  {
    kind: 'mtr.append',
    volume: 'v1',
    first,
    end: last + 1,
    tx: 1,
    commit,
    term,
    groups: Array.from({ length: last - first + 1 }, () => group).join(','),
  },
];
export const vdl = (value: number, term = 1): Line => ['rw', { kind: 'mark.vdl', volume: 'v1', value, term }];
export const vcl = (value: number, term = 1): Line => ['rw', { kind: 'mark.vcl', volume: 'v1', value, term }];
export const pgcl = (value: number, term = 1): Line => ['rw', { kind: 'mark.pgcl', group, value, term }];
export const commitAck = (scn: number, at: number): Line => [
  'rw',
  { kind: 'commit.ack', volume: 'v1', tx: 1, scn, vdl: at, term: 1 },
];
export const install = (node: string, token: number): Line => [node, { kind: 'token.install', group, token }];
export const computed = (token: number, vdlPrime: number, startLsn: number): Line => [
  'rw',
  { kind: 'recovery.computed', volume: 'v1', token, vclPrime: vdlPrime, vdlPrime, startLsn },
];
export const info = (replica: string, scl: number, tailTerm = 1): Line => [
  'rw',
  {
    kind: 'recovery.info',
    group,
    replica,
    scl,
    effectiveScl: scl,
    knownVdl: 3,
    groupTail: 3,
    tailTerm,
  },
];
export const history = (
  node: string,
  token: number,
  prevEnd: number,
  startLsn: number,
  removed: number[],
): Line => [node, { kind: 'recovery.history', group, token, startLsn, prevEnd, maxNwl: prevEnd, removed }];
export const hole = (first: number, end: number, counter: number): Line => [
  's3',
  { kind: 'hole.sent', group, first, end, to: 's1', counter, mode: 'normal' },
];

export const recoveryStep = (step: string, token: number): Line => [
  'rw',
  { kind: 'recovery.step', volume: 'v1', step, token },
];
export const down = (node: string, mode = 'drawn', life = 1): Line => [
  node,
  { kind: 'node.down', incarnation: life, mode },
];

const restoreFacts = {
  volume: 'v2',
  source: 'v1',
  lsn: 3,
  token: 2,
  startLsn: 14,
  lastTerm: 1,
  groups: 'g2',
  sources: group,
  sets: 's1,s2,s3',
  bases: [0],
  writer: 'rw-2',
};
/** The volume is restored as v2. */
export const begin = (changes: Partial<TraceOf<'restore.begin'>> = {}): Line => [
  'meta',
  { kind: 'restore.begin', ...restoreFacts, ...changes },
];
/** The same as a start of the metadata tells it. */
export const standing = (state: string, changes: Partial<TraceOf<'restore.begin'>> = {}): Line => [
  'meta',
  { ...restoreFacts, ...changes, kind: 'restore.standing', state },
];

export const created = stores.map((node) => durable(node, [0], 'genesis'));
export const firstMtrs: Line[] = [
  append(1, 2),
  append(3, 3, 1, true),
  durable('s1', [1, 2, 3]),
  ack('s1', 3),
  durable('s2', [1, 2, 3]),
  ack('s2', 3),
];
export const committed: Line[] = [...created, ...firstMtrs, pgcl(3), vcl(3), vdl(3), commitAck(3, 3)];
export const tail: Line[] = [append(4, 5), durable('s1', [4, 5])];
export const recovered: Line[] = [
  ['meta', { kind: 'token.grant', volume: 'v1', token: 2, holder: 'rw' }],
  install('s1', 2),
  install('s2', 2),
  recoveryStep('R2', 2),
  info('s1', 5),
  info('s2', 3),
  computed(2, 3, 14),
  history('s1', 2, 3, 14, [4, 5]),
  history('s2', 2, 3, 14, []),
  append(14, 14, 2),
  durable('s1', [14]),
  durable('s2', [14]),
  ack('s1', 14, 2),
  vdl(14, 2),
];
export const good: Line[] = [...committed, ...tail, ...recovered];

/** The lines happen one after the other, one a microsecond, the first at `from`. */
export function feed(monitors: Monitors, lines: readonly Line[], from = 0): void {
  lines.forEach(([node, event], i) => {
    observe(known.monitors, monitors, {
      at: time(from + i),
      node: nodeId(node),
      ordinal: i,
      causeNode: null,
      causeOrdinal: 0,
      event,
    });
  });
}

const askedAtEnd: readonly RuleSlug[] = [
  'cluster.converges',
  'scrub.repaired',
  'archive.catches-up',
  'restore.completes',
];

/** After it nothing of the log is new. */
const A_CALM_US = 2_000_000;

/** What is found once the run is over; of what is asked at its end only this one, for these runs are cut short. */
export function endRun(monitors: Monitors, asked: RuleSlug): readonly Violation[] {
  finishMonitors(known.monitors, monitors, time(A_CALM_US));
  return monitors.violations.filter(({ rule }) => rule === asked || !askedAtEnd.includes(rule));
}

/** What the monitors of a backed up cluster make of the lines. */
export function watch(lines: readonly Line[], spec = backedUp): Monitors {
  const monitors = makeMonitors(known.monitors, spec, 10);
  feed(monitors, lines);
  return monitors;
}

export function judge(lines: readonly Line[], isResumed = false): RuleSlug[] {
  const monitors = makeMonitors(known.monitors, cluster, 10, isResumed);
  feed(monitors, lines);
  return monitors.violations.map((violation) => violation.rule);
}
