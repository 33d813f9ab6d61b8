// State of a volume's opening by its writer (docs/spec/wal.md §9, failover.md §4): which step it is at and who has
// answered it. Plain data; recovery.ts holds the steps.

import type { Lsn, NodeId, Term, Time } from '../../base/ids.ts';
import type { NodeConfig } from '../kernel/door.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { Mutants } from '../kernel/mutants.ts';
import { backedUpVolume } from '../object-store/backed-up.ts';
import type { Recovered, RecoveryReport } from './recovery-compute.ts';

/**
 * `waiting` for a volume (WAL-45) · `grant` H1 · `create` WAL-4 · `fence` R1 · `claim` H3 · `read` R2 to R4 · `install` R5 · `fill` R6 · `open` R7 ·
 * `opened`: the writer may start · `termStart`: its first record is on the way · `publish` H8 · `done` · `fenced`.
 */
export type RecoveryPhase =
  | 'waiting'
  | 'grant'
  | 'create'
  | 'fence'
  | 'claim'
  | 'read'
  | 'install'
  | 'fill'
  | 'open'
  | 'opened'
  | 'termStart'
  | 'publish'
  | 'done'
  | 'fenced';

/** Heartbeats. */
const CREATE_BEATS = 25;

export interface RecoveryGroup {
  /** As granted; a rollback that was committed since then gives a newer one (WAL-69). */
  descriptor: Descriptor;
  members: readonly NodeId[];
  readonly created: Set<NodeId>;
  /** R1: the token is durable there. */
  readonly tokens: Set<NodeId>;
  readonly reports: RecoveryReport[];
  /** R5: history and truncation are durable there. */
  readonly histories: Set<NodeId>;
  /** R6: SCL ≥ maxNWL there. */
  readonly filled: Set<NodeId>;
  readonly opened: Set<NodeId>;
  /** SCLs reported under this token. */
  readonly scls: Map<NodeId, Lsn>;
  /** Positions still missing below maxNWL, as last reported. */
  readonly left: Map<NodeId, number>;
  maxNwl: Lsn;
  /** Tokens to read with when reads come before tokens. */
  readonly readAs: Map<NodeId, Term>;
}

export interface RecoveryState {
  /** Empty while the attachment waits for one. */
  volume: string;
  /** Volumes of the node's other attachments, while this one waits. */
  held: readonly string[];
  /** First group of the volume that a spare attachment was given. */
  given: string;
  /** The volume that archivers back up, or null (WAL-37). */
  readonly backedUp: string | null;
  readonly meta: NodeId;
  readonly boot: number;
  readonly lal: number;
  readonly retryUs: number;
  /** PCS-120: so long a creation waits for the last of its replicas. */
  readonly createUs: number;
  readonly mutants: Mutants;
  /** Added to the numbers of its requests to the metadata. */
  requests: number;
  phase: RecoveryPhase;
  /** When the creation began under this token. */
  createdFrom: Time;
  token: Term;
  /** The metadata says that some earlier writer completed the volume's creation. */
  isCreated: boolean;
  groups: RecoveryGroup[];
  recovered: Recovered | null;
}

/** `volume` empty: the attachment waits for one. */
export function makeRecovery(config: NodeConfig, volume: string, meta: NodeId, boot: number): RecoveryState {
  return {
    volume,
    held: [],
    given: '',
    backedUp: backedUpVolume(config.cluster),
    meta,
    boot,
    lal: config.params.lal,
    retryUs: config.params.recoveryRetryMs * 1000,
    createUs: CREATE_BEATS * config.params.nodeHeartbeatMs * 1000,
    mutants: config.mutants,
    requests: 0,
    phase: 'grant',
    createdFrom: 0 as Time,
    token: 0 as Term,
    isCreated: false,
    groups: [],
    recovered: null,
  };
}

export const membersOf = (descriptor: Descriptor): readonly NodeId[] => [
  ...new Set([...descriptor.sets.flat(), ...descriptor.learners]),
];

export function makeRecoveryGroup(descriptor: Descriptor): RecoveryGroup {
  return {
    descriptor,
    members: membersOf(descriptor),
    created: new Set(),
    tokens: new Set(),
    reports: [],
    histories: new Set(),
    filled: new Set(),
    opened: new Set(),
    scls: new Map(),
    left: new Map(),
    maxNwl: (descriptor.baseLsn - 1) as Lsn,
    readAs: new Map(),
  };
}

export const hasReport = (group: RecoveryGroup, node: NodeId): boolean =>
  group.reports.some((report) => report.replica === node);
