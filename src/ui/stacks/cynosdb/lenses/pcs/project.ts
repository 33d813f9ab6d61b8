// The PCS lens as data (docs/spec/raft.md): the members of the metadata's log side by side, who leads, whether a majority of
// the voters can agree, and what two versions of the metadata differ in. Pure: views of nodes and states of links go in, so
// live, review and replay show the same.

import type { GroupId, NodeId } from '../../../../../base/ids.ts';
import type { ContentRow } from '../../../../../core/pcs/content-rows.ts';
import type { EntryView, LogView, ProgressView, VersionsView } from '../../../../../core/pcs/log-view.ts';
import { offlineNodes } from '../../../../../core/pcs/offline-nodes.ts';
import type { MetaView } from '../../../../../core/pcs/pcs-view.ts';
import type { LinkFrame, NodeFrame, NodeStatus } from '../../../../../run-model/picture/frame.ts';
import { metaOf } from '../../../../model/node-facts.ts';

/** A node that holds the metadata; `view`, `log`: as it was last seen, null before it was. */
export interface PcsMember {
  readonly node: NodeId;
  readonly status: NodeStatus;
  readonly view: MetaView | null;
  readonly log: LogView | null;
  /** What the leader knows of it, and asks of it next. */
  readonly progress: ProgressView | null;
  readonly isLeader: boolean;
  /** It runs, has read its disk and has an identity: it can vote and acknowledge. */
  readonly takesPart: boolean;
  /** Others of the metadata whom it cannot reach, in one direction at least. */
  readonly cutFrom: readonly NodeId[];
}

/** `split`: no majority of the voters is up and connected, so nobody can be elected and nothing is committed. */
export type PcsState = 'led' | 'electing' | 'split';

export interface PcsModel {
  readonly members: readonly PcsMember[];
  readonly leader: PcsMember | null;
  readonly state: PcsState;
  readonly voters: readonly NodeId[];
  /** The old voters while the configuration is joint. */
  readonly outgoing: readonly NodeId[];
  readonly learners: readonly NodeId[];
  /** Voters that take part and reach each other, and how many of a set are needed. */
  readonly connected: readonly NodeId[];
  readonly majority: number;
  /** The picture has the members' logs: they are in it once somebody has asked for them. */
  readonly isLoaded: boolean;
  /** The lowest and the highest entry that any member has. */
  readonly first: number;
  readonly last: number;
}

type Nodes = Readonly<Record<string, NodeFrame>>;
type Links = readonly Pick<LinkFrame, 'from' | 'to' | 'cut'>[];

const isCut = (links: Links, a: NodeId, b: NodeId): boolean =>
  links.some(({ from, to, cut }) => cut && ((from === a && to === b) || (from === b && to === a)));

const running = ['leader', 'follower', 'preCandidate', 'candidate'] as const;
const takesPart = (node: NodeFrame | undefined): boolean =>
  node?.status === 'up' && running.some((role) => role === metaOf(node)?.member);

/** The most voters of the set that one of them can gather, itself among them; of as many those with the leader. */
function gathered(
  set: readonly NodeId[],
  leader: NodeId | null,
  nodes: Nodes,
  links: Links,
): readonly NodeId[] {
  const able = set.filter((node) => takesPart(nodes[node]));
  const rank = (some: readonly NodeId[]): number =>
    2 * some.length + (leader !== null && some.includes(leader) ? 1 : 0);
  return able
    .map((node) => able.filter((other) => other === node || !isCut(links, node, other)))
    .reduce((most, one) => (rank(one) > rank(most) ? one : most), []);
}

const hasMajority = (set: readonly NodeId[], nodes: Nodes, links: Links): boolean =>
  gathered(set, null, nodes, links).length * 2 > set.length;

/** The leader of the highest term that is up: an older one may not have learned yet that it was deposed. */
function leaderAmong(members: readonly PcsMember[]): PcsMember | null {
  const leads = members.filter(({ status, view }) => status === 'up' && view?.member === 'leader');
  return leads.toSorted((a, b) => (b.view?.term ?? 0) - (a.view?.term ?? 0))[0] ?? null;
}

