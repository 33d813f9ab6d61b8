// The role of the tally: the leader (the cluster's first node) sends each number to every follower, and adds it to its total
// when all have it durable. Numbers are kept under their serial, so a repeated message changes nothing.

import { int } from '../../base/codec.ts';
import type { NodeId } from '../../base/ids.ts';
import { type RoleContext, send, storeWrites, trace } from '../../core/kernel/context.ts';
import type { DiskImage, Input, NodeConfig, Write } from '../../core/kernel/door.ts';
import { openWith, sealWith } from '../../core/kernel/framing.ts';
import type { Message } from '../../core/kernel/messages.ts';
import { has, type Mutants } from '../../core/kernel/mutants.ts';
import type { RoleModule } from '../../core/kernel/role.ts';

declare module '../../core/kernel/mutants.ts' {
  interface StackMutants {
    'tally.counts-twice': true;
  }
}

// #region commands
declare module '../../core/kernel/commands.ts' {
  interface RoleCommands {
    tally: { readonly kind: 'tallyAdd'; readonly amount: number };
  }
}
// #endregion

interface Waiting {
  readonly amount: number;
  readonly added: NodeId[];
}

interface TallyState {
  readonly isLeader: boolean;
  readonly followers: readonly NodeId[];
  /** The planted bug: the leader adds a number once for each follower. */
  readonly mutants: Mutants;
  /** Serial → number, as it is on disk or on its way there. */
  readonly entries: Map<number, number>;
  readonly waiting: Map<number, Waiting>;
  total: number;
  serial: number;
}

/** Numbers that the leader waits for; more are refused. */
const WAITING_LIMIT = 64;
/** Serials of one life of the leader. */
const SERIALS = 65_536;
const VERSION = 1;
const PREFIX = 'tally/';

function openTally({ nodeId, cluster, mutants }: NodeConfig, disk: DiskImage, bootEpoch: number): TallyState {
  const [leader, ...followers] = cluster.nodes.map(({ id }) => id);
  const entries = new Map<number, number>();
  for (const [key, bytes] of disk) {
    if (!key.startsWith(PREFIX)) continue;
    const opened = openWith(int, VERSION, bytes);
    if (opened.ok) entries.set(Number(key.slice(PREFIX.length)), opened.value);
  }
  return {
    isLeader: nodeId === leader,
    followers,
    mutants,
    entries,
    waiting: new Map(),
    total: [...entries.values()].reduce((sum, amount) => sum + amount, 0),
    serial: bootEpoch * SERIALS,
  };
}

const write = (serial: number, amount: number): Write => ({
  key: `${PREFIX}${serial}`,
  bytes: sealWith(int, VERSION, amount),
});

function addNumber(state: TallyState, ctx: RoleContext, amount: number): void {
  if (!state.isLeader || state.waiting.size >= WAITING_LIMIT) return;
  const serial = state.serial++;
  state.waiting.set(serial, { amount, added: [] });
  for (const to of state.followers) send(ctx, to, { kind: 'TallyAdd', serial, amount });
}

function takeNumber(state: TallyState, ctx: RoleContext, from: NodeId, serial: number, amount: number): void {
  if (!state.entries.has(serial)) state.total += amount;
  state.entries.set(serial, amount);
  const { total } = state;
  // #region store
  storeWrites(
    ctx,
    [write(serial, amount)],
    [
      { kind: 'trace', event: { kind: 'tally.durable', serial, total } },
      { kind: 'send', to: from, message: { kind: 'TallyAdded', serial }, traceId: ctx.traceId },
    ],
  );
  // #endregion
}

function onAdded(state: TallyState, ctx: RoleContext, from: NodeId, serial: number): void {
  const waiting = state.waiting.get(serial);
  if (waiting === undefined || waiting.added.includes(from)) return;
  waiting.added.push(from);
  if (waiting.added.length < state.followers.length) return;
  const { amount } = waiting;
  state.waiting.delete(serial);
  state.entries.set(serial, amount);
  state.total += has(state.mutants, 'tally.counts-twice') ? 2 * amount : amount;
  const { total } = state;
  storeWrites(
    ctx,
    [write(serial, amount)],
    [{ kind: 'trace', event: { kind: 'tally.done', serial, amount, total } }],
  );
}

function stepTally(state: TallyState, input: Input<Message>, ctx: RoleContext): void {
  if (input.kind === 'operatorCommand' && input.command.kind === 'tallyAdd')
    addNumber(state, ctx, input.command.amount);
  if (input.kind !== 'message') return;
  const { message, from } = input;
  if (message.kind === 'TallyAdd') takeNumber(state, ctx, from, message.serial, message.amount);
  if (message.kind === 'TallyAdded') onAdded(state, ctx, from, message.serial);
}

// #region role
export const tallyRole: RoleModule<TallyState> = {
  name: 'tally',
  tag: 60,
  commands: ['tallyAdd'],
  open: openTally,
  start: ({ isLeader, total }, ctx) => trace(ctx, { kind: 'tally.open', isLeader, total }),
  step: stepTally,
  view: ({ isLeader, total, entries }) => ({ role: 'tally', isLeader, total, entries: entries.size }),
};
// #endregion
