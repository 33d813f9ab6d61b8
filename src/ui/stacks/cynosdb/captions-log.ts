// Captions of the log: watermarks, commits, transactions, pages, garbage.

import type { TraceKind } from '../../../core/kernel/trace.ts';
import { type CaptionEntry, type CaptionSource, caption, short } from '../../story/caption-table.ts';
import { lostQuorum, type Story, unreached } from '../../story/story.ts';
import './caption-texts.ts';

/** Copies and write quorum of the group that commit records lie in: every group of a volume has the same. */
/** Of the first group; where the volume lies in files, of the first chunk, whose majority counts (FS-70). */
function quorumOf({ cluster }: Story): { readonly vw: number; readonly n: number } {
  const [group] = cluster.groups;
  const n = replicasOf(cluster).length;
  return { vw: group?.vw ?? Math.floor(n / 2) + 1, n };
}

const replicasOf = ({ groups, chunks = [] }: Story['cluster']) =>
  groups[0]?.replicas ?? chunks[0]?.replicas ?? [];

const lostReplicas = (story: Story): readonly string[] => unreached(story, replicasOf(story.cluster));

const sum = <K extends TraceKind>(
  all: readonly CaptionSource<K>[],
  of: (source: CaptionSource<K>) => number,
): number => all.reduce((total, source) => total + of(source), 0);

const firstOf = <T>(all: readonly T[]): T => {
  const [first] = all;
  if (first === undefined) throw new Error('a caption is of one event or more');
  return first;
};
const lastOf = <T>(all: readonly T[]): T => firstOf(all.slice(-1));

export const logCaptions: readonly CaptionEntry[] = [
  caption('wal.backpressure', {
    rule: 'wal.back-pressure',
    hue: 'hole',
    icon: 'mark',
    weight: 70,
    say: ({ event: { tail, limit, wanted }, node }, t) =>
      t('story.wal.backpressure', { node, tail, limit, wanted }),
  }),
  caption('mark.pgcl', {
    rule: 'wal.pgcl-true',
    hue: 'ack',
    icon: 'mark',
    weight: 22,
    say: ({ event: { group, value } }, t) => t('story.mark.pgcl', { group, value }),
  }),
  caption('mark.vcl', {
    rule: 'wal.vcl',
    hue: 'ack',
    icon: 'mark',
    weight: 20,
    say: ({ event: { value } }, t) => t('story.mark.vcl', { value }),
  }),
  caption('mark.vdl', {
    rule: 'wal.vdl-is-cpl',
    hue: 'ack',
    icon: 'mark',
    weight: 30,
    say: ({ event: { value } }, t) => t('story.mark.vdl', { value }),
    many: (all, t) =>
      t('story.mark.vdlMany', { first: firstOf(all).event.value, value: lastOf(all).event.value }),
  }),
  caption('mark.pgmrpl', {
    rule: 'gc.floor',
    hue: 'reader',
    icon: 'drop',
    weight: 14,
    say: ({ event: { value } }, t) => t('story.mark.pgmrpl', { value }),
  }),
  caption('mark.scl', {
    rule: 'wal.scl',
    hue: 'wal',
    icon: 'mark',
    weight: 24,
    say: ({ event: { group, value }, node }, t) => t('story.mark.scl', { node, group, value }),
    many: (all, t) => {
      const { event, node } = lastOf(all);
      const count = new Set(all.map((one) => one.node)).size;
      const params = { node, group: event.group, value: event.value };
      return count === 1 ? t('story.mark.scl', params) : t('story.mark.sclMany', { ...params, count });
    },
  }),
  caption('commit.ack', {
    rule: 'wal.acked-at-vdl',
    hue: 'ack',
    icon: 'commit',
    weight: ({ story }) => {
      if (story.stalled) return lostQuorum(story) === null ? 85 : 40;
      // The first commit beside a fault is the surprise; those after it are business as usual.
      return story.commitsInFault === 0 && lostReplicas(story).length > 0 ? 82 : 40;
    },
    say: ({ event: { scn }, story }, t) => {
      const quorum = { scn, ...quorumOf(story) };
      if (story.stalled && story.failed === 0 && lostQuorum(story) === null)
        return t('story.commit.healed', quorum);
      const lost = lostReplicas(story);
      if (lost.length === 0) return t('story.commit.ack', quorum);
      const nodes = short(lost.join(t('list.comma')), 24);
      return lost.every((id) => story.down.has(id))
        ? t('story.commit.down', { nodes, ...quorum })
        : t('story.commit.cut', { nodes, ...quorum });
    },
    many: (all, t) => {
      const { event, story } = lastOf(all);
      return t('story.commit.many', { count: all.length, scn: event.scn, ...quorumOf(story) });
    },
  }),
  caption('tx.abort', {
    rule: 'recovery.order',
    hue: 'hole',
    icon: 'client',
    weight: 45,
    say: ({ event: { tx, sqlstate } }, t) => t('story.tx.abort', { tx, sqlstate }),
  }),
  caption('tx.unserializable', {
    rule: 'client.linearizable',
    hue: 'hole',
    icon: 'client',
    weight: 50,
    say: ({ event: { tx, pivot, reader, writer } }, t) =>
      t('story.tx.unserializable', { tx, pivot, reader, writer }),
  }),
  caption('sql.start', {
    rule: 'tape.action',
    hue: 'client',
    icon: 'client',
    weight: 16,
    say: ({ event: { session } }, t) => t('story.sql.start', { session: short(session, 24) }),
  }),
  caption('sql.end', {
    rule: 'client.linearizable',
    hue: 'client',
    icon: 'client',
    weight: 18,
    say: ({ event: { session, outcome } }, t) => t('story.sql.end', { session: short(session, 24), outcome }),
  }),
  caption('op.return', {
    rule: 'client.unknown',
    hue: 'hole',
    icon: 'client',
    // A conflict of two snapshots is an answer like others; a client tries again.
    weight: ({ event: { outcome, value } }) => (outcome === 'ok' ? 0 : value === '40001' ? 40 : 72),
    say: ({ event: { outcome, value } }, t) => {
      if (outcome === 'unknown') return t('story.op.unknown');
      return value === '40001' ? t('story.op.conflict') : t('story.op.failed', { sqlstate: value });
    },
  }),
  caption('page.materialise', {
    rule: 'page.materialise',
    hue: 'reader',
    icon: 'page',
    weight: 26,
    say: ({ event: { group, pageLsn }, node }, t) =>
      t('story.page.materialise', { node, group, lsn: pageLsn }),
    many: (all, t) => t('story.page.materialiseMany', { count: all.length }),
  }),
  caption('page.probe', {
    rule: 'page.read-point',
    hue: 'reader',
    icon: 'page',
    weight: 60,
    say: ({ event: { readPoint, pageLsn, error, from }, node }, t) =>
      pageLsn < 0
        ? t('story.page.probeRefused', { node, readPoint, error: short(error, 24) })
        : t('story.page.probe', { node, readPoint, from, lsn: pageLsn }),
  }),
  caption('gc.drop', {
    rule: 'gc.floor',
    hue: 'reader',
    icon: 'drop',
    weight: 15,
    say: ({ event: { group, records, versions }, node }, t) =>
      t(records === 0 ? 'story.gc.dropVersions' : 'story.gc.drop', { node, group, records, versions }),
    many: (all, t) =>
      t('story.gc.many', {
        records: sum(all, ({ event }) => event.records),
        versions: sum(all, ({ event }) => event.versions),
      }),
  }),
];
