// Waits at the writer of a volume and on the way to it: clients' requests, commits, room in the log or in the buffer, pages,
// locks, the opening of the volume (wal.md §9).

import type { GroupId, NodeId } from '../../base/ids.ts';
import type { DriverView } from '../../core/client/driver-view.ts';
import type { AttachmentView } from '../../core/compute/compute-view.ts';
import type { BlockedSessionView } from '../../core/engine/buffer-view.ts';
import type { WriterGroupView } from '../../core/quorum-log/log-view.ts';
import {
  isStopped,
  judgeAnswer,
  judgeQuorum,
  needAll,
  none,
  type Obstacle,
  type Standing,
  type Wait,
} from '../../run-model/waits/waits.ts';
import { replicaObstacles } from './replica-obstacles.ts';
import { isGivenUp, standbysOf } from './takeover.ts';
import { type AttachmentAt, type ClusterView, metadataObstacles, replicaOf, writerOf } from './wait-view.ts';

// the log

/** Whether the group's log can become durable above its PGCL: what was reported before a membership step counts anew (WAL-15). */
function logStanding(
  cluster: ClusterView,
  node: NodeId,
  { group, pgcl, replicas, members }: WriterGroupView,
): Standing {
  const ahead = new Set(replicas.filter(({ counted }) => counted > pgcl).map(({ replica }) => replica));
  return judgeQuorum({ sets: members.sets, need: members.vw, hasAnswered: (one) => ahead.has(one) }, (one) =>
    replicaObstacles(cluster, node, one, group, pgcl),
  );
}

/** All of the volume's log that is not durable yet, up to `upTo`. */
const logUpTo = (cluster: ClusterView, { node, attachment }: AttachmentAt, upTo: number): Standing =>
  needAll(
    attachment.groups
      .filter(({ pgcl, tail }) => pgcl < Math.min(tail, upTo))
      .map((group) => logStanding(cluster, node, group)),
  );

/** WAL-27: one replica of the page's group has to answer. */
function pageStanding(cluster: ClusterView, { node, attachment }: AttachmentAt, blockKey: number): Standing {
  const spec = cluster.frame.cluster.groups.find((one) => one.keyFirst <= blockKey && blockKey < one.keyEnd);
  const groups = attachment.groups.filter(({ group }) => group === spec?.id);
  return needAll(
    (groups.length > 0 ? groups : attachment.groups).map(({ group, replicas, tail }) => {
      const members = replicas.map(({ replica }) => replica);
      const readable = Math.min(attachment.vdl, tail);
      return judgeQuorum({ sets: [members], need: 1, hasAnswered: () => false }, (one) =>
        replicaObstacles(cluster, node, one, group, readable, 'read'),
      );
    }),
  );
}

// sessions of the writer

function sessionStanding(cluster: ClusterView, at: AttachmentAt, blocked: BlockedSessionView): Standing {
  switch (blocked.waiting) {
    case 'page':
      return pageStanding(cluster, at, blocked.waitsFor);
    case 'lock':
    case 'relation':
    case 'virtualxid':
    case 'advisory':
    case 'readers':
      return lockStanding(cluster, at, blocked);
    case 'log':
      return logUpTo(cluster, at, at.attachment.tail);
    case 'metadata':
      // any node of the PCS may answer what is allowed to be old, and who asks gives up in the end
      return blocked.waitsFor === 1 ? none : judgeAnswer(metadataObstacles(cluster, at.node));
    case 'frame':
    case 'ticket':
      return bufferStanding(cluster, at);
  }
}

/** WAL-10: a frame comes free when VDL passes its page's LSN, or when a page that is being loaded has come. */
function bufferStanding(cluster: ClusterView, at: AttachmentAt): Standing {
  const log = logUpTo(cluster, at, at.attachment.tail);
  const pages = at.attachment.blocked
    .filter(({ waiting }) => waiting === 'page')
    .map(({ waitsFor }) => pageStanding(cluster, at, waitsFor));
  const canGoOn = pages.some(({ isBlocked }) => !isBlocked);
  const all = needAll([log, ...pages]);
  return canGoOn ? { ...all, isBlocked: false } : all;
}

/** Along who waits for whom, to the session that waits for none: what stops that one stops all. */
function lockStanding(cluster: ClusterView, at: AttachmentAt, blocked: BlockedSessionView): Standing {
  const { attachment, node } = at;
  const passed = new Set<string>();
  let last = blocked;
  for (;;) {
    const { holder } = last;
    if (holder === undefined) return none;
    const key = `${holder.node} ${holder.session}`;
    if (passed.has(key)) return none; // a deadlock: one of them gives up by itself
    passed.add(key);
    const next = attachment.blocked.find((one) => one.session === holder.session && one.node === holder.node);
    if (next === undefined) {
      const away = cluster.reach.between(node, holder.node);
      const driver = cluster.drivers.find((one) => one.node === holder.node)?.view;
      const isAsking = driver?.waiting.some(({ session }) => session === holder.session) === true;
      const isLoad = driver?.workloads.some(({ name }) => holder.session.startsWith(`${name}/`)) === true;
      const isIdle = !isAsking && !isLoad && driver !== undefined;
      return needAll([
        logUpTo(cluster, at, attachment.tail),
        judgeAnswer(isIdle ? [...away, idleTransaction(holder)] : away),
      ]);
    }
    if (kindOf[next.waiting] !== 'lock') return sessionStanding(cluster, at, next);
    last = next;
  }
}

