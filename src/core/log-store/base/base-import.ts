// Taking a base image (docs/spec/wal.md WAL-71): pages come in chunks, each durable before the next is asked for, so
// progress is what lies on the disk. A new replica exists from the superblock at the end on; before that a crash leaves
// only keys that the next start deletes. A member whose log peers have dropped (HOLE-39) keeps its own records above b,
// its token and its epochs. A donor that refuses or falls silent is replaced by the next one, from the start.

import type { GroupId, Lsn, NodeId, RequestNumber, Time } from '../../../base/ids.ts';
import { send, storeWrites, takeRequestNumber, trace, wakeAt } from '../../kernel/context.ts';
import type { DiskError } from '../../kernel/door.ts';
import type { Descriptor } from '../../kernel/fields.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import { queueControl } from '../replica/control.ts';
import type { PageAt } from '../replica/group-state.ts';
import type { StoreContext } from '../replica/hooks.ts';
import { versionKey } from '../replica/keys.ts';
import { encodeVersion } from '../replica/pages.ts';
import type { Group, StoreState } from '../replica/state.ts';
import { membersOf } from '../replica/superblock.ts';
import { baseTimer, createFromBase, dropImport } from './base-install.ts';
import type { BaseImport, StoredChunk } from './base-state.ts';

/** Times a silent donor is asked before the next one; when all were silent, twice as often, up to this many times. */
const FIRST_TRIES = 3;
const MAX_TRIES = 96;

const retryUs = (state: StoreState): number =>
  1000 * Math.max(2 * state.params.reqTimeoutMs, state.params.readTimeoutMs);

/** WAL-70, WAL-71: this node is a learner of a group that it does not host. */
export function startImport(
  state: StoreState,
  ctx: StoreContext,
  volume: string,
  descriptor: Descriptor,
): void {
  const { group, memberEpoch } = descriptor;
  const running = state.imports.get(group);
  if (running) {
    if (memberEpoch > running.descriptor.memberEpoch) running.descriptor = descriptor;
    return;
  }
  const voters = descriptor.sets[descriptor.sets.length - 1] ?? [];
  const donors = voters.filter((node) => node !== state.nodeId);
  begin(state, ctx, { volume, descriptor, donors, why: 'learner' });
}

/** HOLE-39: what the replica lacks is gone from the log of every peer that could have it. Those peers are asked first. */
export function healByBase(state: StoreState, group: Group, ctx: StoreContext): void {
  if (!group.repair.needsBase || state.imports.has(group.id) || group.failure !== '') return;
  const { superblock, holes } = group;
  const learners = superblock.descriptor.learners;
  const floorOf = (node: NodeId): number => holes.peers.find(({ peerId }) => peerId === node)?.logFloor ?? -1;
  const donors = membersOf(superblock).filter((node) => node !== state.nodeId && !learners.includes(node));
  donors.sort((a, b) => floorOf(b) - floorOf(a));
  begin(state, ctx, {
    volume: superblock.volume,
    descriptor: superblock.descriptor,
    donors,
    why: 'needBase',
  });
}

type Begun = Pick<BaseImport, 'volume' | 'descriptor' | 'donors' | 'why'>;

function begin(state: StoreState, ctx: StoreContext, begun: Begun): void {
  if (begun.donors.length === 0) return;
  const image: BaseImport = {
    ...begun,
    donor: 0,
    base: -1 as Lsn,
    after: -1,
    pages: [],
    total: 0,
    bytes: 0,
    head: null,
    tries: 0,
    patience: FIRST_TRIES,
    phase: { kind: 'asking', reqId: null },
    stale: [],
  };
  state.imports.set(begun.descriptor.group, image);
  ask(state, ctx, image);
}

const donorOf = (image: BaseImport): NodeId | undefined => image.donors[image.donor];

/** A chunk that is asked for again keeps its number: whichever answer comes first is the chunk, however late. */
function ask(
  state: StoreState,
  ctx: StoreContext,
  image: BaseImport,
  again: RequestNumber | null = null,
): void {
  const { group } = image.descriptor;
  const hosted = state.groups.get(group);
  const to = donorOf(image);
  if (to === undefined) return;
  const reqId = again ?? takeRequestNumber(ctx);
  image.phase = { kind: 'asking', reqId };
  const own = hosted?.superblock ?? null;
  send(ctx, to, {
    kind: 'BaseReq',
    group,
    reqId,
    volumeEpoch: own ? own.volumeEpoch : (0 as MessageOf<'BaseReq'>['volumeEpoch']),
    memberEpoch: (own?.descriptor ?? image.descriptor).memberEpoch,
    base: image.base,
    after: image.after,
  });
  wakeAt(ctx, baseTimer(group), (ctx.now + retryUs(state)) as Time);
}

/** The donor is silent, or the pause after a refusal is over. */
export function onBaseTimer(state: StoreState, ctx: StoreContext, group: GroupId): void {
  const image = state.imports.get(group);
  if (image?.phase.kind === 'finishing') takeWhole(state, ctx, image);
  if (image?.phase.kind !== 'asking') return;
  const { reqId } = image.phase;
  if (++image.tries <= image.patience) {
    ask(state, ctx, image, reqId);
    return;
  }
  nextDonor(image);
  if (image.donor === 0) image.patience = Math.min(MAX_TRIES, 2 * image.patience);
  ask(state, ctx, image);
}

