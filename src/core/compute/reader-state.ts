// What an attachment of mode `ro` holds, and what one step of it works with (docs/spec/readers.md).

import type { Lsn, NodeId, Time } from '../../base/ids.ts';
import type { EngineProgram, ReaderProgram } from '../engine/engine-program.ts';
import type { EnginePorts, ReaderCache } from '../engine/ports.ts';
import { attachedNodes, isAppointed, readersOf } from '../kernel/attachments.ts';
import type { RoleContext } from '../kernel/context.ts';
import type { NodeConfig } from '../kernel/door.ts';
import type { Mutants } from '../kernel/mutants.ts';
import type { RuntimeInfo } from '../reader/messages.ts';
import { makeReaderReads, type ReaderReads } from '../reader/reader-reads.ts';
import { makeReceiver, type ReceiverState } from '../reader/receiver.ts';
import type { Waiter } from './attachment-life.ts';
import type { ClassicPart } from './classic-reader.ts';

/**
 * Its session with the writer. `starting`: none has accepted it in this life, and nothing can be read · `joined` · `joining` anew: it reads at the LSN that it has · `revoked` READ-28: it
 * joins anew, and reads are refused until then · `removed` PCS-79: the metadata has removed the node; it serves nobody and joins no more.
 */
export type ReaderSession =
  | { readonly kind: 'starting' | 'joined' | 'joining' | 'revoked' }
  | { readonly kind: 'removed'; readonly wasOpened: boolean };

export interface ReaderAttachment {
  readonly name: NodeId;
  readonly volume: string;
  /** Nodes that may write the volume; asked in turn. */
  readonly writers: NodeId[];
  /** Place of the one that is asked, or that accepted. */
  writer: number;
  /** ⟨boot epoch, number of the join⟩ as one number. */
  epoch: number;
  /** READ-30: the answer to any join since the last session ended may begin the next one, also when another has been asked since. */
  firstAsked: number;
  /** The newest join that was sent. */
  lastAsked: number;
  session: ReaderSession;
  heardAt: Time;
  joinedAt: number;
  readonly receiver: ReceiverState;
  readonly reads: ReaderReads;
  runtime: RuntimeInfo | null;
  waiters: Waiter[];
  /** READ-41: how long a request waits at most. */
  readonly waitUs: number;
  mrpl: Lsn;
  applyDue: boolean;
  /** READ-31: a classic standby, for contrast. */
  classic?: ClassicPart;
  readonly mutants: Mutants;
}

const JOINS_PER_LIFE = 1_000_000;

export function makeReaderAttachment(
  { nodeId, cluster, params, mutants }: NodeConfig,
  bootEpoch: number,
  classic?: ClassicPart,
): ReaderAttachment {
  const readers = isAppointed(cluster) ? [nodeId] : readersOf(cluster);
  const writers = attachedNodes(cluster).filter((node) => !readers.includes(node));
  return {
    name: nodeId,
    volume: cluster.volume,
    writers,
    writer: 0,
    epoch: bootEpoch * JOINS_PER_LIFE,
    firstAsked: bootEpoch * JOINS_PER_LIFE + 1,
    lastAsked: bootEpoch * JOINS_PER_LIFE,
    session: { kind: 'starting' },
    heardAt: 0 as Time,
    joinedAt: -1,
    receiver: makeReceiver(mutants, classic !== undefined),
    ...(classic && { classic }),
    reads: makeReaderReads(cluster.volume, params.readTimeoutMs * 1000),
    runtime: null,
    waiters: [],
    waitUs: params.waitTimeoutMs * 1000,
    mrpl: -1 as Lsn,
    applyDue: false,
    mutants,
  };
}

export const isJoined = ({ session }: Pick<ReaderAttachment, 'session'>): boolean =>
  session.kind === 'joined';
/** It has been ready once in this life: its engine reads. */
export const isOpened = ({ session }: Pick<ReaderAttachment, 'session'>): boolean =>
  session.kind === 'removed' ? session.wasOpened : session.kind !== 'starting';

/** What one step works with. */
export interface ReaderStep<E> {
  readonly attachment: ReaderAttachment;
  readonly meta: NodeId;
  readonly engine: E;
  readonly program: EngineProgram<E>;
  readonly reader: ReaderProgram<E>;
  readonly ctx: RoleContext;
  readonly ports: EnginePorts;
  readonly cache: ReaderCache;
}
