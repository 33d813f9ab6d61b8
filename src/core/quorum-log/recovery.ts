// Opening of a volume by the node that is to write it: creation (WAL-4) or recovery R1–R7 (docs/spec/wal.md §9) between
// the metadata steps H1, H3 and H8 (failover.md §4). A step is repeated every recoveryRetryMs until it succeeds; a replica
// that comes late is led through the steps it missed; a crash anywhere starts again with a higher token (WAL-58).

import { present, unreachable } from '../../base/assert.ts';
import type { Lsn, NodeId, Term, Time } from '../../base/ids.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { Refusal } from '../kernel/fields.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { isOfTablets } from '../page/page-key.ts';
import { hasQuorumInEverySet } from '../quorum/quorum.ts';
import type { RecoveryStep } from './log-view.ts';
import { computeRecovery, groupsWithoutReadQuorum, tailTerm } from './recovery-compute.ts';
import { CREATION_TERM, createReplica, creationHistory } from './recovery-create.ts';
import {
  hasReport,
  makeRecoveryGroup,
  membersOf,
  type RecoveryGroup,
  type RecoveryPhase,
  type RecoveryState,
} from './recovery-state.ts';
import { traceAdopted } from './writer-members.ts';
import type { OpenedVolume, WriterState } from './writer-state.ts';

export const RECOVER_TIMER = 'wal.recover';

const TOKEN_REQUEST = 1;
const CLAIM_REQUEST = 2;
const PUBLISH_REQUEST = 3;
/** A life that is granted several tokens numbers its requests on. */
const REQUESTS_PER_TOKEN = 4;

export function startRecovery(r: RecoveryState, ctx: RoleContext): void {
  if (r.volume === '') enter(r, ctx, 'waiting', null);
  else enter(r, ctx, 'grant', 'token');
}

/** WAL-45: a restored volume that is whole has been given to this node. */
export function onVolumeGiven(
  r: RecoveryState,
  ctx: RoleContext,
  { volume, first }: MessageOf<'VolumeGiven'>,
): void {
  if (r.phase !== 'waiting' || volume === '') return;
  r.volume = volume;
  r.given = first;
  enter(r, ctx, 'grant', 'token');
}

/** A7: the PCS chose this node and was granted the token for it; H2 begins. `created`, `groups`: as with `TokenGranted`. */
export function startGranted(
  r: RecoveryState,
  ctx: RoleContext,
  grant: Pick<MessageOf<'TokenGranted'>, 'token' | 'created' | 'groups'>,
): void {
  r.requests = grant.token * REQUESTS_PER_TOKEN;
  trace(ctx, { kind: 'recovery.step', volume: r.volume, step: 'token', token: grant.token });
  takeGrant(r, ctx, grant);
}

/** Repeats the step that is under way to all that have not answered it. */
export function onRecoveryTimer(r: RecoveryState, ctx: RoleContext): void {
  if (r.phase === 'done' || r.phase === 'fenced') return;
  if (r.phase === 'create' && mayLeaveOut(r, ctx)) {
    endCreation(r, ctx);
    return;
  }
  sendStep(r, ctx);
  wakeAt(ctx, RECOVER_TIMER, (ctx.now + r.retryUs) as Time);
}

/** R7 is over: the writer exists and its term-start record is on the way, or, after a creation, H8 follows at once. */
export function onWriterStarted(r: RecoveryState, ctx: RoleContext): void {
  if (r.recovered === null) enter(r, ctx, 'publish', null);
  else r.phase = 'termStart';
}

/** R7's end: VDL = startLsn. */
export function onTermStarted(r: RecoveryState, ctx: RoleContext): void {
  enter(r, ctx, 'publish', null);
}

function enter(r: RecoveryState, ctx: RoleContext, phase: RecoveryPhase, step: RecoveryStep | null): void {
  r.phase = phase;
  if (step) trace(ctx, { kind: 'recovery.step', volume: r.volume, step, token: r.token });
  onRecoveryTimer(r, ctx);
}

