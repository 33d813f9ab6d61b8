// Monitors of restores to a point in time (docs/spec/wal.md WAL-45). A restored volume has a log, tokens and members of its
// own, so it gets monitors of its own; those of the source go on as if there were no other. What was restored is held
// against the source's log and pages as they were traced.

import type { GroupId, NodeId } from '../../base/ids.ts';
import { findNewest, recordNewest } from '../../base/newest.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import { pageWords } from '../../core/page/page-key.ts';
import { baseTruth, groupTruth, loseTruth } from './log-truth.ts';
import {
  type Check,
  type ClusterModule,
  expectRule,
  groupOf,
  type Monitors,
  makeVolume,
  type Volume,
  type VolumeModule,
} from './monitor.ts';
import { findAltered } from './record-sums.ts';
import { attachmentKey, volumeOfGroup, volumeOfWriter } from './volumes.ts';

export const restoreRules = {
  'restore.token-above': {
    ids: ['WAL-45'],
    source: 'D',
    lens: 'chains',
  },
  'restore.equals-source': {
    ids: ['WAL-45', 'WAL-43'],
    source: 'A17 §3.3; D',
    lens: 'chains',
  },
  'restore.source-untouched': {
    ids: ['WAL-45'],
    source: 'D',
    lens: 'chains',
  },
  'restore.completes': {
    ids: ['WAL-45'],
    source: 'D',
    lens: 'chains',
  },
  'restore.objects-kept': {
    ids: ['WAL-45'],
    source: 'D',
    lens: 'chains',
  },
  'restore.write-quorum': {
    ids: ['WAL-45', 'WAL-15'],
    source: 'D',
    lens: 'chains',
  },
} as const;

interface Restored {
  /** Digest of what the first replica of each group was loaded with. */
  readonly digests: Map<string, number>;
  /** Its writer may open it: what is lost from here on is made anew by a base image. */
  isDone: boolean;
  isOpened: boolean;
  /** Failed, cancelled or deleted, with its reason traced. */
  isOver: boolean;
  /** Replicas that are loaded, and those it opened without that have not been seen since, as `<node>/<group>`. */
  readonly loaded: Set<string>;
  readonly unseen: Set<string>;
}

interface Restores {
  /** Places of volumes whose writer still ends the one it had. */
  readonly waiting: Map<string, number>;
  /** Objects that were reported damaged or lost; null: any may be, the object store has lost its disk. */
  bad: Set<string> | null;
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof restoreRules> {}
  interface ClusterStates {
    readonly restores: Restores;
  }
  interface VolumeStates {
    /** Of a restored volume only. */
    readonly restored: Restored | null;
  }
}

export const restoredVolume: VolumeModule<'restored'> = {
  scope: 'volume',
  name: 'restored',
  rules: {},
  make: ({ origin }) =>
    origin && {
      digests: new Map(),
      isDone: false,
      isOpened: false,
      isOver: false,
      loaded: new Set(),
      unseen: new Set(),
    },
  observe: {},
};

/** A volume that a restore made, with where it comes from. */
interface RestoredVolume {
  readonly volume: Volume;
  readonly origin: TraceOf<'restore.begin'>;
  readonly restored: Restored;
}

function asRestored(volume: Volume | undefined): RestoredVolume | null {
  if (!volume?.restored || !volume.origin) return null;
  return { volume, origin: volume.origin, restored: volume.restored };
}

const sourceOf = ({ volumes }: Monitors, { source }: TraceOf<'restore.begin'>): Volume =>
  volumes.find(({ id }) => id === source) ?? volumes[0];

function end(volume: Volume, isGone: boolean): void {
  if (!volume.restored) return;
  volume.restored.isOver = true;
  volume.isGone ||= isGone;
}

/** A token that the metadata never granted for the source has no business at its replicas. */
function expectGranted(c: Check, { grants }: Volume, group: string, token: number): void {
  expectRule(
    c,
    'restore.source-untouched',
    token <= grants.highest,
    () => `${group} of the source has token ${token}; ${grants.highest} was granted last`,
  );
}

function onBegin(c: Check, m: Monitors, origin: TraceOf<'restore.begin'>): Volume {
  const { token, lastTerm, startLsn, lsn, writer } = origin;
  expectRule(
    c,
    'restore.token-above',
    token > lastTerm && startLsn > lsn,
    () =>
      `${origin.volume} begins with token ${token} at ${startLsn}; its history ends in term ${lastTerm} at ${lsn}`,
  );
  const volume = makeRestored(c, m, origin);
  const place = m.volumes.push(volume) - 1;
  for (const group of volume.groups.keys()) m.directory.byGroup.set(group, place);
  const before = volumeOfWriter(m, writer, origin.volume);
  const attachment = attachmentKey(writer, origin.volume);
  // a writer of a volume that is gone may not know it yet
  if (before.isGone && before.restored?.isOpened) m.restores.waiting.set(attachment, place);
  else m.directory.byWriter.set(attachment, place);
  return volume;
}

