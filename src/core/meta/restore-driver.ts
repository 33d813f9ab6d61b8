// Drives restores to a point in time (docs/spec/wal.md WAL-45): reads the source's manifest from the object store, proposes
// the plan, has every replica loaded, and gives the volume to its writer when all are. What is under way at the stores is
// memory only and told anew with every heartbeat; the job itself is in the log, so a restart of the metadata goes on with it.
// An object store that is silent is asked again; what it has lost stops the job, which says which object of which group.

import type { GroupId, NodeId, Time } from '../../base/ids.ts';
import { addPart, joinParts, noParts, type ObjectParts } from '../archive/object-parts.ts';
import { openManifest } from '../archive/objects.ts';
import { type RoleContext, send, trace, wakeAt } from '../context.ts';
import type { ClusterSpec, NodeConfig } from '../door.ts';
import type { Descriptor, MessageOf } from '../protocol/messages.ts';
import { votersOf } from './membership.ts';
import type { MetaContent, MetaOperation, Restore, VolumeContent } from './meta-log.ts';
import { planRestore, type RestoreEntry, type RestoreOrder } from './restore-plan.ts';
import { type RestoreResult, restoreRefusal } from './restores.ts';
import { volumeNamed, volumeOfGroup, volumeOfWriter } from './volumes.ts';

export const RESTORE_TIMER = 'restore';
/** Restores whose manifest is being read; one more is refused. */
const MAX_ASKING = 4;

/** A restore whose manifest is being read. */
interface Asking {
  readonly order: RestoreOrder;
  reqId: number;
  /** The manifest's own object, once its name is known. */
  object: string;
  fetched: ObjectParts;
}

type Progress = Pick<MessageOf<'RestoreReport'>, 'phase' | 'done' | 'total' | 'bytes'>;

export interface RestoreDriver {
  readonly archive: NodeId | null;
  readonly spares: readonly NodeId[];
  readonly lal: number;
  readonly retryUs: number;
  readonly keepsTerm: boolean;
  readonly asking: Asking[];
  readonly loaded: Map<GroupId, Set<NodeId>>;
  readonly progress: Map<GroupId, Map<NodeId, Progress>>;
  nextReq: number;
}

const nodesWith = ({ nodes }: ClusterSpec, isIt: (node: ClusterSpec['nodes'][number]) => boolean): NodeId[] =>
  nodes.filter(isIt).map(({ id }) => id);

export const makeRestoreDriver = ({ cluster, params, broken }: NodeConfig): RestoreDriver => ({
  archive: nodesWith(cluster, ({ roles }) => roles.includes('objectStore'))[0] ?? null,
  spares: nodesWith(cluster, ({ isSpare }) => isSpare === true),
  lal: params.lal,
  retryUs: params.recoveryRetryMs * 1000,
  keepsTerm: broken.includes('restore.old-token'),
  asking: [],
  loaded: new Map(),
  progress: new Map(),
  nextReq: 0,
});

type EndEntry = Omit<Extract<MetaOperation, { kind: 'endRestore' }>, 'from' | 'boot' | 'reqId'>;
export type WantedRestore = RestoreEntry | EndEntry;

const endOf = (volume: string, outcome: EndEntry['outcome'], why: Partial<EndEntry> = {}): EndEntry => ({
  kind: 'endRestore',
  volume,
  outcome,
  code: '',
  object: '',
  group: '',
  ...why,
});

export const cancelEntry = (volume: string): EndEntry => endOf(volume, 'cancelled');

/** Loads that a restart of the metadata finds open. */
export function resumeRestores(content: MetaContent, ctx: RoleContext): void {
  for (const { volume, state } of content.restores)
    if (state === 'loading') trace(ctx, { kind: 'restore.resume', volume, group: '', why: 'meta', done: 0 });
}

// Begin: the manifest says whether there is such a point, and what it is made from.

export function askRestore(
  d: RestoreDriver,
  content: MetaContent,
  ctx: RoleContext,
  order: RestoreOrder,
): void {
  const code = checkOrder(d, content, order);
  if (code !== null) {
    refuse(ctx, order, code, -1, '');
    return;
  }
  const asking: Asking = { order, reqId: 0, object: '', fetched: noParts() };
  d.asking.push(asking);
  askManifest(d, ctx, asking);
}