function sendStep(r: RecoveryState, ctx: RoleContext): void {
  const { volume, boot } = r;
  switch (r.phase) {
    case 'waiting':
      send(ctx, r.meta, { kind: 'GetVolume', held: [...r.held] });
      break;
    case 'grant':
      send(ctx, r.meta, { kind: 'GrantToken', reqId: TOKEN_REQUEST, boot, volume, expect: null });
      break;
    case 'claim':
      setWriter(r, ctx, CLAIM_REQUEST, 'RECOVERING');
      break;
    case 'publish':
      setWriter(r, ctx, PUBLISH_REQUEST, 'OPEN');
      break;
    default:
      for (const group of r.groups) for (const node of group.members) sendNext(r, ctx, group, node);
  }
}

const setWriter = (r: RecoveryState, ctx: RoleContext, reqId: number, state: 'RECOVERING' | 'OPEN'): void =>
  send(ctx, r.meta, {
    kind: 'SetWriter',
    reqId: r.requests + reqId,
    boot: r.boot,
    volume: r.volume,
    term: r.token,
    state,
  });

/** The message that leads this replica on; nothing when it has done what the current step asks. */
function sendNext(r: RecoveryState, ctx: RoleContext, group: RecoveryGroup, node: NodeId): void {
  const message = nextMessage(r, group, node);
  if (message) send(ctx, node, message);
}

function nextMessage(r: RecoveryState, group: RecoveryGroup, node: NodeId): Message | null {
  const { descriptor } = group;
  const head = {
    group: descriptor.group,
    token: r.token,
    memberEpoch: descriptor.memberEpoch,
    geoEpoch: descriptor.geoEpoch,
  };
  if (r.phase === 'create') return group.created.has(node) ? null : createReplica(r.volume, descriptor);
  const mayRead = has(r.mutants, 'recovery.read-before-token') || group.tokens.has(node);
  if (r.phase === 'read' && mayRead) {
    const token = has(r.mutants, 'recovery.read-before-token')
      ? (group.readAs.get(node) ?? ((r.token - 1) as Term))
      : r.token;
    return hasReport(group, node) ? null : { kind: 'RecoveryRead', ...head, token };
  }
  if (!group.tokens.has(node)) return { kind: 'InstallToken', volume: r.volume, token: r.token, descriptor };
  if (r.phase !== 'install' && r.phase !== 'fill' && r.phase !== 'open') return null;
  const { history, vdlPrime, startLsn } = present(r.recovered, 'result of R3 and R4');
  if (r.phase === 'open' && group.histories.has(node))
    return group.opened.has(node) ? null : { kind: 'OpenVolume', ...head, vdl: vdlPrime, startLsn };
  if (group.filled.has(node)) return null;
  return { kind: 'InstallHistory', ...head, history: [...history], maxNwl: group.maxNwl, peers: [] };
}

/**
 * Newer members, committed while the recovery ran: only a rollback can be (WAL-69). What replicas have done under its
 * token stands; quorums are counted in the sets that are left.
 */
export function adoptInRecovery(
  r: RecoveryState,
  ctx: RoleContext,
  meta: Pick<MessageOf<'MetaState'>, 'token' | 'groups'>,
): void {
  if (r.phase === 'done' || r.phase === 'fenced' || meta.token !== r.token) return;
  let isChanged = false;
  for (const group of r.groups) {
    const descriptor = meta.groups.find((one) => one.group === group.descriptor.group);
    if (!descriptor || descriptor.memberEpoch <= group.descriptor.memberEpoch) continue;
    group.descriptor = descriptor;
    group.members = membersOf(descriptor);
    traceAdopted(ctx, descriptor, r.token);
    isChanged = true;
  }
  if (!isChanged) return;
  proceed(r, ctx);
  sendStep(r, ctx);
}

/** Goes on if what has been answered is a quorum of the present sets. */
function proceed(r: RecoveryState, ctx: RoleContext): void {
  if (r.phase === 'fence' && isAtWriteQuorum(r, 'tokens')) enter(r, ctx, 'claim', null);
  else if (r.phase === 'read' && groupsWithoutReadQuorum(r.groups, r.mutants).length === 0) {
    compute(r, ctx);
    enter(r, ctx, 'install', 'R5');
  } else if (r.phase === 'install' && isAtWriteQuorum(r, 'histories')) r.phase = 'fill';
  if (r.phase === 'fill' && isAtWriteQuorum(r, 'filled')) enter(r, ctx, 'open', 'R7');
  if (r.phase === 'open' && isAtWriteQuorum(r, 'opened')) r.phase = 'opened';
}