/** As of a lab reopened from its disks: the volume's first recovery is where its log begins for the monitors. */
function makeRestored(c: Check, m: Monitors, origin: TraceOf<'restore.begin'>): Volume {
  const { truth, lal } = sourceOf(m, origin);
  const sets = origin.sets.split('|').map((set) => set.split(',') as NodeId[]);
  const sources = origin.sources.split(',');
  const groups = origin.groups.split(',').map((id, i) => {
    const { vw = 0, vr = 0 } = groupTruth(truth, sources[i] ?? '') ?? {};
    return { id: id as GroupId, replicas: sets[i] ?? [], keyFirst: 0, keyEnd: 0, vw, vr };
  });
  const facts = { volume: origin.volume, cluster: { nodes: [], groups }, lal, isResumed: true, origin };
  return makeVolume(c.modules, facts);
}

/**
 * What became durable before a crash of the metadata and was not traced. Names of groups are never given twice. What became
 * of a volume before the run was resumed is not known: it is remembered so that its events are taken for no other's.
 */
function onStanding(c: Check, m: Monitors, event: TraceOf<'restore.standing'>): void {
  const { state, ...e } = event;
  const known = volumeOfGroup(m, e.groups.split(',')[0] ?? '');
  const volume = known.restored ? known : onBegin(c, m, { ...e, kind: 'restore.begin' });
  if (!volume.restored) return;
  if (volume !== known && m.volumes[0].truth.isLearning) {
    end(volume, true);
    volume.restored.isOpened = state === 'done';
  }
  if (volume.restored.isOver) return;
  if (state === 'failed') end(volume, false);
  else if (state === 'done' && !volume.restored.isDone)
    onDone(c, m, { ...e, kind: 'restore.done', lacking: '' });
}

/** The writer has ended what it wrote under these names: what it traces now is of the volumes that came after. */
function takeNext(
  { directory, restores: { waiting } }: Monitors,
  isIt: (attachment: string) => boolean,
): void {
  for (const [attachment, next] of waiting)
    if (isIt(attachment)) {
      directory.byWriter.set(attachment, next);
      waiting.delete(attachment);
    }
}

function onDown(m: Monitors, node: NodeId, mode: string): void {
  const { restores, volumes } = m;
  takeNext(m, (attachment) => attachment.startsWith(attachmentKey(node, '')));
  if (['drawn', 'loseAll', 'tornLast', 'losing', 'powerCut'].includes(mode)) return;
  if (node === volumes[0].archive.store) restores.bad = null;
  for (const { restored } of volumes)
    for (const keys of restored ? [restored.loaded, restored.unseen] : [])
      for (const key of keys) if (key.startsWith(`${node}/`)) keys.delete(key);
}

function onFailed(c: Check, { volumes, restores: { bad } }: Monitors, e: TraceOf<'restore.failed'>): void {
  if (!volumes.findLast(({ id, restored }) => restored && id === e.volume)?.isGone)
    expectRule(
      c,
      'restore.objects-kept',
      e.code !== 'NO_SUCH_OBJECT' || bad === null || bad.has(e.object),
      () => `${e.object} is gone while ${e.volume} is restored from it`,
    );
  for (const volume of volumes) if (volume.id === e.volume) end(volume, false);
}

/** The volume opens: a write quorum of every group has it, and who has not holds nothing. */
function onDone(c: Check, m: Monitors, e: TraceOf<'restore.done'>): void {
  const found = asRestored(
    m.volumes.find(({ id, restored }) => restored?.isOver === false && id === e.volume),
  );
  if (!found) return;
  const { volume, origin, restored } = found;
  restored.isDone = true;
  if (sourceOf(m, origin).truth.isLearning) return;
  for (const group of volume.truth.groups) {
    const members = group.sets.flat();
    const has = members.filter((member) => restored.loaded.has(`${member}/${group.id}`));
    expectRule(
      c,
      'restore.write-quorum',
      has.length >= group.vw,
      () => `${e.volume} opens while ${has.length} of ${members.length} replicas of ${group.id} are loaded`,
    );
    for (const member of members) {
      const key = `${member}/${group.id}`;
      if (restored.loaded.has(key)) continue;
      restored.unseen.add(key);
      loseTruth(group, member);
      groupOf(c, volume, group.id).lostDisks.lost.add(member);
    }
  }
}

/** A replica that is there was loaded, whether a power cut let it be traced or not. */
function recordLoaded(c: Check, { volume, origin, restored }: RestoredVolume, id: string): void {
  const { loaded, unseen, isDone } = restored;
  const { lost } = groupOf(c, volume, id).lostDisks;
  const key = `${c.node}/${id}`;
  loaded.add(key);
  const wasUnseen = unseen.delete(key);
  // before the volume opens a disk that was lost is loaded again; afterwards only a base image makes the replica anew
  if (!wasUnseen && (isDone || !lost.has(c.node))) return;
  lost.delete(c.node);
  const group = groupTruth(volume.truth, id);
  if (group) baseTruth(volume.truth, group, c.node, origin.lsn);
}

