// What the metadata's leader remembers of restores (docs/spec/wal.md WAL-45): memory only; the jobs are in the log.

import type { GroupId, NodeId, RequestNumber, Time } from '../../base/ids.ts';
import { spareAttachmentsOf } from '../kernel/attachments.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';
import { type RoleContext, wakeAt } from '../kernel/context.ts';
import type { NodeConfig } from '../kernel/door.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { Mutants } from '../kernel/mutants.ts';
import type { ObjectParts } from '../object-store/object-parts.ts';
import type { MetaOperation } from './meta-content.ts';
import type { RestoreOrder } from './restore-plan.ts';

export const RESTORE_TIMER = 'restore';

export type RestoreProgress = Pick<MessageOf<'RestoreReport'>, 'phase' | 'done' | 'total' | 'bytes'> & {
  /** When `done` last grew. */
  readonly at: Time;
};

type Begin = Extract<MetaOperation, { kind: 'beginRestore' }>;

export type OrderId = Pick<Begin, 'from' | 'boot' | 'reqId'>;

/** A restore that is not yet an entry. */
export interface Asking {
  readonly id: OrderId;
  readonly order: RestoreOrder;
  reqId: RequestNumber | null;
  /** The manifest's own object, once its name is known. */
  object: string;
  fetched: ObjectParts;
  /** Made, and waiting for its objects to be pinned, then for its entry to be durable. */
  plan: Begin | null;
}

export type Pin = MessageOf<'PinObjects'>['pins'][number];

export interface PinDriver {
  /** Of the order that was sent last; the object store takes only a newer one. */
  boot: number;
  sequence: number;
  /** As ordered last; null: nothing yet in this life. */
  ordered: readonly Pin[] | null;
  /** The object store has said that it is durable. */
  isHeld: boolean;
}

export interface RestoreDriver {
  readonly archive: NodeId | null;
  readonly spares: ReadonlyMap<NodeId, number>;
  readonly lal: number;
  readonly retryUs: number;
  /** How long a replica may make no progress before the volume opens without it. */
  readonly waitUs: number;
  readonly mutants: Mutants;
  readonly asking: Asking[];
  readonly pins: PinDriver;
  readonly loaded: Map<GroupId, Set<NodeId>>;
  readonly progress: Map<GroupId, Map<NodeId, RestoreProgress>>;
  /** When this life of the metadata first saw the load, by volume. */
  readonly since: Map<string, Time>;
}

const makePinDriver = (boot: number): PinDriver => ({ boot, sequence: 0, ordered: null, isHeld: false });

const nodesWith = ({ nodes }: ClusterSpec, isIt: (node: ClusterSpec['nodes'][number]) => boolean): NodeId[] =>
  nodes.filter(isIt).map(({ id }) => id);

export const makeRestoreDriver = (
  { cluster, params, mutants }: NodeConfig,
  bootEpoch: number,
): RestoreDriver => ({
  archive: nodesWith(cluster, ({ roles }) => roles.includes('objectStore'))[0] ?? null,
  spares: new Map(
    cluster.nodes.flatMap((node) =>
      spareAttachmentsOf(node) > 0 ? [[node.id, spareAttachmentsOf(node)]] : [],
    ),
  ),
  lal: params.lal,
  retryUs: params.recoveryRetryMs * 1000,
  waitUs: params.moveTimeoutMs * 1000,
  mutants,
  asking: [],
  pins: makePinDriver(bootEpoch),
  loaded: new Map(),
  progress: new Map(),
  since: new Map(),
});

/** Questions to the object store that are open are asked again then. */
export const armRetry = (d: RestoreDriver, ctx: RoleContext): void =>
  wakeAt(ctx, RESTORE_TIMER, (ctx.now + d.retryUs) as Time);
