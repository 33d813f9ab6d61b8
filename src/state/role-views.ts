// Typed views of the nodes of a picture by role, and who writes a volume. Here alone a role's name becomes a typed
// view; who asks says what he wants (replicas, the metadata), not which role has it. Pure.

import type { NodeId } from '../base/ids.ts';
import { attachmentsOf } from '../core/compute/compute-view.ts';
import type { ClusterSpec, NodeSpec } from '../core/kernel/cluster-spec.ts';
import type { Role, RoleView } from '../core/kernel/view.ts';
import type { StoreGroupView } from '../core/log-store/store-view.ts';
import type { MetaView } from '../core/pcs/pcs-view.ts';
import type { VolumeView } from '../core/pcs/restore-view.ts';
import type { NodeFrame, WorldFrame } from '../run-model/picture/frame.ts';

type ViewOf<K extends RoleView['role']> = Extract<RoleView, { role: K }>;
type Nodes = Pick<WorldFrame, 'nodes'>;
type Cluster = Pick<ClusterSpec, 'nodes'>;

const hasRole = <K extends RoleView['role']>(view: RoleView, role: K): view is ViewOf<K> =>
  view.role === role;

export function viewOf<K extends RoleView['role']>(
  node: Pick<NodeFrame, 'view'> | undefined,
  role: K,
): ViewOf<K> | null {
  for (const view of node?.view?.roles ?? []) if (hasRole(view, role)) return view;
  return null;
}

/** The views of a role, each with its node. */
export const viewsIn = <K extends RoleView['role']>(
  { nodes }: Nodes,
  role: K,
): readonly { readonly node: NodeId; readonly status: NodeFrame['status']; readonly view: ViewOf<K> }[] =>
  nodes.flatMap((node) => {
    const view = viewOf(node, role);
    return view === null ? [] : [{ node: node.id, status: node.status, view }];
  });

/** Compute nodes that write, may write or wait for a volume: all but readers. */
export const writersIn = (frame: Nodes): ReturnType<typeof viewsIn<'compute'>> =>
  viewsIn(frame, 'compute').filter(({ view }) => view.mode !== 'ro');

/** Every replica of every group as its store shows it. */
export const replicasIn = (
  frame: Nodes,
): readonly { readonly node: NodeId; readonly list: StoreGroupView }[] =>
  viewsIn(frame, 'store').flatMap(({ node, view }) => view.groups.map((list) => ({ node, list })));

/** As the node of the metadata that leads shows it; where none does, as the one that knows most. */
export function metadataIn(frame: Nodes): MetaView | null {
  const views = viewsIn(frame, 'meta');
  const rank = ({ status, view }: (typeof views)[number]): number =>
    status === 'up' && view.member === 'leader' ? 1e9 + view.term : view.applied;
  return (
    views.reduce<(typeof views)[number] | null>((a, b) => (a !== null && rank(a) >= rank(b) ? a : b), null)
      ?.view ?? null
  );
}

/** All volumes, as the metadata lists them; none in a cluster that has never had another than its own. */
export const volumesIn = (frame: Nodes): readonly VolumeView[] => metadataIn(frame)?.volumes ?? [];

/** The volume that is meant where none is named: the cluster's; where each tablet has its own (PCS-39) the first of them. */
export const ownVolume = ({ volume, placement }: ClusterSpec, volumes: readonly VolumeView[]): string =>
  (placement === undefined ? undefined : volumes[0]?.name) ?? volume;

export const nodesWith = ({ nodes }: Cluster, role: Role): readonly NodeId[] =>
  nodes.filter(({ roles }) => roles.includes(role)).map(({ id }) => id);

/** A compute node that is no reader, by its place in the cluster or by its view. */
export const isWriterNode = (
  node: Pick<NodeFrame, 'roles'> & Partial<Pick<NodeFrame, 'view'> & Pick<NodeSpec, 'isReader'>>,
): boolean =>
  node.roles.includes('compute') &&
  node.isReader !== true &&
  viewOf({ view: node.view ?? null }, 'compute')?.mode !== 'ro';
