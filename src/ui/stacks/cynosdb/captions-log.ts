// Captions of the log: watermarks, commits, transactions, pages, garbage.

import type { TraceKind } from '../../../core/kernel/trace.ts';
import type { Conclusion } from '../../../run-model/says/claims.ts';
import { pageText } from '../../model/known-names.ts';
import {
  type CaptionEntry,
  type CaptionSource,
  caption,
  firstOf,
  lastOf,
  short,
} from '../../story/caption-table.ts';
import { lostQuorum, type Story, unreached, volumeOfGroup } from '../../story/story.ts';
import '../../../words/cynosdb/caption.en.json';

const groupsOf = ({ cluster }: Story, volume: string) =>
  cluster.groups.filter((group) => (group.volume ?? cluster.volume) === volume);

/** Copies of the group that commit records of a volume lie in, and its write quorum: every group of a volume has the same. */
function quorumOf(story: Story, volume: string): { readonly vw: number; readonly n: number } {
  const [group] = groupsOf(story, volume);
  const n = replicasOf(story, volume).length;
  return { vw: group?.vw ?? Math.floor(n / 2) + 1, n };
}

/** Of the first group; where the volume lies in files, of the first chunk, whose majority counts (FS-70). */
const replicasOf = (story: Story, volume: string) => {
  const { groups, chunks = [] } = story.cluster;
  return (groupsOf(story, volume)[0] ?? groups[0] ?? chunks[0])?.replicas ?? [];
};

const lostReplicas = ({ story, node, event }: CaptionSource<'commit.ack'>): readonly string[] =>
  unreached(story, replicasOf(story, event.volume), node);

interface MarkSource {
  readonly event: { readonly value: number; readonly term: number };
  readonly node: string;
  readonly story: Story;
}

/** A watermark as its writer reports it; what a writer reports under an older token is its belief. */
function markClaim(
  all: readonly MarkSource[],
  {
    mark,
    of,
    volume,
  }: { readonly mark: 'pgcl' | 'vcl' | 'vdl'; readonly of: string; readonly volume: string },
): Conclusion {
  const { event, node, story } = lastOf(all);
  const newest = story.terms.get(volume) ?? event.term;
  if (event.term < newest)
    return { kind: 'believes', mark, of, node, to: event.value, term: event.term, newest };
  const from =
    mark === 'vdl' ? (firstOf(all).story.vdls.get(volume) ?? firstOf(all).event.value) : event.value;
  return { kind: 'advanced', mark, of, node, from, to: event.value };
}

const sum = <K extends TraceKind>(
  all: readonly CaptionSource<K>[],
  of: (source: CaptionSource<K>) => number,
): number => all.reduce((total, source) => total + of(source), 0);

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
    claim: (all) => {
      const { event } = lastOf(all);
      return markClaim(all, {
        mark: 'pgcl',
        of: event.group,
        volume: volumeOfGroup(lastOf(all).story, event.group),
      });
    },
  }),
  caption('mark.vcl', {
    rule: 'wal.vcl',
    hue: 'ack',
    icon: 'mark',
    weight: 20,
    claim: (all) => {
      const { volume } = lastOf(all).event;
      return markClaim(all, { mark: 'vcl', of: volume, volume });
    },
  }),
  caption('mark.vdl', {
    rule: 'wal.vdl-is-cpl',
    hue: 'ack',
    icon: 'mark',
    weight: 30,
    claim: (all) => {
      const { volume } = lastOf(all).event;
      return markClaim(all, { mark: 'vdl', of: volume, volume });
    },
  }),
  caption('mark.pgmrpl', {
    rule: 'gc.floor',
    hue: 'reader',
    icon: 'drop',
    weight: 14,
    claim: (all) => {
      const { node, event } = lastOf(all);
      return { kind: 'advanced', mark: 'pgmrpl', of: event.volume, node, from: event.value, to: event.value };
    },
  }),
  caption('mark.scl', {
    rule: 'wal.scl',
    hue: 'wal',
    icon: 'mark',
    weight: 24,
    claim: (all) => {
      const { node, event } = lastOf(all);
      return { kind: 'advanced', mark: 'scl', of: event.group, node, from: event.value, to: event.value };
    },
  }),
  caption('commit.ack', {
    rule: 'wal.acked-at-vdl',
    hue: 'ack',
    icon: 'commit',
    weight: (source) => {
      const { story } = source;
      if (story.stalled) return lostQuorum(story) === null ? 85 : 40;
      // The first commit beside a fault is the surprise; those after it are business as usual.
      return story.commitsInFault === 0 && lostReplicas(source).length > 0 ? 82 : 40;
    },
    claim: (all) => {
      const source = lastOf(all);
      const { event, node, story } = source;
      const { vw, n } = quorumOf(story, event.volume);
      const without = all.length > 1 ? [] : lostReplicas(source);
      return {
        kind: 'durable',
        volume: event.volume,
        lsn: event.scn,
        copies: vw,
        of: n,
        commits: all.length,
        writer: node,
        without,
        how: without.every((id) => story.down.has(id)) ? 'down' : 'cut',
        isBack: story.stalled && story.failed === 0 && lostQuorum(story) === null,
      };
    },
  }),
  caption('tx.abort', {
    rule: 'recovery.order',
    hue: 'hole',
    icon: 'client',
    weight: 45,
    say: ({ event: { tx, sqlstate } }, t) => t('story.tx.abort', { tx, sqlstate }),
  }),
  caption('tx.prepared', {
    rule: 'recovery.order',
    hue: 'ack',
    icon: 'client',
    weight: 50,
    say: ({ event: { tx, gid } }, t) => t('story.tx.prepared', { tx, gid: short(gid, 24) }),
  }),
  caption('tx.inDoubt', {
    rule: 'recovery.order',
    hue: 'hole',
    icon: 'client',
    weight: 55,
    say: ({ event: { tx, gid } }, t) => t('story.tx.inDoubt', { tx, gid: short(gid, 24) }),
  }),
  caption('tx.decided', {
    rule: 'recovery.order',
    hue: 'ack',
    icon: 'client',
    weight: 50,
    say: ({ event: { tx, gid, outcome } }, t) => {
      const said = { tx, gid: short(gid, 24) };
      return outcome === 'commit' ? t('story.tx.decided', said) : t('story.tx.undone', said);
    },
  }),
  caption('tx.unserializable', {
    rule: 'client.linearizable',
    hue: 'hole',
    icon: 'client',
    weight: 50,
    brings: true,
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
  caption('page.evict', {
    rule: ({ story: { cluster } }) =>
      cluster.chunks === undefined ? 'buffer.evict-below-vdl' : 'page.newest-fetched',
    hue: 'wal',
    icon: 'page',
    weight: 42,
    say: ({ event: { blockKey, pageLsn: lsn }, node }, t) =>
      t('story.page.evict', { node, page: pageText(blockKey), lsn }),
    many: (all, t) => t('story.page.evictMany', { count: all.length }),
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
