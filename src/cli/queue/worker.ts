// `sim worker`: takes jobs of its build from a queue and runs them in threads. The thread that speaks with the server computes nothing,
// so a lock is renewed however long a seed takes.

import { randomBytes } from 'node:crypto';
import { availableParallelism, hostname } from 'node:os';
import { DelayedError, type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { ENGINE } from '../../sim/engine.ts';
import { itemsBuild, ownBuild } from '../build-id.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { isFailure } from '../jobs/answers.ts';
import type { JobPool } from '../jobs/pool.ts';
import { nameOf } from '../jobs/seed-job.ts';
import { startThreads } from '../threads.ts';
import { type Beat, beat, liveWorkers, noteOrigin, stopBeating } from './beats.ts';
import { putVerdict, readCampaign } from './campaign.ts';
import { connect, connectionOf, faultOfUrl } from './connect.ts';
import {
  type Envelope,
  fieldOf,
  jobIdOf,
  namesIn,
  type Outcome,
  openJob,
  openVerdict,
  sealVerdict,
} from './envelope.ts';
import { BEAT_MS, LOCK_MS, MOST_KILLS, MOST_STALLS, PUT_BACK_MS, STALLED_EVERY_MS } from './limits.ts';
import { keys, PREFIX, queueNameOf } from './names.ts';
import { packAnswer } from './results.ts';
import { runItem } from './run-item.ts';

export interface WorkerOptions {
  readonly queue?: string | undefined;
  readonly workers?: string | undefined;
  readonly browser?: boolean | undefined;
  readonly idle?: string | undefined;
}

interface Working {
  readonly redis: Redis;
  readonly self: Beat;
  readonly threads: JobPool;
  /** By campaign: what this process has spent for it, jobs, and processor time at its first. */
  readonly spent: Map<string, { jobs: number; readonly since: NodeJS.CpuUsage }>;
  lastWorkAt: number;
  busy: number;
}

const say = (line: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`);

export async function runWorker(options: WorkerOptions): Promise<ExitCode> {
  const { queue: url, browser: hasBrowser = false } = options;
  const threads = Number(options.workers ?? availableParallelism());
  const idleMs = options.idle === undefined ? Number.POSITIVE_INFINITY : Number(options.idle) * 1000;
  const fault = url === undefined ? 'sim worker needs --queue URL' : faultOfUrl(url);
  if (url === undefined || fault !== null || !(threads >= 1) || !(idleMs > 0)) {
    console.error(fault ?? '--workers is a number of threads, --idle a number of seconds');
    return exitCodes.usage;
  }
  const redis = connect(url, say);
  const builds = { seeds: ownBuild(), items: itemsBuild() };
  const id = `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`.slice(0, 200);
  const host = { machine: hostname(), node: process.version, engine: ENGINE };
  const self: Beat = { id, ...host, ...builds, hasBrowser, threads };
  const working: Working = {
    ...{ redis, self, threads: startThreads(threads), spent: new Map() },
    ...{ lastWorkAt: Date.now(), busy: 0 },
  };
  const needs = hasBrowser ? [false, true] : [false];
  const queues = [
    { name: `seeds-${builds.seeds}`, concurrency: threads, build: builds.seeds },
    ...needs.map((needsBrowser) => ({
      name: queueNameOf({ kind: 'item', item: '', needsBrowser }, builds),
      // An item takes all cores by itself.
      ...{ concurrency: 1, build: builds.items },
    })),
  ];
  say(
    `build ${builds.seeds}, items ${builds.items}, ${threads} threads${hasBrowser ? ', with a browser' : ''}`,
  );
  const workers = queues.map(({ name, concurrency, build }) =>
    startWorker(working, url, name, concurrency, build),
  );
  const refused = new Set<string>();
  const beating = setInterval(() => {
    beat(redis, self).catch(() => {});
    refuseOtherBuilds(working, refused).catch(() => {});
  }, BEAT_MS);
  await beat(redis, self);
  await untilStoppedOrIdle(working, idleMs);
  say('no more jobs are taken; those under way are ended first');
  await Promise.all(workers.map((worker) => worker.close()));
  clearInterval(beating);
  await stopBeating(redis, id);
  await working.threads.close();
  redis.disconnect();
  return exitCodes.ok;
}

function untilStoppedOrIdle(working: Working, idleMs: number): Promise<void> {
  return new Promise((resolve) => {
    const looking = setInterval(() => {
      if (working.busy === 0 && Date.now() - working.lastWorkAt > idleMs) end();
    }, 500);
    const end = (): void => {
      clearInterval(looking);
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  });
}

function startWorker(
  working: Working,
  url: string,
  name: string,
  concurrency: number,
  build: string,
): Worker {
  const worker = new Worker<unknown>(
    name,
    async (job, token) => {
      working.busy++;
      try {
        await onJob(working, job, token, build);
      } finally {
        working.busy--;
        working.lastWorkAt = Date.now();
      }
    },
    {
      connection: connectionOf(url),
      prefix: PREFIX,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_EVERY_MS,
      maxStalledCount: MOST_STALLS,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  );
  worker.on('error', () => {}); // the connection says that the server is away
  worker.on('failed', (job, error) => {
    if (job?.id !== undefined)
      fail(working, job.id, `given up by the queue: ${error.message}`).catch(() => {});
  });
  return worker;
}

/** Campaigns of another build are refused, each with one line. */
async function refuseOtherBuilds({ redis, self }: Working, refused: Set<string>): Promise<void> {
  for (const id of await redis.zrevrange(keys.campaigns, 0, 50)) {
    if (refused.has(id)) continue;
    const campaign = await readCampaign(redis, id);
    if (campaign?.state !== 'running') continue;
    refused.add(id);
    const { build, command } = campaign.record;
    const own = command === 'deep' ? self.items : self.seeds;
    if (build !== own) say(`refused: campaign ${id} is of build ${build}, this worker of ${own}`);
  }
}

/** A verdict that says why there is none. */
async function fail({ redis, self }: Working, jobId: string, error: string): Promise<void> {
  const names = namesIn(jobId);
  if (names === null) return;
  const outcome: Outcome = { kind: 'failed', error: error.slice(0, 4000) };
  const record = { field: names.field, worker: self.id, machine: self.machine, outcome };
  await putVerdict(redis, names.campaign, names.field, sealVerdict(record), true);
}

async function onJob(
  working: Working,
  job: Job<unknown>,
  token: string | undefined,
  build: string,
): Promise<void> {
  const { redis, self } = working;
  const jobId = job.id ?? '';
  const opened = openJob(jobId, job.data, build);
  if (!opened.ok) {
    say(`refused: job ${jobId.slice(0, 100)}: ${opened.error}`);
    return await fail(working, jobId, `the job was refused by ${self.machine}: ${opened.error}`);
  }
  const { envelope } = opened;
  const [state, isThere] = await Promise.all([
    redis.hget(keys.campaign(envelope.campaign), 'state'),
    redis.hexists(keys.verdicts(envelope.campaign), fieldOf(envelope)),
  ]);
  if (state === null || state === 'cancelled' || isThere === 1) return;
  if (await isOthersTurn(working, envelope)) {
    await job.moveToDelayed(Date.now() + PUT_BACK_MS, token);
    throw new DelayedError();
  }
  const killed = await takeUp(working, jobId);
  if (killed >= MOST_KILLS)
    return await fail(
      working,
      jobId,
      `set aside: ${killed} workers died while they ran ${nameOf(envelope.job)}`,
    );
  await run(working, jobId, envelope);
}

/** Of a job that runs twice the other run was, or is, of this worker, and there is another that could take this one. */
async function isOthersTurn({ redis, self }: Working, envelope: Envelope): Promise<boolean> {
  const other = { ...envelope, isSecond: !envelope.isSecond };
  const [text, isTaken] = await Promise.all([
    redis.hget(keys.verdicts(envelope.campaign), fieldOf(other)),
    redis.sismember(keys.takers(jobIdOf(other)), self.id),
  ]);
  const opened = text === null ? null : openVerdict(fieldOf(other), text);
  const isOwn = isTaken === 1 || (opened?.ok === true && opened.record.worker === self.id);
  if (!isOwn) return false;
  const live = await liveWorkers(redis);
  return live.some(({ id, seeds }) => id !== self.id && seeds === self.seeds);
}

/** Notes that this worker has the job. @returns how many others had it and are dead */
async function takeUp({ redis, self }: Working, jobId: string): Promise<number> {
  const key = keys.takers(jobId);
  await redis
    .multi()
    .sadd(key, self.id)
    .expire(key, 24 * 3600)
    .exec();
  const [takers, live] = await Promise.all([redis.smembers(key), liveWorkers(redis)]);
  const living = new Set(live.map(({ id }) => id)).add(self.id);
  return takers.filter((id) => !living.has(id)).length;
}

async function run(working: Working, jobId: string, envelope: Envelope): Promise<void> {
  const { redis, self, threads, spent } = working;
  const { campaign, job } = envelope;
  const of = spent.get(campaign) ?? { jobs: 0, since: process.cpuUsage() };
  spent.set(campaign, of);
  try {
    const answer = job.kind === 'item' ? await runItem(job.item) : await threads.ask(job);
    const field = fieldOf(envelope);
    const outcome = packAnswer(answer, envelope.isSecond);
    const record = { field, worker: self.id, machine: self.machine, outcome };
    await putVerdict(redis, campaign, field, sealVerdict(record), isFailure(job, answer));
  } catch (error) {
    say(`${nameOf(job)} threw: ${error instanceof Error ? error.message : error}`);
    await fail(working, jobId, `${nameOf(job)} threw on ${self.machine}: ${textOf(error)}`);
  }
  of.jobs++;
  const { user, system } = process.cpuUsage(of.since);
  const origin = { machine: self.machine, node: self.node, jobs: of.jobs, cpuSeconds: (user + system) / 1e6 };
  await noteOrigin(redis, campaign, self.id, origin);
  await redis.srem(keys.takers(jobId), self.id);
}

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
