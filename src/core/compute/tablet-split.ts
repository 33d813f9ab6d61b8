// A split of a tablet by key, at the primaries (docs/spec/placement.md PCS-46, PCS-47). The one that gives keys away lets what runs end, takes
// nothing more, and when all that it has logged is durable it copies the rows that go, and who has committed which request, to the
// primary of the volume that was made for them. It serves again when it hears that the split was given up, or by definitions in which
// the keys are the other's: so at no moment do both serve them, and a primary that dies on the way ends the split with its token.

import type { Lsn, NodeId, Time } from '../../base/ids.ts';
import type { EngineProgram, SplitProgram } from '../engine/engine-program.ts';
import { type RoleContext, send, trace } from '../kernel/context.ts';
import type { NodeConfig } from '../kernel/door.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import type { WriterState } from '../quorum-log/writer-state.ts';
import type { Built } from '../sql/key-conditions.ts';
import type { Attachment } from './attachment-state.ts';
import { volumeOf } from './attachment-state.ts';
import {
  askOf,
  beginCopy,
  giveUp,
  loadOf,
  readsLess,
  refuseKey,
  takeLoaded,
  takeRows,
} from './split-rows.ts';
import type { ChildSplit, ParentSplit, SplitOrder } from './split-state.ts';
import { epochOf, giveTables, type TabletPart } from './tablet-attachments.ts';
import { bindWriter } from './writer-ports.ts';

/** Of a primary to its own engine, and to the new primary: no driver's session has such names. */
export const SPLIT_MARK = '#split';
/** A merge has two sources, which may be on one node. */
const readSession = (id: number, volume: string): string => `${SPLIT_MARK} reads ${id} ${volume}`;
const loadSession = (id: number, volume: string): string => `${SPLIT_MARK} loads ${id} ${volume}`;

/** Splits that a node keeps of volumes that it may come to lead. */
const MAX_KEPT = 64;

/** A node's part in splits, for one step. */
export interface SplitHost<E> {
  readonly engine: EngineProgram<E>;
  readonly part: TabletPart;
  readonly config: NodeConfig;
  readonly attachments: readonly Attachment<E>[];
  readonly contextOf: (index: number) => RoleContext;
  /** A request to an attachment here. */
  readonly request: (attachment: Attachment<E>, from: NodeId, message: Message) => void;
}

type Step = MessageOf<'SplitStep'>['step'];

const tell = (
  ctx: RoleContext,
  to: NodeId,
  of: Pick<MessageOf<'SplitStep'>, 'to' | 'id' | 'volume' | 'token'>,
  step: Step,
): void =>
  send(ctx, to, { kind: 'SplitStep', to: of.to, id: of.id, volume: of.volume, token: of.token, step });

const openAttachment = <E>(
  { attachments }: SplitHost<E>,
  volume: string,
  token: number,
): Attachment<E> | undefined =>
  attachments.find(
    (attachment) =>
      volumeOf(attachment) === volume && attachment.recovery.token === token && attachment.status === 'open',
  );

export function onSplitStep<E>(
  host: SplitHost<E>,
  ctx: RoleContext,
  from: NodeId,
  message: MessageOf<'SplitStep'>,
): void {
  const { step, id, volume, token } = message;
  const { splits } = host.part;
  if (step.kind === 'order') onOrder(host, ctx, message, step);
  else if (step.kind === 'load' || step.kind === 'clients') onCopy(host, from, message, step);
  else if (step.kind === 'ended' || step.kind === 'clientsTaken') {
    const split = splits.get(volume);
    if (split?.kind !== 'parent' || split.id !== id || split.token !== token) return;
    if (step.kind === 'ended') {
      if (step.geoEpoch <= split.geoEpoch) thaw(host, ctx, volume, split);
    } else if (split.phase === 'sendingClients' && step.childToken === split.order.childToken) {
      split.phase = 'copied';
      split.acknowledgedBy = step.childToken;
      const { lsn, copied: rows } = split;
      trace(ctx, { kind: 'split.attachment', split: id, volume, state: 'copied', token, lsn, rows });
    }
  }
}

