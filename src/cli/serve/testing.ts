// `postdb-lab/testing`: a cluster for tests of an application. Real nodes behind an address of PostgreSQL's protocol, faults as lines of a
// tape, what clients saw held against the isolation that they were promised, and the run as a tape and a link. The same seed, and the
// same requests at the same virtual times, give the same run.

import { AsyncLocalStorage } from 'node:async_hooks';
import { makePrng, nextUint32 } from '../../base/prng.ts';
import { messageOf } from '../../base/thrown.ts';
import { encodeTape } from '../../lab/share.ts';
import { freshTape, setupRun } from '../../sim/run-setup.ts';
import type { Tape } from '../../sim/tape.ts';
import { isTape } from '../../sim/tape-limits.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import { known } from '../../stacks/known.ts';
import { presets } from '../../stacks/presets.ts';
import { tapes } from '../../stacks/tapes.ts';
import { checkHistory } from './check-history.ts';
import { type ClientCall, makeClientHistory } from './client-history.ts';
import { wakePacer } from './pace.ts';
import { servePg } from './pg-server.ts';
import {
  act,
  makeServedCluster,
  runTo,
  type ServedCluster,
  stoppedMessage,
  tapeOf,
} from './served-cluster.ts';
import type { ClusterOptions, FaultOptions, SeenCall, SeenResult, TestCluster } from './test-api.ts';
import { makeTriggers, onCommit, pull, when } from './triggers.ts';

export type {
  ClusterOptions,
  ClusterSettings,
  FaultOptions,
  HistoryReport,
  SeenCall,
  SeenResult,
  TestCluster,
} from './test-api.ts';

/** Where `npm start` serves the lab. */
const LAB_ADDRESS = 'http://localhost:4173/';
/** Longest link that a lab opens, characters. */
const LINK_MAX = 2 * 1024 * 1024;

/** Clusters that a test of `everySeed` has started. */
const started = new AsyncLocalStorage<TestCluster[]>();

/** Throws for a preset that is not there, or a head of a tape that cannot be read. */
export async function startCluster(options: ClusterOptions = {}): Promise<TestCluster> {
  const result = setupRun(known, tapeFor(options));
  if (!result.ok) throw new Error(result.error);
  const history = makeClientHistory();
  const cluster = await makeServedCluster(result.setup, true, history);
  const server = await servePg(cluster, 0, { kind: options.pace ?? 'asked' });
  const triggers = makeTriggers();
  cluster.afterStep = () => pull(triggers);
  const prng = makePrng(result.setup.tape.header.seed, 'tests');
  const { fabric } = cluster.world;
  const isStopped = (): never => {
    throw new Error(
      cluster.stopped === null ? 'the cluster is not running' : stoppedMessage(cluster.stopped),
    );
  };
  const go = (us: number): void => {
    // In a callback the world is between two steps, and goes on by itself.
    if (!triggers.isActing) runTo(cluster, fabric.now + us);
    if (cluster.stopped !== null) isStopped();
    wakePacer(server.pacer, true);
  };
  const doLine = (line: string, inMs?: number): void => {
    const error = act(cluster, line, inMs === undefined ? null : fabric.now + Math.round(inMs * 1000));
    if (error !== null) throw new Error(`${line}: ${error}`);
    go(inMs === undefined ? 1 : 0);
  };
  const fault = (line: string, { forMs, inMs }: FaultOptions = {}): void =>
    doLine(forMs === undefined ? line : `${line} for ${forMs.toFixed(3)} ms`, inMs);
  const connectionStringOf = (database: string): string =>
    `postgresql://postgres@127.0.0.1:${server.port}/${database}`;
  const tape = (): string => tapeOf(cluster);
  const self: TestCluster = {
    connectionString: connectionStringOf('lab'),
    connectionStringOf,
    crash: (node, faultOptions) => fault(`crash ${node}`, faultOptions),
    restart: (node, { inMs } = {}) => doLine(`restart ${node}`, inMs),
    cut: (link, faultOptions) => fault(`cut ${link}`, faultOptions),
    heal: (link) => doLine(link === undefined ? 'healAll' : `heal ${link}`),
    act: doLine,
    run: (ms) => go(Math.round(ms * 1000)),
    onCommit: (n, then) => onCommit(cluster, triggers, n, then),
    when: (condition, then) => when(cluster, triggers, condition, then),
    random: () => nextUint32(prng) / 2 ** 32,
    now: () => fabric.now / 1000,
    commits: () => cluster.recorder.commits,
    history: () => history.calls.map((call) => seenOf(call, history.programs.get(call.session) ?? '')),
    check: () => ({ violations: violationsOf(cluster), ...checkHistory(history, cluster.host.edge.parse) }),
    tape,
    link: (lab = process.env.POSTDB_LAB_ADDRESS ?? LAB_ADDRESS) => linkTo(lab, tape()),
    async stop() {
      await server.stop();
      if (triggers.thrown !== null) throw triggers.thrown;
      return tape();
    },
  };
  started.getStore()?.push(self);
  return self;
}

