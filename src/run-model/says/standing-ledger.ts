// What the trace of a run told up to an instant of each node, group and volume, kept by subject: what stands on the screen is held against it
// (judge-standings.ts).

import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { TracedEvent } from '../../sim/types.ts';
import { type LensLedger, learnLens, makeLensLedger } from './lens-ledger.ts';

interface Group {
  readonly volume: string;
  readonly need: number;
  members: readonly string[];
}

interface VolumeLedger {
  /** Who has it open by the trace, and under which token. */
  writer: string | null;
  token: number;
  readonly openedAt: Map<number, number>;
  readonly firstAck: Map<number, number>;
  /** When VDL last moved, by node and term. */
  readonly movedAt: Map<string, number>;
}

export interface StandingLedger extends LensLedger {
  /** The newest value by `role term node of`. */
  readonly values: Map<string, number>;
  /** The greatest value that a volume's VDL, VCL or tail has had, by `term volume`. */
  readonly peaks: Map<string, number>;
  /** Groups of chunks that a server has a replica of. */
  readonly chunks: Map<string, Set<string>>;
  readonly groups: Map<string, Group>;
  readonly volumes: Map<string, VolumeLedger>;
  /** The highest LSN that a replica was given, by `group node`. */
  readonly highest: Map<string, number>;
  /** Each death, as `node time`. */
  readonly deaths: Set<string>;
  /** W1: when a writer took nothing more, for a switchover; as `node time`. */
  readonly handovers: Set<string>;
  /** Down by the trace: its next life has not begun to work. */
  readonly closed: Set<string>;
  readonly frozenAt: Map<string, number>;
  readonly recovering: Set<string>;
  readonly fenced: Set<string>;
  /** Groups of chunks that a server has led in this life, and tokens that the metadata has granted. */
  readonly leads: Map<string, Set<string>>;
  readonly tokens: Set<number>;
  /** Readers that serve; stores that serve some group no more. */
  readonly ready: Set<string>;
  readonly failed: Set<string>;
  commits: number;
  readonly cluster: ClusterSpec;
}

function chunksOf({ chunks = [] }: ClusterSpec): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { id, replicas } of chunks)
    for (const node of replicas) found.set(node, (found.get(node) ?? new Set()).add(id));
  return found;
}

export function makeStandingLedger(cluster: ClusterSpec): StandingLedger {
  return {
    ...makeLensLedger(),
    values: new Map(),
    peaks: new Map(),
    chunks: chunksOf(cluster),
    groups: new Map(
      cluster.groups.map(({ id, volume = cluster.volume, replicas, vw }) => [
        id,
        { volume, need: vw, members: replicas },
      ]),
    ),
    volumes: new Map(),
    highest: new Map(),
    deaths: new Set(),
    handovers: new Set(),
    closed: new Set(),
    frozenAt: new Map(),
    recovering: new Set(),
    fenced: new Set(),
    leads: new Map(),
    tokens: new Set(),
    ready: new Set(),
    failed: new Set(),
    commits: 0,
    cluster,
  };
}

export function volumeIn({ volumes }: StandingLedger, name: string): VolumeLedger {
  const known = volumes.get(name);
  if (known !== undefined) return known;
  const made: VolumeLedger = {
    writer: null,
    token: -1,
    openedAt: new Map(),
    firstAck: new Map(),
    movedAt: new Map(),
  };
  volumes.set(name, made);
  return made;
}

/** The key of a value. */
export const nameOf = (role: string, term: string, node: string, of = ''): string =>
  `${role} ${term} ${node} ${of}`;

function raise({ highest }: StandingLedger, group: string, node: string, lsn: number): void {
  const key = `${group} ${node}`;
  highest.set(key, Math.max(highest.get(key) ?? -1, lsn));
}

function raisePeak({ peaks }: StandingLedger, term: string, volume: string, value: number): void {
  const key = `${term} ${volume}`;
  peaks.set(key, Math.max(peaks.get(key) ?? -1, value));
}

/** What a node has in memory only is gone with its life. */
function forget(ledger: StandingLedger, node: string): void {
  for (const key of [...ledger.values.keys()]) if (key.split(' ')[2] === node) ledger.values.delete(key);
  ledger.recovering.delete(node);
  ledger.fenced.delete(node);
  ledger.leads.delete(node);
  ledger.ready.delete(node);
  ledger.failed.delete(node);
}

