// Monitors of what replicas and writers do between the watermarks: answers to gap requests (holes.md §5, §6), lists rebuilt
// after a crash, damage found by the scrub, acks and batches of other terms, and what a recovery goes by.

import type { NodeId, Time } from '../../base/ids.ts';
import { countBefore } from '../../base/sorted.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import type { TracedEvent } from '../types.ts';
import { forgetUncertain, groupTruth, isAnnulled, isCpl, trueScl } from './log-truth.ts';
import { expectRule, type Monitors } from './monitor-state.ts';

/** Takes an event beside the other monitors. */
export function observeReplicas(m: Monitors, { event, node, at, ordinal }: TracedEvent): void {
  const { watch } = m;
  const told = watch.scls.get(node);
  if (told !== undefined && told.events.length > 0 && told.ordinal !== ordinal)
    for (const scl of told.events.splice(0)) onScl(m, told.at, node, scl);
  switch (event.kind) {
    case 'node.open':
      watch.boots.delete(node);
      return;
    case 'node.boot':
      // A later one in the same life (WAL-75) makes no stranger of what was asked before it (seed 105).
      watch.boots.set(node, {
        first: watch.boots.get(node)?.first ?? event.bootEpoch,
        last: event.bootEpoch,
      });
      return;
    case 'mark.vcl':
      onVcl(m, at, node, event);
      return;
    case 'mark.scl':
      if (told === undefined) watch.scls.set(node, { ordinal, at, events: [event] });
      else {
        told.ordinal = ordinal;
        told.at = at;
        told.events.push(event);
      }
      return;
    case 'wal.ackSeen':
      expectRule(
        m,
        'wal.own-term-counts',
        !event.counted || event.token === m.truth.term || event.token > m.truth.term,
        at,
        node,
        () => `an ack of ${event.from} under token ${event.token} is counted in term ${m.truth.term}`,
      );
      return;
    case 'wal.receive':
      onReceive(m, at, node, event);
      return;
    case 'store.open':
      onStoreOpen(m, at, node, event);
      return;
    case 'wal.durable':
      onDurable(m, node, event);
      return;
    case 'hole.rebuild':
      onRebuild(m, at, node, event);
      return;
    case 'hole.answer':
      onAnswer(m, at, node, event);
      return;
    case 'gc.drop':
      watch.floors.set(`${node}/${event.group}`, event.logFloor);
      return;
    case 'base.installed':
      watch.damaged.delete(`${node}/${event.group}`);
      return;
    case 'scrub.bad':
      onDamage(m, node, event);
      return;
    case 'recovery.info':
      watch.infos.set(tokenOf(m), [...(watch.infos.get(tokenOf(m)) ?? []), event]);
      return;
    case 'recovery.computed':
      onComputed(m, at, node, event);
      return;
    default:
  }
}

/** Infos are told right before the computation that they go into: they are gathered under the next one's key. */
const tokenOf = (m: Monitors): number => m.computed.size;

/** WAL-16: no lower than the records and PGCLs that the writer itself has told allow; an idle group holds nothing back. */
function onVcl(m: Monitors, at: Time, node: NodeId, e: TraceOf<'mark.vcl'>): void {
  const { truth } = m;
  if (truth.isLearning || e.term !== truth.term) return;
  const start = e.term === 1 ? 0 : (m.computed.get(e.term)?.vdlPrime ?? 0);
  let expected = truth.tail;
  for (const group of truth.groups) {
    const claimed = Math.max(start, m.marks.get(`${node}/mark.pgcl/${group.id}/${e.term}`) ?? -1);
    if (claimed < group.base) return; // what lies between is forgotten
    const next = group.lsns[countBefore(group.lsns, (lsn) => lsn <= claimed)];
    if (next !== undefined) expected = Math.min(expected, next - 1);
  }
  expectRule(
    m,
    'wal.vcl-exact',
    e.value >= expected,
    at,
    node,
    () => `VCL ${e.value}; the PGCLs told allow ${expected}`,
  );
}

/** WAL-14: of the present term only; a replica that has not heard of it counts what is annulled. */
function onScl(m: Monitors, at: Time, node: NodeId, e: TraceOf<'mark.scl'>): void {
  const group = groupTruth(m.truth, e.group);
  const isPresent = e.term === m.truth.term && (m.epochs.get(`${node}/${e.group}`) ?? 1) === e.term;
  if (group === undefined || !isPresent || m.truth.isLearning || !group.replicas.has(node)) return;
  expectRule(
    m,
    'wal.scl-true',
    e.value <= trueScl(group, node),
    at,
    node,
    () => `SCL ${e.value} of ${e.group}; the disk holds ${trueScl(group, node)} without a gap`,
  );
}

function onReceive(m: Monitors, at: Time, node: NodeId, e: TraceOf<'wal.receive'>): void {
  const installed = m.tokens.get(`${node}/${e.group}`) ?? 0;
  expectRule(
    m,
    'fence.stale-refused',
    e.token >= installed,
    at,
    node,
    () => `${e.group} takes a batch of token ${e.token} after installing ${installed}`,
  );
}

