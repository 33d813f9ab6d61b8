// The pool of a campaign: hands jobs in, takes each verdict once by its key, and says how it stands. The process may go at any time: what
// was handed in goes on, and who resumes asks for the same jobs and finds their verdicts.

import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { itemsBuild, ownBuild } from '../build-id.ts';
import type { Answer } from '../jobs/answers.ts';
import { isFailure } from '../jobs/answers.ts';
import { CampaignLeft, JobFailed, type JobPool, QueueRefused } from '../jobs/pool.ts';
import { type JobKind, nameOf, type SeedJob } from '../jobs/seed-job.ts';
import { type Beat, liveWorkers, originsOf } from './beats.ts';
import { type CampaignRecord, keep, letGo, makeCampaign, readCampaign, setState } from './campaign.ts';
import { connect, connectionOf, faultOfUrl, placeOf } from './connect.ts';
import {
  type Envelope,
  fieldOf,
  isTwice,
  jobIdOf,
  keyOf,
  openVerdict,
  sealJob,
  type VerdictRecord,
} from './envelope.ts';
import {
  BEAT_MS,
  DEAD_MS,
  MOST_CAMPAIGN_BYTES,
  MOST_OPEN,
  NO_BROWSER_MS,
  POLL_MS,
  RECHECK_MS,
} from './limits.ts';
import { type Builds, buildFor, keys, PREFIX, queueNameOf } from './names.ts';
import { ProgressPrinter, progressLine } from './progress.ts';
import { unpackAnswer } from './results.ts';

/** Into how many shares the fates of one world are cut. */
const SHARES = 8;

interface Open {
  readonly envelope: Envelope;
  readonly onVerdict: (record: VerdictRecord) => void;
  readonly onEnd: (error: Error) => void;
}

