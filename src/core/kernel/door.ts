// The core's one door (docs/architecture.md): a node opens from a disk and changes only through `step`.
// Everything that enters or leaves a node is one of these plain values; virtual time and chance come in, never ambient.

import type { GroupId, NodeId, Time } from '../../base/ids.ts';
import type { Prng } from '../../base/prng.ts';
import type { Mutants } from './mutants.ts';
import type { Params } from './params.ts';
import type { TraceEvent } from './trace.ts';
import type { NodeView, RoleViews } from './view.ts';

/** Durable values by key. Values are exact-size byte arrays that nobody changes. */
export type DiskImage = ReadonlyMap<string, Uint8Array>;

/** One put (`bytes`) or delete (`null`) of a disk key. */
export interface Write {
  readonly key: string;
  readonly bytes: Uint8Array | null;
}

/** What a node hosts: the roles that have a view (view.ts). */
export type Role = keyof RoleViews;

export interface NodeSpec {
  readonly id: NodeId;
  readonly zone: string;
  readonly roles: readonly Role[];
  /** A compute node without a seat at the cluster's own volume: it waits until a restore gives it one (WAL-45). A node of the metadata that its log does not begin with: it waits until it is added (PCS-106). */
  readonly isSpare?: true;
  /** A compute node that reads the cluster's volume and never writes it (READ-1). */
  readonly isReader?: true;
  /** With `isReader`: a classic standby, for contrast: it replays a file of its own before its first read (READ-18, READ-31). */
  readonly isClassic?: true;
  /** A compute node of the volume's HA group (FENCE-18): it may write the volume, those with the greatest priority first. With `isReader` it begins as a standby. */
  readonly haPriority?: number;
  /** Seats of a compute node that wait for volumes; one at a spare node, none at another unless said here. */
  readonly spareSeats?: number;
  /** It was added to a cluster that runs: its agent joins the metadata under its name (PCS-3). */
  readonly isAdded?: true;
}

/** A protection group as the preset creates it: a page-key range `[keyFirst, keyEnd)` and its replicas. */
export interface GroupSpec {
  readonly id: GroupId;
  readonly replicas: readonly NodeId[];
  readonly keyFirst: number;
  readonly keyEnd: number;
  readonly vw: number;
  readonly vr: number;
  /** In a picture where each group has a volume of its own (PCS-39). */
  readonly volume?: string;
}

/** A chunk of the shared device and its replicas (FS-1, FS-70). */
export interface ChunkSpec {
  readonly id: GroupId;
  readonly replicas: readonly NodeId[];
}

export interface ClusterSpec {
  readonly preset: string;
  readonly volume: string;
  readonly nodes: readonly NodeSpec[];
  readonly groups: readonly GroupSpec[];
  /** Where the volume lies in files of a shared device: its chunks, in order. Then there are no protection groups. */
  readonly chunks?: readonly ChunkSpec[];
  /** Tables are cut into tablets, and a tablet gets its group and volume, with replicas and quorums of these sizes, when it is first written (PCS-39). No volume is there at the start. */
  readonly placement?: { readonly n: number; readonly vw: number; readonly vr: number };
}

export interface NodeConfig {
  readonly nodeId: NodeId;
  readonly roles: readonly Role[];
  readonly cluster: ClusterSpec;
  readonly params: Params;
  /** The node's own stream, keyed by (seed, node, life), as it begins: a role that draws from it keeps a copy in its state. */
  readonly prng: Prng;
  /** Planted bugs that are on; none in an honest run. */
  readonly mutants: Mutants;
}

/** Why a batch of writes did not become durable. */
export type DiskError = 'DISK_FULL' | 'EIO';

/**
 * Which room of a disk a batch may take (WAL-77). `data`: all but the two kept ones. `freeing`: what lets more go than it takes
 * may take the first of these as well. `recovery`: what a change of writer waits for takes every byte.
 */
export type Room = 'data' | 'freeing' | 'recovery';

export type ClientRequest =
  | {
      readonly kind: 'sql';
      readonly session: string;
      readonly text: string;
      readonly params: readonly (string | null)[];
    }
  | { readonly kind: 'cancel'; readonly session: string };

export interface StatementTree {
  readonly text: string;
  /** libpg-query's parse tree as UTF-8 JSON, or the parser's error. Made at the edge, untrusted by the node. */
  readonly tree: Uint8Array;
}

/** WAL-43, WAL-44: a CPL, or the newest commit at or before a time (virtual µs). */
export type RestorePoint =
  | { readonly kind: 'lsn'; readonly lsn: number }
  | { readonly kind: 'time'; readonly at: number };

/** PCS-90: what agents are asked to do. */
export type AskedCommand =
  | { readonly kind: 'getConfig' }
  | { readonly kind: 'setLogLevel'; readonly module: string; readonly level: string }
  | { readonly kind: 'dump' }
  | { readonly kind: 'drain' }
  | { readonly kind: 'getMetrics' };

