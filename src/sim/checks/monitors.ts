// Monitors: one predicate per checkable rule, fed with trace events in the run's order, live and headless alike. They
// see nothing but the trace. The first violation of each rule is kept; how often each rule was put to the test is counted.

import type { NodeId, Time } from '../../base/ids.ts';
import { findNewest, noteNewest } from '../../base/newest.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import type { TracedEvent } from '../types.ts';
import { observeArchive } from './archive-monitors.ts';
import {
  appendTruth,
  beginTerm,
  durableTruth,
  groupTruth,
  isAnnulled,
  isCpl,
  lastRecord,
  setsOfTerm,
  trueScl,
  truncateTruth,
} from './log-truth.ts';
import { expectNotLost, observeMembers, onMemberInstall, onOpenedImage } from './member-monitors.ts';
import { expectRule, type LiveRequest, type Monitors } from './monitor-state.ts';
import { observeReplicas } from './replica-monitors.ts';
import { monitorsOf, observeRestores, takeFound } from './restore-monitors.ts';

export { expectRule, type Monitors, makeMonitors, type Violation } from './monitor-state.ts';

/** Feeds one event. Events come in the order (time, node, ordinal). */
export function observe(m: Monitors, traced: TracedEvent): void {
  observeRestores(m, traced);
  for (const monitors of monitorsOf(m, traced)) {
    observeVolume(monitors, traced);
    if (monitors !== m) takeFound(m, monitors);
  }
}

/** What is told of one volume, held against its own log. */
function observeVolume(m: Monitors, traced: TracedEvent): void {
  const { event, node, at } = traced;
  observeReplicas(m, traced);
  observeArchive(m, traced);
  switch (event.kind) {
    case 'mtr.append':
      onAppend(m, at, node, event);
      return;
    case 'wal.durable':
      onDurable(m, at, node, event);
      return;
    case 'wal.ack':
      onAck(m, at, node, event);
      return;
    case 'mark.pgcl':
      onMark(m, at, node, event.kind, event.group, event.term, event.value);
      onPgcl(m, at, node, event);
      return;
    case 'mark.vcl':
      onMark(m, at, node, event.kind, '', event.term, event.value);
      expectRule(
        m,
        'wal.quorum-overlap',
        event.value <= m.truth.vcl,
        at,
        node,
        () => `VCL ${event.value} is above the quorum's ${m.truth.vcl}`,
      );
      return;
    case 'mark.vdl':
      onVdl(m, at, node, event);
      return;
    case 'commit.ack':
      onCommitAck(m, at, node, event);
      return;
    case 'token.grant':
      expectRule(
        m,
        'fence.token-unique',
        event.token > m.lastToken,
        at,
        node,
        () => `token ${event.token} after ${m.lastToken}`,
      );
      m.lastToken = Math.max(m.lastToken, event.token);
      return;
    case 'token.install':
      onTokenInstall(m, at, node, event.group, event.token);
      return;
    case 'store.open': {
      const installed = m.tokens.get(`${node}/${event.group}`) ?? 0;
      expectRule(
        m,
        'fence.token-monotone',
        event.maxToken >= installed,
        at,
        node,
        () => `${event.group} opens with token ${event.maxToken} after installing ${installed}`,
      );
      // A sync that failed may have kept what it was to write: what the disk holds at open counts.
      m.tokens.set(`${node}/${event.group}`, Math.max(installed, event.maxToken));
      onMemberInstall(m, at, node, event.group, event.memberEpoch);
      onOpenedImage(m, node, event);
      m.highestPgmrpl = Math.max(m.highestPgmrpl, event.pgmrpl);
      return;
    }
    case 'recovery.step':
      if (event.step === 'R2') onRecoveryRead(m, at, node, event.token);
      return;
    case 'recovery.computed':
      onComputed(m, at, node, event);
      return;
    case 'recovery.history':
      onHistory(m, at, node, event);
      return;
    case 'node.open':
      onNodeOpen(m, node);
      return;
    case 'hole.sent':
      onHoleSent(m, at, node, event);
      return;
    case 'hole.timeout':
      requestsOf(m, node, event.group).delete(event.counter);
      return;
    case 'hole.fill':
      onHoleFill(m, node, event);
      return;
    case 'page.evict':
      expectRule(
        m,
        'buffer.evict-below-vdl',
        !event.dirty || event.pageLsn <= m.truth.vdl,
        at,
        node,
        () => `page at LSN ${event.pageLsn} left the buffer while VDL is ${m.truth.vdl}`,
      );
      return;
    case 'page.served':
      onPageServed(m, at, node, event);
      return;
    default:
      observeMembers(m, traced);
  }
}