export function learnStanding(ledger: StandingLedger, traced: TracedEvent): void {
  const { event, node, at } = traced;
  const { values } = ledger;
  learnLens(ledger, traced);
  const put = (role: string, term: string, value: number, of = ''): void => {
    values.set(nameOf(role, term, node, of), value);
    if (role !== 'compute' || of === '') return;
    raisePeak(ledger, term, of, value);
  };
  switch (event.kind) {
    case 'attachment.freeze':
      if (event.state === 'freeze') ledger.handovers.add(`${node} ${at}`);
      return;
    case 'node.down':
      ledger.deaths.add(`${node} ${at}`);
      ledger.closed.add(node);
      for (const volume of ledger.volumes.values()) if (volume.writer === node) volume.writer = null;
      ledger.frozenAt.delete(node);
      forget(ledger, node);
      return;
    case 'node.open':
      ledger.closed.delete(node);
      return;
    case 'world.action':
      if (event.action === 'freeze' && event.hadEffect && !event.isUndo) ledger.frozenAt.set(node, at);
      return;
    case 'store.open':
    case 'mark.scl': {
      const scl = event.kind === 'mark.scl' ? event.value : event.scl;
      put('store', 'scl', scl, event.group);
      return;
    }
    case 'recovery.history':
      raise(ledger, event.group, node, Math.max(event.maxNwl, event.startLsn));
      return;
    case 'wal.receive':
      raise(ledger, event.group, node, event.end - 1);
      return;
    case 'mark.known':
      raise(ledger, event.group, node, event.groupTail);
      return;
    case 'base.installed':
      raise(ledger, event.group, node, event.scl);
      return;
    case 'hole.rebuild':
    case 'hole.restore':
      raise(ledger, event.group, node, event.nwl);
      return;
    case 'store.failed':
    case 'store.suspended':
      ledger.failed.add(node);
      return;
    case 'wal.durable':
      raise(ledger, event.group, node, Math.max(...event.lsns));
      return;
    case 'mark.vdl': {
      put('compute', 'vdl', event.value, event.volume);
      // Under a term that has passed it is what its node believes.
      const volume = volumeIn(ledger, event.volume);
      if (event.term >= volume.token) volume.movedAt.set(`${node} ${event.term}`, at);
      return;
    }
    case 'mark.pgcl':
      put('compute', 'pgcl', event.value, event.group);
      return;
    case 'mark.vcl':
      put('compute', 'vcl', event.value, event.volume);
      return;
    case 'mark.pgmrpl':
      put('compute', 'pgmrpl', event.value, event.volume);
      return;
    case 'mtr.append':
      put('compute', 'tail', event.end - 1, event.volume);
      return;
    case 'recovery.step':
      if (event.step !== 'token') ledger.recovering.add(node);
      ledger.fenced.delete(node);
      for (const term of ['tail', 'vcl', 'vdl', 'pgmrpl'])
        values.delete(nameOf('compute', term, node, event.volume));
      for (const group of ledger.groups.keys()) values.delete(nameOf('compute', 'pgcl', node, group));
      return;
    case 'recovery.computed':
      // WAL-53: the log goes on above what is annulled.
      for (const term of ['tail', 'vcl', 'vdl']) raisePeak(ledger, term, event.volume, event.startLsn);
      return;
    case 'recovery.done': {
      ledger.recovering.delete(node);
      put('compute', 'vdl', event.vdl, event.volume);
      const volume = volumeIn(ledger, event.volume);
      if (event.token < volume.token) return;
      volume.writer = node;
      volume.token = event.token;
      volume.openedAt.set(event.token, at);
      return;
    }
    case 'meta.writer': {
      const volume = volumeIn(ledger, event.volume);
      if (event.state !== 'OPEN' || event.token < volume.token) return;
      volume.writer = event.writer;
      volume.token = event.token;
      if (!volume.openedAt.has(event.token)) volume.openedAt.set(event.token, at);
      return;
    }
    case 'volume.fenced': {
      ledger.recovering.delete(node);
      ledger.fenced.add(node);
      const volume = volumeIn(ledger, event.volume);
      if (volume.writer === node && volume.token <= event.token) volume.writer = null;
      return;
    }
    case 'commit.ack': {
      ledger.commits++;
      const { firstAck } = volumeIn(ledger, event.volume);
      if (!firstAck.has(event.term)) firstAck.set(event.term, at);
      return;
    }
    case 'member.adopt': {
      const [first = ''] = event.sets.split('|');
      const group = ledger.groups.get(event.group);
      if (group !== undefined) group.members = first.split(',');
      return;
    }
    case 'ro.ready':
      ledger.ready.add(node);
      put(
        'compute',
        'applyLsn',
        Math.max(event.readPoint, values.get(nameOf('compute', 'applyLsn', node)) ?? -1),
      );
      // The answer to its registration says a VDL, without an event of its own.
      for (const term of ['mrpl', 'vdl']) values.delete(nameOf('compute', term, node));
      return;
    case 'ro.lost':
    case 'attachment.mode':
      ledger.ready.delete(node);
      for (const term of ['applyLsn', 'mrpl', 'vdl', 'durableLsn'])
        values.delete(nameOf('compute', term, node));
      return;
    case 'ro.received':
      put('compute', 'receivedTo', event.endLsn - 1);
      put('compute', 'vdl', event.vdl);
      return;
    case 'ro.applied':
      put('compute', 'applyLsn', event.applyLsn);
      put('compute', 'vdl', event.vdl);
      return;
    case 'ro.mrpl':
      put('compute', 'mrpl', event.mrpl);
      return;
    case 'wal.synced':
      put('compute', 'durableLsn', event.last);
      return;
    case 'op.return':
      values.set(
        nameOf('driver', event.outcome, node),
        (values.get(nameOf('driver', event.outcome, node)) ?? 0) + 1,
      );
      return;
    case 'raft.open':
    case 'raft.candidate':
    case 'raft.leader':
    case 'raft.follower':
    case 'raft.vote':
      put('meta', 'term', Math.max(event.term, values.get(nameOf('meta', 'term', node)) ?? -1));
      raisePeak(ledger, 'term', '', event.term);
      return;
    case 'raft.commit':
      put('meta', 'commit', event.index);
      return;
    case 'pcs.apply':
      put('meta', 'applied', event.index);
      return;
    case 'chunk.leads': {
      const group = ledger.leads.get(node) ?? new Set();
      ledger.leads.set(node, group.add(event.group));
      return;
    }
    case 'chunk.made':
    case 'chunk.invited':
      ledger.chunks.set(node, (ledger.chunks.get(node) ?? new Set()).add(event.group));
      return;
    case 'chunk.left':
      ledger.chunks.get(node)?.delete(event.group);
      return;
    case 'token.grant':
      ledger.tokens.add(event.token);
      return;
    default:
  }
}
