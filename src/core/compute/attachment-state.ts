// State of an attachment: a compute node's place at one volume, and which part it plays there.

import { present } from '../../base/assert.ts';
import type { NodeId, Term } from '../../base/ids.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import { attachedNodes, isAppointed, isReader, readersOf } from '../kernel/attachments.ts';
import type { DiskImage, NodeConfig } from '../kernel/door.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { makeRecovery, type RecoveryState } from '../quorum-log/recovery-state.ts';
import type { WriterState } from '../quorum-log/writer-state.ts';
import type { SenderState } from '../reader/journal-sender.ts';
import type { ReceiverState } from '../reader/receiver.ts';
import { type Freeze, noFreeze } from './attachment-freeze.ts';
import type { Reach } from './attachment-reach.ts';
import { openClassic } from './classic-reader.ts';
import { type Commands, makeCommands } from './connections.ts';
import { makeReaderAttachment, type ReaderAttachment } from './reader-state.ts';

/** Which part the node plays at the volume. An attachment without a volume is idle and asks for one (WAL-45). */
export type AttachmentMode = 'idle' | 'rw' | 'ro';

/** What begins anew when the attachment plays another part, or holds another volume. */
interface AttachmentPart<E> {
  /** Invariant: open only while the recovery is `done`; fenced is final for the volume that it holds. */
  status: 'starting' | 'recovering' | 'open' | 'fenced';
  recovery: RecoveryState;
  writer: WriterState | null;
  engine: E;
  /** VDL the engine was last notified of. */
  notifiedVdl: number;
  /** Changes of the room for its log that the engine was last notified of (WAL-77). */
  notifiedRoom: number;
  /** VDL at which PGMRPL was last computed. */
  raisedVdl: number;
  /** Mode `ro`; then there is no recovery and no writer. */
  reader: ReaderAttachment | null;
  /** Of a writer in a cluster with readers. */
  sender: SenderState | null;
  /** READ-32: what it was as a reader, from its promotion until the volume is open. */
  warm: WarmAttachment<E> | null;
}

export interface Attachment<E> extends AttachmentPart<E> {
  config: NodeConfig;
  readonly bootEpoch: number;
  /** Its place among the node's attachments; kept when its volume changes. */
  readonly index: number;
  /** Of a node in the volume's HA group (FENCE-18). */
  ha?: HaPart;
  /** Who may receive the volume's log, as the metadata said last; absent: as the cluster was laid out. */
  receivers?: Receivers;
}

type Receivers = MessageOf<'ReadersAre'>['receivers'];

/** The engine of a reader that was promoted, with its buffer, and the records that it held. */
export interface WarmAttachment<E> {
  readonly engine: E;
  readonly receiver: ReceiverState;
}

/** What an attachment keeps while it changes between reader and writer. */
export interface HaPart {
  /** The node's life as its heartbeats say it. */
  incarnation: number;
  /** The greatest token that it was granted or has seen: none up to it begins anything here. */
  token: Term;
  /** The last session epoch of its reader. */
  epoch: number;
  freeze: Freeze;
  readonly commands: Commands;
  /** FENCE-57: once the metadata has asked, in this part of the node. */
  reach: Reach | null;
}

export const volumeOf = <E>({ recovery }: Attachment<E>): string => recovery.volume;
export const modeOf = <E>({ recovery, reader }: Attachment<E>): AttachmentMode =>
  reader ? 'ro' : recovery.volume === '' ? 'idle' : 'rw';

/** An older answer that comes late says nothing. */
export function adoptReceivers<E>(attachment: Attachment<E>, receivers: Receivers | null): boolean {
  if (receivers === null || receivers.mapVersion < (attachment.receivers?.mapVersion ?? 0)) return false;
  attachment.receivers = receivers;
  return true;
}

/** READ-1: nodes that the attachment, as the volume's writer, sends its log to. */
export function receiversAt<E>({ config, receivers }: Attachment<E>): readonly NodeId[] {
  const { cluster, nodeId } = config;
  const named = receivers?.nodes ?? (isAppointed(cluster) ? attachedNodes(cluster) : readersOf(cluster));
  return named.filter((node) => node !== nodeId);
}

/** The metadata appoints who writes the volume: the attachment may be either. */
const isChosen = ({ cluster }: NodeConfig, index: number, volume: string): boolean =>
  index === 0 && volume === cluster.volume && isAppointed(cluster);

function makePart<E>(
  engine: EngineProgram<E>,
  config: NodeConfig,
  bootEpoch: number,
  index: number,
  volume: string,
  writes: boolean,
  disk: DiskImage = new Map(),
): AttachmentPart<E> {
  const reads = !writes && ((isReader(config) && index === 0) || isChosen(config, index, volume));
  const isClassic = config.cluster.nodes.some((node) => node.id === config.nodeId && node.isClassic === true);
  const meta = present(
    config.cluster.nodes.find(({ roles }) => roles.includes('meta')),
    'a node with the metadata',
  );
  return {
    status: 'starting',
    recovery: makeRecovery(config, volume, meta.id, bootEpoch),
    writer: null,
    engine: engine.makeEngine(config, reads),
    notifiedVdl: -1,
    notifiedRoom: 0,
    raisedVdl: -1,
    reader: reads ? makeReaderAttachment(config, bootEpoch, isClassic ? openClassic(disk) : undefined) : null,
    sender: null,
    warm: null,
  };
}

/** `volume` empty: a spare attachment. */
export const makeAttachment = <E>(
  engine: EngineProgram<E>,
  config: NodeConfig,
  bootEpoch: number,
  index: number,
  volume: string,
  writes = false,
  disk?: DiskImage,
): Attachment<E> => ({
  config,
  bootEpoch,
  index,
  ...makePart(engine, config, bootEpoch, index, volume, writes, disk),
  ...(isChosen(config, index, volume) && { ha: makeHaPart(bootEpoch) }),
});

/** The attachment begins anew: sessions of before are gone, and so are its pages. */
export function beginAnew<E>(
  engine: EngineProgram<E>,
  attachment: Attachment<E>,
  volume: string,
  writes: boolean,
): void {
  const { config, bootEpoch, index } = attachment;
  Object.assign(attachment, makePart(engine, config, bootEpoch, index, volume, writes));
}

const makeHaPart = (bootEpoch: number): HaPart => ({
  incarnation: bootEpoch,
  token: 0 as Term,
  epoch: 0,
  freeze: noFreeze,
  commands: makeCommands(),
  reach: null,
});