function onOrder<E>(
  host: SplitHost<E>,
  ctx: RoleContext,
  { id, volume, token }: MessageOf<'SplitStep'>,
  order: SplitOrder,
): void {
  const { part, config, engine } = host;
  const parent = openAttachment(host, volume, token);
  if (parent && order.writer !== null && engine.split) {
    const known = part.splits.get(volume);
    if (known?.kind === 'parent' && known.id === id) known.order = order;
    else if (known?.kind !== 'parent' || known.id < id) {
      const drainUntil = (ctx.now + 5 * config.params.nodeHeartbeatMs * 1000) as Time;
      const geoEpoch = epochOf(part, order.relation);
      if (geoEpoch === 0) return;
      const split = makeParent({ id, token, geoEpoch, order, drainUntil });
      part.splits.set(volume, split);
      const refusal = refuseKey(part.tables, order);
      if (refusal !== null) {
        giveUp(split, refusal); // nobody has waited for it
        return;
      }
      trace(ctx, {
        kind: 'split.attachment',
        split: id,
        volume,
        state: 'frozen',
        token,
        lsn: parent.writer?.vdl ?? -1,
        rows: 0,
      });
    }
    driveParent(host, volume);
  }
  const child = part.splits.get(order.childVolume);
  if (child?.kind === 'child' && child.id === id) return;
  const oldest = [...part.splits].find(([, one]) => one.kind === 'child');
  if (part.splits.size >= MAX_KEPT && oldest) part.splits.delete(oldest[0]);
  const made: ChildSplit = {
    kind: 'child',
    id,
    table: order.table,
    relation: order.child,
    ...noneOnRecord(),
  };
  part.splits.set(order.childVolume, made);
  const attachment = host.attachments.find((one) => volumeOf(one) === order.childVolume);
  if (attachment) giveTables(engine, part, attachment);
}

const noneOnRecord = (): Pick<ChildSplit, 'put' | 'putting' | 'onRecord'> => ({
  put: new Map(),
  putting: '',
  onRecord: new Map(),
});

const makeParent = (
  known: Pick<ParentSplit, 'id' | 'token' | 'geoEpoch' | 'order' | 'drainUntil'>,
): ParentSplit => ({
  kind: 'parent',
  ...known,
  phase: 'draining',
  code: '',
  lsn: -1 as Lsn,
  key: '',
  place: 0,
  rows: [],
  taken: 0,
  after: null,
  copied: 0,
  clients: [],
  acknowledgedBy: -1,
  sequence: 1,
});

/** What comes next of a split that a primary here was asked for; what waits for an answer is asked again. */
export function driveParent<E>(host: SplitHost<E>, volume: string): void {
  const { engine, part, config } = host;
  const split = part.splits.get(volume);
  if (split?.kind !== 'parent' || !engine.split) return;
  const attachment = openAttachment(host, volume, split.token);
  const writer = attachment?.writer;
  if (!attachment || !writer) return;
  const ctx = host.contextOf(attachment.index);
  const { id, token, order } = split;
  const to = { to: 'compute', id, volume, token } as const;
  if (split.phase === 'draining') drain(host, engine.split, split, attachment, writer, ctx);
  const asked = askOf(split, part.tables);
  if (asked !== null)
    host.request(attachment, config.nodeId, {
      kind: 'SqlRequest',
      volume,
      session: readSession(id, volume),
      incarnation: part.incarnation,
      sequence: split.sequence,
      attempt: 1,
      ...requestOf(asked),
      inTransaction: false,
    });
  else if (split.phase === 'clients') {
    const done = engine.split.clientsDone(attachment.engine);
    if (done === null) return;
    split.clients = done.found;
    split.phase = 'sendingClients';
  }
  if (order.writer === null) return;
  const { childVolume, childToken, writer: child } = order;
  if (split.phase === 'loading') {
    const { sequence } = split;
    const load = {
      childVolume,
      childToken,
      incarnation: part.incarnation,
      sequence,
      ...requestOf(loadOf(split)),
    };
    tell(ctx, child, to, { kind: 'load', ...load });
  } else if (split.phase === 'sendingClients')
    tell(ctx, child, to, {
      kind: 'clients',
      childVolume,
      childToken,
      clients: [...split.clients],
      isEmpty: split.copied === 0,
    });
}

export const requestOf = ({ statement: { text, tree }, params }: Built) => ({
  statements: [{ id: 0, text, tree }],
  params: [...params],
});

function drain<E>(
  { config, part }: SplitHost<E>,
  engine: SplitProgram<E>,
  split: ParentSplit,
  attachment: Attachment<E>,
  writer: WriterState,
  ctx: RoleContext,
): void {
  const isHasty = has(
    config.mutants,
    split.order.isWhole ? 'attachment.merges-unfrozen' : 'attachment.splits-unfrozen',
  );
  const isQuiet =
    isHasty || engine.quiesce(attachment.engine, ctx, bindWriter(writer, ctx), ctx.now >= split.drainUntil);
  if (!isQuiet || (!isHasty && writer.vdl < writer.tail)) return;
  split.lsn = writer.vdl;
  beginCopy(split, part.tables);
}

/** configuration_limit_exceeded: of an answer's rows, or of their characters. */
const TOO_LONG = '53400';

