// A primary's answers that no commit of its own vouches for (docs/spec/pcs.md PCS-57, failover.md FENCE-13): each is kept back until a
// read quorum has said, in a round begun after the answer was made, that it has installed no greater token. A primary that was
// overtaken and does not know finds no such quorum: whoever overtook it has a token at a write quorum.

import type { NodeId, Time } from '../../base/ids.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { Effect } from '../kernel/door.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { hasQuorumInOneSet } from '../quorum/quorum.ts';
import type { WriterState } from '../quorum-log/writer-state.ts';
import { fenceWriter } from '../quorum-log/writer-watermarks.ts';
import type { Attachment } from './attachment-state.ts';

export const CONFIRM_TIMER = 'confirm';

/** Answers kept back at an attachment; beyond it the oldest is dropped, and its driver asks again. */
const MAX_HELD = 1024;

/** What an attachment says of itself here, whatever its engine. */
type Primary = Pick<Attachment<unknown>, 'writer' | 'status' | 'config'>;

type Reply = Extract<Effect<Message>, { kind: 'send' }>;

interface HeldRead {
  readonly reply: Reply;
  readonly id: number;
  /** The newest round that was begun before the answer was made. */
  readonly after: number;
}

/** Of an attachment: one round at a time serves all that were made before it began. */
export interface HeldReads {
  /** Answers that were ever kept back. */
  made: number;
  round: number;
  isAsking: boolean;
  readonly confirmed: Set<NodeId>;
  held: HeldRead[];
}

export const makeHeldReads = (): HeldReads => ({
  made: 0,
  round: 0,
  isAsking: false,
  confirmed: new Set(),
  held: [],
});

/** A commit of this primary is acknowledged by a write quorum under its token, which says as much. */
const isRead = (effect: Effect<Message> | undefined): effect is Reply =>
  effect?.kind === 'send' &&
  effect.message.kind === 'SqlReply' &&
  effect.message.code === '' &&
  effect.message.scn < 0;

/** Takes the answers that a step has made, from the effect `begin` on. */
export function holdReads(reads: HeldReads, attachment: Primary, ctx: RoleContext, begin: number): void {
  const { writer, config } = attachment;
  if (!writer || attachment.status !== 'open') return;
  const { volume, term: token } = writer;
  const isHasty = has(config.mutants, 'compute.reads-unconfirmed');
  for (let i = begin; i < ctx.effects.length; ) {
    const reply = ctx.effects[i];
    if (!isRead(reply)) {
      i++;
      continue;
    }
    const id = ++reads.made;
    trace(ctx, { kind: 'read.made', volume, token, id });
    if (isHasty) {
      trace(ctx, { kind: 'read.answered', volume, token, id });
      i++;
      continue;
    }
    ctx.effects.splice(i, 1);
    if (reads.held.length >= MAX_HELD) reads.held.shift();
    reads.held.push({ reply, id, after: reads.round });
  }
  if (reads.held.length > 0 && !reads.isAsking) beginRound(reads, writer, ctx);
}

function beginRound(reads: HeldReads, writer: WriterState, ctx: RoleContext): void {
  reads.round++;
  reads.isAsking = true;
  reads.confirmed.clear();
  askAll(reads, writer, ctx);
}

function askAll({ confirmed, round }: HeldReads, writer: WriterState, ctx: RoleContext): void {
  const descriptor = descriptorOf(writer);
  if (!descriptor) return;
  const { volume, term: token, limits } = writer;
  const { group, sets, memberEpoch } = descriptor;
  for (const node of new Set(sets.flat()))
    if (!confirmed.has(node)) send(ctx, node, { kind: 'Confirm', volume, group, token, memberEpoch, round });
  wakeAt(ctx, CONFIRM_TIMER, (ctx.now + limits.readTimeoutUs) as Time);
}

/** Its volume's only group (PCS-110). */
const descriptorOf = ({ groups }: WriterState): Descriptor | undefined => groups[0]?.descriptor;

/** Those that have not answered are asked again; what they say of this round is as new as it has to be. */
export function onConfirmTimer(reads: HeldReads, { writer, status }: Primary, ctx: RoleContext): void {
  if (writer && status === 'open' && reads.isAsking) askAll(reads, writer, ctx);
}

export function onConfirmReply(
  reads: HeldReads,
  { writer, status }: Primary,
  ctx: RoleContext,
  from: NodeId,
  { token: asked, round, ok, maxToken }: MessageOf<'ConfirmReply'>,
): void {
  if (!writer || status !== 'open') return;
  fenceWriter(writer, ctx, maxToken);
  // rounds are counted from one under each token: an answer to an earlier primary of this node says nothing of this one
  if (writer.fencedBy !== null || !ok || !reads.isAsking || asked !== writer.term || round !== reads.round)
    return;
  reads.confirmed.add(from);
  const descriptor = descriptorOf(writer);
  if (!descriptor || !hasReadQuorum(descriptor, reads.confirmed)) return;
  reads.isAsking = false;
  wakeAt(ctx, CONFIRM_TIMER, null);
  const { volume, term: token } = writer;
  for (const { reply, id, after } of reads.held) {
    if (after >= round) continue;
    ctx.effects.push(reply);
    trace(ctx, { kind: 'read.answered', volume, token, id });
  }
  reads.held = reads.held.filter(({ after }) => after >= round);
  if (reads.held.length > 0) beginRound(reads, writer, ctx);
}

/** PCS-76: Vr of one set. */
const hasReadQuorum = ({ sets, vr }: Descriptor, confirmed: ReadonlySet<NodeId>): boolean =>
  hasQuorumInOneSet(sets, vr, (node) => confirmed.has(node));