export function projectPcs(nodes: Nodes, links: Links): PcsModel | null {
  const frames = Object.values(nodes).filter((node) => metaOf(node) !== null || node.roles.includes('meta'));
  if (frames.length === 0) return null;
  const ids = frames.map(({ id }) => id);
  const seen: readonly PcsMember[] = frames.map((frame) => {
    const view = metaOf(frame);
    return {
      node: frame.id,
      status: frame.status,
      view,
      log: view?.log ?? null,
      progress: null,
      isLeader: false,
      takesPart: takesPart(frame),
      cutFrom: ids.filter((other) => other !== frame.id && isCut(links, frame.id, other)),
    };
  });
  const leader = leaderAmong(seen);
  // a spare node has no log: its column would be empty
  const members = seen
    .filter(({ view }) => view?.member !== 'spare')
    .map((member) => ({
      ...member,
      isLeader: member === leader,
      progress: leader?.log?.progress.find(({ node }) => node === member.node) ?? null,
    }));
  // Without a leader, by the newest configuration that anybody has.
  const newest = members
    .flatMap(({ log }) => log ?? [])
    .toSorted((a, b) => b.config.index - a.config.index)[0];
  const config = leader?.log?.config ?? newest?.config;
  const voters = config?.voters ?? ids;
  const outgoing = config?.outgoing ?? [];
  const sets = outgoing.length === 0 ? [voters] : [voters, outgoing];
  const canAgree = sets.every((set) => hasMajority(set, nodes, links));
  const lasts = members.flatMap(({ view }) => (view === null ? [] : [view.last]));
  const firsts = members.flatMap(({ log }) => log?.entries[0]?.index ?? []);
  return {
    members,
    leader: members.find(({ isLeader }) => isLeader) ?? null,
    state: canAgree ? (leader === null ? 'electing' : 'led') : 'split',
    voters,
    outgoing,
    learners: config?.learners ?? [],
    connected: gathered(voters, leader?.node ?? null, nodes, links),
    majority: Math.floor(voters.length / 2) + 1,
    isLoaded: seen.every(({ view }) => view === null) || seen.some(({ view }) => view?.log !== undefined),
    first: firsts.length === 0 ? 1 : Math.min(...firsts),
    last: Math.max(0, ...lasts),
  };
}

/** Whose metadata is looked at first: the leader's, else that of the one up that has applied most. */
export function chiefOf({ leader, members }: PcsModel): PcsMember | null {
  const knows = ({ status, view }: PcsMember): number => (status === 'up' ? 1 + (view?.applied ?? 0) : 0);
  return leader ?? members.toSorted((a, b) => knows(b) - knows(a))[0] ?? null;
}

/** Groups with a replica on a node; whether it is drained (PCS-79), and whether no other node may take one of them (PCS-80). */
export interface ReplicasOn {
  readonly groups: readonly GroupId[];
  readonly isDrained: boolean;
  readonly isStuck: boolean;
}

export function replicasOn(view: MetaView | null, node: NodeId): ReplicasOn {
  const { groups = [], storage, sharding } = view ?? {};
  const own = groups
    .filter(({ members: { sets, learners } }) => [...sets.flat(), ...learners].includes(node))
    .map(({ group }) => group);
  const isDrained = view !== null && offlineNodes(view).includes(node);
  const plan = storage?.plan ?? sharding?.plan?.ops ?? [];
  const isStuck = isDrained && plan.some(({ why, group }) => why === 'NO_TARGET' && own.includes(group));
  return { groups: own, isDrained, isStuck };
}

/** How far an entry is at a member: each is true of those before it. `lost`: cut away, with a snapshot in its place. */
export type EntryState = 'none' | 'snapshot' | 'written' | 'durable' | 'committed' | 'applied';

export interface EntryCell {
  readonly entry: EntryView | null;
  readonly state: EntryState;
}

export function cellAt({ view, log }: PcsMember, index: number): EntryCell {
  if (view === null || index > view.last) return { entry: null, state: 'none' };
  const entry = log?.entries.find((one) => one.index === index) ?? null;
  const isIn = index <= (log?.snapshot.index ?? 0);
  if (entry === null) return { entry, state: isIn ? 'snapshot' : 'none' };
  if (index > view.durable) return { entry, state: 'written' };
  if (index > view.commit) return { entry, state: 'durable' };
  return { entry, state: index > view.applied ? 'committed' : 'applied' };
}

/** The entry as the leader has it, or else as whoever has it in the highest term. */
export function entryAt(model: PcsModel, index: number): EntryView | null {
  const of = (member: PcsMember): readonly EntryView[] =>
    member.log?.entries.filter((entry) => entry.index === index) ?? [];
  const [led] = model.leader === null ? [] : of(model.leader);
  return led ?? model.members.flatMap(of).toSorted((a, b) => b.term - a.term)[0] ?? null;
}

/** A field in both versions; null: the entity is not in that one. */
export interface DiffRow extends Pick<ContentRow, 'entity' | 'of' | 'field'> {
  readonly base: string | null;
  readonly at: string | null;
}

export const isChanged = ({ base, at }: DiffRow): boolean => base !== at;

const keyOf = ({ entity, of, field }: ContentRow): string => `${entity}\n${of}\n${field}`;

/** In the order of the newer version, what is gone at the end of its entity. */
export function diffRows({ at, base }: VersionsView): readonly DiffRow[] {
  const old = new Map(base.rows.map((row) => [keyOf(row), row]));
  const now = new Map(at.rows.map((row) => [keyOf(row), row]));
  const rows: DiffRow[] = at.rows.map((row) => ({
    entity: row.entity,
    of: row.of,
    field: row.field,
    at: row.value,
    base: old.get(keyOf(row))?.value ?? null,
  }));
  for (const row of base.rows.filter((one) => !now.has(keyOf(one)))) {
    const place = rows.findLastIndex(({ entity }) => entity === row.entity);
    const gone = { entity: row.entity, of: row.of, field: row.field, at: null, base: row.value };
    rows.splice(place < 0 ? rows.length : place + 1, 0, gone);
  }
  return rows;
}
