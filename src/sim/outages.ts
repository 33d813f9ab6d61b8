// Outages of volumes, followed over the trace: from the death of a volume's writer to the first commit of the next one, with
// each attempt to recover (steps R1–R7 of docs/spec/wal.md §9), what clients were told meanwhile, the tokens that nodes
// promised, and the acknowledged commits that a recovery left out (recovery point). Kept for the newest outage of each
// volume, bounded, plain data: the recorder carries it through keyframes, so live, review and replay agree.

import { present } from '../base/assert.ts';
import { type NodeId, nodeId, type Time } from '../base/ids.ts';
import { type RecoveryStep, recoverySteps } from '../core/quorum-log/log-view.ts';
import type { Monitors } from './checks/monitor.ts';
import { volumeOf } from './checks/volumes.ts';
import type { TracedEvent } from './types.ts';

/** Attempts kept of an outage, the newest ones. */
const MAX_ATTEMPTS = 16;
/** Clients listed by name; what others were told is summed. */
const MAX_CLIENTS = 64;
/** Newest acknowledged commits of a volume that a recovery is held against. */
const MAX_ACKED = 256;
/** Changes of a token or of a node's state that are drawn. */
const MAX_MARKS = 512;
/** Answers kept of one attempt: steps × groups × replicas of any cluster that fits the screen. */
const MAX_ANSWERS = 1024;

/** A replica that did what a step asks of it: durable there, or taken into the computation. */
export interface StepAnswer {
  readonly step: 'R1' | 'R2' | 'R5' | 'R7';
  readonly group: string;
  readonly node: NodeId;
  readonly at: Time;
}

export interface RecoveryAttempt {
  readonly node: NodeId;
  readonly token: number;
  /** Each step with its beginning; it ends with the next one's, the last with the attempt. */
  readonly steps: readonly { readonly step: RecoveryStep; readonly at: Time }[];
  readonly endedAt: Time | null;
  /** `down`: its node died; `fenced`: a newer token is at the replicas. */
  readonly end: 'open' | 'down' | 'fenced' | null;
  /** R3 and R4; −1 before. */
  readonly vclPrime: number;
  readonly vdlPrime: number;
  readonly startLsn: number;
  readonly answers: readonly StepAnswer[];
  /** R5: records that replicas deleted, copies counted. */
  readonly removed: number;
  /** R6: records that replicas got from each other, copies counted. */
  readonly filled: number;
}

export interface ClientOutcomes {
  readonly client: string;
  readonly acknowledged: number;
  /** Of these the commits that the dead writer had made durable, answered by the new one (FENCE-44). */
  readonly replayed: number;
  readonly failed: number;
  readonly unknown: number;
  /** Called before the volume was open again and not answered yet. */
  readonly waiting: number;
}