/** An answer to what `driveParent` asked. */
export function onSplitReply<E>(host: SplitHost<E>, m: MessageOf<'PartReply'>): void {
  const { engine, part } = host;
  for (const [volume, split] of part.splits) {
    if (split.kind !== 'parent' || m.incarnation !== part.incarnation || m.sequence !== split.sequence)
      continue;
    const isLoad = m.session === loadSession(split.id, volume) && split.phase === 'loading';
    const isRead = m.session === readSession(split.id, volume) && askOf(split, part.tables) !== null;
    if (!isRead && !isLoad) continue;
    const error = m.results.find(({ kind }) => kind === 'error');
    const found = m.results.find((result) => result.kind === 'rows');
    if (error?.kind === 'error' && m.code === '') {
      if (error.sqlstate !== TOO_LONG || !readsLess(split)) giveUp(split, error.sqlstate);
    } else if (isLoad && (m.code === '' || m.code === 'REPLAYED')) takeLoaded(split);
    else if (isRead && m.code === '' && found?.kind === 'rows') takeRows(split, part.tables, found.rows);
    else if (isLoad) continue; // asked again with the next heartbeat
    split.sequence++;
    const phase: string = split.phase;
    const attachment = openAttachment(host, volume, split.token);
    if (phase === 'clients' && attachment?.writer && engine.split) {
      const ctx = host.contextOf(attachment.index);
      engine.split.readClients(attachment.engine, ctx, bindWriter(attachment.writer, ctx));
    }
    driveParent(host, volume);
  }
}

/** With each heartbeat: how far it is, until the metadata says how it ended. */
export function reportSplits<E>(host: SplitHost<E>, ctx: RoleContext, to: NodeId): void {
  const { part } = host;
  for (const [volume, split] of [...part.splits]) {
    if (split.kind !== 'parent') {
      if (epochOf(part, split.relation) > 0) part.splits.delete(volume);
      continue;
    }
    const epoch = epochOf(part, split.order.relation);
    if (epoch > split.geoEpoch || epoch === 0) {
      thaw(host, ctx, volume, split, epoch === 0 ? 'gone' : 'thaw');
      continue;
    }
    if (split.phase === 'copied' && split.acknowledgedBy !== split.order.childToken)
      split.phase = 'sendingClients';
    tell(ctx, to, { to: 'meta', id: split.id, volume, token: split.token }, stepOf(split));
    driveParent(host, volume);
  }
}

function stepOf({ phase, key, lsn, code, copied, order: { childToken } }: ParentSplit): Step {
  if (phase === 'copied') return { kind: 'copied', key, lsn, childToken };
  return phase === 'failed' ? { kind: 'failed', code } : { kind: 'frozen', rows: copied };
}

/** `gone`: the definitions have its tablet no more, so nobody is served by it (PCS-122). */
function thaw<E>(
  { part }: SplitHost<E>,
  ctx: RoleContext,
  volume: string,
  split: ParentSplit,
  state: 'thaw' | 'gone' = 'thaw',
): void {
  part.splits.delete(volume);
  const { id, token, lsn, copied: rows } = split;
  trace(ctx, { kind: 'split.attachment', split: id, volume, state, token, lsn, rows });
}

/** At the primary of the volume that is made: rows, then who has committed which request. */
function onCopy<E>(
  host: SplitHost<E>,
  from: NodeId,
  { id, volume, token }: MessageOf<'SplitStep'>,
  step: Extract<Step, { kind: 'load' | 'clients' }>,
): void {
  const { engine, part } = host;
  const { childVolume, childToken } = step;
  const split = part.splits.get(childVolume);
  const attachment = openAttachment(host, childVolume, childToken);
  const writer = attachment?.writer;
  if (!attachment || !writer || split?.kind !== 'child' || split.id !== id || !engine.split) return;
  if (step.kind === 'load') {
    const { incarnation, sequence, statements, params } = step;
    const of = { volume: childVolume, session: loadSession(id, volume), incarnation, sequence, attempt: 1 };
    host.request(attachment, from, { kind: 'SqlRequest', ...of, statements, params, inTransaction: false });
    return;
  }
  const ctx = host.contextOf(attachment.index);
  const taken = (): void =>
    tell(ctx, from, { to: 'compute', id, volume, token }, { kind: 'clientsTaken', childToken });
  if (split.onRecord.get(volume) === childToken) {
    taken();
    return;
  }
  // another source's entries are on their way under this token: this one's come again with its next heartbeat
  const { putting } = split;
  const isOthers = putting !== '' && putting !== volume && split.put.get(putting) === childToken;
  if (isOthers && split.onRecord.get(putting) !== childToken) return;
  if (split.put.get(volume) !== childToken) {
    split.put.set(volume, childToken);
    split.putting = volume;
    const isForgotten =
      has(host.config.mutants, 'attachment.splits-without-clients') ||
      (split.onRecord.size > 0 && has(host.config.mutants, 'attachment.merges-without-clients'));
    const clients = isForgotten ? [] : step.clients;
    const put = { clients, node: from, name: loadSession(id, volume), isEmpty: step.isEmpty };
    engine.split.putClients(attachment.engine, ctx, bindWriter(writer, ctx), put);
  }
  const done = engine.split.clientsDone(attachment.engine);
  if (done === null || writer.vdl < done.lsn) return;
  split.onRecord.set(volume, childToken);
  taken();
}
