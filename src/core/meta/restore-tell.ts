// What a restore tells: events for the trace, and the view of the screen (docs/spec/wal.md WAL-45). Pure.

import type { Time } from '../../base/ids.ts';
import { type RoleContext, trace } from '../context.ts';
import type { MetaView } from '../meta-view.ts';
import type { RestoreView } from '../restore-view.ts';
import { votersOf } from './membership.ts';
import type { MetaContent, Restore } from './meta-log.ts';
import type { RestoreDriver } from './restore-driver.ts';
import type { RestoreResult } from './restores.ts';
import { volumeNamed } from './volumes.ts';

export function traceRestore(ctx: RoleContext, result: RestoreResult): void {
  if (result.kind === 'restoreRefused') {
    const { volume, code } = result;
    trace(ctx, { kind: 'restore.refused', volume, source: '', code, lsn: -1, detail: '' });
    return;
  }
  const { restore, volume } = result;
  const { volume: name, source, lsn, history, groups } = restore;
  const writer = volume.writers[0] ?? '';
  const last = history[history.length - 1];
  const token = last?.term ?? 0;
  if (result.kind === 'restoreBegun') {
    trace(ctx, {
      kind: 'restore.begin',
      volume: name,
      source,
      lsn,
      token,
      startLsn: last?.startLsn ?? 0,
      lastTerm: history[history.length - 2]?.term ?? 0,
      groups: groups.map(({ group }) => group).join(','),
      sources: groups.map((one) => one.source).join(','),
      sets: volume.groups.map((descriptor) => votersOf(descriptor).join(',')).join('|'),
      bases: groups.map(({ base }) => base),
      writer,
    });
  } else if (result.outcome === 'done')
    trace(ctx, { kind: 'restore.done', volume: name, lsn, token, writer });
  else if (result.outcome === 'cancelled') trace(ctx, { kind: 'restore.cancelled', volume: name });
  else {
    const { group, code, object } = restore;
    trace(ctx, { kind: 'restore.failed', volume: name, group, code, object });
  }
}

/** What the screen shows of volumes and restores; nothing in a cluster that has never had a second volume. */
export function restoreViews(
  d: RestoreDriver,
  content: MetaContent,
  now: Time,
): Pick<MetaView, 'volumes' | 'restores'> {
  if (content.volumes.length === 1 && content.restores.length === 0) return {};
  const volumes = content.volumes.map(({ name, token, writer, state, groups }) => ({
    name,
    token,
    writer,
    state,
    groups: groups.map(({ group }) => group),
  }));
  return { volumes, restores: content.restores.map((restore) => restoreView(d, content, restore, now)) };
}

function restoreView(d: RestoreDriver, content: MetaContent, restore: Restore, now: Time): RestoreView {
  const { volume, source, lsn, state, code, object, group, since } = restore;
  const groups = volumeNamed(content, volume)?.groups ?? [];
  const replicas = groups.flatMap((descriptor) =>
    votersOf(descriptor).map((node) => {
      const told = d.progress.get(descriptor.group)?.get(node);
      const isHere = state === 'done' || (d.loaded.get(descriptor.group)?.has(node) ?? false);
      const { phase = 'waiting', done = 0, total = 0, bytes = 0 } = told ?? {};
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