function onAppend(m: Monitors, at: Time, node: NodeId, e: TraceOf<'mtr.append'>): void {
  const { truth } = m;
  if (e.term > truth.term) {
    const plan = m.computed.get(e.term);
    beginTerm(truth, e.term, plan?.vdlPrime ?? truth.vdl, plan?.startLsn ?? e.first);
  }
  if (e.term < truth.term) return;
  expectRule(
    m,
    'wal.mtr-contiguous',
    e.first === truth.tail + 1 && e.last >= e.first,
    at,
    node,
    () => `MTR [${e.first}, ${e.last}] after tail ${truth.tail}`,
  );
  expectRule(
    m,
    'wal.lsn-never-reused',
    e.first > truth.highest,
    at,
    node,
    () => `LSN ${e.first} was given before (highest ${truth.highest})`,
  );
  const limit = Math.max(truth.vdl, e.term === 1 ? 0 : (m.computed.get(e.term)?.startLsn ?? 0) - 1) + m.lal;
  expectRule(
    m,
    'wal.back-pressure',
    e.last <= limit,
    at,
    node,
    () => `LSN ${e.last} allocated above ${limit}`,
  );
  appendTruth(truth, e.first, e.groups.split(','));
}

function onDurable(m: Monitors, at: Time, node: NodeId, e: TraceOf<'wal.durable'>): void {
  const group = groupTruth(m.truth, e.group);
  if (group === undefined) return;
  const epoch = m.epochs.get(`${node}/${e.group}`) ?? 0;
  const returned = e.lsns.find((lsn) => isAnnulled(m.truth, lsn, epoch));
  expectRule(
    m,
    'wal.truncated-never-returned',
    returned === undefined,
    at,
    node,
    () => `annulled LSN ${returned} is back (${e.source}) under history ${epoch}`,
  );
  durableTruth(m.truth, group, node, e.lsns);
}

function onAck(m: Monitors, at: Time, node: NodeId, e: TraceOf<'wal.ack'>): void {
  const group = groupTruth(m.truth, e.group);
  const key = `${node}/${e.group}`;
  expectNotLost(m, at, node, e.group, 'acknowledges');
  m.acked.set(key, Math.max(m.acked.get(key) ?? -1, e.scl));
  const installed = m.tokens.get(key) ?? 0;
  expectRule(
    m,
    'fence.token-monotone',
    e.token >= installed,
    at,
    node,
    () => `${e.group} acknowledges under token ${e.token} after installing ${installed}`,
  );
  if (group === undefined || e.token !== m.truth.term || (m.epochs.get(key) ?? 1) !== e.token) return;
  expectRule(
    m,
    'wal.ack-after-durable',
    e.scl <= trueScl(group, node),
    at,
    node,
    () => `${e.group} acknowledges SCL ${e.scl}, its disk holds ${trueScl(group, node)}`,
  );
}

