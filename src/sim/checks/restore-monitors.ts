// Monitors of restores to a point in time (docs/spec/wal.md WAL-45). A restored volume has a log, tokens and members of its
// own, so what its groups and its writer tell goes to monitors of its own, which count with the rest; those of the source go
// on as if there were no other. What was restored is held against what the source's log and pages were told to be.

import type { GroupId, NodeId, Time } from '../../base/ids.ts';
import { findNewest, noteNewest } from '../../base/newest.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import type { TracedEvent } from '../types.ts';
import { baseTruth, groupTruth, loseTruth } from './log-truth.ts';
import { expectRule, type Monitors, makeMonitors } from './monitor-state.ts';
import { findAltered, noteSums } from './record-sums.ts';
import { ofGroup, ofWriter, type RestoredVolume, type RestoreWatch } from './restore-watch.ts';

/** The monitors that the event is for, when it is about a restored volume; those of every volume hear of nodes. */
export function monitorsOf(m: Monitors, { event, node }: TracedEvent): readonly Monitors[] {
  const { restores } = m;
  if (restores.volumes.length === 0 || event.kind.startsWith('restore.') || event.kind.startsWith('volume.'))
    return [m];
  if (event.kind === 'node.open' || event.kind === 'node.boot' || event.kind === 'node.down')
    return [m, ...restores.volumes.map(({ monitors }) => monitors)];
  if ('group' in event && event.group !== '') return monitorsFor(m, ofGroup(restores, event.group));
  if (event.kind === 'token.grant') return monitorsFor(m, ofWriter(restores, event.holder));
  if (event.kind === 'meta.writer') return monitorsFor(m, ofWriter(restores, event.writer));
  return monitorsFor(m, ofWriter(restores, node));
}

function monitorsFor(m: Monitors, restored: RestoredVolume | undefined): readonly Monitors[] {
  if (restored?.isGone) return [];
  return [restored?.monitors ?? m];
}

/** What the monitors of a restored volume found counts with the rest. */
export function takeFound(m: Monitors, { violations }: Monitors): void {
  for (const found of violations.splice(0))
    if (!m.violations.some(({ rule }) => rule === found.rule)) m.violations.push(found);
}

/** Takes an event beside the other monitors of the first volume (`m`). */
export function observeRestores(m: Monitors, traced: TracedEvent): void {
  const { event } = traced;
  switch (event.kind) {
    case 'restore.begin':
      onBegin(m, traced, event);
      return;
    case 'restore.standing':
      onStanding(m, traced, event);
      return;
    case 'volume.standing':
      endOthers(m.restores, event.groups.split(','));
      return;
    case 'restore.replica':
      onReplica(m, traced, event);
      return;
    case 'store.open':
      onReopened(m, traced, event.group);
      return;
    case 'restore.done':
      onDone(m, traced, event);
      return;
    case 'volume.dropped':
      for (const group of event.groups.split(',')) {
        const restored = ofGroup(m.restores, group);
        if (restored) Object.assign(restored, { isOver: true, isGone: true });
      }
      return;
    case 'volume.left':
      takeNext(m.restores, traced.node);
      return;
    case 'node.down':
      onDown(m, traced.node, event.mode);
      return;
    case 'archive.bad':
      m.restores.bad?.add(event.name);
      return;
    case 'restore.failed':
      expectKept(m, traced, event);
      for (const restored of m.restores.volumes)
        if (restored.begin.volume === event.volume) restored.isOver = true;
      return;
    case 'restore.cancelled':
      for (const restored of m.restores.volumes)
        if (restored.begin.volume === event.volume) restored.isOver = true;
      return;
    case 'page.served':
      onPage(m, traced, event);
      return;
    case 'mtr.sums':
      noteSums(m.sums, event);
      return;
    case 'recovery.computed':
      onOpened(m, traced, event);
      return;
    case 'token.install':
      if (m.restores.volumes.length === 0 || m.truth.isLearning || m.restores.byGroup.has(event.group))
        return;
      expectGranted(m, traced, event.group, event.token);
      return;
    default:
  }
}

/** A token that the metadata never granted for the source has no business at its replicas. */
function expectGranted(m: Monitors, { at, node }: TracedEvent, group: string, token: number): void {
  expectRule(
    m,
    'restore.source-untouched',
    token <= m.lastToken,
    at,
    node,
    () => `${group} of the source has token ${token}; ${m.lastToken} was granted last`,
  );
}