export interface OutageFrame {
  readonly volume: string;
  /** The writer that had it open; null: nobody was seen to. */
  readonly writer: NodeId | null;
  /** `death` of that writer, or where none was seen the `start` of the recovery. */
  readonly since: 'death' | 'start';
  readonly from: Time;
  /** Oldest first. */
  readonly attempts: readonly RecoveryAttempt[];
  /** Older attempts that are no longer kept. */
  readonly attemptsBefore: number;
  readonly openedAt: Time | null;
  readonly firstCommitAt: Time | null;
  /** The greatest SCN that earlier writers acknowledged, as far as the run was seen; −1: none. */
  readonly lastAcked: number;
  /** Acknowledged commits above VDL′; null: not computed yet. */
  readonly lost: number | null;
  /** More may be lost than is counted: older commits are not remembered, or the run was not seen from its beginning. */
  readonly isLostAtLeast: boolean;
  readonly clients: readonly ClientOutcomes[];
  /** What clients beyond those listed were told; null: all are listed. */
  readonly others: Omit<ClientOutcomes, 'client'> | null;
  /** Tokens that nodes had promised, `at` the outage's beginning or when they rose. */
  readonly tokens: readonly { readonly node: NodeId; readonly token: number; readonly at: Time }[];
  readonly downs: readonly { readonly node: NodeId; readonly from: Time; readonly to: Time | null }[];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Attempt = Omit<Writable<RecoveryAttempt>, 'steps' | 'answers'> & {
  steps: RecoveryAttempt['steps'][number][];
  answers: StepAnswer[];
};
type OutcomeCounts = Omit<Writable<ClientOutcomes>, 'waiting' | 'client'>;

interface Outage
  extends Writable<Pick<OutageFrame, 'writer' | 'since' | 'from' | 'openedAt' | 'firstCommitAt'>> {
  attempts: Attempt[];
  attemptsBefore: number;
  lastAcked: number;
  lost: number | null;
  isLostAtLeast: boolean;
  readonly clients: Map<string, OutcomeCounts>;
  readonly tokens: Writable<OutageFrame['tokens'][number]>[];
  readonly downs: Writable<OutageFrame['downs'][number]>[];
}

interface VolumeLog {
  /** Who has it open. */
  writer: NodeId | null;
  /** SCNs that were acknowledged, newest last; whether older ones are forgotten. */
  acked: number[];
  isForgotten: boolean;
  /** Highest token that each node promised or was granted. */
  readonly tokens: Map<NodeId, number>;
  outage: Outage | null;
}

/** WAL-4: the token of the writer that creates the volume. */
const CREATION_TERM = 1;

/** By volume. Plain data, part of the recorder. */
export interface Outages {
  readonly volumes: Map<string, VolumeLog>;
  readonly down: Map<NodeId, Time>;
  /** The run was opened from its disks: what was before is not known. */
  readonly isResumed: boolean;
}

/** A call of a client that is not answered: when, and by whom. */
export interface OpenCall {
  readonly at: Time;
  readonly client: string;
}

export interface Answer {
  readonly outcome: string;
  /** Of the commit, or −1. */
  readonly scn: number;
  readonly at: Time;
}

export const makeOutages = (isResumed: boolean): Outages => ({
  volumes: new Map(),
  down: new Map(),
  isResumed,
});

function logOf({ volumes, isResumed }: Outages, volume: string): VolumeLog {
  const known = volumes.get(volume);
  if (known !== undefined) return known;
  const made: VolumeLog = {
    writer: null,
    acked: [],
    isForgotten: isResumed,
    tokens: new Map(),
    outage: null,
  };
  volumes.set(volume, made);
  return made;
}

/** `monitors`: know which volume an event is about. */
export function followOutages(all: Outages, monitors: Monitors, { event, at, node }: TracedEvent): void {
  const own = (): VolumeLog => logOf(all, volumeOf(monitors, event, node).id);
  switch (event.kind) {
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
    case 'token.install': {
      const log = own();
      promise(log, node, event.token, at);
      addAnswer(log, 'R1', event.group, node, at, event.token);
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
    tokens: [...log.tokens].map(([node, token]) => ({ node, token, at })),
    downs: [...all.down].map(([node, from]) => ({ node, from, to: null })),
  };
  log.outage = outage;
  log.writer = null;
  return outage;
}

function onDown(all: Outages, node: NodeId, at: Time): void {
  all.down.set(node, at);
  for (const log of all.volumes.values()) {
    const isWriter = log.writer === node;
    if (isWriter) beginOutage(all, log, 'death', node, at);
    else if (log.outage !== null && log.outage.downs.length < MAX_MARKS && !isOver(log.outage))
      log.outage.downs.push({ node, from: at, to: null });
    const attempt = runningAttempt(log);
    if (attempt?.node === node) endAttempt(log, node, 'down', at);
  }
}

function onOpenNode(all: Outages, node: NodeId, at: Time): void {
  all.down.delete(node);
  for (const { outage } of all.volumes.values()) {
    const open = outage?.downs.findLast((one) => one.node === node);
    if (open?.to === null) open.to = at;
  }
}

/** Open again, and a commit of the new writer was acknowledged. */
const isOver = ({ openedAt, firstCommitAt }: Outage): boolean => openedAt !== null && firstCommitAt !== null;

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
  const { outage } = log;
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
  const isNext = before === null || before.openedAt !== null;
  const outage = isNext ? beginOutage(all, log, 'start', log.writer, at) : before;
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
  attempt.token = token;
  promise(log, node, token, at);
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
  if (log.outage !== null) log.outage.openedAt = at;
}

/** A writer that saw a newer token is none any more; an attempt that did has ended. */
function onFenced(all: Outages, log: VolumeLog, node: NodeId, at: Time): void {
  if (log.writer === node) beginOutage(all, log, 'death', node, at);
  else endAttempt(log, node, 'fenced', at);
}

function promise(log: VolumeLog, node: NodeId, token: number, at: Time): void {
  if ((log.tokens.get(node) ?? 0) >= token) return;
  log.tokens.set(node, token);
  if (log.outage !== null && log.outage.tokens.length < MAX_MARKS)
    log.outage.tokens.push({ node, token, at });
}

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

// what clients were told

const noOutcomes = (): OutcomeCounts => ({ acknowledged: 0, replayed: 0, failed: 0, unknown: 0 });

const isOf = (client: string, volume: string, own: string): boolean => {
  const at = client.lastIndexOf('@');
  return (at === -1 ? own : client.slice(at + 1)) === volume;
};

/** Takes the answer to a call; `own`: the cluster's first volume. */
export function followAnswer(all: Outages, call: OpenCall, answer: Answer, own: string): void {
  for (const [volume, { outage }] of all.volumes) {
    if (outage === null || !isOf(call.client, volume, own)) continue;
    if (outage.openedAt !== null && call.at > outage.openedAt) continue;
    const counts = outage.clients.get(call.client) ?? noOutcomes();
    outage.clients.set(call.client, counts);
    if (answer.outcome === 'ok') {
      counts.acknowledged++;
      const startLsn = outage.attempts.at(-1)?.startLsn ?? -1;
      if (outage.openedAt !== null && answer.scn >= 0 && answer.scn < startLsn) counts.replayed++;
    } else if (answer.outcome === 'error') counts.failed++;
    else counts.unknown++;
  }
}

/** The newest outage of each volume, as a picture has it. */
export function outageFrames(
  { volumes }: Outages,
  calls: ReadonlyMap<string, OpenCall>,
  own: string,
): readonly OutageFrame[] {
  const frames: OutageFrame[] = [];
  for (const [volume, { outage }] of volumes) {
    if (outage === null) continue;
    const { clients, attempts, tokens, downs, ...rest } = outage;
    frames.push({
      ...rest,
      volume,
      attempts: attempts.map((one) => ({ ...one, steps: [...one.steps], answers: [...one.answers] })),
      tokens: tokens.map((one) => ({ ...one })),
      downs: downs.map((one) => ({ ...one })),
      ...clientRows(
        outage,
        clients,
        [...calls.values()].filter(({ client }) => isOf(client, volume, own)),
      ),
    });
  }
  return frames;
}

function clientRows(
  { openedAt }: Outage,
  clients: ReadonlyMap<string, OutcomeCounts>,
  calls: readonly OpenCall[],
): Pick<OutageFrame, 'clients' | 'others'> {
  const waiting = new Map<string, number>();
  for (const { client, at } of calls)
    if (openedAt === null || at <= openedAt) waiting.set(client, (waiting.get(client) ?? 0) + 1);
  const names = [...new Set([...clients.keys(), ...waiting.keys()])].sort();
  const rows = names.map((client) => ({
    client,
    ...(clients.get(client) ?? noOutcomes()),
    waiting: waiting.get(client) ?? 0,
  }));
  const left = rows.slice(MAX_CLIENTS);
  return { clients: rows.slice(0, MAX_CLIENTS), others: left.length === 0 ? null : sumOf(left) };
}

export function sumOf(rows: readonly Omit<ClientOutcomes, 'client'>[]): Omit<ClientOutcomes, 'client'> {
  const sum = { acknowledged: 0, replayed: 0, failed: 0, unknown: 0, waiting: 0 };
  for (const row of rows) {
    sum.acknowledged += row.acknowledged;
    sum.replayed += row.replayed;
    sum.failed += row.failed;
    sum.unknown += row.unknown;
    sum.waiting += row.waiting;
  }
  return sum;
}
