// State of a seat: a compute node's place at one volume, and which part it plays there.

import { present } from '../../base/assert.ts';
import type { NodeId, Term } from '../../base/ids.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import type { DiskImage, NodeConfig } from '../kernel/door.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { isAppointed, isReader, readersOf, seatedNodes } from '../kernel/seats.ts';
import { makeRecovery, type RecoveryState } from '../quorum-log/recovery-state.ts';
import type { WriterState } from '../quorum-log/writer-state.ts';
import type { SenderState } from '../reader/journal-sender.ts';
import type { ReceiverState } from '../reader/receiver.ts';
import { openClassic } from './classic-reader.ts';
import { type Commands, makeCommands } from './connections.ts';
import { makeReaderSeat, type ReaderSeat } from './reader-state.ts';
import { type Freeze, noFreeze } from './seat-freeze.ts';
import type { Reach } from './seat-reach.ts';

/** Which part the node plays at the volume. A seat without a volume is idle and asks for one (WAL-45). */
export type SeatMode = 'idle' | 'rw' | 'ro';

/** What begins anew when the seat plays another part, or holds another volume. */
interface SeatPart<E> {
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
  reader: ReaderSeat | null;
  /** Of a writer in a cluster with readers. */
  sender: SenderState | null;
  /** READ-32: what it was as a reader, from its promotion until the volume is open. */
  warm: WarmSeat<E> | null;
}

export interface Seat<E> extends SeatPart<E> {
  config: NodeConfig;
  readonly bootEpoch: number;
  /** Its place among the node's seats; kept when its volume changes. */
  readonly index: number;
  /** Of a node in the volume's HA group (FENCE-18). */
  ha?: HaPart;
  /** Who may receive the volume's log, as the metadata said last; absent: as the cluster was laid out. */
  receivers?: Receivers;
}

type Receivers = MessageOf<'ReadersAre'>['receivers'];

/** The engine of a reader that was promoted, with its buffer, and the records that it held. */
export interface WarmSeat<E> {
  readonly engine: E;
  readonly receiver: ReceiverState;
}

/** What a seat keeps while it changes between reader and writer. */
export interface HaPart {
  /** The node's life as its heartbeats say it. */
  life: number;
  /** The greatest token that it was granted or has seen: none up to it begins anything here. */
  token: Term;
  /** The last session epoch of its reader. */
  epoch: number;
  freeze: Freeze;
  readonly commands: Commands;
  /** FENCE-57: once the metadata has asked, in this part of the node. */
  reach: Reach | null;
}

export const volumeOf = <E>({ recovery }: Seat<E>): string => recovery.volume;
export const modeOf = <E>({ recovery, reader }: Seat<E>): SeatMode =>
  reader ? 'ro' : recovery.volume === '' ? 'idle' : 'rw';

/** An older answer that comes late says nothing. */
export function adoptReceivers<E>(seat: Seat<E>, receivers: Receivers | null): boolean {
  if (receivers === null || receivers.mapVersion < (seat.receivers?.mapVersion ?? 0)) return false;
  seat.receivers = receivers;
  return true;
}

/** READ-1: nodes that the seat, as the volume's writer, sends its log to. */
export function receiversAt<E>({ config, receivers }: Seat<E>): readonly NodeId[] {
  const { cluster, nodeId } = config;
  const named = receivers?.nodes ?? (isAppointed(cluster) ? seatedNodes(cluster) : readersOf(cluster));
  return named.filter((node) => node !== nodeId);
}

/** The metadata appoints who writes the volume: the seat may be either. */
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
): SeatPart<E> {
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
    reader: reads ? makeReaderSeat(config, bootEpoch, isClassic ? openClassic(disk) : undefined) : null,
    sender: null,
    warm: null,
  };
}

/** `volume` empty: a spare seat. */
export const makeSeat = <E>(
  engine: EngineProgram<E>,
  config: NodeConfig,
  bootEpoch: number,
  index: number,
  volume: string,
  writes = false,
  disk?: DiskImage,
): Seat<E> => ({
  config,
  bootEpoch,
  index,
  ...makePart(engine, config, bootEpoch, index, volume, writes, disk),
  ...(isChosen(config, index, volume) && { ha: makeHaPart(bootEpoch) }),
});

/** The seat begins anew: sessions of before are gone, and so are its pages. */
export function beginAnew<E>(engine: EngineProgram<E>, seat: Seat<E>, volume: string, writes: boolean): void {
  const { config, bootEpoch, index } = seat;
  Object.assign(seat, makePart(engine, config, bootEpoch, index, volume, writes));
}

const makeHaPart = (bootEpoch: number): HaPart => ({
  life: bootEpoch,
  token: 0 as Term,
  epoch: 0,
  freeze: noFreeze,
  commands: makeCommands(),
  reach: null,
});