/**
 * Commands of operators and of the load, by the role that takes them. A stack of its own roles extends it (declaration
 * merging) and with it `AgentCommand`; at run time a role's module lists the kinds it takes.
 */
export interface RoleCommands {
  driver:
    | {
        readonly kind: 'workload';
        readonly name: string;
        readonly spec: WorkloadSpec;
        readonly statements: readonly StatementTree[];
      }
    | { readonly kind: 'workloadSet'; readonly name: string; readonly spec: Partial<WorkloadSpec> }
    /** READ-46: where the session's statements go, and what its reads wait for. */
    | {
        readonly kind: 'session';
        readonly session: string;
        readonly target: string;
        readonly level: 'session' | 'eventual';
        /** READ-42: bound of its next request; −1: none. */
        readonly waitLsn: number;
      }
    | { readonly kind: 'workloadStop'; readonly name: string }
    /** Repeated to the metadata until it answers: a new volume beside its source, as of a point of its archive (WAL-45). */
    | {
        readonly kind: 'restore';
        readonly source: string;
        readonly to: RestorePoint;
        readonly volume: string;
      }
    /** A restore that is not done is given up, and what is loaded of it deleted. */
    | { readonly kind: 'cancelRestore'; readonly volume: string }
    /** A restored volume is given up, with all that it holds. */
    | { readonly kind: 'dropVolume'; readonly volume: string };
  meta: /** A replica of the group (null: of every group that has one there) moves; to itself: it is made anew. */
    | {
        readonly kind: 'moveReplica';
        readonly at: Time;
        readonly group: GroupId | null;
        readonly from: NodeId;
        readonly to: NodeId;
      }
    | { readonly kind: 'rollbackMove'; readonly at: Time; readonly group: GroupId | null }
    /** This store archives the group (null: all of the backed up volume) from now on (WAL-40). */
    | {
        readonly kind: 'nameArchiver';
        readonly at: Time;
        readonly group: GroupId | null;
        readonly to: NodeId;
      }
    /** The node becomes a member of the metadata's log under a new identity, or is one no more (PCS-106). */
    | {
        readonly kind: 'changePcs';
        readonly at: Time;
        readonly node: NodeId;
        readonly want: 'in' | 'out';
      }
    /** PCS-92: a key of the configuration, `expect`: only if that is the newest version; `value` `unset`: the next scope decides. */
    | {
        readonly kind: 'putConfig';
        readonly at: Time;
        readonly scope: string;
        readonly key: string;
        readonly value: string;
        readonly expect: number | null;
      }
    /** PCS-99: one command for the agent of each of these nodes. */
    | {
        readonly kind: 'ask';
        readonly at: Time;
        readonly nodes: NodeId[];
        readonly command: AskedCommand;
      }
    /** FENCE-33: the volume's writer hands over to this standby, and nothing is discarded. */
    | { readonly kind: 'switchover'; readonly at: Time; readonly volume: string; readonly target: NodeId }
    /** FENCE-18: a reader becomes a standby. */
    | {
        readonly kind: 'moveToHa';
        readonly at: Time;
        readonly volume: string;
        readonly node: NodeId;
        readonly priority: number;
      }
    /** PCS-46: the group's tablet gives its keys from `key` on to a group of their own; empty: those of the upper half of its rows. */
    | { readonly kind: 'splitGroup'; readonly at: Time; readonly group: GroupId; readonly key: string }
    /** PCS-122: the tablets of two groups, which are neighbours, become one. */
    | {
        readonly kind: 'mergeGroups';
        readonly at: Time;
        readonly group: GroupId;
        readonly other: GroupId;
      }
    /** PCS-79: the node serves no more, and ends. */
    | { readonly kind: 'removeNode'; readonly at: Time; readonly node: NodeId }
    /** PCS-79: replicas leave the node, which ends then; or it is to stay. */
    | { readonly kind: 'setOffline'; readonly at: Time; readonly node: NodeId; readonly isOffline: boolean };
  compute: /** `volume`: at which seat; empty: at that of the cluster's own. No-op records up to this LSN, the groups in turn. */
    | {
        readonly kind: 'padTo';
        readonly volume: string;
        readonly upTo: number;
        readonly groups: readonly GroupId[];
      }
    /** Reads a page as of an older read point, to look at it only. */
    | {
        readonly kind: 'readPage';
        readonly volume: string;
        readonly blockKey: number;
        readonly readPoint: number;
      }
    /** A page leaves the buffer if it may (WAL-10), is kept there, or is kept no more. */
    | {
        readonly kind: 'evictPage' | 'pinPage' | 'unpinPage';
        readonly volume: string;
        readonly blockKey: number;
      }
    /** READ-28: the session of a reader ends, whatever it still reads. */
    | { readonly kind: 'revokeReader'; readonly volume: string; readonly reader: NodeId };
  agent: /** A person changes the node's copy of the configuration, past the metadata (drift). */ {
    readonly kind: 'editConfig';
    readonly key: string;
    readonly value: string;
  };
  /** The replica of the group (null: every one) requests no hole, or requests again. */
  store: { readonly kind: 'pauseHoles'; readonly group: GroupId | null; readonly isPaused: boolean };
}
export type AgentCommand = RoleCommands[keyof RoleCommands];

