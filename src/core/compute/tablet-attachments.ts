// The attachments of a node in a cluster whose tables are cut into tablets (docs/spec/placement.md PCS-39, PCS-48, pcs.md PCS-52, PCS-86, PCS-87): one for
// each volume that it writes, made when the metadata appoints it and gone when another is appointed. The definitions come from the
// metadata; a request that was routed by an older map or an older definition is refused before anything is done.

import { present } from '../../base/assert.ts';
import type { NodeId, Term, Time } from '../../base/ids.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { NodeConfig } from '../kernel/door.ts';
import type { TableEntry } from '../kernel/fields.ts';
import { schemaLeaseUs } from '../kernel/limits.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { relationOf } from '../page/page-key.ts';
import { refusalOf } from '../placement/serve-check.ts';
import { isRollDue, type Shard } from '../placement/shard-map.ts';
import { startGranted } from '../quorum-log/recovery.ts';
import { tabletTable } from '../sql/tablets.ts';
import { quorumSilence } from './attachment-reach.ts';
import { type Attachment, makeAttachment, volumeOf } from './attachment-state.ts';
import { becomeFenced } from './attachment-switch.ts';
import { CONFIRM_TIMER, type HeldReads, makeHeldReads } from './confirm-reads.ts';
import { type Gatherer, type GatherHost, gathersFrom, gathersGone, makeGatherer } from './gather-state.ts';
import { keyIn } from './split-rows.ts';
import { isFrozenFor, type SplitPart, type Trim } from './split-state.ts';
import { countRequest, KEY_CHARS_MAX, makeTabletLoad, type TabletLoad, takeLoad } from './tablet-loads.ts';

/** What a node knows beside its attachments. */
export interface TabletPart {
  /** Of the node, as its heartbeats say it. */
  incarnation: number;
  /** Number of the next attachment: one that is gone leaves timers behind, which find nobody. */
  nextIndex: number;
  /** −1: it knows no definitions yet, and serves nobody. */
  version: number;
  tables: readonly TableEntry[];
  /** The version that no transaction here is older than. */
  acked: number;
  /** Until then nobody goes two steps on without this node (PCS-87). */
  leaseUntil: Time;
  /** When the latest reports were sent, by their number; none of before the clock was set back. */
  readonly reports: Map<number, Time>;
  reported: number;
  /** The node's clock at its last input. */
  seenAt: Time;
  /** Who writes each volume, as far as the metadata has said it here: for those who ask the wrong node (PCS-53). */
  readonly primaries: Map<string, { readonly primary: NodeId; readonly term: Term }>;
  /** PCS-57, by the index of the attachment. */
  readonly reads: Map<number, HeldReads>;
  /** The open shard of each volume that is written here, and the end that was asked for. */
  readonly shards: Map<string, { readonly shard: Shard; askedAt: Time }>;
  /** Statements over several groups that drivers have sent here. */
  readonly gatherer: Gatherer;
  /** PCS-74, PCS-96: what each volume that is written here is asked for. */
  readonly loads: Map<string, TabletLoad>;
  /** Splits that a primary here has a part in, by the volume that it writes (tablet-split.ts). */
  readonly splits: Map<string, SplitPart>;
  /** By volume; kept when the volume goes, as the number of its last request is. */
  readonly trims: Map<string, Trim>;
}

export const makeTabletPart = (bootEpoch: number): TabletPart => ({
  incarnation: bootEpoch,
  nextIndex: 1,
  version: -1,
  tables: [],
  acked: -1,
  leaseUntil: -1 as Time,
  reports: new Map(),
  reported: 0,
  seenAt: -1 as Time,
  primaries: new Map(),
  reads: new Map(),
  shards: new Map(),
  gatherer: makeGatherer(),
  loads: new Map(),
  splits: new Map(),
  trims: new Map(),
});