type RecoveryMessage = MessageOf<
  'TokenGranted' | 'WriterSet' | 'InstallAck' | 'RecoveryInfo' | 'HistoryAck' | 'OpenAck'
>;

/** Takes an answer. Answers of other steps and other lives are harmless: each is held against what it claims. */
export function onRecoveryReply(r: RecoveryState, ctx: RoleContext, from: NodeId, m: RecoveryMessage): void {
  if (r.phase === 'done' || r.phase === 'fenced') return;
  switch (m.kind) {
    case 'TokenGranted':
      onTokenGranted(r, ctx, m);
      break;
    case 'WriterSet':
      onWriterSet(r, ctx, m);
      break;
    case 'InstallAck':
    case 'RecoveryInfo':
    case 'HistoryAck':
    case 'OpenAck':
      onReplicaReply(r, ctx, from, m);
      break;
    default:
      unreachable(m);
  }
}

function onTokenGranted(r: RecoveryState, ctx: RoleContext, m: MessageOf<'TokenGranted'>): void {
  if (r.phase !== 'grant' || m.boot !== r.boot || m.reqId !== TOKEN_REQUEST || m.error !== '') return;
  takeGrant(r, ctx, m);
}

function takeGrant(
  r: RecoveryState,
  ctx: RoleContext,
  m: Pick<MessageOf<'TokenGranted'>, 'token' | 'created' | 'groups'>,
): void {
  r.token = m.token;
  r.isCreated = m.created;
  r.groups = [...m.groups].sort((a, b) => a.keyFirst - b.keyFirst).map(makeRecoveryGroup);
  for (const { descriptor } of r.groups)
    if (descriptor.memberEpoch > 1) traceAdopted(ctx, descriptor, r.token); // those of the creation go without saying
  r.createdFrom = ctx.now;
  if (!r.isCreated) enter(r, ctx, 'create', null);
  else beginFencing(r, ctx);
}

function beginFencing(r: RecoveryState, ctx: RoleContext): void {
  if (has(r.mutants, 'recovery.read-before-token')) enter(r, ctx, 'read', 'R2');
  else enter(r, ctx, 'fence', 'R1');
}

function onWriterSet(r: RecoveryState, ctx: RoleContext, m: MessageOf<'WriterSet'>): void {
  if (m.boot !== r.boot || m.term !== r.token) return;
  if (m.error === 'STALE_TERM') {
    r.phase = 'fenced';
    trace(ctx, { kind: 'volume.fenced', volume: r.volume, token: r.token, seen: 0 });
  } else if (r.phase === 'claim' && m.reqId === r.requests + CLAIM_REQUEST) {
    if (has(r.mutants, 'recovery.read-before-token')) enter(r, ctx, 'install', 'R5');
    else enter(r, ctx, 'read', 'R2');
  } else if (r.phase === 'publish' && m.reqId === r.requests + PUBLISH_REQUEST) onPublished(r, ctx);
}

function onPublished(r: RecoveryState, ctx: RoleContext): void {
  r.phase = 'done';
  wakeAt(ctx, RECOVER_TIMER, null);
  if (r.recovered === null) return;
  const { startLsn } = r.recovered;
  trace(ctx, { kind: 'recovery.done', volume: r.volume, token: r.token, vdl: startLsn, startLsn });
}

type ReplicaReply = Exclude<RecoveryMessage, MessageOf<'TokenGranted' | 'WriterSet'>>;

function onReplicaReply(r: RecoveryState, ctx: RoleContext, from: NodeId, m: ReplicaReply): void {
  const group = r.groups.find((one) => one.descriptor.group === m.group);
  if (!group?.members.includes(from)) return;
  const seen = m.kind === 'InstallAck' || m.kind === 'RecoveryInfo' ? m.maxToken : m.token;
  if (seen > r.token) {
    r.phase = 'fenced';
    trace(ctx, { kind: 'volume.fenced', volume: r.volume, token: r.token, seen });
  } else if (m.refused) onRefused(r, ctx, group, from, m.kind, m.refused);
  else if (m.kind === 'RecoveryInfo') onReport(r, ctx, group, from, m);
  else if (m.kind === 'OpenAck' && r.phase === 'create') onCreated(r, ctx, group, from);
  else if (seen !== r.token) return;
  else if (m.kind === 'InstallAck') onToken(r, ctx, group, from);
  else if (m.kind === 'HistoryAck') onHistory(r, ctx, group, from, m);
  else onOpened(r, group, from, m);
}

