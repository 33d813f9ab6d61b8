// What a node keeps of the statements that it gathers for drivers (docs/spec/pcs.md §4, PCS-56, PCS-97): plain data.

import type { Lsn, NodeId, Term, Time } from '../../base/ids.ts';
import type { StatementTree } from '../kernel/client-calls.ts';
import type { TableEntry } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { Mutants } from '../kernel/mutants.ts';
import type { Params } from '../kernel/params.ts';
import type { Routing } from '../placement/route-request.ts';
import type { MapCopy, ShardGroup } from '../placement/shard-map.ts';
import type { Row, TableDef } from '../sql/access.ts';
import type { Execution, PlanNode } from '../sql/statement.ts';

/** Sessions of drivers at one node; beyond it an idle one is forgotten, and where all are at work the request waits. */
export const MAX_GATHERINGS = 1024;

/** What a node gathers by: its own copy of the map, and who has asked it. */
export interface Gatherer {
  copy: MapCopy;
  /** Questions for the map so far, and the newest that was answered; when the next is due, null while nobody waits for one. */
  asked: number;
  answered: number;
  askAt: Time | null;
  backoffMs: number;
  /** Greatest number of a request to a primary: a session that is made begins above it. */
  sequence: number;
  drawn: number;
  /** By driver and its session. */
  readonly sessions: Map<string, Gathering>;
  timerAt: Time | null;
}

export interface Gathering {
  readonly key: string;
  readonly driver: NodeId;
  /** By volume, the number of the last request to its primary: without gaps (FENCE-47), from the first on. */
  readonly sent: Map<string, number>;
  readonly firstSent: number;
  readonly session: string;
  readonly incarnation: number;
  /** Last request taken, or the first that may come after an end, and its answer once made. */
  sequence: number;
  reply: MessageOf<'GatherReply'> | null;
  traceId: number;
  /** When it was answered last. */
  lastUsed: Time;
  tx: GatherTx | null;
  read: GatherRead | null;
}

export interface GatherTx {
  readonly id: number;
  /** The request that began it. */
  readonly sequence: number;
  readonly startedAt: Time;
  readonly isRepeatable: boolean;
  isFailed: boolean;
  /** At repeatable read: each volume that was read, and where it is read on. */
  readonly volumes: Map<string, Held>;
  /** At repeatable read: by volume, who was asked for a part and may keep a transaction open. */
  readonly asked: Map<string, readonly NodeId[]>;
}

/** A transaction that a primary keeps open for a later part, at the same read point. */
export interface Held {
  readonly to: NodeId;
  readonly term: Term;
}

export interface GatherRead {
  readonly id: number;
  readonly startedAt: Time;
  /** Its driver was told then that it is carried out, or it began: so long it waits for primaries that are silent. */
  heardAt: Time;
  readonly plan: PlanNode;
  readonly params: readonly (string | null)[];
  /** Questions for the map that were asked before it began. */
  readonly mapAsked: number;
  readonly parts: GatherPart[];
  /** By table, once all parts are here. */
  rows: ReadonlyMap<string, readonly Row[]> | null;
  execution: Execution | null;
}

export interface GatherPart {
  readonly relation: number;
  readonly table: TableDef;
  readonly columns: readonly boolean[];
  versions: readonly { readonly id: number; readonly version: number }[];
  /** Of the tablet, by the definitions that the statement was planned by. */
  geoEpoch: number;
  readonly statement: StatementTree;
  readonly params: readonly (string | null)[];
  routing: Routing;
  group: ShardGroup | null;
  /** Who was asked, under which token, by which number; null: nobody yet, or it is to be a new request. */
  asked: { readonly to: NodeId; readonly term: Term; readonly sequence: number } | null;
  awaitsMap: boolean;
  /** When who was asked has said last that he is at work, and how often he was asked since (FENCE-47). */
  heardAt: Time | null;
  unheard: number;
  /** When it is looked at again. */
  dueAt: Time;
  /** Null until they are here. */
  rows: readonly Row[] | null;
  volume: string;
  readPoint: Lsn;
}

/** Of the node, for one step. */
export interface GatherHost {
  readonly nodeId: NodeId;
  readonly meta: NodeId;
  readonly incarnation: number;
  readonly params: Params;
  readonly mutants: Mutants;
  readonly tables: readonly TableEntry[];
  /** PCS-87: it may serve by its definitions. */
  readonly isServing: boolean;
}

export const makeGatherer = (): Gatherer => ({
  copy: { version: 0, groups: [] },
  asked: 0,
  answered: 0,
  askAt: null,
  backoffMs: 0,
  sequence: 0,
  drawn: 0,
  sessions: new Map(),
  timerAt: null,
});

/** PCS-85: a statement reads by definitions of these tables. */
export const gathersFrom = ({ sessions }: Gatherer, relations: readonly number[]): boolean =>
  [...sessions.values()].some(({ read }) => read?.parts.some(({ relation }) => relations.includes(relation)));

/** Of a tablet that definitions have no more: it was merged, and what reads it is planned anew (PCS-58, PCS-122). */
export const gathersGone = ({ sessions }: Gatherer, relations: readonly number[]): boolean =>
  [...sessions.values()].some(({ read }) =>
    read?.parts.some(({ relation }) => !relations.includes(relation)),
  );

/** What is read at one read point a volume: a transaction at repeatable read, or a statement. */
export const pointId = ({ tx }: Gathering, read: number): number => (tx?.isRepeatable ? tx.id : read);