function checkOrder(d: RestoreDriver, content: MetaContent, { source, volume }: RestoreOrder): string | null {
  if (d.archive === null) return 'NO_ARCHIVE';
  const isAsked = d.asking.some((one) => one.order.volume === volume);
  if (isAsked || d.asking.length >= MAX_ASKING) return 'BUSY';
  const refused = restoreRefusal(content, source, volume);
  return refused ?? (spareFor(d, content, volume) === null ? 'NO_SPARE_WRITER' : null);
}

/** A spare that no volume has, or the one that the failed attempt under this name had. */
function spareFor(d: RestoreDriver, content: MetaContent, volume: string): NodeId | null {
  const isFree = (node: NodeId): boolean => (volumeOfWriter(content, node)?.name ?? volume) === volume;
  return d.spares.find(isFree) ?? null;
}

function refuse(
  ctx: RoleContext,
  { volume, source }: RestoreOrder,
  code: string,
  lsn: number,
  detail: string,
): void {
  trace(ctx, { kind: 'restore.refused', volume, source, code, lsn, detail });
}

function askManifest(d: RestoreDriver, ctx: RoleContext, asking: Asking): void {
  if (d.archive === null) return;
  asking.reqId = ++d.nextReq;
  const { reqId, object: name, order } = asking;
  const { have: offset } = asking.fetched;
  if (name === '') send(ctx, d.archive, { kind: 'GetManifest', reqId, for: 'meta', volume: order.source });
  else send(ctx, d.archive, { kind: 'GetObject', reqId, for: 'meta', name, offset });
  wakeAt(ctx, RESTORE_TIMER, (ctx.now + d.retryUs) as Time);
}

/** From the start again: the manifest may be another one by now. */
export function onRestoreTimer(d: RestoreDriver, ctx: RoleContext): void {
  for (const asking of d.asking) {
    restartAsking(asking);
    askManifest(d, ctx, asking);
  }
}

function restartAsking(asking: Asking): void {
  asking.object = '';
  asking.fetched = noParts();
}

/** An answer of the object store; the entry to propose once the manifest is whole. */
export function onArchiveAnswer(
  d: RestoreDriver,
  content: MetaContent,
  ctx: RoleContext,
  message: MessageOf<'ManifestIs' | 'ObjectPart'>,
): RestoreEntry | null {
  const asking = d.asking.find(({ reqId }) => reqId === message.reqId);
  if (!asking || message.error !== '') return null; // the timer begins again
  if (message.kind === 'ManifestIs') {
    if (message.object === '') return end(d, ctx, asking, 'E_NOT_RESTORABLE', -1, '');
    asking.object = message.object;
    askManifest(d, ctx, asking);
    return null;
  }
  if (!addPart(asking.fetched, message.offset, message.bytes)) return null;
  if (asking.fetched.have < message.total && message.bytes.length > 0) {
    askManifest(d, ctx, asking);
    return null;
  }
  return onManifest(d, content, ctx, asking);
}

function end(
  d: RestoreDriver,
  ctx: RoleContext,
  asking: Asking,
  code: string,
  lsn: number,
  detail: string,
): null {
  d.asking.splice(d.asking.indexOf(asking), 1);
  refuse(ctx, asking.order, code, lsn, detail);
  return null;
}

function onManifest(
  d: RestoreDriver,
  content: MetaContent,
  ctx: RoleContext,
  asking: Asking,
): RestoreEntry | null {
  const opened = openManifest(asking.object, joinParts(asking.fetched));
  if (!opened.ok) {
    restartAsking(asking); // damaged on the way, or replaced meanwhile: the timer asks again
    return null;
  }
  const { order } = asking;
  const refused = restoreRefusal(content, order.source, order.volume);
  const writer = spareFor(d, content, order.volume);
  if (refused !== null || writer === null) return end(d, ctx, asking, refused ?? 'NO_SPARE_WRITER', -1, '');
  const { lal, keepsTerm } = d;
  const plan = planRestore(content, opened.value, order, { lal, keepsTerm, writer, at: ctx.now });
  if (plan.error !== null) return end(d, ctx, asking, plan.error, plan.lsn, plan.detail);
  d.asking.splice(d.asking.indexOf(asking), 1);
  return plan.entry;
}