/** A sync that failed may have kept what it was to write: an epoch above the known one is no fault. */
function onStoreOpen(m: Monitors, at: Time, node: NodeId, e: TraceOf<'store.open'>): void {
  const known = m.epochs.get(`${node}/${e.group}`) ?? 0;
  expectRule(
    m,
    'fence.epoch-monotone',
    e.volumeEpoch >= known,
    at,
    node,
    () => `${e.group} opens under history ${e.volumeEpoch} after installing ${known}`,
  );
}

function onDurable(m: Monitors, node: NodeId, e: TraceOf<'wal.durable'>): void {
  const key = `${node}/${e.group}`;
  const damaged = m.watch.damaged.get(key);
  if (damaged) for (const lsn of e.lsns) damaged.delete(lsn);
  if (e.source !== 'reopen') return;
  m.watch.reopened.set(key, e.lsns[e.lsns.length - 1] ?? -1);
  const found = new Set(e.lsns);
  const group = groupTruth(m.truth, e.group);
  if (group) forgetUncertain(group, node, (lsn) => !found.has(lsn));
}

/** HOLE-53, HOLE-54: nothing that the log holds is forgotten because of a hole before it. */
function onRebuild(m: Monitors, at: Time, node: NodeId, e: TraceOf<'hole.rebuild'>): void {
  const highest = m.watch.reopened.get(`${node}/${e.group}`) ?? -1;
  expectRule(
    m,
    'hole.rebuild-whole',
    e.nwl >= highest,
    at,
    node,
    () => `${e.group} is rebuilt up to ${e.nwl}; its log holds ${highest}`,
  );
}

function onDamage(m: Monitors, node: NodeId, e: TraceOf<'scrub.bad'>): void {
  const key = `${node}/${e.group}`;
  const damaged = m.watch.damaged.get(key) ?? new Set<number>();
  for (const lsn of e.lsns) damaged.add(lsn);
  m.watch.damaged.set(key, damaged);
  const group = groupTruth(m.truth, e.group);
  if (group) forgetUncertain(group, node, (lsn) => e.lsns.includes(lsn));
}

/** What is still missing at the end: not annulled, not below a log that GC dropped (WAL-36, WAL-39). */
export function expectRepaired(m: Monitors, at: Time): void {
  for (const [key, damaged] of m.watch.damaged) {
    const [node = '', group = ''] = key.split('/');
    const truth = groupTruth(m.truth, group);
    const missing = [...damaged].filter(
      (lsn) => !isAnnulled(m.truth, lsn, Number.MAX_SAFE_INTEGER) && lsn > (m.watch.floors.get(key) ?? -1),
    );
    if (truth === undefined || !truth.replicas.has(node as NodeId)) continue;
    expectRule(
      m,
      'scrub.repaired',
      missing.length === 0,
      at,
      node as NodeId,
      () => `${group} still lacks LSN ${missing[0]}, which its disk lost`,
    );
  }
}

function onComputed(m: Monitors, at: Time, node: NodeId, e: TraceOf<'recovery.computed'>): void {
  const key = tokenOf(m);
  const infos = m.watch.infos.get(key) ?? [];
  m.watch.infos.delete(key);
  for (const group of m.truth.groups) {
    const told = infos.filter((info) => info.group === group.id).length;
    expectRule(
      m,
      'recovery.read-quorum',
      told >= group.vr,
      at,
      node,
      () => `recovery ${e.token} goes by ${told} of ${group.vr} replicas of ${group.id}`,
    );
  }
  const highest = Math.max(...infos.map(({ tailTerm }) => tailTerm));
  const start = Math.max(e.vdlPrime, (m.computed.get(highest)?.startLsn ?? 0) - 1) + m.lal + 1;
  expectRule(
    m,
    'recovery.highest-term',
    e.startLsn === start || !(highest === 1 || m.computed.has(highest)),
    at,
    node,
    () =>
      `recovery ${e.token} starts at ${e.startLsn}; the highest term it was told, ${highest}, gives ${start}`,
  );
  expectRule(
    m,
    'wal.vdl-is-cpl',
    m.truth.isLearning || isCpl(m.truth, e.vdlPrime),
    at,
    node,
    () => `recovery ${e.token} ends the volume at ${e.vdlPrime}, inside an MTR`,
  );
}

/** HOLE-28, HOLE-34: what is answered was asked in this life. */
function onAnswer(m: Monitors, at: Time, node: NodeId, event: TraceOf<'hole.answer'>): void {
  const { first, last } = m.watch.boots.get(node) ?? { first: event.boot, last: event.boot };
  expectRule(
    m,
    'hole.own-answer',
    first <= event.boot && event.boot <= last,
    at,
    node,
    () =>
      `an answer to r${event.counter} of boot ${event.boot} is taken in the life of boots ${first} to ${last}`,
  );
}
