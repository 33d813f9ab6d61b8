// The placement lens as data (docs/spec/pcs.md §3, placement.md §1, §3): which node leads and stores each shard group, which keys it has, what of
// its members changes, how its log is cut into shards, how much each group and node does, and what drivers believe. Pure: views
// of nodes and events go in, so live, review and replay show the same.

import type { DriverView } from '../../../../../core/client/driver-view.ts';
import type {
  CutTableView,
  MetaGroupView,
  MetaView,
  MoveView,
  ShardGroupView,
} from '../../../../../core/pcs/pcs-view.ts';
import type { NodeState } from '../../../../../core/placement/placement-state.ts';
import type { ListedEvent, NodeFrame, NodeStatus } from '../../../../../run-model/picture/frame.ts';
import { metadataIn, viewsIn } from '../../../../../state/role-views.ts';
import { computeOf, type Health, healthOf, pcsStateOf, storeOf } from '../../../../model/node-facts.ts';
import { attachmentAt } from '../../../../model/volumes.ts';
import {
  type DrainRow,
  drainRows,
  type PastOperator,
  type PlannedMove,
  pastOperators,
  plannedMoves,
  type RunningMove,
  runningMoves,
} from './operators.ts';

/** `primary` also votes; `outgoing`: a voter of the old set of an open change only, and so is a `leavingPrimary`, which leads until it hands over. */
export type Attachment = 'primary' | 'leavingPrimary' | 'replica' | 'outgoing' | 'learner' | 'none';

/** Requests that drivers sent to a group, and commits of its volume, in the window that is looked back. */
export interface Load {
  readonly requests: number;
  readonly commits: number;
}

/** What a driver believes of a group, where that is not the truth. */
export interface OldRoute {
  readonly driver: string;
  readonly leader: string | null;
  readonly term: number;
  readonly memberEpoch: number;
}

export interface PlacementRow {
  readonly group: string;
  readonly volume: string;
  /** Of the table's tablets, from 1; 0: no table has these keys. */
  readonly tablet: number;
  readonly table: string;
  /** `[26, 51)`, by the first column of the primary key; `÷ g1`: none yet, a split is to give it the upper ones of that group. */
  readonly keys: string;
  readonly leader: string | null;
  /** The leader is up and has the volume open; until then it is appointed only. */
  readonly isServed: boolean;
  readonly term: number;
  readonly memberEpoch: number;
  readonly geoEpoch: number;
  readonly vw: number;
  readonly vr: number;
  readonly attachments: Readonly<Record<string, Attachment>>;
  readonly move: MoveView | null;
  readonly shards: ShardGroupView['shards'];
  /** The greatest LSN that a replica has of it; −1: none says. */
  readonly tail: number;
  /** Pages that the fullest replica has. */
  readonly pages: number;
  /** What its leader reported to the PCS (PCS-96); null: the metadata does not say. */
  readonly reported: { readonly size: number; readonly load: number } | null;
  readonly load: Load;
  readonly old: readonly OldRoute[];
}

export interface PlacementNode {
  readonly id: string;
  readonly zone: string;
  readonly status: NodeStatus;
  /** As its card says it, and what the leader of the metadata holds it to be where one of them is not well (`pcsStateOf`). */
  readonly health: Health;
  readonly pcsState: NodeState | null;
  /** Replicas are to leave it; it ends once none is there (PCS-79). */
  readonly isDrained: boolean;
  readonly leads: number;
  /** Of those, the groups whose volume it has open. */
  readonly serves: number;
  readonly replicas: number;
  readonly load: Load;
  /** R and L, by which the planner compares nodes (PCS-62); null: nobody plans. */
  readonly cost: number | null;
  readonly leaderCost: number | null;
}

/** A tablet that nobody has written yet: it gets its group with the first write (PCS-39). */
export interface BareTablet {
  readonly table: string;
  readonly tablet: number;
  readonly keys: string;
}

export interface DriverCopy {
  readonly driver: string;
  readonly version: number;
  readonly schemaVersion: number;
  readonly isDoubted: boolean;
  /** Groups of which it believes something else than is true. */
  readonly old: number;
  /** Groups that it does not know. */
  readonly missing: number;
  /** The whole copy, in the order of the lens. */
  readonly routes: readonly DriverRoute[];
}

/** A group as a driver's copy of the map has it, beside what is so. */
export interface DriverRoute {
  readonly group: string;
  readonly leader: string | null;
  readonly term: number;
  readonly memberEpoch: number;
  readonly geoEpoch: number;
  readonly isTrue: boolean;
}

