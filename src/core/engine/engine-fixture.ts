// For tests: an engine over a log and a page store that are real in what matters to it. The log gives LSNs and checks
// the chains (WAL-2); VDL moves when the test says so (`advance`, `settleDurable`) or waits for an answer (`awaitReply`), so a commit stays pending until then; the store builds pages at VDL by redo from the log alone, so every
// miss and eviction goes through the same code as in a cluster. A crash keeps the log up to VDL and nothing else.

import { assert, present } from '../../base/assert.ts';
import type { GroupId, Lsn, NodeId, Term, Time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import type { StatementResult, StatementTree } from '../kernel/client-calls.ts';
import type { RoleContext } from '../kernel/context.ts';
import { makeIds } from '../kernel/context-fixture.ts';
import type { Effect, NodeConfig } from '../kernel/door.ts';
import { usualLimits } from '../kernel/limits-fixture.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import type { Mutants } from '../kernel/mutants.ts';
import type { Params } from '../kernel/params.ts';
import type { TraceEvent } from '../kernel/trace.ts';
import type { MtrRecord } from '../log/record.ts';
import { groupKeyFirst, type PageKey, VOLUME_KEY } from '../page/page-key.ts';
import { changesOf } from '../page/record-pages.ts';
import { applyRecords, type RedoStep } from '../page/redo.ts';
import { EMPTY, OP_GENESIS, OP_TERM_START, termStartPayload } from '../page/redo-ops.ts';
import { makeEngine, onPage, onPageOrder, onSqlRequest, onVdl, onWake, openEngine } from './engine.ts';
import type { EngineState, PageOrder } from './engine-state.ts';
import type { EnginePorts } from './ports.ts';
import { quiesce } from './split-copy.ts';

export interface LoggedRecord extends RedoStep {
  readonly prevBlock: Lsn;
  readonly cpl: boolean;
  readonly commit: boolean;
}

export interface FixtureOptions {
  readonly pageBytes?: number;
  readonly bufferPages?: number;
  readonly clientBlocks?: number;
  readonly lal?: number;
  readonly groups?: number;
  readonly mutants?: Mutants;
  /** The cluster has a reader: replies say at which read point they stand (READ-40). */
  readonly hasReader?: boolean;
  /** Records name several pages (LI-20), as those of shared storage do. */
  readonly joinsPages?: boolean;
  /** Sessions that there is room for. */
  readonly sessions?: number;
}

export interface Fixture {
  readonly options: Required<FixtureOptions>;
  engine: EngineState;
  log: LoggedRecord[];
  readonly chains: Map<number, LoggedRecord[]>;
  readonly built: Map<number, { lsn: number; page: Uint8Array; used: number }>;
  vdl: number;
  now: number;
  asked: PageKey[];
  readonly timers: Map<string, number>;
  readonly replies: MessageOf<'SqlReply'>[];
  /** Sessions whose request came again while it was carried out. */
  readonly working: string[];
  /** Of each reply, where the cluster has a reader. */
  readonly readPoints: number[];
  readonly traces: TraceEvent[];
  readonly sequences: Map<string, number>;
  readonly open: Set<string>;
  incarnation: number;
  pagesRead: number;
  /** Of the log (PCS-87). */
  mayBegin: boolean;
}

const DRIVER = 'd1' as NodeId;
const READER = { id: 'ro-1' as NodeId, zone: 'a', roles: ['compute'], isReader: true } as const;

function makeConfig(options: Required<FixtureOptions>): NodeConfig {
  const groups = Array.from({ length: options.groups }, (_, i) => ({
    id: `g${i + 1}` as GroupId,
    replicas: [],
    keyFirst: groupKeyFirst(i),
    keyEnd: groupKeyFirst(i + 1),
    vw: 2,
    vr: 2,
  }));
  const params = {
    ...usualLimits,
    clientBlocks: options.clientBlocks,
    pageBytes: options.pageBytes,
    bufferPages: options.bufferPages,
    deadlockMs: 5,
    engineSessions: options.sessions,
  } as Params;
  return {
    nodeId: 'rw-1' as NodeId,
    roles: ['compute'],
    cluster: { preset: 'test', volume: 'v1', nodes: options.hasReader ? [READER] : [], groups },
    params,
    prng: makePrng(1, 'fixture'),
    mutants: options.mutants,
  };
}

export function makeFixture(given: FixtureOptions = {}): Fixture {
  const options = {
    pageBytes: 1024,
    bufferPages: 64,
    clientBlocks: 16,
    lal: 100,
    groups: 2,
    hasReader: false,
    joinsPages: false,
    mutants: [],
    sessions: usualLimits.engineSessions,
    ...given,
  };
  const f: Fixture = {
    options,
    engine: makeEngine(makeConfig(options)),
    log: [],
    chains: new Map(),
    built: new Map(),
    vdl: -1,
    now: 1000,
    asked: [],
    timers: new Map(),
    replies: [],
    working: [],
    readPoints: [],
    traces: [],
    sequences: new Map(),
    open: new Set(),
    incarnation: 1,
    pagesRead: 0,
    mayBegin: true,
  };
  append(
    f,
    [{ blockKey: VOLUME_KEY, op: OP_GENESIS, init: true, payload: EMPTY, prevBlock: -1 as Lsn }],
    false,
  );
  f.vdl = 0;
  start(f, true);
  return f;
}

/** Opens the engine on what the log holds. */
function start(f: Fixture, firstStart: boolean): void {
  const prevBlock = present(f.chains.get(VOLUME_KEY)?.at(-1), 'volume page').lsn;
  const payload = termStartPayload(f.incarnation);
  append(f, [{ blockKey: VOLUME_KEY, op: OP_TERM_START, init: false, payload, prevBlock }], false);
  f.vdl = tailOf(f);
  call(f, (ctx, log) => openEngine(f.engine, ctx, log, { firstStart }));
  settle(f);
}

const tailOf = (f: Fixture): number => f.log[f.log.length - 1]?.lsn ?? -1;

function append(f: Fixture, records: readonly MtrRecord[], commit: boolean): { first: Lsn; last: Lsn } {
  const first = (tailOf(f) + 1) as Lsn;
  records.forEach((record, i) => {
    const logged = {
      ...record,
      lsn: (first + i) as Lsn,
      cpl: i === records.length - 1,
      commit,
    };
    for (const own of changesOf(logged)) {
      const chain = f.chains.get(own.blockKey) ?? [];
      const before = chain.at(-1)?.lsn ?? -1;
      assert(before === own.prevBlock, `WAL-31: page ${own.blockKey} chain ${before}, not ${own.prevBlock}`);
      chain.push(own);
      f.chains.set(own.blockKey, chain);
    }
    f.log.push(logged);
  });
  return { first, last: tailOf(f) as Lsn };
}

/** The page at VDL, built from the log alone. */
export function pageAtVdl(f: Fixture, blockKey: number): Uint8Array | null {
  const chain = f.chains.get(blockKey) ?? [];
  const known = f.built.get(blockKey);
  let used = known?.used ?? 0;
  let page = known?.page ?? null;
  const from = used;
  while (used < chain.length && present(chain[used], 'record').lsn <= f.vdl) used++;
  if (used > from) page = applyRecords(page, chain.slice(from, used), f.options.pageBytes);
  if (page) f.built.set(blockKey, { lsn: f.vdl, page, used });
  return page;
}

const bind = (f: Fixture): EnginePorts => ({
  metadata: null,
  log: {
    volume: 'v1',
    get term() {
      return f.incarnation as Term;
    },
    get durable() {
      return f.vdl as Lsn;
    },
    get tail() {
      return tailOf(f) as Lsn;
    },
    joinsPages: f.options.joinsPages,
    mayBegin: f.mayBegin,
    canAppend: (count) => tailOf(f) + count <= f.vdl + f.options.lal,
    append: (records, commit) => append(f, records, commit),
  },
  pages: {
    get readPoint() {
      return f.vdl as Lsn;
    },
    requestPage: (blockKey) => {
      if (!f.asked.includes(blockKey)) f.asked.push(blockKey);
    },
  },
});

function call(f: Fixture, run: (ctx: RoleContext, ports: EnginePorts) => void): void {
  const effects: Effect<Message>[] = [];
  run(
    { now: f.now as Time, role: 'compute', tag: 1, scope: '', ids: makeIds(), effects, traceId: 0 },
    bind(f),
  );
  for (const effect of effects) {
    if (effect.kind === 'trace') f.traces.push(effect.event);
    else if (effect.kind === 'wakeAt') {
      if (effect.at === null) f.timers.delete(effect.timer);
      else f.timers.set(effect.timer, effect.at);
    } else if (effect.kind === 'send' && effect.message.kind === 'AtWork')
      f.working.push(effect.message.session);
    else if (effect.kind === 'send' && effect.message.kind === 'SqlReply') takeReply(f, effect.message);
    else if (effect.kind === 'send' && effect.message.kind === 'PointedReply') {
      const { readPoint, ...reply } = effect.message;
      f.readPoints.push(readPoint);
      takeReply(f, { ...reply, kind: 'SqlReply' });
    }
  }
}

function takeReply(f: Fixture, reply: MessageOf<'SqlReply'>): void {
  f.replies.push(reply);
  if (reply.inTransaction) f.open.add(reply.session);
  else f.open.delete(reply.session);
}

/** What an operator says of one page. */
export function order(f: Fixture, kind: PageOrder['kind'], blockKey: number): void {
  call(f, (ctx, log) => onPageOrder(f.engine, ctx, log, { kind, volume: '', blockKey }));
}

/** The primary is to stand still for a split: who is at work is rolled back. */
export function standStill(f: Fixture): boolean {
  let isStill = false;
  call(f, (ctx, log) => {
    isStill = quiesce(f.engine, ctx, log, true);
  });
  return isStill;
}

/** Moves VDL to `to` (a CPL), or to the tail. */
export function advance(f: Fixture, to: number = tailOf(f)): void {
  if (to <= f.vdl) return;
  f.vdl = to;
  call(f, (ctx, log) => onVdl(f.engine, ctx, log));
}

/** Delivers the oldest page asked for. */
export function deliverPage(f: Fixture): void {
  const blockKey = f.asked.shift();
  if (blockKey === undefined) return;
  deliver(f, blockKey, pageAtVdl(f, blockKey));
}

/** Answers a page with these bytes. */
export function deliver(f: Fixture, blockKey: PageKey, page: Uint8Array | null): void {
  f.pagesRead++;
  call(f, (ctx, log) => onPage(f.engine, ctx, log, blockKey, page, { from: 'store', readPoint: f.vdl }));
}

/** Lets everything happen that needs neither durability nor a timer beyond `untilUs` from now. */
export const settle = (f: Fixture, untilUs = 0): void => settleWith(f, untilUs, false);

/** As `settle`, and all that is appended becomes durable. */
export const settleDurable = (f: Fixture, untilUs = 0): void => settleWith(f, untilUs, true);

function settleWith(f: Fixture, untilUs: number, isDurable: boolean): void {
  const until = f.now + untilUs;
  for (let i = 0; i < 1_000_000; i++) {
    const isVdlDue = isDurable && tailOf(f) > f.vdl;
    // Storage acknowledges while it gives pages: else those above VDL, which may not leave, could fill the buffer for ever.
    if (f.asked.length > 0 && !(isVdlDue && i % PAGES_PER_VDL === PAGES_PER_VDL - 1)) deliverPage(f);
    else if (isVdlDue) advance(f);
    else if (!fireTimer(f, until)) {
      f.now = until;
      return;
    }
  }
  throw new Error('the fixture does not settle');
}

/** The answer to a request, for which what is appended becomes durable; null: it waits for something else. */
export function awaitReply(
  f: Fixture,
  session: string,
  sequence: number,
  untilUs = 0,
): MessageOf<'SqlReply'> | null {
  settle(f, untilUs);
  while (replyOf(f, session, sequence) === null && tailOf(f) > f.vdl) {
    advance(f);
    settle(f);
  }
  return replyOf(f, session, sequence);
}

function fireTimer(f: Fixture, until: number): boolean {
  let first: string | null = null;
  for (const [timer, at] of f.timers)
    if (
      (at <= until || timer === 'compute:engine.turn') &&
      (first === null || at < (f.timers.get(first) ?? 0))
    )
      first = timer;
  if (first === null) return false;
  f.now = Math.max(f.now, f.timers.get(first) ?? 0);
  f.timers.delete(first);
  const name = first.slice('compute:'.length);
  call(f, (ctx, log) => onWake(f.engine, ctx, log, name));
  return true;
}

/** Pages delivered in a row while VDL is behind. */
const PAGES_PER_VDL = 64;

/** Sends a request and does not wait. Returns its sequence. */
export function begin(
  f: Fixture,
  session: string,
  statements: readonly StatementTree[],
  params: readonly (string | null)[] = [],
): number {
  const sequence = (f.sequences.get(session) ?? 0) + 1;
  f.sequences.set(session, sequence);
  post(f, session, sequence, statements, params);
  return sequence;
}

/** Sends a request of this sequence (again). */
export function post(
  f: Fixture,
  session: string,
  sequence: number,
  statements: readonly StatementTree[],
  params: readonly (string | null)[] = [],
): void {
  const message: MessageOf<'SqlRequest'> = {
    kind: 'SqlRequest',
    volume: 'v1',
    session,
    incarnation: f.incarnation,
    sequence,
    attempt: 1,
    statements: statements.map(({ text, tree }) => ({ id: 0, text, tree })),
    params: params.slice(),
    inTransaction: f.open.has(session),
  };
  call(f, (ctx, log) => onSqlRequest(f.engine, ctx, log, DRIVER, message));
}

/** The driver has ended the request of this sequence. */
export function cancel(f: Fixture, session: string, sequence: number, incarnation = f.incarnation): void {
  const message: MessageOf<'SqlCancel'> = { kind: 'SqlCancel', volume: 'v1', session, incarnation, sequence };
  call(f, (ctx, log) => onSqlRequest(f.engine, ctx, log, DRIVER, message));
}

export const replyOf = (f: Fixture, session: string, sequence: number): MessageOf<'SqlReply'> | null =>
  f.replies.find((reply) => reply.session === session && reply.sequence === sequence) ?? null;

/** Records that no statement has made: an MTR that is durable. */
export function appendRecords(f: Fixture, records: readonly MtrRecord[]): void {
  append(f, records, false);
  f.vdl = tailOf(f);
}

/** The node dies: recovery keeps the log up to a CPL (at least VDL) and annuls the rest; a new engine opens on it. */
export function crash(f: Fixture, vdlPrime: number = f.vdl): void {
  f.vdl = vdlPrime;
  f.log = f.log.filter((record) => record.lsn <= f.vdl);
  for (const [blockKey, chain] of f.chains)
    f.chains.set(
      blockKey,
      chain.filter((record) => record.lsn <= f.vdl),
    );
  f.asked = [];
  f.timers.clear();
  f.engine = makeEngine(makeConfig(f.options));
  start(f, false);
}

/** A result in one line: `2 rows: 1,ada | 2,bo`, `UPDATE 1`, `23505 duplicate …`. */
export function showResult(result: StatementResult): string {
  if (result.kind === 'done') return result.tag;
  if (result.kind === 'error') return `${result.sqlstate} ${result.message}`;
  return result.rows.map((row) => row.map((value) => value ?? 'null').join(',')).join(' | ') || 'no rows';
}

export function showReply(reply: MessageOf<'SqlReply'> | null): string {
  if (reply === null) return 'pending';
  if (reply.code !== '') return reply.code;
  return reply.results.map(showResult).join('; ');
}