/** PCS-87: which definitions it has; sent with each heartbeat. */
export function reportSchema<E>(
  engine: EngineProgram<E>,
  part: TabletPart,
  attachments: readonly Attachment<E>[],
  ctx: RoleContext,
  to: NodeId,
): void {
  const gone = part.tables.filter(({ state }) => state === 'dropping').flatMap(relationsOf);
  const isFree =
    !gathersFrom(part.gatherer, gone) &&
    !gathersGone(part.gatherer, part.tables.flatMap(relationsOf)) &&
    attachments.every((attachment) => engine.usesRelations?.(attachment.engine, gone) !== true);
  if (isFree && part.acked !== part.version) {
    part.acked = part.version;
    for (const attachment of attachments) giveTables(engine, part, attachment);
  }
  const version = Math.max(0, part.acked);
  const at = ++part.reported;
  part.reports.set(at, ctx.now);
  part.reports.delete(at - MAX_REPORTS);
  const loads = takeLoads(part, attachments, ctx.now);
  send(ctx, to, { kind: 'SchemaReport', boot: part.incarnation, version, at, loads });
}

/** A request that a primary here carries out. */
export function recordRequest<E>(
  part: TabletPart,
  attachment: Attachment<E>,
  ctx: RoleContext,
  message: MessageOf<'ShardRequest' | 'ReadPart'>,
): void {
  const volume = volumeOf(attachment);
  const key = message.kind === 'ShardRequest' ? message.key : '';
  const load = part.loads.get(volume) ?? makeTabletLoad();
  part.loads.set(volume, load);
  const descriptor = attachment.recovery.groups[0]?.descriptor;
  const { session, geoEpoch } = message;
  const current = descriptor ? epochOf(part, relationOf(descriptor.keyFirst)) : 0;
  if (Math.max(current, geoEpoch) > 1) trace(ctx, { kind: 'request.taken', volume, session, geoEpoch });
  const isCounted = descriptor !== undefined && key !== '' && key.length <= KEY_CHARS_MAX;
  countRequest(load, isCounted ? keyIn(part.tables, relationOf(descriptor.keyFirst), key) : null);
}

/** Of the groups that are led here; a heartbeat's time is over. */
function takeLoads<E>(
  { loads }: TabletPart,
  attachments: readonly Attachment<E>[],
  now: Time,
): MessageOf<'SchemaReport'>['loads'] {
  for (const volume of [...loads.keys()])
    if (!attachments.some((attachment) => volumeOf(attachment) === volume)) loads.delete(volume);
  return attachments.flatMap((attachment) => {
    const group = attachment.recovery.groups[0]?.descriptor.group;
    if (group === undefined || attachment.status !== 'open') return [];
    const load = loads.get(volumeOf(attachment)) ?? makeTabletLoad();
    loads.set(volumeOf(attachment), load);
    return [{ ...takeLoad(load, group), silentUs: quorumSilence(attachment, now) ?? 0 }];
  });
}

/** Reports whose answers are waited for. */
const MAX_REPORTS = 32;

/** With every input: a clock that was set back would make the lease longer (PCS-112). */
export function followClock(part: TabletPart, now: Time): void {
  if (now < part.seenAt) {
    part.leaseUntil = -1 as Time;
    part.reports.clear();
  }
  part.seenAt = now;
}

const relationsOf = ({ tablets }: TableEntry): number[] => tablets.map(({ relation }) => relation);

/** PCS-85: from here on no statement of an older version begins. */
export function onSchemaIs(
  part: TabletPart,
  ctx: RoleContext,
  { boot, version, at, tables }: MessageOf<'SchemaIs'>,
  nodeHeartbeatMs: number,
): void {
  if (version < part.version || (tables === null && version !== part.version)) return;
  if (tables !== null && version > part.version) {
    part.version = version;
    part.tables = tables;
    trace(ctx, { kind: 'schema.node', version });
  }
  const sentAt = boot === part.incarnation ? part.reports.get(at) : undefined;
  if (sentAt !== undefined)
    part.leaseUntil = Math.max(part.leaseUntil, sentAt + schemaLeaseUs(nodeHeartbeatMs)) as Time;
}