function onMark(
  m: Monitors,
  at: Time,
  node: NodeId,
  mark: string,
  group: string,
  term: number,
  value: number,
): void {
  const key = `${node}/${mark}/${group}/${term}`;
  const before = m.marks.get(key) ?? -1;
  expectRule(
    m,
    'wal.marks-monotone',
    value >= before,
    at,
    node,
    () => `${mark} ${group} went from ${before} to ${value} in term ${term}`,
  );
  m.marks.set(key, Math.max(before, value));
}

function onPgcl(m: Monitors, at: Time, node: NodeId, e: TraceOf<'mark.pgcl'>): void {
  const group = groupTruth(m.truth, e.group);
  if (group === undefined || e.term !== m.truth.term) return;
  expectRule(
    m,
    'wal.pgcl-true',
    e.value <= group.pgcl,
    at,
    node,
    () => `PGCL ${e.value} of ${e.group}; its quorum holds ${group.pgcl}`,
  );
}

function onVdl(m: Monitors, at: Time, node: NodeId, e: TraceOf<'mark.vdl'>): void {
  onMark(m, at, node, e.kind, '', e.term, e.value);
  expectRule(
    m,
    'wal.marks-monotone',
    e.term < m.truth.term || e.value >= m.highestVdl,
    at,
    node,
    () => `VDL ${e.value} after VDL ${m.highestVdl}`,
  );
  expectRule(
    m,
    'wal.quorum-overlap',
    e.value <= m.truth.vcl,
    at,
    node,
    () => `VDL ${e.value} is above the quorum's ${m.truth.vcl}`,
  );
  expectRule(
    m,
    'wal.vdl-is-cpl',
    e.term !== m.truth.term || isCpl(m.truth, e.value),
    at,
    node,
    () => `VDL ${e.value} is inside an MTR`,
  );
  m.highestVdl = Math.max(m.highestVdl, e.value);
}

function onCommitAck(m: Monitors, at: Time, node: NodeId, e: TraceOf<'commit.ack'>): void {
  expectRule(
    m,
    'wal.acked-at-vdl',
    e.scn <= m.truth.vdl && e.scn <= e.vdl,
    at,
    node,
    () => `SCN ${e.scn} acknowledged at VDL ${e.vdl}; the quorum's is ${m.truth.vdl}`,
  );
  m.highestAckedScn = Math.max(m.highestAckedScn, e.scn);
}

function onTokenInstall(m: Monitors, at: Time, node: NodeId, group: string, token: number): void {
  const key = `${node}/${group}`;
  const before = m.tokens.get(key) ?? 0;
  expectNotLost(m, at, node, group, 'installs a token');
  expectRule(
    m,
    'fence.token-monotone',
    token >= before,
    at,
    node,
    () => `${group} installs token ${token} after ${before}`,
  );
  m.tokens.set(key, Math.max(before, token));
}

const installedToken = ({ tokens, lostTokens }: Monitors, key: string): number =>
  Math.max(tokens.get(key) ?? 0, lostTokens.get(key) ?? 0);

function onRecoveryRead(m: Monitors, at: Time, node: NodeId, token: number): void {
  for (const group of m.truth.groups) {
    let installed = Number.MAX_SAFE_INTEGER;
    for (const members of setsOfTerm(m.truth, group, token)) {
      const has = members.filter((replica) => installedToken(m, `${replica}/${group.id}`) >= token);
      installed = Math.min(installed, has.length);
    }
    expectRule(
      m,
      'recovery.token-before-read',
      installed >= group.vw,
      at,
      node,
      () => `R2 of token ${token} begins with it at ${installed} of ${group.vw} in ${group.id}`,
    );
  }
}

function onComputed(m: Monitors, at: Time, node: NodeId, e: TraceOf<'recovery.computed'>): void {
  m.computed.set(e.token, { vdlPrime: e.vdlPrime, startLsn: e.startLsn });
  const kept = Math.max(m.highestAckedScn, m.highestVdl);
  expectRule(
    m,
    'wal.acked-survives',
    e.vdlPrime >= kept,
    at,
    node,
    () => `recovery ${e.token} keeps ${e.vdlPrime}; ${kept} was acknowledged or reported durable`,
  );
}