function onReplica(c: Check, m: Monitors, e: TraceOf<'restore.replica'>): void {
  const found = asRestored(volumeOfGroup(m, e.group));
  if (!found) return;
  const from = sourceOf(m, found.origin);
  const source = groupTruth(from.truth, e.source);
  if (found.volume.isGone || !source) return;
  recordLoaded(c, found, e.group);
  const { digests } = found.restored;
  const known = digests.get(e.group) ?? e.digest;
  digests.set(e.group, known);
  expectRule(
    c,
    'restore.equals-source',
    known === e.digest,
    () => `${e.group} was loaded with other pages or records than at another replica`,
  );
  if (from.truth.isLearning) return;
  expectGranted(c, from, e.source, groupOf(c, from, e.source).fencing.tokens.get(c.node) ?? 0);
  const floor = Math.max(e.base, source.base);
  const isCompared = (lsn: number): boolean => lsn > floor && lsn <= e.lsn;
  const has = new Set(e.lsns.filter(isCompared));
  const had = source.lsns.filter(isCompared);
  const odd = had.find((lsn) => !has.delete(lsn)) ?? [...has][0];
  expectRule(
    c,
    'restore.equals-source',
    odd === undefined,
    () => `${e.group} at ${e.lsn} and ${e.source} differ at LSN ${odd}`,
  );
  const altered = findAltered(from.sums, e);
  expectRule(
    c,
    'restore.equals-source',
    altered === null,
    () => `${e.group} has another record at LSN ${altered} than ${e.source}: its checksum differs`,
  );
}

/** A page at its pageLsn is one value: the restored volume's and its source's are the same up to the point of the restore. */
function onPage(c: Check, m: Monitors, e: TraceOf<'page.served'>): void {
  if (e.error !== '') return;
  const volume = volumeOfGroup(m, e.group);
  const key = `${e.blockKey}/${e.pageLsn}`;
  const { origin } = volume;
  if (origin === null) {
    recordNewest(volume.pages.versions, key, e.digest);
    return;
  }
  const isShared = !volume.isGone && e.pageLsn <= origin.lsn;
  const known = isShared ? findNewest(sourceOf(m, origin).pages.versions, key) : undefined;
  if (known === undefined) return;
  expectRule(
    c,
    'restore.equals-source',
    known === e.digest,
    () => `${pageWords(e.blockKey)} at ${e.pageLsn} of ${e.group} differs from the source's`,
  );
}

/** The volume's first recovery ends exactly where it was restored to. */
function onOpened(c: Check, m: Monitors, e: TraceOf<'recovery.computed'>): void {
  const found = asRestored(volumeOfWriter(m, c.node, e.volume));
  if (!found || found.restored.isOpened) return;
  found.restored.isOpened = true;
  if (found.volume.isGone) return;
  const { lsn, volume } = found.origin;
  const say = (): string => `${volume} was restored to ${lsn} and opens at ${e.vdlPrime}`;
  expectRule(c, 'restore.equals-source', e.vdlPrime === lsn, say);
}

export const restores: ClusterModule<'restores'> = {
  scope: 'cluster',
  name: 'restores',
  rules: restoreRules,
  make: () => ({ waiting: new Map(), bad: new Set() }),
  observe: {
    'restore.begin': onBegin,
    'restore.standing': onStanding,
    'restore.replica': onReplica,
    'restore.done': onDone,
    'restore.failed': onFailed,
    'restore.cancelled': (_, { volumes }, event) => {
      for (const volume of volumes) if (volume.id === event.volume) end(volume, false);
    },
    /** A volume that is not among those that the metadata has was cancelled or deleted. */
    'volume.standing': (_, { volumes }, event) => {
      const standing = event.groups.split(',');
      for (const volume of volumes)
        if (!standing.includes(volume.origin?.groups.split(',')[0] ?? '')) end(volume, true);
    },
    'volume.dropped': (_, m, { groups }) => {
      for (const group of groups.split(',')) end(volumeOfGroup(m, group), true);
    },
    'volume.left': ({ node }, m, { volume }) =>
      takeNext(m, (attachment) => attachment === attachmentKey(node, volume)),
    'node.down': ({ node }, m, { mode }) => onDown(m, node, mode),
    'store.open': (c, m, { group }) => {
      const found = asRestored(volumeOfGroup(m, group));
      if (found) recordLoaded(c, found, group);
    },
    'archive.bad': (_, { restores: { bad } }, { name }) => void bad?.add(name),
    'page.served': onPage,
    'recovery.computed': onOpened,
    'token.install': (c, m, { group, token }) => {
      const volume = volumeOfGroup(m, group);
      if (m.volumes.length > 1 && !volume.restored && !volume.truth.isLearning)
        expectGranted(c, volume, group, token);
    },
  },
  /** What was begun and not given up has been opened. */
  finish(c, { volumes }) {
    for (const { id, origin, restored } of volumes)
      if (origin && restored)
        expectRule(
          c,
          'restore.completes',
          restored.isOpened || restored.isOver,
          () => `the restore of ${id} to ${origin.lsn} is neither done nor failed`,
          null,
        );
  },
};
