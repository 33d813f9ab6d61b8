// Outages of volumes, followed over the trace: from the last instant at which a volume's writer could write to the first commit of the next one, with
// each attempt to recover (steps R1–R7 of docs/spec/wal.md §9), the tokens that nodes promised, and the acknowledged commits
// that a recovery left out (recovery point). Kept for the newest outage of each volume, bounded, plain data: the recorder
// carries it through keyframes, so live, review and replay agree.

import { present } from '../../base/assert.ts';
import { type NodeId, nodeId, type Time } from '../../base/ids.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import { type RecoveryStep, recoverySteps } from '../../core/quorum-log/log-view.ts';
import type { Monitors } from '../../sim/checks/monitor.ts';
import { volumeOf, volumeOfWriter } from '../../sim/checks/volumes.ts';
import type { TapeAction, TapeTables } from '../../sim/tape-actions.ts';
import type { TracedEvent } from '../../sim/types.ts';
import { actionOf } from '../../sim/world-action.ts';
import { clientRows, type OpenCall } from './outage-answers.ts';
import type { OutageFrame, StepAnswer } from './outage-frame.ts';
import { type Attempt, logOf, type Outage, type Outages, outagesIn, type VolumeLog } from './outage-state.ts';

/** Attempts kept of an outage, the newest ones. */
const MAX_ATTEMPTS = 16;
/** Newest acknowledged commits of a volume that a recovery is held against. */
const MAX_ACKED = 256;
/** Changes of a token or of a node's state that are drawn. */
const MAX_MARKS = 512;
/** Tokens kept of a node: what it promised since an outage began that is found out only now. */
const MAX_PROMISES = 4;
/** Answers kept of one attempt: steps × groups × replicas of any cluster that fits the screen. */
const MAX_ANSWERS = 1024;

/** WAL-4: the token of the writer that creates the volume. */
const CREATION_TERM = 1;

/** `monitors`: know which volume an event is about. */
export function followOutages(
  tape: TapeTables,
  all: Outages,
  monitors: Monitors,
  { event, at, node }: TracedEvent,
): void {
  const own = (): VolumeLog => logOf(all, volumeOf(monitors, event, node).id);
  switch (event.kind) {
    case 'world.action':
      if (event.hadEffect) onAction(tape, all, event, node, at);
      return;
    case 'mark.vdl': {
      const log = own();
      if (log.writer === node) log.advancedAt = at;
      return;
    }
    case 'node.down':
      onDown(all, node, at);
      return;
    case 'node.open':
      onOpenNode(all, node, at);
      return;
    case 'commit.ack':
      onAcked(own(), event, at);
      return;
    case 'meta.writer':
      // WAL-4: a volume that was only created has nothing to recover.
      if (event.state === 'OPEN' && event.token === CREATION_TERM) onCreated(own(), nodeId(event.writer), at);
      return;
    case 'recovery.step':
      onStep(all, own(), { node, step: stepNamed(event.step), token: event.token, at });
      return;
    case 'recovery.computed':
      onComputed(own(), node, event);
      return;
    case 'recovery.info':
      addAnswer(own(), 'R2', event.group, nodeId(event.replica), at);
      return;
    case 'recovery.done':
      endAttempt(own(), node, 'open', at);
      return;
    case 'volume.fenced':
      onFenced(all, own(), node, at);
      return;
    case 'attachment.freeze': {
      const log = own();
      if (event.state === 'thaw') log.planned = null;
      else if (log.writer === node) log.planned ??= { kind: 'handover', at };
      return;
    }
    case 'leader.lost':
      own().isGivenUp = true;
      return;
    case 'volume.fence': {
      const log = logOf(all, volumeOfWriter(monitors, node, event.volume).id);
      if (log.writer !== null && !log.isGivenUp) log.planned = { kind: 'transfer', at };
      return;
    }
    case 'token.install': {
      const log = own();
      promise(log, node, event.token, at);
      const isTaken = addAnswer(log, 'R1', event.group, node, at, event.token) !== null;
      if (!isTaken) keepAhead(log, event.token, { step: 'R1', group: event.group, node, at });
      return;
    }
    case 'store.open':
      if (event.maxToken > 0) promise(own(), node, event.maxToken, at);
      return;
    case 'recovery.history': {
      const attempt = addAnswer(own(), 'R5', event.group, node, at, event.token);
      if (attempt !== null) attempt.removed += event.removed.length;
      return;
    }
    case 'volume.open':
      addAnswer(own(), 'R7', event.group, node, at, event.token);
      return;
    case 'wal.durable': {
      if (event.source !== 'peer') return;
      const attempt = runningAttempt(own());
      if (attempt !== null && isIn(attempt, ['R5', 'R6'])) attempt.filled += event.lsns.length;
      return;
    }
    default:
  }
}