/** A tablet that a split is making stands in no definition yet: who asked for it has said what it will be. */
function tableOf({ tables, splits }: TabletPart, volume: string, relation: number): TableEntry | undefined {
  const known = tables.find((one) => relationsOf(one).includes(relation));
  const split = splits.get(volume);
  return known ?? (split?.kind === 'child' ? split.table : undefined);
}

/** How often the keys of the tablet have changed, by the definitions of this node; 0: they have none. */
export const epochOf = ({ tables }: TabletPart, relation: number): number =>
  tables.flatMap(({ tablets }) => tablets).find((one) => one.relation === relation)?.geoEpoch ?? 0;

/** The tables of the volume, which are those whose tablets lie in its group. */
export function giveTables<E>(
  engine: EngineProgram<E>,
  part: TabletPart,
  { recovery, engine: state }: Attachment<E>,
): void {
  const tables = recovery.groups.flatMap(({ descriptor: { keyFirst } }) => {
    const relation = relationOf(keyFirst);
    const table = tableOf(part, recovery.volume, relation);
    return table && table.state !== 'dropping' ? [tabletTable(table, relation)] : [];
  });
  engine.giveTables?.(state, tables);
}

/** A2: the token was granted to this life of the node. An attachment of an older token goes, and one begins with this. */
export function onAppointed<E>(
  engine: EngineProgram<E>,
  part: TabletPart,
  config: NodeConfig,
  attachments: Attachment<E>[],
  grant: MessageOf<'Promote'>,
  contextOf: (index: number) => RoleContext,
): void {
  const { volume, boot, token, groups } = grant;
  const known = attachments.find((attachment) => volumeOf(attachment) === volume);
  if (boot !== part.incarnation || (known && known.recovery.token >= token)) return;
  const isDefined = groups.every(({ keyFirst }) => tableOf(part, volume, relationOf(keyFirst)) !== undefined);
  if (!isDefined) return; // it comes again
  if (known) closeAttachment(engine, part, attachments, known, contextOf(known.index), 'granted');
  const index = part.nextIndex++;
  const ctx = contextOf(index);
  const attachment = makeAttachment(engine, config, boot, index, volume, true);
  attachments.push(attachment);
  trace(ctx, { kind: 'attachment.mode', volume, mode: 'rw', token, why: 'granted' });
  startGranted(attachment.recovery, ctx, grant);
  giveTables(engine, part, attachment);
}

/** Made when the attachment first answers somebody. */
export function readsOf<E>({ reads }: TabletPart, { index }: Attachment<E>): HeldReads {
  const known = reads.get(index) ?? makeHeldReads();
  reads.set(index, known);
  return known;
}

/** FENCE-14: what was acknowledged stands; the node has no part in the volume any more. */
export function closeAttachment<E>(
  engine: EngineProgram<E>,
  part: TabletPart,
  attachments: Attachment<E>[],
  attachment: Attachment<E>,
  ctx: RoleContext,
  why: string,
): void {
  const { volume, token } = attachment.recovery;
  becomeFenced(engine, attachment, ctx);
  part.shards.delete(volume);
  part.splits.delete(volume);
  part.reads.delete(attachment.index);
  wakeAt(ctx, CONFIRM_TIMER, null);
  attachments.splice(attachments.indexOf(attachment), 1);
  trace(ctx, { kind: 'attachment.mode', volume, mode: 'idle', token, why });
}

