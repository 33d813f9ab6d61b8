// What a restore tells: events for the trace, and the view of the screen (docs/spec/wal.md WAL-45). Pure.

import type { Time } from '../../base/ids.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import type { TraceOf } from '../kernel/trace.ts';
import { votersOf } from '../placement/membership.ts';
import type { MetaContent, Restore, VolumeContent } from './meta-content.ts';
import { type MoveDriver, reportOf } from './move-driver.ts';
import type { MetaView } from './pcs-view.ts';
import { lackingOf } from './restore-driver.ts';
import type { RestoreDriver } from './restore-state.ts';
import type { RestoreView } from './restore-view.ts';
import type { RestoreResult } from './restores.ts';
import { volumeNamed } from './volumes.ts';

export function traceRestore(ctx: RoleContext, d: RestoreDriver, result: RestoreResult): void {
  if (result.kind === 'volumeDropped') {
    const { name, groups } = result.volume;
    trace(ctx, { kind: 'volume.dropped', volume: name, groups: groups.map(({ group }) => group).join(',') });
    return;
  }
  if (result.kind === 'orderRefused') {
    const { volume, source, code, lsn, detail } = result;
    trace(ctx, { kind: 'restore.refused', volume, source, code, lsn, detail });
    return;
  }
  if (result.kind === 'restoreRefused') {
    const { volume, code } = result;
    trace(ctx, { kind: 'restore.refused', volume, source: '', code, lsn: -1, detail: '' });
    return;
  }
  const { restore, volume } = result;
  const facts = factsOf(restore, volume);
  const { volume: name, lsn, token, writer } = facts;
  if (result.kind === 'restoreBegun') trace(ctx, { kind: 'restore.begin', ...facts });
  else if (result.outcome === 'done')
    trace(ctx, { kind: 'restore.done', volume: name, lsn, token, writer, lacking: lackingText(d, volume) });
  else if (result.outcome === 'cancelled') trace(ctx, { kind: 'restore.cancelled', volume: name });
  else {
    const { group, code, object } = restore;
    trace(ctx, { kind: 'restore.failed', volume: name, group, code, object });
  }
}

type RestoreFacts = Omit<TraceOf<'restore.begin'>, 'kind'>;

function factsOf({ volume, source, lsn, history, groups }: Restore, made: VolumeContent): RestoreFacts {
  const last = history[history.length - 1];
  return {
    volume,
    source,
    lsn,
    token: last?.term ?? 0,
    startLsn: last?.startLsn ?? 0,
    lastTerm: history[history.length - 2]?.term ?? 0,
    groups: groups.map(({ group }) => group).join(','),
    sources: groups.map((one) => one.source).join(','),
    sets: made.groups.map((descriptor) => votersOf(descriptor).join(',')).join('|'),
    bases: groups.map(({ base }) => base),
    writer: made.writers[0] ?? '',
  };
}

/** What the metadata finds of volumes and restores at a start: what became durable last may not have been traced. */
export function traceStanding(content: MetaContent, ctx: RoleContext): void {
  for (const restore of content.restores) {
    const { volume: name, state } = restore;
    const volume = volumeNamed(content, name);
    if (volume) trace(ctx, { kind: 'restore.standing', ...factsOf(restore, volume), state });
    if (state === 'loading')
      trace(ctx, { kind: 'restore.resume', volume: name, group: '', why: 'meta', done: 0 });
  }
  const groups = content.volumes.flatMap((volume) => volume.groups.map(({ group }) => group));
  if (content.groupsMade > (content.volumes[0]?.groups.length ?? 0))
    trace(ctx, { kind: 'volume.standing', groups: groups.join(',') });
}

/** Replicas that a volume opens without: `<node>/<group>`, comma between. */
const lackingText = (d: RestoreDriver, { groups }: VolumeContent): string =>
  groups
    .flatMap((descriptor) => lackingOf(d, descriptor).map((node) => `${node}/${descriptor.group}`))
    .join(',');

interface RestoreSources {
  readonly content: MetaContent;
  readonly restores: RestoreDriver;
  readonly moves: MoveDriver;
}

/** What the screen shows of volumes and restores; nothing in a cluster that has one volume, for good or so far. */
export function restoreViews(
  { content, restores: d, moves }: RestoreSources,
  now: Time,
): Pick<MetaView, 'volumes' | 'restores'> {
  if (content.volumes.length === 1 && content.restores.length === 0 && !content.sharding) return {};
  const volumes = content.volumes.map(({ name, token, writer, state, groups }) => ({
    name,
    token,
    writer,
    state,
    groups: groups.map(({ group }) => group),
  }));
  return {
    volumes,
    restores: content.restores.map((restore) => restoreView(d, content, moves, restore, now)),
  };
}

function restoreView(
  d: RestoreDriver,
  content: MetaContent,
  moves: MoveDriver,
  restore: Restore,
  now: Time,
): RestoreView {
  const { volume, source, lsn, state, code, object, group, since } = restore;
  const groups = volumeNamed(content, volume)?.groups ?? [];
  const replicas = groups.flatMap((descriptor) =>
    votersOf(descriptor).map((node) => {
      const progress = d.progress.get(descriptor.group)?.get(node);
      // once it is open, who hosts it is notified with every heartbeat
      const isHere =
        state === 'done'
          ? reportOf(moves, descriptor.group, node) !== null
          : (d.loaded.get(descriptor.group)?.has(node) ?? false);
      const { phase = 'waiting', done = 0, total = 0, bytes = 0 } = progress ?? {};
      return {
        group: descriptor.group,
        node,
        phase: isHere ? ('loaded' as const) : phase,
        done,
        total,
        bytes,
      };
    }),
  );
  return { volume, source, lsn, state, code, object, group, sinceUs: Math.max(0, now - since), replicas };
}