const stepNamed = (name: string): RecoveryStep =>
  present(
    recoverySteps.find((step) => step === name),
    'a step of a recovery named',
    name,
  );

/** The attempt that is under way. */
function runningAttempt({ outage }: VolumeLog): Attempt | null {
  const last = outage?.attempts.at(-1);
  return last === undefined || last.endedAt !== null ? null : last;
}

const isIn = ({ steps }: Attempt, names: readonly RecoveryStep[]): boolean => {
  const last = steps.at(-1);
  return last !== undefined && names.includes(last.step);
};

function beginOutage(
  all: Outages,
  log: VolumeLog,
  since: OutageFrame['since'],
  writer: NodeId | null,
  at: Time,
): Outage {
  const outage: Outage = {
    writer,
    since,
    from: at,
    attempts: [],
    attemptsBefore: 0,
    openedAt: null,
    firstCommitAt: null,
    lastAcked: log.acked.reduce((most, scn) => Math.max(most, scn), -1),
    lost: null,
    isLostAtLeast: log.isForgotten,
    clients: new Map(),
    tokens: promisedSince(log, at),
    downs: [...all.down].map(([node, from]) => ({ node, from, to: null })),
  };
  const { outage: last } = log;
  if (since !== 'transfer') log.before = null;
  else if (last?.since !== 'transfer') log.before = last;
  log.outage = outage;
  log.writer = null;
  log.planned = null;
  return outage;
}

/** What keeps a writer from writing while it runs. */
function onAction(
  tape: TapeTables,
  all: Outages,
  event: TraceOf<'world.action'>,
  node: NodeId,
  at: Time,
): void {
  const { action, isUndo, text } = event;
  switch (action) {
    case 'freeze':
    case 'resume':
      if (action === 'freeze' && !isUndo) all.frozen.set(node, at);
      else all.frozen.delete(node);
      return;
    case 'cut':
    case 'isolate':
    case 'partition':
      if (isUndo) all.cuts.delete(text);
      else all.cuts.set(text, { at, nodes: endsOf(actionOf(tape, event)) });
      return;
    case 'heal': {
      // Of a wider cut the rest stands; if the writer goes on, VDL shows it.
      const healed = endsOf(actionOf(tape, event)) ?? [];
      for (const [cut, { nodes }] of all.cuts)
        if (nodes?.every((one) => healed.includes(one))) all.cuts.delete(cut);
      return;
    }
    case 'healAll':
      all.cuts.clear();
      return;
    default:
  }
}

/** Null: whoever is not isolated is the other end. */
function endsOf(action: TapeAction | null): readonly NodeId[] | null {
  if (action?.kind === 'cut' || action?.kind === 'heal') return [...action.link.from, ...action.link.to];
  return action?.kind === 'partition' ? action.sides.flat() : null;
}

/** From when on a writer that runs could not write; null: nothing is known to keep it from it. */
function hindranceOf({ frozen, cuts }: Outages, { writer, advancedAt }: VolumeLog): Cause | null {
  if (writer === null) return null;
  const frozenAt = frozen.get(writer);
  if (frozenAt !== undefined) return { since: 'freeze', at: frozenAt };
  const at = [...cuts.values()]
    .filter(({ nodes }) => nodes?.includes(writer) ?? true)
    .map((cut) => cut.at)
    .filter((time) => advancedAt === null || time >= advancedAt)
    .sort((a, b) => a - b)[0];
  return at === undefined ? null : { since: 'cut', at };
}

interface Cause {
  readonly since: OutageFrame['since'];
  readonly at: Time;
}

/** From when on a writer that is to give way by plan could not write; null: there is no such plan. */
function plannedCause({ planned, fencedAhead, advancedAt }: VolumeLog): Cause | null {
  if (planned === null) return null;
  if (planned.kind === 'handover') return { since: 'handover', at: planned.at };
  // What its replicas had taken before they promised the newer token became durable still.
  const promised = fencedAhead?.answers[0]?.at ?? planned.at;
  return { since: 'transfer', at: advancedAt === null || advancedAt < promised ? promised : advancedAt };
}