function onHistory(m: Monitors, at: Time, node: NodeId, e: TraceOf<'recovery.history'>): void {
  const group = groupTruth(m.truth, e.group);
  if (group === undefined) return;
  const key = `${node}/${e.group}`;
  m.epochs.set(key, Math.max(m.epochs.get(key) ?? 0, e.token));
  const below = e.removed.reduce((least, lsn) => Math.min(least, lsn - 1), e.maxNwl);
  const kept = lastRecord(group, below); // what lies between may be of other groups
  m.acked.set(key, Math.min(m.acked.get(key) ?? -1, kept));
  m.requests.delete(key);
  const left = truncateTruth(group, node, e.removed, e.prevEnd, e.startLsn);
  expectRule(
    m,
    'wal.truncated-removed',
    left.length === 0,
    at,
    node,
    () => `${e.group} keeps annulled LSN ${left[0]} under history ${e.token}`,
  );
}

/** A process that starts again has forgotten its requests (HOLE-51). */
function onNodeOpen(m: Monitors, node: NodeId): void {
  for (const key of m.requests.keys()) if (key.startsWith(`${node}/`)) m.requests.delete(key);
}

function requestsOf(m: Monitors, node: NodeId, group: string): Map<number, LiveRequest> {
  const key = `${node}/${group}`;
  let live = m.requests.get(key);
  if (live === undefined) {
    live = new Map();
    m.requests.set(key, live);
  }
  return live;
}

function onHoleSent(m: Monitors, at: Time, node: NodeId, e: TraceOf<'hole.sent'>): void {
  const live = requestsOf(m, node, e.group);
  let other: number | null = null;
  for (const [counter, request] of live)
    if (e.first < request.last && request.first < e.last) other = counter;
  expectRule(
    m,
    'hole.one-live-request',
    other === null,
    at,
    node,
    () => `${e.group} [${e.first}, ${e.last}) asked by r${e.counter} while r${other} is live`,
  );
  live.set(e.counter, { first: e.first, last: e.last });
  const group = groupTruth(m.truth, e.group);
  if (group === undefined || e.mode !== 'normal' || m.truth.isLearning) return;
  expectRule(
    m,
    'hole.below-sgcl',
    e.last - 1 <= group.pgcl,
    at,
    node,
    () => `request [${e.first}, ${e.last}) reaches above SGCL ${group.pgcl}`,
  );
}

/** A part that arrived: the request goes on with what is left above it, and ends when nothing is. */
function onHoleFill(m: Monitors, node: NodeId, e: TraceOf<'hole.fill'>): void {
  const live = requestsOf(m, node, e.group);
  const request = live.get(e.counter);
  if (request === undefined) return;
  if (e.first <= request.first && e.last >= request.last) live.delete(e.counter);
  else if (e.first <= request.first)
    live.set(e.counter, { first: Math.max(request.first, e.last), last: request.last });
}

function onPageServed(m: Monitors, at: Time, node: NodeId, e: TraceOf<'page.served'>): void {
  if (e.error !== '') return;
  expectRule(
    m,
    'page.read-point',
    e.pageLsn <= e.readPoint,
    at,
    node,
    () => `page ${e.blockKey} at ${e.pageLsn} for read point ${e.readPoint}`,
  );
  const key = `${e.blockKey}/${Math.min(e.readPoint, e.groupReadPoint)}/${m.truth.term}`;
  const known = findNewest(m.pages, key);
  if (known === undefined) {
    noteNewest(m.pages, key, { digest: e.digest, node });
    return;
  }
  expectRule(
    m,
    'page.same-bytes',
    known.digest === e.digest,
    at,
    node,
    () => `page ${e.blockKey} at read point ${e.readPoint} differs from ${known.node}'s`,
  );
}