export type WorkloadKind =
  | 'transfer'
  | 'tablet-transfer'
  | 'tpcb'
  | 'ycsb-a'
  | 'ycsb-b'
  | 'ycsb-c'
  | 'ycsb-d'
  | 'kv-insert'
  | 'kv-tables'
  | 'register'
  | 'lost-update'
  | 'write-skew'
  | 'list-append'
  | 'append-levels'
  | 'counter'
  | 'counter-steps'
  | 'churn'
  | 'indexed'
  | 'serial-tables';

/** A workload of clients inside a driver; rate and concurrency may be changed while it runs. */
export interface WorkloadSpec {
  readonly kind: WorkloadKind;
  /** Rows (accounts, keys) it works on. */
  readonly rows: number;
  /** Closed loop: number of clients. Open loop: limit of statements in flight. */
  readonly clients: number;
  /** Closed loop pause after a reply, virtual µs. */
  readonly thinkUs: number;
  /** Open loop arrivals per virtual second; 0 means closed loop. */
  readonly ratePerSecond: number;
  /** Percentage of point reads where the kind leaves it open. */
  readonly readPercent: number;
  /** Percentage of operations on the first five rows; the rest is uniform (YCSB: zipfian). */
  readonly hotPercent: number;
  /** Bytes of a value where the kind has one. */
  readonly valueBytes: number;
  /** True creates and loads the tables first. */
  readonly load: boolean;
}

/** Everything that may enter a node. `now` is the node's own clock in virtual µs (skew included). */
export type Input<Message> = { readonly now: Time } & (
  | { readonly kind: 'message'; readonly from: NodeId; readonly message: Message; readonly traceId: number }
  | { readonly kind: 'diskDone'; readonly id: number; readonly error: DiskError | null }
  | {
      readonly kind: 'readDone';
      readonly id: number;
      readonly values: readonly (Uint8Array | null)[];
      readonly error: 'EIO' | null;
    }
  | { readonly kind: 'wake'; readonly timer: string }
  /** End in good order: what a clean exit saves is to be saved now; the power goes off soon (HOLE-51). */
  | { readonly kind: 'stop' }
  | {
      readonly kind: 'clientRequest';
      readonly requestId: string;
      readonly request: ClientRequest;
      readonly statements: readonly StatementTree[];
    }
  | { readonly kind: 'agentCommand'; readonly command: AgentCommand }
);

/** The timer that wakes a node right after it was opened. */
export const BOOT_TIMER = 'boot';

/**
 * Everything that may leave a node. `traceId` names the client's statement that it is done for (PCS-94); of a disk request or
 * an event it is for whoever looks on, part of no byte and no hash, and without it that of the input counts.
 */
export type Effect<Message> =
  | { readonly kind: 'send'; readonly to: NodeId; readonly message: Message; readonly traceId: number }
  /** An ordered batch of writes; `then` happens only once all of it is durable, right after `diskDone` was stepped. */
  | {
      readonly kind: 'store';
      readonly id: number;
      readonly writes: readonly Write[];
      readonly then: readonly Effect<Message>[];
      /** Where nothing is said: `data`. */
      readonly room?: Exclude<Room, 'data'>;
      readonly traceId?: number;
    }
  | {
      readonly kind: 'read';
      readonly id: number;
      readonly keys: readonly string[];
      readonly traceId?: number;
    }
  /** Sets (or with `null` clears) the named timer; a second call replaces the first. */
  | { readonly kind: 'wakeAt'; readonly timer: string; readonly at: Time | null }
  | { readonly kind: 'reply'; readonly requestId: string; readonly result: ClientResult }
  /** The node ends for good: its metadata has removed it (PCS-79). It does nothing after this step. */
  | { readonly kind: 'exit' }
  | { readonly kind: 'trace'; readonly event: TraceEvent; readonly traceId?: number };

export interface Column {
  readonly name: string;
  readonly type: string;
}

/** Where the rows of a result lie: the tid of each (block · 65536 + slot), −1 for a row that is none of the table's. */
export interface RowOrigin {
  readonly relation: number;
  /** WAL-22: what the reader saw. */
  readonly readPoint: number;
  readonly tids: readonly number[];
}