/** PCS-52, PCS-86, PCS-87: null where the request may be carried out. */
export function refuseRequest<E>(
  part: TabletPart,
  { nodeId, mutants }: NodeConfig,
  attachment: Attachment<E> | undefined,
  ctx: RoleContext,
  { volume, term, memberEpoch, geoEpoch, tables, inTransaction }: MessageOf<'ShardRequest' | 'ReadPart'>,
): Pick<MessageOf<'ShardRefused'>, 'code' | 'primary' | 'term' | 'current'> | null {
  const known = part.primaries.get(volume);
  const elsewhere = { primary: known?.primary ?? null, term: known?.term ?? (0 as Term), current: 0 };
  if (ctx.now > part.leaseUntil && !has(mutants, 'compute.ignores-lease'))
    return { code: 'SCHEMA_LEASE_EXPIRED', ...elsewhere };
  const descriptor = attachment?.recovery.groups[0]?.descriptor;
  if (!attachment || !descriptor) return { code: 'NOT_PRIMARY', ...elsewhere };
  if (isFrozenFor(part.splits.get(volume), inTransaction, ctx.now, mutants))
    return { code: 'SPLITTING', ...elsewhere };
  const own = {
    sets: descriptor.sets,
    geoEpoch: epochOf(part, relationOf(descriptor.keyFirst)),
    primary: nodeId,
    term: attachment.recovery.token,
    tableVersions: versionsOf(part.tables),
  };
  const tableVersions = new Map(tables.map(({ id, version }) => [String(id), version]));
  const refusal = refusalOf(nodeId, own, { term, memberEpoch, geoEpoch, tableVersions });
  if (refusal === null) return null;
  if (refusal.kind === 'WRONG_EPOCH' && geoEpoch < own.geoEpoch && has(mutants, 'attachment.takes-old-epoch'))
    return null;
  const current =
    refusal.kind === 'WRONG_EPOCH' ? refusal.geoEpoch : refusal.kind === 'WRONG_SCHEMA' ? refusal.version : 0;
  return { ...elsewhere, code: refusal.kind, current };
}

/** PCS-87: no transaction begins to write after the lease, whenever its statement came. */
export function leaseAttachments<E>(
  { leaseUntil }: TabletPart,
  { mutants }: NodeConfig,
  attachments: readonly Attachment<E>[],
): void {
  if (has(mutants, 'compute.ignores-lease')) return;
  for (const { writer } of attachments) if (writer) writer.beginsUntil = leaseUntil;
}

/** Of the node, for a step of its gatherer. */
export const gatherHost = (
  { incarnation, tables, version, leaseUntil }: TabletPart,
  { nodeId, params, mutants, cluster }: NodeConfig,
  { now }: RoleContext,
): GatherHost => ({
  nodeId,
  meta: present(cluster.nodes.find(({ roles }) => roles.includes('meta'))?.id, 'a node with the metadata'),
  incarnation,
  params,
  mutants,
  // a driver asks only once every node has a definition; here it may count as prepared still
  tables: tables.filter(({ state }) => state !== 'dropping'),
  isServing: version >= 0 && (now <= leaseUntil || has(mutants, 'compute.ignores-lease')),
});

/** Of a table that goes, or is gone, there is none that a statement could have. */
const versionsOf = (tables: readonly TableEntry[]): ReadonlyMap<string, number> =>
  new Map(tables.flatMap(({ id, version, state }) => (state === 'dropping' ? [] : [[String(id), version]])));

/** PCS-42: asked for at most once in a heartbeat; nobody waits for it (PCS-38). */
export function tendShards<E>(
  part: TabletPart,
  { params, cluster }: NodeConfig,
  attachments: readonly Attachment<E>[],
  ctx: RoleContext,
): void {
  const meta = cluster.nodes.find(({ roles }) => roles.includes('meta'))?.id;
  for (const { writer, status } of attachments) {
    const open = writer && part.shards.get(writer.volume);
    const group = writer?.groups[0]?.descriptor.group;
    if (!open || !group || !meta || status !== 'open') continue;
    const { shardTargetLsns } = params;
    const end = writer.tail + 1;
    if (!isRollDue(open.shard, end as typeof writer.tail, shardTargetLsns)) continue;
    const { volume, term } = writer;
    send(ctx, meta, { kind: 'RollShard', volume, group, term, end: end as typeof writer.tail });
  }
}