const idleTransaction = ({ session, node }: { session: string; node: NodeId }): Obstacle => ({
  kind: 'idleTransaction',
  nodes: [node],
  of: session,
  stops: true,
  wayOut: { kind: 'sql', node, session, text: 'ROLLBACK', params: [] },
});

const kindOf = {
  page: 'page',
  lock: 'lock',
  relation: 'lock',
  virtualxid: 'lock',
  advisory: 'lock',
  readers: 'lock',
  log: 'log',
  frame: 'buffer',
  ticket: 'buffer',
  metadata: 'metadata',
} as const;

/** Since when the client waits for the session's answer, µs; 0 when its driver does not say. */
const requestAge = ({ drivers }: ClusterView, { session, node }: BlockedSessionView): number =>
  drivers.find((one) => one.node === node)?.view.waiting.find((one) => one.session === session)?.sinceUs ?? 0;

export function attachmentWaits(cluster: ClusterView, at: AttachmentAt): Wait[] {
  const { node, attachment } = at;
  const { volume, opening, state } = attachment;
  const base = { node, volume, group: null, step: '' };
  if (state === 'fenced' || state === 'waiting') return [];
  if (opening !== null) return isItsTurn(cluster, at) ? [openingWait(cluster, at)] : [];
  const waits: Wait[] = [];
  const [oldest] = attachment.commitsWaiting;
  if (oldest !== undefined)
    waits.push({
      ...base,
      ...logUpTo(cluster, at, oldest.scn),
      kind: 'commit',
      key: `commit ${node} ${volume} ${attachment.token} ${oldest.scn}`,
      sinceUs: oldest.sinceUs,
      requests: attachment.commitsWaiting.length,
    });
  for (const blocked of attachment.blocked) {
    const kind = kindOf[blocked.waiting];
    const sinceUs = requestAge(cluster, blocked);
    waits.push({
      ...base,
      ...sessionStanding(cluster, at, blocked),
      kind,
      key: `${kind} ${node} ${volume} ${attachment.token} ${blocked.node} ${blocked.session} ${blocked.waitsFor}`,
      sinceUs,
      requests: 1,
    });
  }
  return waits;
}

// opening of a volume

/** FENCE-20: where the metadata chooses the writer, a node that it has not chosen waits for no token of its own. */
const isItsTurn = (cluster: ClusterView, { node, attachment: { volume } }: AttachmentAt): boolean =>
  cluster.metadata?.computeGroups?.some((one) => one.volume === volume) !== true ||
  (writerOf(cluster, null, volume) ?? node) === node;

/** What is still to come after the phase, besides its own answers. */
const needsMetadata = new Set(['create', 'fence', 'read', 'install', 'fill', 'open', 'opened', 'termStart']);

/** Whether the opening can come to its end: the answers of its phase, then those of every later one. */
function openingStanding(cluster: ClusterView, { node, attachment }: AttachmentAt): Standing {
  const { opening } = attachment;
  const toMetadata = judgeAnswer(metadataObstacles(cluster, node));
  if (opening === null || opening.waitsFor === 'volume') return none;
  const later = quorumsOfVolume(cluster, node, attachment.volume);
  if (opening.waitsFor === 'metadata')
    return needAll([toMetadata, ...(opening.phase === 'publish' ? [] : later)]);
  const now = opening.groups.map(({ group, sets, need, answered }) =>
    judgeQuorum({ sets, need, hasAnswered: (one) => answered.includes(one) }, (one) =>
      replicaObstacles(cluster, node, one, group, opening.phase === 'fill' ? fillTo(attachment, group) : -1),
    ),
  );
  return needAll([...now, ...later, ...(needsMetadata.has(opening.phase) ? [toMetadata] : [])]);
}

/**
 * A write quorum of every group of the volume, as a node that is to open it needs it. R6: each has the log up to what the
 * longest of those that answer has; while no quorum answers, up to what the longest of all has.
 */
