// Creation of a volume at a replica (WAL-4): the genesis record first, then the superblock, whose existence proves
// that the record is durable; only then the answer. A repeated request finds the replica and is answered the same. Where groups are
// made one by one a store asks the metadata first: who orders it may long be overtaken, and this disk may have lost a replica that has
// acknowledged much (PCS-120).

import type { Lsn, NodeId } from '../../../base/ids.ts';
import { send, storeWrites, trace } from '../../kernel/context.ts';
import type { DiskError } from '../../kernel/door.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import { has } from '../../kernel/mutants.ts';
import { readRecords } from '../../log/record.ts';
import { makeHoleList } from '../holes/hole-list.ts';
import { mergeHoles, setGroupTail, setSgcl, takeCheckpoint } from '../holes/hole-manager.ts';
import { currentScl, indexRecord } from './advance.ts';
import { failureOf, traceRefused } from './condition.ts';
import { refusal } from './epochs.ts';
import { forStoreTrace, type StoreContext } from './hooks.ts';
import { logKey } from './keys.ts';
import { addRecord, addSegment, makeLog } from './log.ts';
import { makeGroup } from './open.ts';
import { sendOpenAck } from './recovery.ts';
import { encodeSegment } from './segment.ts';
import type { Creation, Group, StoreState } from './state.ts';
import { type Superblock, superblockWrites } from './superblock.ts';

export function onCreateReplica(
  state: StoreState,
  ctx: StoreContext,
  from: NodeId,
  message: MessageOf<'CreateReplica'>,
): void {
  const { descriptor, volume } = message;
  const id = descriptor.group;
  const existing = state.groups.get(id);
  if (existing) {
    const refused =
      failureOf(existing) ?? (existing.superblock.volume === volume ? null : refusal('E_BAD_MESSAGE', '', 0));
    if (refused) traceRefused(existing, ctx, from, refused);
    sendOpenAck(existing, ctx, from, refused);
    return;
  }
  if (state.creations.has(id)) return;
  if (state.creationsOf === null || has(state.mutants, 'store.creates-unasked'))
    make(state, ctx, from, message);
  else askForCreation(state, ctx, from, message, state.creationsOf);
}

function askForCreation(
  { askedCreations }: StoreState,
  ctx: StoreContext,
  from: NodeId,
  message: MessageOf<'CreateReplica'>,
  metadata: NodeId,
): void {
  const { group } = message.descriptor;
  const at = askedCreations.get(group)?.at ?? ctx.now;
  askedCreations.set(group, { from, at, message });
  send(ctx, metadata, { kind: 'GetCreation', group, at });
}

/** Of this life's question: the answer is as of a state of the metadata that was committed after this disk was opened. */
export function onCreationIs(
  state: StoreState,
  ctx: StoreContext,
  { group, at, isOpen }: MessageOf<'CreationIs'>,
): void {
  const asked = state.askedCreations.get(group);
  if (asked?.at !== at) return;
  state.askedCreations.delete(group);
  if (isOpen) make(state, ctx, asked.from, asked.message);
  else trace(ctx, { kind: 'create.refused', group, from: asked.from, token: asked.message.token });
}

function make(state: StoreState, ctx: StoreContext, from: NodeId, message: MessageOf<'CreateReplica'>): void {
  const { descriptor, token, genesis } = message;
  const id = descriptor.group;
  if (state.groups.has(id) || state.creations.has(id) || state.imports.has(id)) return; // an answer came late
  const { records, error } = readRecords(genesis);
  const first = records[0];
  if (error !== null || !first || records.length !== 1 || !isGenesis(message, first.record)) {
    const refused = refusal('E_BAD_MESSAGE', '', 0);
    send(ctx, from, { kind: 'OpenAck', group: id, token, scl: -1 as Lsn, refused });
    return;
  }
  const superblock = firstSuperblock(message, first.record.lsn);
  const list = makeHoleList(descriptor.baseLsn);
  const log = makeLog();
  const group = makeGroup(state, { id, superblock, log, list });
  const ordinal = log.nextOrdinal++;
  const bytes = encodeSegment(records, { group: id, ordinal });
  addSegment(log, ordinal, bytes.length);
  addRecord(log, first, ordinal);
  state.creations.set(id, { from, traceId: ctx.traceId, token, group });
  const write = storeWrites(ctx, [{ key: logKey(id, ordinal), bytes }]);
  state.writes.set(write, { kind: 'genesis', group: id });
}

function isGenesis(
  { descriptor, token }: MessageOf<'CreateReplica'>,
  record: { lsn: number; prevGroup: number; term: number; group: string },
): boolean {
  const { baseLsn, group } = descriptor;
  const { lsn, prevGroup, term } = record;
  return lsn === baseLsn && prevGroup === baseLsn - 1 && term === token && record.group === group;
}

function firstSuperblock(
  { volume, descriptor, token }: MessageOf<'CreateReplica'>,
  genesis: Lsn,
): Superblock {
  const none = (descriptor.baseLsn - 1) as Lsn;
  return {
    sequence: 1,
    volume,
    descriptor,
    maxToken: token,
    volumeEpoch: token,
    openToken: token,
    history: [{ term: token, startLsn: descriptor.baseLsn, prevEnd: none }],
    mode: 'normal',
    maxNwl: genesis,
    knownVdl: genesis,
    groupTail: genesis,
    pgmrpl: genesis,
    logFloor: none,
    nclCheckpoint: none,
    failed: '',
  };
}

export function onGenesisDone(
  state: StoreState,
  ctx: StoreContext,
  creation: Creation,
  error: DiskError | null,
): void {
  const { group } = creation;
  if (error) {
    state.creations.delete(group.id); // the creator repeats its request
    return;
  }
  const stored = group.log.records[0];
  if (!stored) return;
  const { record } = stored;
  indexRecord(group, stored, ctx.now, state.params.materialiseRecords);
  mergeHoles(group.holes, record.prevGroup + 1, record.lsn + 1, record.lsn);
  setSgcl(group.holes, record.lsn);
  setGroupTail(group.holes, record.lsn);
  takeCheckpoint(group.holes, true);
  group.scl = currentScl(group);
  group.superblock = { ...group.superblock, nclCheckpoint: group.holes.checkpoint as Lsn };
  const write = storeWrites(ctx, superblockWrites(group.id, group.superblock));
  state.writes.set(write, { kind: 'created', group: group.id });
}

/** The group exists from here on. */
export function onCreated(
  state: StoreState,
  ctx: StoreContext,
  creation: Creation,
  error: DiskError | null,
): Group | null {
  const { group, token, from } = creation;
  state.creations.delete(group.id);
  if (error) return null;
  state.groups.set(group.id, group);
  const own = forStoreTrace(ctx, creation.traceId);
  const lsns = group.log.records.map(({ record }) => record.lsn);
  trace(own, { kind: 'token.install', group: group.id, token });
  trace(own, { kind: 'wal.durable', group: group.id, lsns, source: 'genesis' });
  trace(own, { kind: 'mark.scl', group: group.id, value: group.scl, term: token });
  trace(own, { kind: 'volume.open', group: group.id, token });
  sendOpenAck(group, own, from, null);
  return group;
}