function onBegin(m: Monitors, { at, node }: TracedEvent, begin: TraceOf<'restore.begin'>): RestoredVolume {
  const { token, lastTerm, startLsn, lsn, volume } = begin;
  expectRule(
    m,
    'restore.token-above',
    token > lastTerm && startLsn > lsn,
    at,
    node,
    () =>
      `${volume} begins with token ${token} at ${startLsn}; its history ends in term ${lastTerm} at ${lsn}`,
  );
  const groups = begin.groups.split(',');
  const restored: RestoredVolume = {
    begin,
    monitors: makeRestoredMonitors(m, begin),
    digests: new Map(),
    isDone: false,
    isOpened: false,
    isOver: false,
    isGone: false,
    loaded: new Set(),
    unheard: new Set(),
  };
  const { restores } = m;
  const place = restores.volumes.push(restored) - 1;
  for (const group of groups) restores.byGroup.set(group, place);
  const before = ofWriter(restores, begin.writer);
  // a writer of a volume that is gone may not know it yet
  if (before?.isGone && before.isOpened) restores.waiting.set(begin.writer, place);
  else restores.byWriter.set(begin.writer, place);
  return restored;
}

/**
 * What became durable before a crash of the metadata and was not told. Names of groups are never given twice. What became of
 * a volume before the run was resumed is not known: it is remembered so that what is told of it is taken for no other's.
 */
function onStanding(m: Monitors, traced: TracedEvent, { state, ...e }: TraceOf<'restore.standing'>): void {
  const { groups, volume, lsn, token, writer } = e;
  const known = ofGroup(m.restores, groups.split(',')[0] ?? '');
  const restored = known ?? onBegin(m, traced, { ...e, kind: 'restore.begin' });
  if (known === undefined && m.truth.isLearning)
    Object.assign(restored, { isOver: true, isGone: true, isOpened: state === 'done' });
  if (restored.isOver) return;
  if (state === 'failed') restored.isOver = true;
  else if (state === 'done' && !restored.isDone)
    onDone(m, traced, { kind: 'restore.done', volume, lsn, token, writer, lacking: '' });
}

/** A volume that is not among those that the metadata has was cancelled or deleted. */
function endOthers({ volumes }: RestoreWatch, groups: readonly string[]): void {
  for (const restored of volumes)
    if (!groups.includes(restored.begin.groups.split(',')[0] ?? ''))
      Object.assign(restored, { isOver: true, isGone: true });
}

/** The writer has ended what it wrote before: what it tells now is of the volume that came after. */
function takeNext({ byWriter, waiting }: RestoreWatch, writer: NodeId): void {
  const next = waiting.get(writer);
  if (next !== undefined) byWriter.set(writer, next);
  waiting.delete(writer);
}

function onDown(m: Monitors, node: NodeId, mode: string): void {
  const { restores, archive } = m;
  takeNext(restores, node);
  const isLost = !['drawn', 'loseAll', 'tornLast', 'losing', 'powerCut'].includes(mode);
  if (node === archive.store && isLost) restores.bad = null;
  if (!isLost) return;
  for (const { loaded, unheard } of restores.volumes)
    for (const key of [...loaded, ...unheard])
      if (key.startsWith(`${node}/`)) {
        loaded.delete(key);
        unheard.delete(key);
      }
}

/** WAL-45: an object that is missing was told to be lost; else it was deleted under the restore. */
function expectKept(m: Monitors, { at, node }: TracedEvent, e: TraceOf<'restore.failed'>): void {
  const { bad, volumes } = m.restores;
  if (volumes.findLast(({ begin }) => begin.volume === e.volume)?.isGone) return;
  expectRule(
    m,
    'restore.objects-kept',
    e.code !== 'NO_SUCH_OBJECT' || bad === null || bad.has(e.object),
    at,
    node,
    () => `${e.object} is gone while ${e.volume} is restored from it`,
  );
}

/** The volume opens: a write quorum of every group has it, and who has not holds nothing. */
function onDone(m: Monitors, { at, node }: TracedEvent, e: TraceOf<'restore.done'>): void {
  const restored = m.restores.volumes.find((one) => one.begin.volume === e.volume && !one.isOver);
  if (!restored) return;
  restored.isDone = true;
  if (m.truth.isLearning) return;
  const { monitors, loaded, unheard } = restored;
  for (const group of monitors.truth.groups) {
    const members = group.sets.flat();
    const has = members.filter((member) => loaded.has(`${member}/${group.id}`));
    expectRule(
      m,
      'restore.write-quorum',
      has.length >= group.vw,
      at,
      node,
      () => `${e.volume} opens while ${has.length} of ${members.length} replicas of ${group.id} are loaded`,
    );
    for (const member of members) {
      const key = `${member}/${group.id}`;
      if (loaded.has(key)) continue;
      unheard.add(key);
      loseTruth(group, member);
      monitors.lost.add(key);
    }
  }
}

/** A replica that is there was loaded, whether a power cut let it be told or not. */
function onReopened(m: Monitors, { node }: TracedEvent, id: string): void {
  const restored = ofGroup(m.restores, id);
  if (restored) noteLoaded(restored, node, id);
}

