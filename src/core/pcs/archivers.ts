// Who archives each group of the backed up volume (docs/spec/wal.md WAL-40): an entry of the metadata's log, proposed when
// there is no archiver, when it is no member any more, when it has long been silent, when it declined, or when a person asks.
// Two archivers at once do no harm, since the manifest moves by compare-and-set; so silence is judged by heartbeats alone.

import type { GroupId, NodeId, Time } from '../../base/ids.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';
import { type RoleContext, send, trace } from '../kernel/context.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { backedUpVolume } from '../object-store/backed-up.ts';
import { votersOf } from '../placement/membership.ts';
import type { ArchiverEntry, MetaContent, MetaOperation, VolumeContent } from './meta-content.ts';
import { volumeNamed, volumeOfGroup } from './volumes.ts';

/** Heartbeats an archiver may miss before another one is named. */
const SILENT_BEATS = 20;

type Declined = Pick<MessageOf<'ArchiverDeclined'>, 'why'> & { readonly at: Time };

/** Memory of the metadata's leader. */
export interface ArchiverDriver {
  /** Null: nothing is backed up. */
  readonly volume: string | null;
  readonly silentUs: number;
  /** When it began to listen: before, nobody counts as silent. */
  readonly since: { at: Time | null };
  /** Who lacked log that the archive needed, for good (`floor`) or for now (`behind`), and when it said so. */
  readonly declined: Map<GroupId, Map<NodeId, Declined>>;
}

export const makeArchiverDriver = (cluster: ClusterSpec, beatUs: number): ArchiverDriver => ({
  volume: backedUpVolume(cluster),
  silentUs: SILENT_BEATS * beatUs,
  since: { at: null },
  declined: new Map(),
});

type NameArchiver = Extract<MetaOperation, { kind: 'nameArchiver' }>;
export type WantedArchiver = Omit<NameArchiver, 'from' | 'boot' | 'reqId'>;

export type ArchiverResult =
  | { readonly kind: 'archiverNamed'; readonly archiver: ArchiverEntry; readonly why: string }
  | { readonly kind: 'archiverRefused'; readonly error: 'NO_GROUP' | 'NOT_VOTER' };

export const archiverOf = (content: MetaContent, group: GroupId): ArchiverEntry | null =>
  content.archivers.find((one) => one.group === group) ?? null;

/** An entry: each appointment has a number of its own, so that an earlier archiver is refused (STALE_ARCHIVER). */
export function nameArchiver(content: MetaContent, { group, to, isLast, why }: NameArchiver): ArchiverResult {
  const descriptor = volumeOfGroup(content, group)?.groups.find((one) => one.group === group);
  if (!descriptor) return { kind: 'archiverRefused', error: 'NO_GROUP' };
  if (!votersOf(descriptor).includes(to)) return { kind: 'archiverRefused', error: 'NOT_VOTER' };
  const appointment = (archiverOf(content, group)?.appointment ?? 0) + 1;
  const archiver = { group, node: to, appointment, isLast };
  content.archivers = [...content.archivers.filter((one) => one.group !== group), archiver];
  return { kind: 'archiverNamed', archiver, why };
}

/** Groups of the volume that is backed up. */
export function archivedGroups({ volume }: ArchiverDriver, content: MetaContent): GroupId[] {
  const found = volume === null ? null : volumeNamed(content, volume);
  return found?.groups.map(({ group }) => group) ?? [];
}

interface Listener {
  readonly beats: ReadonlyMap<NodeId, { readonly at: Time }>;
  readonly now: Time;
}

/** What is to be proposed, at most one for each group of the backed up volume. */
export function wantedArchivers(
  driver: ArchiverDriver,
  content: MetaContent,
  listener: Listener,
): WantedArchiver[] {
  const volume = driver.volume === null ? null : volumeNamed(content, driver.volume);
  driver.since.at ??= listener.now;
  if (!volume?.created || volume.state !== 'OPEN') return [];
  return volume.groups.flatMap((descriptor, i) => wantedOf(driver, content, listener, descriptor, i) ?? []);
}

function wantedOf(
  driver: ArchiverDriver,
  content: MetaContent,
  { beats, now }: Listener,
  descriptor: Descriptor,
  index: number,
): WantedArchiver | null {
  const { group } = descriptor;
  const voters = votersOf(descriptor);
  const held = archiverOf(content, group);
  const seenAt = (node: NodeId): number => beats.get(node)?.at ?? driver.since.at ?? now;
  const isAlive = (node: NodeId): boolean => seenAt(node) + driver.silentUs > now;
  const declinedFor = (node: NodeId): Declined['why'] | null => {
    const declined = driver.declined.get(group)?.get(node);
    return declined !== undefined && declined.at + driver.silentUs > now ? declined.why : null;
  };
  const declinedHeld = held ? declinedFor(held.node) : null;
  const why = !held
    ? 'first'
    : !voters.includes(held.node)
      ? 'removed'
      : declinedHeld === 'behind' || (declinedHeld === 'floor' && !held.isLast)
        ? 'declined'
        : isAlive(held.node)
          ? null
          : 'silent';
  if (why === null) return null;
  const from = held ? voters.indexOf(held.node) + 1 : index;
  const inTurn = voters.map((_, i) => voters[(from + i) % voters.length] as NodeId);
  const to = inTurn.find((node) => beats.has(node) && isAlive(node) && declinedFor(node) === null);
  if (to !== undefined) return { kind: 'nameArchiver', group, to, isLast: false, why };
  const isGone = voters.every((node) => isAlive(node) && declinedFor(node) === 'floor');
  const last = isGone ? inTurn[0] : undefined;
  return last === undefined ? null : { kind: 'nameArchiver', group, to: last, isLast: true, why };
}

export function recordDeclined(
  driver: ArchiverDriver,
  { group, why }: Pick<MessageOf<'ArchiverDeclined'>, 'group' | 'why'>,
  node: NodeId,
  now: Time,
): void {
  let nodes = driver.declined.get(group);
  if (!nodes) {
    nodes = new Map();
    driver.declined.set(group, nodes);
  }
  nodes.set(node, { why, at: now });
}

/** An archiver is instructed with each of its heartbeats: it keeps nothing durable of it. */
export function instructArchiver(
  driver: ArchiverDriver,
  content: MetaContent,
  ctx: RoleContext,
  node: NodeId,
): void {
  const { volume } = driver;
  if (volume === null) return;
  for (const { group, node: archiver, appointment, isLast } of content.archivers)
    if (archiver === node)
      send(ctx, node, { kind: 'NameArchiver', volume, group, archiver, appointment, isLast });
}

/** Named anew: the archiver before it is notified at once, if it can. */
export function announceArchiver(
  driver: ArchiverDriver,
  volume: VolumeContent | null,
  ctx: RoleContext,
  { archiver: named, why }: Extract<ArchiverResult, { kind: 'archiverNamed' }>,
): void {
  const { group, node: archiver, appointment, isLast } = named;
  trace(ctx, { kind: 'archive.named', group, archiver, appointment, why });
  driver.declined.get(group)?.delete(archiver);
  const members = volume?.groups.find((one) => one.group === group);
  for (const node of members ? votersOf(members) : [])
    send(ctx, node, {
      kind: 'NameArchiver',
      volume: volume?.name ?? '',
      group,
      archiver,
      appointment,
      isLast,
    });
}