export interface PlacementModel {
  readonly mapVersion: number;
  readonly schemaVersion: number;
  readonly tables: readonly CutTableView[];
  readonly nodes: readonly PlacementNode[];
  readonly rows: readonly PlacementRow[];
  readonly bare: readonly BareTablet[];
  readonly drivers: readonly DriverCopy[];
  readonly running: readonly RunningMove[];
  /** What the planner would begin next; null: it does not say, nobody leads the metadata. */
  readonly planned: readonly PlannedMove[] | null;
  /** It waits: nodes came, or were ordered to leave, a moment ago (PCS-75). */
  readonly isSettling: boolean;
  readonly past: readonly PastOperator[];
  readonly drains: readonly DrainRow[];
  /** Most commits and requests of a group, for the bars. */
  readonly most: number;
  /** Who says all this, and in which term it leads; null: no node leads. */
  readonly source: { readonly node: string; readonly term: number } | null;
}

type Nodes = Readonly<Record<string, NodeFrame>>;

/** The keys of the `i`-th tablet. */
export function keysOf({ tablets }: CutTableView, i: number): string {
  const [from, end] = [tablets[i]?.from ?? '', tablets[i + 1]?.from ?? ''];
  return `[${from === '' ? '−∞' : from}, ${end === '' ? '+∞' : end})`;
}

function attachmentOf({ members }: MetaGroupView, leader: string | null, node: string): Attachment {
  const { sets, learners } = members;
  const isOutgoing =
    !sets.at(-1)?.some((id) => id === node) && sets.some((set) => set.some((id) => id === node));
  if (node === leader) return isOutgoing ? 'leavingPrimary' : 'primary';
  if (isOutgoing) return 'outgoing';
  if (sets.at(-1)?.some((id) => id === node)) return 'replica';
  return learners.some((id) => id === node) ? 'learner' : 'none';
}

function isServedBy(node: NodeFrame | undefined, volume: string): boolean {
  const view = node?.status === 'down' ? null : computeOf(node);
  return view !== null && attachmentAt(view, volume)?.state === 'open';
}

const noLoad: Load = { requests: 0, commits: 0 };

/** By group and by volume. */
function countLoad(events: readonly ListedEvent[]): (group: string, volume: string) => Load {
  const requests = new Map<string, number>();
  const commits = new Map<string, number>();
  for (const { event } of events)
    if (event.kind === 'driver.route') requests.set(event.group, (requests.get(event.group) ?? 0) + 1);
    else if (event.kind === 'commit.ack') commits.set(event.volume, (commits.get(event.volume) ?? 0) + 1);
  return (group, volume) => ({ requests: requests.get(group) ?? 0, commits: commits.get(volume) ?? 0 });
}

const sum = (loads: readonly Load[]): Load =>
  loads.reduce(
    (all, { requests, commits }) => ({ requests: all.requests + requests, commits: all.commits + commits }),
    noLoad,
  );

interface Tablet {
  readonly table: CutTableView;
  readonly at: number;
}

function tabletAt(tables: readonly CutTableView[], keyFirst: number): Tablet | null {
  for (const table of tables) {
    const at = table.tablets.findIndex((one) => one.keyFirst === keyFirst);
    if (at >= 0) return { table, at };
  }
  return null;
}

/** Whose keys a group is to have: of a split the upper ones, of a merge all of both. */
const comingKeys = ({ group, other }: { readonly group: string; readonly other: string | null }): string =>
  other === null ? `÷ ${group}` : `∪ ${group} ${other}`;