export const isStoreNode = ({ roles }: Pick<NodeFrame, 'roles'>): boolean => roles.includes('store');
export const driversOf = (cluster: Cluster): readonly NodeId[] => nodesWith(cluster, 'driver');
export const hasBackup = (cluster: Cluster): boolean => nodesWith(cluster, 'objectStore').length > 0;
/** Whether metadata is kept apart from the log: then a partition may spare its links. */
export const hasControlPlane = ({ nodes }: Cluster): boolean =>
  nodes.some((node) => node.roles.includes('meta') && !isStoreNode(node));

/** Who is to write the cluster's own volume, as it was set up: the first compute node that is no spare (WAL-45). */
export const configuredWriter = ({ nodes }: Cluster): NodeId | null =>
  nodes.find((node) => isWriterNode(node) && node.isSpare !== true)?.id ?? null;

/** The writer of a volume as the metadata routes to it; before it says so, the one that was set up. */
export function writerOf(frame: Nodes & Pick<WorldFrame, 'cluster'>, volume?: string): NodeId | null {
  const { cluster } = frame;
  const meta = metadataIn(frame);
  if (volume === undefined || volume === cluster.volume) return meta?.writer ?? configuredWriter(cluster);
  return meta?.volumes?.find(({ name }) => name === volume)?.writer ?? null;
}

/** Volumes that a node that is up has open to write. */
const openVolumes = (frame: Nodes): ReadonlySet<string> =>
  new Set(
    writersIn(frame).flatMap(({ status, view }) =>
      status === 'up'
        ? attachmentsOf(view).flatMap(({ mode, state, volume }) =>
            mode === 'rw' && state === 'open' ? [volume] : [],
          )
        : [],
    ),
  );

/**
 * Tablets, by their groups, of whose volumes nobody is primary although somebody was, and who waits meanwhile; empty where one writer has all.
 * A leadership that is moved by plan is not missed.
 */
export function tabletsWithoutPrimary(frame: Pick<WorldFrame, 'nodes' | 'cluster' | 'outages'>): {
  readonly groups: readonly string[];
  readonly total: number;
  readonly since: number;
} {
  if (frame.cluster.placement === undefined) return { groups: [], total: 0, since: 0 };
  const open = openVolumes(frame);
  const volumes = volumesIn(frame).filter(({ state }) => state !== 'CREATING');
  const out = volumes.flatMap(({ name, groups, writer }) => {
    if (open.has(name)) return [];
    const gone = frame.nodes.find(
      ({ id, status }) => id === writer && (status === 'down' || status === 'frozen'),
    );
    // nobody has begun to recover it before the metadata has noticed
    const outage = frame.outages.find(({ volume, openedAt }) => volume === name && openedAt === null);
    const isByPlan = outage?.since === 'transfer' || outage?.since === 'handover';
    const from = outage === undefined || isByPlan ? gone?.since : outage.from;
    return from === undefined ? [] : [{ groups, from }];
  });
  return {
    groups: out.flatMap(({ groups }) => groups),
    total: volumes.flatMap(({ groups }) => groups).length,
    since: out.length === 0 ? 0 : Math.min(...out.map(({ from }) => from)),
  };
}

/** Statements that drivers have no answer to, and how long the oldest waits for it. */
export function statementsWaiting(frame: Nodes): { readonly count: number; readonly oldestUs: number } {
  const drivers = viewsIn(frame, 'driver').filter(({ status }) => status === 'up');
  return {
    count: drivers.reduce((sum, { view }) => sum + view.inFlight, 0),
    oldestUs: Math.max(0, ...drivers.flatMap(({ view }) => view.waiting.map(({ sinceUs }) => sinceUs))),
  };
}

/** Commits that wait for their quorum, and how long the oldest does. */
export function commitsWaiting(frame: Nodes): { readonly count: number; readonly oldestUs: number } {
  const waiting = writersIn(frame).flatMap(({ status, view }) =>
    status === 'up' ? attachmentsOf(view).flatMap((attachment) => attachment.commitsWaiting) : [],
  );
  return { count: waiting.length, oldestUs: Math.max(0, ...waiting.map(({ sinceUs }) => sinceUs)) };
}