function tapeFor({ preset = 'cynosdb', cluster = { preset }, seed }: ClusterOptions): Tape {
  if (typeof cluster !== 'string') {
    const tape = freshTape(presets, cluster.preset, seed ?? 1);
    if ('error' in tape) throw new Error(tape.error);
    const { profile = tape.header.profile, set = {}, broken = [] } = cluster;
    return {
      header: { ...tape.header, profile, changes: Object.entries(set), mutants: broken },
      actions: [],
    };
  }
  if (!isTape(cluster)) {
    const tape = freshTape(presets, `${cluster}\n`, seed ?? null);
    if ('error' in tape) throw new Error(`cluster, ${tape.error}`);
    return { ...tape, actions: [] };
  }
  const parsed = parseTape(tapes, cluster);
  if (!parsed.ok) throw new Error(`cluster, line ${parsed.line}: ${parsed.error}`);
  const { header, actions } = parsed.tape;
  return { header: { ...header, seed: seed ?? header.seed, end: null }, actions };
}

const violationsOf = ({ recorder }: ServedCluster): readonly string[] =>
  recorder.monitors.violations.map(({ rule, at, message }) => `${rule} at ${at / 1000} ms: ${message}`);

function linkTo(lab: string, tape: string): string {
  const link = `${lab}#/lab&r=${encodeTape(tape)}`;
  if (link.length > LINK_MAX)
    throw new RangeError(`the run is too long for a link (${link.length} characters): keep its tape`);
  return link;
}

function seenOf(call: ClientCall, program: string): SeenCall {
  const { session, text, params, calledUs, returnedUs, result } = call;
  return {
    session,
    program,
    text,
    params,
    calledMs: calledUs / 1000,
    returnedMs: result === null ? null : returnedUs / 1000,
    outcome: result?.outcome ?? 'unknown',
    results: (result?.statements ?? []).map((one): SeenResult => {
      if (one.kind === 'done') return { kind: 'done', tag: one.tag };
      if (one.kind === 'error') return { kind: 'error', sqlstate: one.sqlstate, message: one.message };
      return { kind: 'rows', tag: one.tag, columns: one.columns.map(({ name }) => name), rows: one.rows };
    }),
  };
}

/** What a test of a seed has thrown, with the runs that it made. */
export class SeedFailure extends Error {
  readonly seed: number;
  /** A link for each cluster that it started. */
  readonly links: readonly string[];
  constructor(seed: number, links: readonly string[], cause: unknown) {
    super(`seed ${seed}: ${messageOf(cause)}${links.map((link) => `\n  the run: ${link}`).join('')}`, {
      cause,
    });
    this.name = 'SeedFailure';
    this.seed = seed;
    this.links = links;
  }
}

/**
 * Runs a test with each of these seeds, one after the other, and ends with the first that fails: a SeedFailure says with which, and has
 * links that show its runs. Clusters that it has left running are stopped.
 */
export async function everySeed(
  first: number,
  last: number,
  test: (seed: number) => Promise<void>,
): Promise<void> {
  for (let seed = first; seed <= last; seed++) {
    const clusters: TestCluster[] = [];
    try {
      await started.run(clusters, () => test(seed));
      for (const cluster of clusters) await cluster.stop();
    } catch (error) {
      const links = clusters.flatMap(linksOf);
      for (const cluster of clusters) await cluster.stop().catch(() => undefined);
      throw new SeedFailure(seed, links, error);
    }
  }
}

function linksOf(cluster: TestCluster): readonly string[] {
  try {
    return [cluster.link()];
  } catch {
    return []; // too long for a link
  }
}