/** Tag of a statement whose request was committed before (FENCE-43): what it gave then is not kept. */
export const REPLAYED = 'REPLAYED';

/** One statement's outcome as a person sees it. Values are PostgreSQL text form. */
export type StatementResult =
  | {
      readonly kind: 'rows';
      readonly tag: string;
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly (string | null)[])[];
      /** Null when the rows are computed, not read (aggregates, constants). */
      readonly origin: RowOrigin | null;
    }
  | { readonly kind: 'done'; readonly tag: string }
  | {
      readonly kind: 'error';
      readonly sqlstate: string;
      readonly message: string;
      readonly position: number | null;
    };

/** The answer to a client request. `unknown`: it may or may not have been applied, never guessed. */
export interface ClientResult {
  readonly outcome: 'ok' | 'error' | 'unknown';
  readonly statements: readonly StatementResult[];
  /** SCN of the last commit it made, or −1. */
  readonly scn: number;
  /** Of a read of several volumes (PCS-56): the node that gathered it, and where each volume was read. */
  readonly readAt?: ReadAt;
}

export interface ReadAt {
  readonly node: NodeId;
  readonly points: readonly { readonly volume: string; readonly readPoint: number }[];
}

/** What a world needs to run a kind of node. The cluster and the toy each export one. */
export interface NodeProgram<State, Message> {
  readonly openNode: (config: NodeConfig, disk: DiskImage) => State;
  readonly step: (state: State, input: Input<Message>) => Effect<Message>[];
  /** For clones only (twins, undo): same state, nothing volatile lost. */
  readonly adopt: (state: State) => State;
  readonly encodeMessage: (message: Message, traceId: number) => Uint8Array;
  readonly decodeMessage: (
    bytes: Uint8Array,
  ) => { readonly message: Message; readonly traceId: number } | { readonly error: string };
  readonly nodeView: (state: State, params: ViewParams) => NodeView;
  /** Label and family of a message in flight, for canvas and list. */
  readonly describeMessage: (message: Message) => MessageLabel;
  /** Family of a frame without decoding it; what is no frame is `control`. */
  readonly familyOfFrame: (bytes: Uint8Array) => MessageFamily;
}

/** Families of messages: one hue, shape and letter each. */
export type MessageFamily =
  | 'sqlRequest'
  | 'sqlReply'
  | 'wal'
  | 'ack'
  | 'holeRequest'
  | 'holeFill'
  | 'pageRead'
  | 'pageReply'
  | 'control'
  | 'heartbeat'
  | 'fence'
  | 'archive';

export interface MessageLabel {
  readonly kind: string;
  readonly family: MessageFamily;
  readonly group: GroupId | null;
  /** LSN range `[first, last)` it is about, or null. */
  readonly range: readonly [number, number] | null;
  readonly token: number | null;
  /** Page it is about, when it is about one. */
  readonly blockKey?: number;
  /** First byte of its chunk that it writes, of a write of one piece. */
  readonly place?: number;
  /** Client request it was sent for; 0 when none. */
  readonly trace?: number;
}

export interface WantedPage {
  readonly blockKey: number;
  readonly at: number | null;
  /** The last record of the page's group at or below `at`, as a reader names it in its request (WAL-34); absent: `at`. */
  readonly groupAt?: number;
}

/** Bytes of a chunk of the shared device. */
export interface DevicePlace {
  readonly group: GroupId;
  readonly at: number;
  readonly length: number;
}

/** What the screen asks of a node's view: window of LSNs for lists, group. */
export interface ViewParams {
  readonly group: GroupId | null;
  /** Clip for list-like parts, `[first, last)`; null: the newest `span` LSNs. */
  readonly lsnWindow: readonly [number, number] | null;
  readonly span: number;
  /** True when the inspector or a lens needs the long form. */
  readonly detail: boolean;
  /** Stores list their records from this LSN on, whatever the window is: where a recovery would end depends on them. */
  readonly recordsFrom?: number;
  /** Log buffer, read points and waits of the writer. */
  readonly log?: boolean;
  /** Frames of the buffer pool, tables, and the stores' block index. */
  readonly pages?: boolean;
  /** Statements whose plans are measured. */
  readonly plans?: boolean;
  /** The file system as each mount has it, LogIndex, the blocks of chunks; and the bytes of these places, as each chunk server has them. */
  readonly files?: readonly DevicePlace[];
  /** Pages in full, each at a read point (null: the newest). */
  readonly wanted?: readonly WantedPage[];
  /** Transaction whose commit record the stores look up. */
  readonly commitOf?: number | null;
  /** The log of the metadata's members, and what `node` holds as of two of its entries. Null: the newest, and the one before `at`. */
  readonly metadata?: {
    readonly node: NodeId | null;
    readonly at: number | null;
    readonly base: number | null;
  };
}