function onDown(all: Outages, node: NodeId, at: Time): void {
  all.down.set(node, at);
  all.frozen.delete(node);
  for (const log of all.volumes.values()) {
    const isWriter = log.writer === node;
    if (isWriter) beginOutage(all, log, 'death', node, at);
    else
      for (const { downs, ...outage } of outagesIn(log))
        if (downs.length < MAX_MARKS && !isOver(outage)) downs.push({ node, from: at, to: null });
    const attempt = runningAttempt(log);
    if (attempt?.node === node) endAttempt(log, node, 'down', at);
  }
}

function onOpenNode(all: Outages, node: NodeId, at: Time): void {
  all.down.delete(node);
  for (const log of all.volumes.values())
    for (const { downs } of outagesIn(log)) {
      const open = downs.findLast((one) => one.node === node);
      if (open?.to === null) open.to = at;
    }
}

/** Open again, and a commit of the new writer was acknowledged. */
const isOver = ({ openedAt, firstCommitAt }: Pick<Outage, 'openedAt' | 'firstCommitAt'>): boolean =>
  openedAt !== null && firstCommitAt !== null;

function onAcked(
  log: VolumeLog,
  { scn, term }: { readonly scn: number; readonly term: number },
  at: Time,
): void {
  log.acked.push(scn);
  if (log.acked.length >= 2 * MAX_ACKED) {
    log.acked = log.acked.slice(-MAX_ACKED);
    log.isForgotten = true;
  }
  const { outage, before } = log;
  // Its clients waited for this commit, whoever makes it.
  if (before !== null && before.openedAt !== null && term >= (before.attempts.at(-1)?.token ?? 0))
    before.firstCommitAt ??= at;
  const attempt = outage?.attempts.at(-1);
  if (outage === null || attempt === undefined) return;
  // An older writer that does not know yet that it is none (FENCE-14): the same is asked of what it says now.
  if (outage.lost !== null && term < attempt.token && scn > attempt.vdlPrime) outage.lost++;
  if (outage.openedAt !== null && term === attempt.token) outage.firstCommitAt ??= at;
}

function onCreated(log: VolumeLog, writer: NodeId, at: Time): void {
  const attempt = runningAttempt(log);
  if (attempt === null || attempt.node !== writer) return;
  if (attempt.steps.some(({ step }) => step !== 'token')) return;
  promise(log, writer, CREATION_TERM, at);
  log.writer = writer;
  attempt.endedAt = at;
  attempt.end = 'open';
  if (log.outage?.since === 'start') log.outage = null;
  else if (log.outage !== null) log.outage.openedAt = at;
}

interface Begun {
  readonly node: NodeId;
  readonly step: RecoveryStep;
  readonly token: number;
  readonly at: Time;
}

function onStep(all: Outages, log: VolumeLog, { node, step, token, at }: Begun): void {
  const before = log.outage;
  const isNext = before === null || (before.openedAt !== null && !goesOn(log, before));
  const { since, at: from } = hindranceOf(all, log) ?? plannedCause(log) ?? { since: 'start', at };
  const outage = isNext ? beginOutage(all, log, since, log.writer, from) : before;
  // Who had it open was overtaken: it is not open.
  outage.openedAt = null;
  let attempt = runningAttempt(log);
  if (attempt === null || step === 'token') {
    if (attempt !== null) endAttempt(log, attempt.node, 'fenced', at);
    attempt = makeAttempt(node);
    outage.attempts.push(attempt);
    if (outage.attempts.length > MAX_ATTEMPTS) {
      outage.attempts.shift();
      outage.attemptsBefore++;
    }
  }
  attempt.steps.push({ step, at });
  if (step === 'token') return;
  if (attempt.token !== token) takeAhead(log, attempt, token);
  attempt.token = token;
  promise(log, node, token, at);
}

/** A replica that promises a token before the recovery under it has begun: R1 finds that promise made (PCS-49). */
function keepAhead(log: VolumeLog, token: number, answer: StepAnswer): void {
  const known = log.fencedAhead;
  if (known !== null && known.token > token) return;
  const answers = known?.token === token ? known.answers : [];
  if (answers.length < MAX_ANSWERS) answers.push(answer);
  log.fencedAhead = { token, answers };
}

function takeAhead(log: VolumeLog, { answers }: Attempt, token: number): void {
  if (log.fencedAhead?.token !== token) return;
  answers.push(...log.fencedAhead.answers);
  log.fencedAhead = null;
}

