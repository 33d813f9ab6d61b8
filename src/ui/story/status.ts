// The most important thing that is true now, from the frame alone, as data: the strip says it between captions (status-line.ts), and
// `sim says` holds it against the run.

import type { RecoveryStep } from '../../core/quorum-log/log-view.ts';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import {
  commitsWaiting,
  isWriterNode,
  metadataIn,
  statementsWaiting,
  tabletsWithoutPrimary,
  writersIn,
} from '../../state/role-views.ts';
import { computeOf, countHoles, healthOf, storeOf } from '../model/node-facts.ts';

export type Status =
  | { readonly kind: 'violated'; readonly rule: string; readonly message: string }
  | { readonly kind: 'recovering'; readonly node: string; readonly step: RecoveryStep | null }
  /** Nobody has the volume open: its writer is down or frozen since then. */
  | { readonly kind: 'noWriter'; readonly node: string; readonly since: number }
  /** Tablets whose primary is gone and that nobody else has yet, of so many; statements wait, for them or others. */
  | {
      readonly kind: 'noPrimary';
      readonly groups: readonly string[];
      readonly total: number;
      readonly since: number;
      readonly waiting: number;
    }
  /** Down or frozen; `goesOn`: nothing is known to wait for them. */
  | {
      readonly kind: 'noAnswer';
      readonly nodes: readonly string[];
      readonly since: number;
      readonly goesOn: boolean;
    }
  /** A replica lacks records; `peers`: whom it has asked. */
  | {
      readonly kind: 'lacks';
      readonly node: string;
      readonly holes: number;
      readonly peers: readonly string[];
    }
  | { readonly kind: 'cut'; readonly links: readonly string[]; readonly goesOn: boolean }
  /** Commits wait for their quorum, the oldest for so many virtual µs. */
  | { readonly kind: 'stalled'; readonly commits: number; readonly oldestUs: number }
  /** `vdl` −1: nothing is in the log; null: not known. `groups`: each has a log of its own. */
  | {
      readonly kind: 'steady';
      readonly commits: number;
      readonly since: number;
      readonly vdl: number | null;
      readonly groups: number;
    };

/** Commits wait this long without any acknowledgement before the strip says so, virtual µs. */
const stallUs = 8000;

/** Nodes that have a volume open to write. */
const openAt = (frame: Pick<WorldFrame, 'nodes'>): readonly string[] =>
  writersIn(frame)
    .filter(({ status, view }) => status === 'up' && view.mode === 'rw' && view.state === 'open')
    .map(({ node }) => node);

/** Who writes the cluster's one volume is gone, and nobody has taken over. */
function lostWriter(frame: WorldFrame): WorldFrame['nodes'][number] | undefined {
  if (frame.cluster.placement !== undefined) return undefined;
  return openAt(frame).length > 0
    ? undefined
    : frame.nodes.find((node) => (node.status === 'down' || node.status === 'frozen') && isWriterNode(node));
}

interface Copies {
  /** While members change, the old set and the new one: a write needs a quorum of each. */
  readonly sets: readonly (readonly string[])[];
  readonly need: number;
}

/** The groups of log as the metadata has them, whose members change; else as the cluster was made. */
const logGroups = ({ cluster, nodes }: Pick<WorldFrame, 'cluster' | 'nodes'>): readonly Copies[] =>
  metadataIn({ nodes })?.groups.map(({ members: { sets, vw } }) => ({ sets, need: vw })) ??
  cluster.groups.map(({ replicas, vw }) => ({ sets: [replicas], need: vw }));

/** Each group of copies has as many in reach of who writes as a write needs: of a log, or of a chunk. */
function reachesQuorums({ cluster, nodes, links }: WorldFrame): boolean {
  const up = new Set(nodes.filter(({ status }) => status === 'up').map(({ id }) => id as string));
  const cut = new Set(
    links.filter((link) => link.cut).flatMap(({ from, to }) => [`${from} ${to}`, `${to} ${from}`]),
  );
  const countReached = (writer: string, replicas: readonly string[]): number =>
    up.has(writer) ? replicas.filter((one) => up.has(one) && !cut.has(`${writer} ${one}`)).length : 0;
  const writers = cluster.placement === undefined ? openAt({ nodes }) : null;
  if (writers?.length === 0) return false;
  const isReached = ({ sets, need }: Copies, from: readonly string[]): boolean =>
    from.some((writer) => sets.every((set) => countReached(writer, set) >= need));
  return (
    logGroups({ cluster, nodes }).every((group) => isReached(group, writers ?? group.sets.flat())) &&
    (cluster.chunks ?? []).every(({ replicas }) =>
      isReached({ sets: [replicas], need: (replicas.length >> 1) + 1 }, replicas),
    )
  );
}

function withoutAnswer(frame: WorldFrame): Status | null {
  const down = frame.nodes.filter(({ status }) => status === 'down' || status === 'frozen');
  const [first] = down;
  if (first === undefined) return null;
  const writer = lostWriter(frame);
  if (writer !== undefined) return { kind: 'noWriter', node: writer.id, since: writer.since };
  // Where something waits for good the line beside this one says for whom (blocked-line.tsx).
  const goesOn = frame.waits.length === 0 && reachesQuorums(frame);
  return { kind: 'noAnswer', nodes: down.map(({ id }) => id), since: first.since, goesOn };
}

function lacking(frame: WorldFrame): Status | null {
  for (const node of frame.nodes) {
    if (healthOf(node) !== 'up') continue;
    const store = storeOf(node);
    const { holes, asked } = countHoles(store);
    if (holes === 0) continue;
    const peers = new Set(
      asked > 0 ? store?.groups.flatMap((group) => group.requests.map(({ peer }) => peer as string)) : [],
    );
    return { kind: 'lacks', node: node.id, holes, peers: [...peers] };
  }
  return null;
}

function cutLinks(frame: WorldFrame): Status | null {
  const { links, waits } = frame;
  const pairs = new Set(links.filter((link) => link.cut).map(({ from, to }) => [from, to].sort().join('–')));
  return pairs.size === 0
    ? null
    : { kind: 'cut', links: [...pairs], goesOn: waits.length === 0 && reachesQuorums(frame) };
}

export function statusOf(frame: WorldFrame): Status {
  const [violation] = frame.violations;
  if (violation !== undefined) return { kind: 'violated', rule: violation.rule, message: violation.message };
  const { groups: without, total, since } = tabletsWithoutPrimary(frame);
  if (without.length > 0)
    return { kind: 'noPrimary', groups: without, total, since, waiting: statementsWaiting(frame).count };
  const recovering = frame.nodes.find((node) => healthOf(node) === 'recovering');
  if (recovering !== undefined)
    return {
      kind: 'recovering',
      node: recovering.id,
      step: computeOf(recovering)?.recovery?.step ?? null,
    };
  const found = withoutAnswer(frame) ?? lacking(frame) ?? cutLinks(frame);
  if (found !== null) return found;
  const { count, oldestUs } = commitsWaiting(frame);
  if (count > 0 && oldestUs > stallUs) return { kind: 'stalled', commits: count, oldestUs };
  const { cluster, metrics } = frame;
  const groups = cluster.placement === undefined ? 0 : cluster.groups.length;
  return { kind: 'steady', commits: metrics.commits, since: metrics.since, vdl: metrics.vdl ?? null, groups };
}