/** @throws QueueRefused when the URL is none, or there is no such campaign of this build and command, or somebody else drives it */
export async function openCampaign(
  url: string,
  command: string,
  {
    queue: _,
    campaign: id,
    ...given
  }: { readonly queue?: string | undefined; readonly campaign?: string | undefined },
): Promise<JobPool> {
  const fault = faultOfUrl(url);
  if (fault !== null) throw new QueueRefused(fault);
  const builds: Builds = { seeds: ownBuild(), items: command === 'deep' ? itemsBuild() : '' };
  const build = command === 'deep' ? builds.items : builds.seeds;
  let pool: CampaignPool | null = null;
  const say = (line: string): void => (pool === null ? console.error(line) : pool.say(line));
  const redis = connect(url, say, () => pool?.recheck());
  const options: Record<string, string | boolean> = {};
  for (const [name, value] of Object.entries(given))
    if (typeof value === 'string' || value === true) options[name] = value;
  try {
    const record =
      id === undefined
        ? await makeCampaign(redis, { command, options, build })
        : await takeOver(redis, id, command, build);
    pool = new CampaignPool(redis, url, record, builds);
    await pool.begin(id !== undefined);
    return pool;
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

async function takeOver(redis: Redis, id: string, command: string, build: string): Promise<CampaignRecord> {
  const campaign = await readCampaign(redis, id);
  if (campaign === null) throw new QueueRefused(`there is no campaign ${id}`);
  const { record } = campaign;
  if (record.command !== command) throw new QueueRefused(`campaign ${id} is one of sim ${record.command}`);
  if (record.build !== build)
    throw new QueueRefused(
      `campaign ${id} is of build ${record.build}, this is ${build}: its verdicts would not be of one engine`,
    );
  return record;
}

class CampaignPool implements JobPool {
  readonly lanes = MOST_OPEN;
  readonly shares = SHARES;
  private readonly open = new Map<string, Open>();
  private readonly queues = new Map<string, Queue>();
  private readonly driver = `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}`;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly startedAt = Date.now();
  private readonly redis: Redis;
  private readonly url: string;
  private readonly record: CampaignRecord;
  private readonly builds: Builds;
  private pending: Envelope[] = [];
  private isResumed = false;
  private cursor = 0;
  private isPolling = false;
  private expected = 0;
  private seen = 0;
  private done = 0;
  private failed = 0;
  private left: CampaignLeft | null = null;
  private isDraining = false;
  private live: readonly Beat[] = [];
  private browserSeenAt = Date.now();
  private readonly printer = new ProgressPrinter();

  constructor(redis: Redis, url: string, record: CampaignRecord, builds: Builds) {
    this.redis = redis;
    this.url = url;
    this.record = record;
    this.builds = builds;
  }

  async begin(isResumed: boolean): Promise<void> {
    const { id } = this.record;
    // Of two that resume it at a time one is refused.
    if ((await this.redis.set(keys.driver(id), this.driver, 'PX', DEAD_MS, 'NX')) === null)
      throw new QueueRefused(`campaign ${id} is driven by ${await this.redis.get(keys.driver(id))}`);
    this.isResumed = isResumed;
    if (isResumed) await keep(this.redis, id);
    await setState(this.redis, id, 'running');
    this.say(`campaign ${id} on ${placeOf(this.url)}, build ${this.record.build}; Ctrl C leaves it standing`);
    this.every(POLL_MS, () => this.poll());
    this.every(BEAT_MS, () => this.look());
    this.every(RECHECK_MS, async () => this.recheck());
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, this.onSignal);
  }

  /** What fails because the server is away is done again at the next turn. */
  private every(ms: number, act: () => Promise<void>): void {
    this.timers.push(setInterval(() => void act().catch(() => {}), ms));
  }

  private readonly onSignal = (): void => {
    this.leave(`left: ${this.open.size} jobs are handed in and go on`);
  };

  say(line: string): void {
    this.printer.say(line);
  }

  expect(jobs: number): void {
    this.expected += jobs;
  }

  async origins() {
    return await originsOf(this.redis, this.record.id);
  }

  async ask<K extends JobKind>(job: SeedJob<K>): Promise<Answer<K>> {
    const build = buildFor(job, this.builds);
    const key = keyOf(build, job);
    const envelope: Envelope = { campaign: this.record.id, build, key, isSecond: false, job };
    // An item takes minutes, and what it prints is not the same twice.
    const isSecond = isTwice(key) && job.kind !== 'item';
    const runs = isSecond ? [envelope, { ...envelope, isSecond: true }] : [envelope];
    try {
      const [first, second] = await Promise.all(runs.map((run) => this.verdictOf(run)));
      const answer = this.answerOf(job, key, first);
      if (second !== undefined) this.compare(job, key, first, second);
      if (isFailure(job, answer)) this.failed++;
      this.done++;
      return answer;
    } catch (error) {
      if (error instanceof JobFailed) this.failed++;
      throw error;
    }
  }

  private answerOf<K extends JobKind>(
    job: SeedJob<K>,
    key: string,
    record: VerdictRecord | undefined,
  ): Answer<K> {
    const refuse = (error: string): JobFailed => new JobFailed(`${nameOf(job)} (key ${key}): ${error}`);
    if (record === undefined) throw refuse('no verdict');
    if (record.outcome.kind === 'failed') throw refuse(record.outcome.error);
    const unpacked = unpackAnswer(job, record.outcome);
    if (!unpacked.ok) throw refuse(`the verdict of ${record.worker} was refused: ${unpacked.error}`);
    return unpacked.answer;
  }

  /** @throws JobFailed when two runs of one job differ */
  private compare(job: SeedJob, key: string, first: VerdictRecord | undefined, second: VerdictRecord): void {
    const printOf = (record: VerdictRecord | undefined): string =>
      record === undefined || record.outcome.kind === 'failed' ? 'failed' : record.outcome.fingerprint;
    const [one, other] = [printOf(first), printOf(second)];
    if (one === other) return;
    throw new JobFailed(
      `NONDETERMINISM: ${nameOf(job)} (key ${key}) gave ${one} on ${first?.worker} and ${other} on ${second.worker}`,
    );
  }

  private verdictOf(envelope: Envelope): Promise<VerdictRecord> {
    return new Promise((onVerdict, onEnd) => {
      if (this.left !== null) return onEnd(this.left);
      this.open.set(fieldOf(envelope), { envelope, onVerdict, onEnd });
      if (this.pending.push(envelope) === 1)
        setImmediate(() => void this.handIn().catch(() => this.recheck()));
    });
  }

  /** What was asked since the last turn, together; of a resumed campaign only what has no verdict yet. */
  private async handIn(): Promise<void> {
    const chunk = this.pending;
    this.pending = [];
    const known = this.isResumed
      ? await this.redis.hmget(keys.verdicts(this.record.id), ...chunk.map(fieldOf))
      : [];
    const missing: Envelope[] = [];
    chunk.forEach((envelope, i) => {
      const text = known[i];
      if (text === null || text === undefined) missing.push(envelope);
      else this.take(fieldOf(envelope), text);
    });
    await this.add(missing);
  }

  private async add(envelopes: readonly Envelope[]): Promise<void> {
    const byQueue = new Map<string, { name: string; data: unknown; opts: { jobId: string } }[]>();
    for (const envelope of envelopes) {
      const sealed = sealJob(envelope);
      if (!sealed.ok || this.isDraining) {
        const error = sealed.ok ? new CampaignLeft('drained') : new JobFailed(sealed.error);
        this.end(fieldOf(envelope), error);
        continue;
      }
      const name = queueNameOf(envelope.job, this.builds);
      const jobs = byQueue.get(name) ?? [];
      byQueue.set(name, jobs);
      jobs.push({ name: envelope.job.kind, data: sealed.data, opts: { jobId: jobIdOf(envelope) } });
    }
    for (const [name, jobs] of byQueue) await this.queueOf(name).addBulk(jobs);
  }

  private queueOf(name: string): Queue {
    const found = this.queues.get(name);
    if (found !== undefined) return found;
    const kept = { removeOnComplete: true, removeOnFail: true };
    const queue = new Queue(name, {
      connection: connectionOf(this.url),
      prefix: PREFIX,
      defaultJobOptions: kept,
    });
    queue.on('error', () => {}); // the connection says that the server is away
    this.queues.set(name, queue);
    return queue;
  }

  /** What came since the last look. */
  private async poll(): Promise<void> {
    if (this.isPolling || this.open.size === 0) return;
    this.isPolling = true;
    try {
      const { id } = this.record;
      const fields = await this.redis.lrange(keys.news(id), this.cursor, this.cursor + 499);
      const asked = fields.filter((field) => this.open.has(field));
      const texts = asked.length === 0 ? [] : await this.redis.hmget(keys.verdicts(id), ...asked);
      this.cursor += fields.length;
      asked.forEach((field, i) => {
        const text = texts[i];
        if (text !== null && text !== undefined) this.take(field, text);
      });
    } finally {
      this.isPolling = false;
    }
  }

  private take(field: string, text: string): void {
    const open = this.open.get(field);
    if (open === undefined) return;
    this.seen++;
    const read = openVerdict(field, text);
    if (!read.ok) {
      this.end(
        field,
        new JobFailed(`${nameOf(open.envelope.job)}: the verdict under ${field} was refused: ${read.error}`),
      );
      return;
    }
    this.open.delete(field);
    open.onVerdict(read.record);
  }

  private end(field: string, error: Error): void {
    this.open.get(field)?.onEnd(error);
    this.open.delete(field);
  }

  /** Verdicts that were not seen are taken, and jobs that the server has lost are handed in again. */
  recheck(): void {
    void this.checkOpen().catch(() => {});
  }

  private async checkOpen(): Promise<void> {
    const { id } = this.record;
    // A server that lost its last second may have lost news as well.
    this.cursor = Math.min(this.cursor, await this.redis.llen(keys.news(id)));
    const open = [...this.open];
    for (let i = 0; i < open.length; i += 500) {
      const chunk = open.slice(i, i + 500);
      const texts = await this.redis.hmget(keys.verdicts(id), ...chunk.map(([field]) => field));
      chunk.forEach(([field], j) => {
        const text = texts[j];
        if (text !== null && text !== undefined) this.take(field, text);
      });
      const missing = chunk.filter(([field]) => this.open.has(field)).map(([, { envelope }]) => envelope);
      if (!this.isDraining) await this.add(missing);
    }
  }

  /** Once in a beat: who works, what a person has ordered, how it stands. */
  private async look(): Promise<void> {
    await this.hold();
    const { id, build } = this.record;
    this.live = await liveWorkers(this.redis);
    const campaign = await readCampaign(this.redis, id);
    if (campaign === null || campaign.state === 'cancelled') return this.leave('cancelled');
    this.isDraining = campaign.state === 'draining';
    if (campaign.bytes > MOST_CAMPAIGN_BYTES && !this.isDraining) {
      this.say(
        `the campaign has ${campaign.bytes} bytes of verdicts, its most: the rest is for another one, and sim merge`,
      );
      this.isDraining = true;
    }
    this.giveUpBrowser();
    this.printProgress(this.live.filter(({ seeds, items }) => [seeds, items].includes(build)));
  }

  private giveUpBrowser(): void {
    if (this.live.some(({ hasBrowser, items }) => hasBrowser && items === this.builds.items))
      this.browserSeenAt = Date.now();
    if (Date.now() - this.browserSeenAt < NO_BROWSER_MS) return;
    for (const [field, { envelope }] of [...this.open])
      if (envelope.job.kind === 'item' && envelope.job.needsBrowser)
        this.end(
          field,
          new JobFailed(`${nameOf(envelope.job)}: no worker has declared a browser (sim worker --browser)`),
        );
  }

  private printProgress(own: readonly Beat[]): void {
    const { expected, done, failed, seen } = this;
    const others = this.live.length - own.length;
    const watchedMs = Date.now() - this.startedAt;
    this.printer.progress(progressLine({ expected, done, failed, seen, watchedMs }, own, others));
  }

  /** Only one process drives a campaign; it is free a moment after this one is gone. */
  private async hold(): Promise<void> {
    await this.redis.set(keys.driver(this.record.id), this.driver, 'PX', DEAD_MS);
  }

  private leave(why: string): void {
    if (this.left !== null) return;
    this.left = new CampaignLeft(why);
    const { id } = this.record;
    this.say(`campaign ${id} ${why}; npm run sim -- campaign resume ${id} --queue …`);
    for (const field of [...this.open.keys()]) this.end(field, this.left);
  }

  async drop(): Promise<void> {
    this.left = new CampaignLeft('ended');
    const taken = [...this.open];
    for (const [, { envelope }] of taken)
      await this.queueOf(queueNameOf(envelope.job, this.builds))
        .remove(jobIdOf(envelope))
        .catch(() => 0);
    for (const [field] of taken) this.end(field, this.left);
  }

  async close(): Promise<void> {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, this.onSignal);
    for (const timer of this.timers) clearInterval(timer);
    const { id } = this.record;
    this.printer.end();
    if (this.redis.status === 'ready') {
      const isDone =
        (this.left === null || this.left.message === 'ended') && this.open.size === 0 && !this.isDraining;
      if (isDone) await setState(this.redis, id, 'done');
      if (isDone) await letGo(this.redis, id);
      await this.redis.del(keys.driver(id));
      await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    } else for (const queue of this.queues.values()) void queue.disconnect();
    this.redis.disconnect();
  }
}
