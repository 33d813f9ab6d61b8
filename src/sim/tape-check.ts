// What must hold for an action in its world: its nodes exist and have the role, latencies keep to the floor (PRE-2).
// Used for lines of a tape and for what a person does; the answer is a sentence for a person.

import type { GroupId, NodeId } from '../base/ids.ts';
import type { ClusterSpec, Role } from '../core/kernel/door.ts';
import type { Params } from '../core/kernel/params.ts';
import { objectStoreOf } from '../core/object-store/backed-up.ts';
import { nearestName } from '../presets/parameters.ts';
import { parseMessageName } from './fabric-links.ts';
import { padGroups } from './pad-groups.ts';
import { type ActionOf, actionKinds, type TapeAction } from './tape-actions.ts';

function nodesOf(action: TapeAction): readonly NodeId[] {
  if ('node' in action) return [action.node];
  if ('nodes' in action) return action.nodes;
  if ('sides' in action) return action.sides.flat();
  if ('link' in action) return [...action.link.from, ...action.link.to];
  if ('stamps' in action) return action.stamps.map((stamp) => stamp.node);
  return [];
}

const clientRoles: readonly Role[] = ['driver', 'toy'];

/** Why the action cannot be done in this world, or null. */
export function checkAction(action: TapeAction, cluster: ClusterSpec, params: Params): string | null {
  const names = cluster.nodes.map(({ id }) => id);
  for (const node of nodesOf(action)) {
    if (!names.includes(node)) return `no node ${node}; did you mean ${nearestName(node, names)}?`;
  }
  if (actionKinds[action.kind].target === 'driver' && 'node' in action) {
    const roles = cluster.nodes.find(({ id }) => id === action.node)?.roles ?? [];
    if (!roles.some((role) => clientRoles.includes(role))) {
      const drivers = cluster.nodes.filter((n) => n.roles.some((role) => clientRoles.includes(role)));
      return `${action.node} is not a driver; drivers are ${drivers.map(({ id }) => id).join(', ')}`;
    }
  }
  if (actionKinds[action.kind].target === 'writer' && 'node' in action) {
    const roles = cluster.nodes.find(({ id }) => id === action.node)?.roles ?? [];
    if (!roles.includes('compute') && !roles.includes('toy')) return `${action.node} is not a writer`;
  }
  if (actionKinds[action.kind].target === 'store' && 'node' in action) {
    const isObjectStore = action.node === objectStoreOf(cluster);
    const error = action.kind === 'wipeDisk' && isObjectStore ? null : checkStore(action.node, cluster);
    if (error !== null) return error;
  }
  if (action.kind === 'restore') return checkRestore(action, cluster);
  if (action.kind === 'nameArchiver' && objectStoreOf(cluster) === null)
    return `nothing is backed up in ${cluster.preset}: it has no object store`;
  if (action.kind === 'moveReplica' || action.kind === 'rollbackMove' || action.kind === 'nameArchiver')
    return checkMove(action, cluster);
  if (action.kind === 'pauseHoles' || action.kind === 'resumeHoles') return checkGroup(action.group, cluster);
  if (action.kind === 'padTo') return checkPad(action.groups, cluster);
  return checkDetail(action, params);
}

function checkStore(node: NodeId, cluster: ClusterSpec): string | null {
  const isStore = ({ roles }: ClusterSpec['nodes'][number]): boolean =>
    roles.includes('store') || roles.includes('toy');
  const stores = cluster.nodes.filter(isStore).map(({ id }) => id);
  return stores.includes(node) ? null : `${node} is not a store; stores are ${stores.join(', ')}`;
}

function checkMove(
  action: ActionOf<'moveReplica' | 'rollbackMove' | 'nameArchiver'>,
  cluster: ClusterSpec,
): string | null {
  const error = checkGroup(action.group, cluster);
  if (error !== null) return error;
  return action.kind === 'moveReplica' ? checkStore(action.to, cluster) : null;
}

function checkGroup(group: GroupId | null, cluster: ClusterSpec): string | null {
  const known: readonly string[] = cluster.groups.map(({ id }) => id);
  return group === null || known.includes(group) ? null : `no group ${group}; groups are ${known.join(', ')}`;
}

/** WAL-45 needs an archive to restore from and a compute node to write what comes of it. */
function checkRestore({ source, volume }: ActionOf<'restore'>, cluster: ClusterSpec): string | null {
  const hasRole = (role: Role): boolean => cluster.nodes.some(({ roles }) => roles.includes(role));
  if (!hasRole('objectStore') && !hasRole('toy')) return 'this cluster has no object store to restore from';
  if (!cluster.nodes.some(({ isSpare }) => isSpare === true) && !hasRole('toy'))
    return 'this cluster has no spare compute node to write the restored volume';
  return source === volume ? `the restored volume needs another name than ${source}` : null;
}

function checkPad(text: string, cluster: ClusterSpec): string | null {
  const groups = padGroups(text);
  const known: readonly string[] = cluster.groups.map(({ id }) => id);
  if (text.trim() !== '' && groups.length === 0) return `groups are written like "g1*7 g2", not "${text}"`;
  const stranger = groups.find((id) => !known.includes(id));
  return stranger === undefined ? null : `no group ${stranger}; groups are ${known.join(', ')}`;
}

function checkDetail(action: TapeAction, params: Params): string | null {
  switch (action.kind) {
    case 'crashLosing':
      return action.keys.includes(null) ? 'a key is a text in quotes' : null;
    case 'latency':
      if (action.baseUs >= params.latencyFloorUs) return null;
      return `latency ${action.baseUs} µs is below latencyFloorUs = ${params.latencyFloorUs} µs (PRE-2)`;
    case 'partition': {
      const all = action.sides.flat();
      if (action.sides.length < 2) return 'a partition has at least two sides';
      return new Set(all).size === all.length ? null : 'a node is on two sides of the partition';
    }
    case 'powerCut': {
      const nodes = action.stamps.map((stamp) => stamp.node);
      if (new Set(nodes).size !== nodes.length) return 'a node has two stamps';
      const late = action.stamps.find((stamp) => stamp.until > action.at);
      return late === undefined ? null : `the stamp of ${late.node} is later than the power cut`;
    }
    default:
      if ('link' in action && action.link.from.every((node) => action.link.to.includes(node))) {
        if (action.link.from.length === 1 && action.link.to.length === 1) return 'a link has two ends';
      }
      if ('message' in action && parseMessageName(action.message) === null) {
        return `${action.message} is not a message: <node>.<sequence>.<copy>`;
      }
      return null;
  }
}