function rowsOf(
  meta: MetaView,
  nodes: Nodes,
  drivers: readonly Driver[],
  load: ReturnType<typeof countLoad>,
): PlacementRow[] {
  const { sharding, groups } = meta;
  const all = Object.values(nodes);
  const rows = (sharding?.groups ?? []).flatMap((shard): PlacementRow[] => {
    const known = groups.find(({ group }) => group === shard.group);
    if (known === undefined) return [];
    const { group, volume, leader, term, geoEpoch, shards, size, load: asked } = shard;
    // who is to have the keys of another group stands below it until they are given away
    const split = sharding?.splits.find(({ child }) => child === shard.group);
    const from = split?.group;
    const giver = sharding?.groups.find((one) => one.group === from) ?? shard;
    const tablet = tabletAt(sharding?.tables ?? [], giver.keyFirst);
    const replicas = all.flatMap((node) => storeOf(node)?.groups.filter((one) => one.group === group) ?? []);
    const { memberEpoch, vw, vr } = known.members;
    const hosts = all.filter(({ roles }) => roles.includes('store'));
    return [
      {
        group,
        volume,
        tablet: tablet === null ? 0 : tablet.at + 1,
        table: tablet?.table.name ?? '',
        keys:
          tablet === null ? '' : split === undefined ? keysOf(tablet.table, tablet.at) : comingKeys(split),
        leader,
        isServed: isServedBy(nodes[leader ?? ''], volume),
        term,
        memberEpoch,
        geoEpoch,
        vw,
        vr,
        attachments: Object.fromEntries(hosts.map(({ id }) => [id, attachmentOf(known, leader, id)])),
        move: known.move,
        shards,
        tail: Math.max(-1, ...replicas.map(({ nwl }) => nwl - 1)),
        pages: Math.max(0, ...replicas.map(({ pages }) => pages)),
        reported: size === null || asked === null ? null : { size, load: asked },
        load: load(group, volume),
        old: drivers.flatMap(({ driver, view }) => {
          const route = view.shards?.groups.find((one) => one.group === group);
          const isTrue =
            route === undefined ||
            (route.leader === leader && route.term === term && route.memberEpoch === memberEpoch);
          return isTrue
            ? []
            : [{ driver, leader: route.leader, term: route.term, memberEpoch: route.memberEpoch }];
        }),
      },
    ];
  });
  const place = ({ table, tablet, keys }: PlacementRow): string =>
    `${table}\n${String(tablet).padStart(4, '0')}\n${keys}`;
  return rows.sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

interface Driver {
  readonly driver: string;
  readonly view: DriverView;
}

function copyOf({ driver, view: { shards } }: Driver, rows: readonly PlacementRow[]): DriverCopy[] {
  if (shards === undefined) return [];
  const { version, schemaVersion, isDoubted, groups } = shards;
  const isOld = ({ old }: PlacementRow): boolean => old.some((one) => one.driver === driver);
  return [
    {
      driver,
      version,
      schemaVersion,
      isDoubted,
      old: rows.filter(isOld).length,
      missing: rows.filter(({ group }) => !groups.some((one) => one.group === group)).length,
      routes: rows.flatMap((row) =>
        groups.filter((one) => one.group === row.group).map((one) => ({ ...one, isTrue: !isOld(row) })),
      ),
    },
  ];
}

/** `events`: of the window in which load is counted; `operations`: of the one in which operators are looked back at. */
export function projectPlacement(
  nodes: Nodes,
  events: readonly ListedEvent[],
  operations: readonly ListedEvent[] = events,
): PlacementModel | null {
  const all = Object.values(nodes);
  const meta = metadataIn({ nodes: all });
  const { sharding } = meta ?? {};
  if (meta === null || sharding === undefined) return null;
  const drivers = viewsIn({ nodes: all }, 'driver').map(({ node, view }): Driver => ({ driver: node, view }));
  const load = countLoad(events);
  const rows = rowsOf(meta, nodes, drivers, load);
  const isPlaced = (table: string, tablet: number): boolean =>
    rows.some((row) => row.table === table && row.tablet === tablet);
  const leader = viewsIn({ nodes: all }, 'meta').find(
    ({ status, view }) => status === 'up' && view.member === 'leader' && view.term === meta.term,
  );
  const { plan = null } = sharding;
  const past = pastOperators(operations, new Map(rows.map((row) => [row.volume, row.group])));
  return {
    mapVersion: meta.mapVersion,
    schemaVersion: sharding.schemaVersion,
    tables: sharding.tables,
    nodes: all
      .filter(({ roles }) => roles.includes('store'))
      .map((node) => {
        const { id, zone, status } = node;
        const led = rows.filter((row) => row.leader === id);
        return {
          id,
          zone,
          status,
          isDrained: sharding.offline.some((one) => one === id),
          health: healthOf(node),
          pcsState: pcsStateOf(nodes, id),
          leads: led.length,
          serves: led.filter((row) => row.isServed).length,
          replicas: rows.filter(
            ({ attachments }) => attachments[id] !== undefined && attachments[id] !== 'none',
          ).length,
          load: sum(led.map((row) => row.load)),
          cost: plan?.nodes.find(({ node }) => node === id)?.cost ?? null,
          leaderCost: plan?.nodes.find(({ node }) => node === id)?.leaderCost ?? null,
        };
      }),
    rows,
    bare: sharding.tables.flatMap((table) =>
      table.tablets.flatMap((_, i) =>
        isPlaced(table.name, i + 1) ? [] : [{ table: table.name, tablet: i + 1, keys: keysOf(table, i) }],
      ),
    ),
    drivers: drivers.flatMap((one) => copyOf(one, rows)),
    running: runningMoves(meta, nodes, past),
    planned: leader === undefined || plan === null ? null : plannedMoves(plan),
    isSettling: plan?.isSettling ?? false,
    past,
    drains: drainRows(meta, nodes),
    most: Math.max(1, ...rows.map((row) => Math.max(row.load.requests, row.load.commits))),
    source: leader === undefined ? null : { node: leader.node, term: meta.term },
  };
}