// Load: every replica of every group, from what the entry says.

function orderReplica(
  d: RestoreDriver,
  ctx: RoleContext,
  restore: Restore,
  descriptor: Descriptor,
  to: NodeId,
): void {
  const own = restore.groups.find(({ group }) => group === descriptor.group);
  if (!own || d.archive === null) return;
  const { volume, source, lsn, history } = restore;
  const { source: sourceGroup, base, parts, logs } = own;
  send(ctx, to, {
    kind: 'RestoreReplica',
    volume,
    source,
    sourceGroup,
    descriptor,
    lsn,
    history,
    base,
    parts,
    logs,
    archive: d.archive,
  });
}

/** What a store hosts, and what it does not yet: it is told again, or told that it is not wanted any more. */
export function onRestoreBeat(
  d: RestoreDriver,
  content: MetaContent,
  ctx: RoleContext,
  from: NodeId,
  { groups }: MessageOf<'NodeBeat'>,
): EndEntry[] {
  const hosted = new Set(groups.map(({ group }) => group));
  for (const { volume, group } of content.dropped)
    if (hosted.has(group)) send(ctx, from, { kind: 'DropReplica', volume, group });
  const wanted: EndEntry[] = [];
  for (const restore of content.restores) {
    const volume = volumeNamed(content, restore.volume);
    if (restore.state !== 'loading' || !volume) continue;
    for (const descriptor of volume.groups) {
      if (!votersOf(descriptor).includes(from)) continue;
      noteLoaded(d, descriptor.group, from, hosted.has(descriptor.group));
      if (!hosted.has(descriptor.group)) orderReplica(d, ctx, restore, descriptor, from);
    }
    if (isLoaded(d, volume)) wanted.push(endOf(restore.volume, 'done'));
  }
  return wanted;
}

function noteLoaded(d: RestoreDriver, group: GroupId, node: NodeId, isHosted: boolean): void {
  const loaded = d.loaded.get(group) ?? new Set<NodeId>();
  if (isHosted) loaded.add(node);
  else loaded.delete(node);
  d.loaded.set(group, loaded);
}

const isLoaded = (d: RestoreDriver, { groups }: VolumeContent): boolean =>
  groups.every((descriptor) =>
    votersOf(descriptor).every((node) => d.loaded.get(descriptor.group)?.has(node)),
  );

/** How far a replica is; one that cannot go on stops the restore. */
export function onRestoreReport(
  d: RestoreDriver,
  content: MetaContent,
  ctx: RoleContext,
  from: NodeId,
  report: MessageOf<'RestoreReport'>,
): EndEntry | null {
  const { group, volume: name, phase, done, total, bytes, code, object } = report;
  const volume = volumeOfGroup(content, group);
  const restore = content.restores.find((one) => one.volume === volume?.name);
  if (!volume || !restore) {
    send(ctx, from, { kind: 'DropReplica', volume: name, group });
    return null;
  }
  const told = d.progress.get(group) ?? new Map<NodeId, Progress>();
  if (phase !== 'waiting') told.set(from, { phase, done, total, bytes });
  d.progress.set(group, told);
  if (phase !== 'failed' || restore.state !== 'loading') return null;
  return endOf(name, 'failed', { code, object, group });
}

/** A restore's entry is applied: told to the stores, and to the writer when the volume is its own. */
export function followRestore(
  d: RestoreDriver,
  ctx: RoleContext,
  result: Extract<RestoreResult, { kind: 'restoreBegun' | 'restoreEnded' }>,
): void {
  const { restore, volume } = result;
  for (const descriptor of volume.groups)
    for (const node of votersOf(descriptor)) {
      if (result.kind === 'restoreBegun') orderReplica(d, ctx, restore, descriptor, node);
      else if (result.outcome === 'cancelled')
        send(ctx, node, { kind: 'DropReplica', volume: volume.name, group: descriptor.group });
    }
  if (result.kind === 'restoreBegun') return;
  for (const { group } of volume.groups) {
    d.loaded.delete(group);
    d.progress.delete(group);
  }
  if (result.outcome !== 'done') return;
  for (const writer of volume.writers) send(ctx, writer, { kind: 'VolumeGiven', volume: volume.name });
}