function noteLoaded(restored: RestoredVolume, node: NodeId, id: string): void {
  const { monitors, loaded, unheard, begin, isDone } = restored;
  const key = `${node}/${id}`;
  loaded.add(key);
  const wasUnheard = unheard.delete(key);
  // before the volume opens a disk that was lost is loaded again; afterwards only a base image makes the replica anew
  if (!wasUnheard && (isDone || !monitors.lost.has(key))) return;
  monitors.lost.delete(key);
  const group = groupTruth(monitors.truth, id);
  if (group) baseTruth(monitors.truth, group, node, begin.lsn);
}

/** As of a lab reopened from its disks: the volume's first recovery is where its log begins for the monitors. */
function makeRestoredMonitors(m: Monitors, begin: TraceOf<'restore.begin'>): Monitors {
  const sets = begin.sets.split('|').map((set) => set.split(',') as NodeId[]);
  const sources = begin.sources.split(',');
  const groups = begin.groups.split(',').map((id, i) => {
    const { vw = 0, vr = 0 } = groupTruth(m.truth, sources[i] ?? '') ?? {};
    return { id: id as GroupId, replicas: sets[i] ?? [], keyFirst: 0, keyEnd: 0, vw, vr };
  });
  const cluster = { preset: '', volume: begin.volume, nodes: [], groups };
  const own = makeMonitors(cluster, m.lal, true);
  for (const { id, replicas } of groups) own.members.set(id, { memberEpoch: 1, sets: replicas.join(',') });
  own.lastToken = begin.token;
  own.highestVdl = begin.lsn;
  own.highestPgmrpl = begin.lsn;
  own.computed.set(begin.token, { vdlPrime: begin.lsn, startLsn: begin.startLsn });
  return { ...own, exercised: m.exercised };
}

function onReplica(m: Monitors, traced: TracedEvent, e: TraceOf<'restore.replica'>): void {
  const { at, node } = traced;
  const restored = ofGroup(m.restores, e.group);
  const source = groupTruth(m.truth, e.source);
  if (!restored || restored.isGone || !source) return;
  noteLoaded(restored, node, e.group);
  const known = restored.digests.get(e.group) ?? e.digest;
  restored.digests.set(e.group, known);
  expectRule(
    m,
    'restore.equals-source',
    known === e.digest,
    at,
    node,
    () => `${e.group} was loaded with other pages or records than at another replica`,
  );
  if (m.truth.isLearning) return;
  expectGranted(m, traced, e.source, m.tokens.get(`${node}/${e.source}`) ?? 0);
  const floor = Math.max(e.base, source.base);
  const isCompared = (lsn: number): boolean => lsn > floor && lsn <= e.lsn;
  const has = new Set(e.lsns.filter(isCompared));
  const had = source.lsns.filter(isCompared);
  const odd = had.find((lsn) => !has.delete(lsn)) ?? [...has][0];
  expectRule(
    m,
    'restore.equals-source',
    odd === undefined,
    at,
    node,
    () => `${e.group} at ${e.lsn} and ${e.source} differ at LSN ${odd}`,
  );
  const altered = findAltered(m.sums, e);
  expectRule(
    m,
    'restore.equals-source',
    altered === null,
    at,
    node,
    () => `${e.group} has another record at LSN ${altered} than ${e.source}: its checksum differs`,
  );
}

/** A page at its pageLsn is one value: the restored volume's and its source's are the same up to the point of the restore. */
function onPage(m: Monitors, { at, node }: TracedEvent, e: TraceOf<'page.served'>): void {
  if (e.error !== '') return;
  const { pages } = m.restores;
  const key = `${e.blockKey}/${e.pageLsn}`;
  const restored = ofGroup(m.restores, e.group);
  if (!restored) {
    noteNewest(pages, key, e.digest);
    return;
  }
  const isShared = !restored.isGone && e.pageLsn <= restored.begin.lsn;
  const known = isShared ? findNewest(pages, key) : undefined;
  if (known === undefined) return;
  expectRule(
    m,
    'restore.equals-source',
    known === e.digest,
    at,
    node,
    () => `page ${e.blockKey} at ${e.pageLsn} of ${e.group} differs from the source's`,
  );
}

/** The volume's first recovery ends exactly where it was restored to. */
function onOpened(m: Monitors, { at, node }: TracedEvent, e: TraceOf<'recovery.computed'>): void {
  const restored = ofWriter(m.restores, node);
  if (!restored || restored.isOpened) return;
  restored.isOpened = true;
  if (restored.isGone) return;
  const { lsn, volume } = restored.begin;
  expectRule(
    m,
    'restore.equals-source',
    e.vdlPrime === lsn,
    at,
    node,
    () => `${volume} was restored to ${lsn} and opens at ${e.vdlPrime}`,
  );
}

/** At the end of a run: what was begun and not given up has been opened. */
export function expectRestored(m: Monitors, at: Time): void {
  for (const { begin, isOpened, isOver } of m.restores.volumes)
    expectRule(
      m,
      'restore.completes',
      isOpened || isOver,
      at,
      null,
      () => `the restore of ${begin.volume} to ${begin.lsn} is neither done nor failed`,
    );
}