function quorumsOfVolume(cluster: ClusterView, node: NodeId, volume: string): Standing[] {
  const { metadata, frame, reach } = cluster;
  const known = metadata?.groups ?? [];
  const own = metadata?.volumes?.find(({ name }) => name === volume)?.groups;
  const groups =
    known.length > 0
      ? known
          .filter(({ group }) => own === undefined || own.includes(group))
          .map(({ group, members: { sets, vw } }) => ({ group, sets, vw }))
      : frame.cluster.groups.map(({ id, replicas, vw }) => ({ group: id, sets: [replicas], vw }));
  return groups.map(({ group, sets, vw }) => {
    const judgeUpTo = (members: readonly NodeId[]): Standing => {
      const upTo = Math.max(-1, ...members.map((one) => replicaOf(cluster, one, group)?.ncl ?? -1));
      return judgeQuorum({ sets, need: vw, hasAnswered: () => false }, (one) =>
        replicaObstacles(cluster, node, one, group, upTo),
      );
    };
    const members = [...new Set(sets.flat())];
    const near = judgeUpTo(members.filter((one) => !isStopped(reach.between(node, one))));
    return near.isBlocked ? judgeUpTo(members) : near;
  });
}

const fillTo = ({ recovery }: AttachmentView, group: GroupId): number =>
  recovery?.groups.find((one) => one.group === group)?.maxNwl ?? -1;

function openingWait(cluster: ClusterView, at: AttachmentAt): Wait {
  const { node, attachment } = at;
  const { frame, reach, drivers } = cluster;
  const record = reach.node(node);
  const isFirst = attachment.volume === frame.cluster.volume;
  const waiting = drivers.flatMap(({ view }) =>
    view.waiting.filter(({ session }) => isFirst === !session.includes('@')),
  );
  return {
    kind: 'opening',
    node,
    key: `opening ${node} ${attachment.volume} ${record?.life ?? 0}`,
    volume: attachment.volume,
    group: null,
    step: attachment.recovery?.step ?? '',
    ...openingStanding(cluster, at),
    sinceUs: frame.time - (record?.since ?? frame.time),
    requests: waiting.length,
  };
}

// requests of clients

/** Requests that do not reach an open writer, by driver and volume; what waits inside the writer is listed there. */
export function requestWaits(cluster: ClusterView, { node, view }: ClusterView['drivers'][number]): Wait[] {
  const { frame } = cluster;
  const byVolume = new Map<string, DriverView['waiting'][number][]>();
  for (const request of view.waiting) {
    const at = request.session.lastIndexOf('@');
    const volume = at === -1 ? frame.cluster.volume : request.session.slice(at + 1);
    byVolume.set(volume, [...(byVolume.get(volume) ?? []), request]);
  }
  return [...byVolume].flatMap(([volume, requests]): Wait[] => {
    const standing = wayStanding(cluster, node, view, volume);
    if (!standing.isBlocked) return [];
    const sinceUs = Math.max(...requests.map((request) => request.sinceUs));
    return [
      {
        kind: 'request',
        node,
        key: `request ${node} ${volume} ${view.ok}`,
        volume,
        group: null,
        step: '',
        ...standing,
        sinceUs,
        requests: requests.length,
      },
    ];
  });
}

/** The way of a request: the metadata's route where it is not known, the writer, and its volume open. */
function wayStanding(cluster: ClusterView, node: NodeId, view: DriverView, volume: string): Standing {
  const { reach } = cluster;
  const writer = writerOf(cluster, view.writer, volume);
  if (writer === null) return judgeAnswer([...reach.between(node, cluster.meta), noVolume(volume)]);
  const route = judgeAnswer(view.writer === writer ? [] : reach.between(node, cluster.meta));
  const way = judgeAnswer(reach.between(node, writer));
  const open = openStanding(cluster, writer, volume);
  const byWriter = needAll([route, way, open]);
  return byWriter.isBlocked && isGivenUp(cluster, writer, open)
    ? (standbyStanding(cluster, node, writer, volume) ?? byWriter)
    : byWriter;
}

/** The way of a request to a standby that takes over unaided; null: none can. */
function standbyStanding(
  cluster: ClusterView,
  from: NodeId,
  holder: NodeId,
  volume: string,
): Standing | null {
  const ways = standbysOf(cluster, holder, volume).map((standby) =>
    needAll([
      judgeAnswer(cluster.reach.between(from, standby)),
      judgeAnswer(metadataObstacles(cluster, standby)),
      ...quorumsOfVolume(cluster, standby, volume),
    ]),
  );
  return ways.find(({ isBlocked }) => !isBlocked) ?? null;
}

/** Whether the volume is open at this node, or can be. */
export function openStanding(cluster: ClusterView, writer: NodeId, volume: string): Standing {
  const status = cluster.reach.node(writer)?.status;
  if (status === 'up') {
    const at = cluster.attachments.find((one) => one.node === writer && one.attachment.volume === volume);
    return at === undefined ? none : openingStanding(cluster, at);
  }
  const self = judgeAnswer(cluster.reach.at(writer));
  if (status === 'frozen') return self;
  return needAll([
    self,
    judgeAnswer(metadataObstacles(cluster, writer)),
    ...quorumsOfVolume(cluster, writer, volume),
  ]);
}

const noVolume = (volume: string): Obstacle => ({
  kind: 'noVolume',
  nodes: [],
  of: volume,
  stops: true,
  wayOut: null,
});