/** From the start at another donor: its image is of another point. What was written before is deleted at the end. */
function nextDonor(image: BaseImport): void {
  image.donor = (image.donor + 1) % image.donors.length;
  image.tries = 0;
  image.stale.push(...image.pages);
  image.pages = [];
  image.base = -1 as Lsn;
  image.after = -1;
  image.total = 0;
  image.bytes = 0;
  image.head = null;
}

export function onBaseChunk(
  state: StoreState,
  ctx: StoreContext,
  from: NodeId,
  chunk: MessageOf<'BaseChunk'>,
): void {
  const image = state.imports.get(chunk.group);
  if (image?.phase.kind !== 'asking' || image.phase.reqId !== chunk.reqId || donorOf(image) !== from) return;
  const { group } = chunk;
  const code = chunk.refused?.code ?? (isTooLow(state, image, chunk) ? 'NOT_READY' : null);
  if (code !== null) {
    trace(ctx, { kind: 'base.failed', group, from, code });
    nextDonor(image);
    image.phase = { kind: 'asking', reqId: null };
    wakeAt(ctx, baseTimer(group), (ctx.now + 1000 * state.params.discoverEveryMs) as Time);
    return;
  }
  if (image.base === -1) {
    if (!chunk.head) return;
    image.base = chunk.base;
    image.head = chunk.head;
    image.total = chunk.total;
    const { base, total: pages, why } = { ...image };
    trace(ctx, { kind: 'base.start', group, from, base, pages, why });
  } else if (chunk.base !== image.base) return;
  image.tries = 0;
  storeChunk(state, ctx, image, chunk);
}

/** What this replica has lost lies above the image of a donor that is behind. */
const isTooLow = (
  { groups }: StoreState,
  image: BaseImport,
  { group, base }: MessageOf<'BaseChunk'>,
): boolean => image.base === -1 && base < (groups.get(group)?.repair.unsure?.to ?? -1);

function storeChunk(
  state: StoreState,
  ctx: StoreContext,
  image: BaseImport,
  { group, reqId, pages, done }: MessageOf<'BaseChunk'>,
): void {
  wakeAt(ctx, baseTimer(group), null);
  image.phase = { kind: 'writing', reqId };
  const taken: PageAt[] = pages.map(({ blockKey, lsn }) => ({ blockKey, lsn }));
  const bytes = pages.reduce((sum, { page }) => sum + page.length, 0);
  if (pages.length === 0) {
    onChunkStored(state, ctx, group, { taken, bytes, done }, null);
    return;
  }
  const writes = pages.map(({ blockKey, lsn, page }) => ({
    key: versionKey(group, blockKey, lsn),
    bytes: encodeVersion(page),
  }));
  state.writes.set(storeWrites(ctx, writes), { kind: 'basePages', group, taken, bytes, done });
}

/** A chunk is durable: the next one, or the image is whole. */
export function onChunkStored(
  state: StoreState,
  ctx: StoreContext,
  group: GroupId,
  { taken, bytes, done }: StoredChunk,
  error: DiskError | null,
): void {
  const image = state.imports.get(group);
  const from = image && donorOf(image);
  if (!image || from === undefined) return;
  if (error) {
    if (image.phase.kind === 'writing') image.phase = { ...image.phase, kind: 'asking' }; // the timer asks for the same chunk again
    wakeAt(ctx, baseTimer(group), (ctx.now + retryUs(state)) as Time);
    return;
  }
  for (const page of taken) image.pages.push(page);
  image.bytes += bytes;
  const last = taken[taken.length - 1];
  if (last) image.after = last.blockKey;
  const { base, total } = image;
  trace(ctx, {
    kind: 'base.chunk',
    group,
    from,
    base,
    pages: image.pages.length,
    total,
    bytes: image.bytes,
  });
  if (done) finish(state, ctx, image);
  else ask(state, ctx, image);
}

function finish(state: StoreState, ctx: StoreContext, image: BaseImport): void {
  image.phase = { kind: 'finishing' };
  if (state.groups.has(image.descriptor.group)) takeWhole(state, ctx, image);
  else createFromBase(state, ctx, image);
}

/** The member takes it when its turn has come; a full queue (controlOps) is tried again. */
function takeWhole(state: StoreState, ctx: StoreContext, image: BaseImport): void {
  const group = state.groups.get(image.descriptor.group);
  const from = donorOf(image);
  if (!group || from === undefined || group.control.queue.some(({ kind }) => kind === 'base')) return;
  wakeAt(ctx, baseTimer(group.id), (ctx.now + retryUs(state)) as Time);
  queueControl(state, group, ctx, { kind: 'base', from, traceId: ctx.traceId });
}

/** The group's members are others now, and this node is none of them: what has come is deleted. */
export function cancelImport(state: StoreState, ctx: StoreContext, descriptor: Descriptor): void {
  const image = state.imports.get(descriptor.group);
  if (!image || descriptor.memberEpoch <= image.descriptor.memberEpoch) return;
  dropImport(state, ctx, image, [...image.stale, ...image.pages]);
}