function onRefused(
  r: RecoveryState,
  ctx: RoleContext,
  group: RecoveryGroup,
  from: NodeId,
  kind: ReplicaReply['kind'],
  refused: Refusal,
): void {
  const isTokenRefusal = refused.code === 'TOKEN_STALE' || refused.code === 'EPOCH_AHEAD';
  // a replica with a later token than the creation's exists (WAL-4)
  if (r.phase === 'create' && kind === 'OpenAck' && refused.code === 'TOKEN_STALE')
    onCreated(r, ctx, group, from);
  else if (refused.which === 'member' && refused.code === 'STALE_EPOCH')
    send(ctx, r.meta, { kind: 'GetMeta', volume: r.volume });
  else if (refused.which === 'member' && refused.code === 'EPOCH_AHEAD') {
    const { descriptor } = group;
    send(ctx, from, { kind: 'InstallMembers', volume: r.volume, descriptor, origin: 'writer' });
  } else if (has(r.mutants, 'recovery.read-before-token') && kind === 'RecoveryInfo' && isTokenRefusal) {
    group.readAs.set(from, refused.current as Term);
    sendNext(r, ctx, group, from);
  }
}

function onCreated(r: RecoveryState, ctx: RoleContext, group: RecoveryGroup, from: NodeId): void {
  group.created.add(from);
  if (r.groups.every((one) => one.members.every((node) => one.created.has(node)))) endCreation(r, ctx);
}

/** PCS-120: a member may have died for good before it had its replica; of volumes that are made one by one it is made anew as one that is lost. */
const mayLeaveOut = (r: RecoveryState, { now }: RoleContext): boolean =>
  now - r.createdFrom >= r.createUs &&
  r.groups.every(
    ({ descriptor, created }) =>
      isOfTablets(descriptor) &&
      hasQuorumInEverySet(descriptor.sets, descriptor.vw, (node) => created.has(node)),
  );

function endCreation(r: RecoveryState, ctx: RoleContext): void {
  if (r.token !== CREATION_TERM) {
    beginFencing(r, ctx);
    return;
  }
  for (const group of r.groups) {
    group.maxNwl = 0 as Lsn;
    for (const node of group.created) {
      group.opened.add(node);
      group.scls.set(node, 0 as Lsn);
    }
  }
  r.phase = 'opened';
}

function onToken(r: RecoveryState, ctx: RoleContext, group: RecoveryGroup, from: NodeId): void {
  group.tokens.add(from);
  if (r.phase === 'fence') {
    if (isAtWriteQuorum(r, 'tokens')) enter(r, ctx, 'claim', null);
  } else sendNext(r, ctx, group, from);
}

/** What replicas have done: R1, R5, R6, R7. */
type RecoveryMark = 'tokens' | 'histories' | 'filled' | 'opened';

/** WAL-63: at vw of every set of every group. */
const isAtWriteQuorum = (r: RecoveryState, what: RecoveryMark): boolean =>
  has(r.mutants, what === 'tokens' ? 'recovery.token-at-one' : 'recovery.opens-at-one')
    ? r.groups.every((group) => group[what].size > 0)
    : r.groups.every((group) =>
        hasQuorumInEverySet(group.descriptor.sets, group.descriptor.vw, (node) => group[what].has(node)),
      );

/** R7's end: the term-start record is durable and clients are served. */
export const isTermStarted = (
  r: RecoveryState,
  writer: Pick<WriterState, 'vdl' | 'tail' | 'startLsn'>,
): boolean =>
  r.phase === 'termStart' &&
  (has(r.mutants, 'recovery.opens-at-one') ? writer.tail : writer.vdl) >= writer.startLsn;