const makeAttempt = (node: NodeId): Attempt => ({
  node,
  token: -1,
  steps: [],
  endedAt: null,
  end: null,
  vclPrime: -1,
  vdlPrime: -1,
  startLsn: -1,
  answers: [],
  removed: 0,
  filled: 0,
});

/** RPO: what earlier writers acknowledged and this recovery annuls. */
function onComputed(
  log: VolumeLog,
  node: NodeId,
  { vclPrime, vdlPrime, startLsn }: { vclPrime: number; vdlPrime: number; startLsn: number },
): void {
  const attempt = runningAttempt(log);
  const { outage } = log;
  if (attempt?.node !== node || outage === null) return;
  Object.assign(attempt, { vclPrime, vdlPrime, startLsn });
  outage.lastAcked = log.acked.reduce((most, scn) => Math.max(most, scn), -1);
  outage.lost = log.acked.filter((scn) => scn > vdlPrime).length;
  // What is forgotten lies below what is remembered: it can be lost only if all of that is.
  outage.isLostAtLeast = log.isForgotten && outage.lost === log.acked.length;
}

function endAttempt(log: VolumeLog, node: NodeId, end: 'open' | 'down' | 'fenced', at: Time): void {
  const attempt = runningAttempt(log);
  if (attempt?.node !== node) return;
  attempt.endedAt = at;
  attempt.end = end;
  if (end !== 'open') return;
  log.writer = node;
  log.advancedAt = null;
  log.isGivenUp = false;
  if (log.outage !== null) log.outage.openedAt ??= at;
}

/** Its new writer was overtaken, and not by plan, before any client had a commit of it: for the clients it is the same outage. */
const goesOn = ({ writer, planned }: VolumeLog, { openedAt, firstCommitAt }: Outage): boolean =>
  writer === null && planned === null && openedAt !== null && firstCommitAt === null;

/** A writer that saw a newer token is none any more; an attempt that did has ended. */
function onFenced(all: Outages, log: VolumeLog, node: NodeId, at: Time): void {
  if (log.writer === node) {
    log.writer = null;
    const { since, at: from } = plannedCause(log) ?? { since: 'fence', at };
    if (log.outage === null || !goesOn(log, log.outage)) beginOutage(all, log, since, node, from);
    else log.outage.openedAt = null;
  }
  endAttempt(log, node, 'fenced', at);
}

function promise(log: VolumeLog, node: NodeId, token: number, at: Time): void {
  const own = log.tokens.get(node) ?? [];
  if ((own.at(-1)?.token ?? 0) >= token) return;
  log.tokens.set(node, [...own, { token, at }].slice(-MAX_PROMISES));
  for (const { tokens } of outagesIn(log)) if (tokens.length < MAX_MARKS) tokens.push({ node, token, at });
}

/** What each node had promised at the instant, and what it has since: an outage may be found out after it began. */
const promisedSince = ({ tokens }: VolumeLog, since: Time): Outage['tokens'] =>
  [...tokens].flatMap(([node, own]) => {
    const first = own.findLastIndex(({ at }) => at <= since);
    return own.slice(Math.max(0, first)).map((one) => ({ node, ...one }));
  });

/** Null: it is of another attempt. */
function addAnswer(
  log: VolumeLog,
  step: StepAnswer['step'],
  group: string,
  node: NodeId,
  at: Time,
  token: number | null = null,
): Attempt | null {
  const attempt = log.outage?.attempts.at(-1);
  if (attempt === undefined || (token !== null && token !== attempt.token)) return null;
  if (attempt.answers.length < MAX_ANSWERS) attempt.answers.push({ step, group, node, at });
  return attempt;
}

/** The newest outage of each volume, as a picture has it; before a transfer by plan the one that was none. */
export const outageFrames = (
  { volumes }: Outages,
  calls: ReadonlyMap<string, OpenCall>,
): readonly OutageFrame[] =>
  [...volumes].flatMap(([volume, log]) => {
    const own = [...calls.values()].filter((call) => call.volume === volume);
    return outagesIn(log).map((outage): OutageFrame => {
      const { clients, attempts, tokens, downs, ...rest } = outage;
      return {
        ...rest,
        volume,
        attempts: attempts.map((one) => ({ ...one, steps: [...one.steps], answers: [...one.answers] })),
        tokens: tokens.map((one) => ({ ...one })),
        downs: downs.map((one) => ({ ...one })),
        ...clientRows(outage, clients, own),
      };
    });
  });