function onReport(
  r: RecoveryState,
  ctx: RoleContext,
  group: RecoveryGroup,
  from: NodeId,
  m: MessageOf<'RecoveryInfo'>,
): void {
  const isOfThisToken = has(r.mutants, 'recovery.read-before-token') || m.maxToken === r.token;
  if (r.phase !== 'read' || !isOfThisToken || hasReport(group, from)) return;
  const { scl, ncl, nwl, knownVdl, groupTail, pgmrpl, logFloor, history, records } = m;
  group.reports.push({
    replica: from,
    scl,
    ncl,
    nwl,
    knownVdl,
    groupTail,
    pgmrpl,
    logFloor,
    history,
    records,
  });
  if (groupsWithoutReadQuorum(r.groups, r.mutants).length > 0) return;
  compute(r, ctx);
  if (has(r.mutants, 'recovery.read-before-token')) enter(r, ctx, 'fence', 'R1');
  else enter(r, ctx, 'install', 'R5');
}

/** R3 and R4, once per token. */
function compute(r: RecoveryState, ctx: RoleContext): void {
  trace(ctx, { kind: 'recovery.step', volume: r.volume, step: 'R3', token: r.token });
  const outcome = computeRecovery(r.groups, r.lal, r.token, r.mutants);
  const recovered = present(outcome.kind === 'ok' ? outcome.recovered : null, 'read quorum');
  r.recovered = recovered;
  r.groups.forEach((group, i) => {
    const result = present(recovered.groups[i], 'recovered group');
    group.maxNwl = result.maxNwl;
    group.reports.forEach((report, j) => {
      trace(ctx, {
        kind: 'recovery.info',
        group: result.group,
        replica: report.replica,
        scl: report.scl,
        effectiveScl: result.effectiveScls[j] as Lsn,
        knownVdl: report.knownVdl,
        groupTail: report.groupTail,
        tailTerm: tailTerm(report.history),
      });
    });
  });
  trace(ctx, { kind: 'recovery.step', volume: r.volume, step: 'R4', token: r.token });
  const { vclPrime, vdlPrime, startLsn } = recovered;
  trace(ctx, { kind: 'recovery.computed', volume: r.volume, token: r.token, vclPrime, vdlPrime, startLsn });
}

function onHistory(
  r: RecoveryState,
  ctx: RoleContext,
  group: RecoveryGroup,
  from: NodeId,
  m: MessageOf<'HistoryAck'>,
): void {
  if (r.recovered === null || m.volumeEpoch !== r.token) return;
  group.histories.add(from);
  group.scls.set(from, m.scl);
  group.left.set(
    from,
    m.missing.reduce((sum, [first, last]) => sum + last - first, 0),
  );
  if (m.scl >= group.maxNwl) group.filled.add(from);
  if (r.phase === 'install' && isAtWriteQuorum(r, 'histories')) {
    r.phase = 'fill';
    trace(ctx, { kind: 'recovery.step', volume: r.volume, step: 'R6', token: r.token });
  }
  if (r.phase === 'fill' && isAtWriteQuorum(r, 'filled')) enter(r, ctx, 'open', 'R7');
  else if (r.phase === 'open') sendNext(r, ctx, group, from);
}

function onOpened(r: RecoveryState, group: RecoveryGroup, from: NodeId, m: MessageOf<'OpenAck'>): void {
  if (r.phase !== 'open') return;
  group.opened.add(from);
  group.scls.set(from, m.scl);
  if (isAtWriteQuorum(r, 'opened')) r.phase = 'opened';
}

/** What the writer starts from, once the phase is `opened`. */
export function openedVolume(r: RecoveryState): OpenedVolume {
  const { recovered, volume, token } = r;
  return {
    volume,
    isArchived: r.backedUp === volume,
    meta: r.meta,
    term: token,
    startLsn: recovered?.startLsn ?? (1 as Lsn),
    vdlPrime: recovered?.vdlPrime ?? (0 as Lsn),
    pgmrpl: recovered?.pgmrpl ?? (0 as Lsn),
    history: recovered?.history ?? creationHistory(),
    groups: r.groups.map(({ descriptor, maxNwl, scls, opened }) => ({
      descriptor,
      maxNwl,
      scls,
      opened: [...opened],
    })),
  };
}
