// A campaign: one command over many machines. Its record, its state and its verdicts stand in the queue's server, so the process that
// hands in may go and another may go on.

import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import * as v from 'valibot';
import { KEPT_SECONDS } from './limits.ts';
import { keys } from './names.ts';

const label = v.pipe(v.string(), v.maxLength(1000));

const recordSchema = v.strictObject({
  version: v.literal(1),
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,60}$/)),
  command: v.picklist(['sweep', 'mutants', 'waits', 'says', 'fates', 'fuzz', 'deep']),
  /** The command's options, without the queue. */
  options: v.record(label, v.union([label, v.boolean()])),
  build: label,
  machine: label,
  /** Wall time, ms. */
  madeAt: v.number(),
});
export type CampaignRecord = v.InferOutput<typeof recordSchema>;

const states = ['running', 'draining', 'cancelled', 'done'] as const;
export type CampaignState = (typeof states)[number];

export interface Campaign {
  readonly record: CampaignRecord;
  readonly state: CampaignState;
  /** Verdicts there are, of which failures, and their bytes. */
  readonly verdicts: number;
  readonly failed: number;
  readonly bytes: number;
  /** Who hands in, where somebody does. */
  readonly driver: string | null;
}

export async function makeCampaign(
  redis: Redis,
  { command, options, build }: Pick<CampaignRecord, 'options' | 'build'> & { readonly command: string },
): Promise<CampaignRecord> {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  const id = `${command}-${day}-${randomBytes(3).toString('hex')}`;
  const made = { version: 1, id, command, options, build, machine: hostname(), madeAt: Date.now() };
  const record = v.parse(recordSchema, made);
  await redis
    .multi()
    .hset(keys.campaign(id), { record: JSON.stringify(record), state: 'running' })
    .zadd(keys.campaigns, record.madeAt, id)
    .exec();
  return record;
}

/** Null: there is none of this name, or what stands there is none. */
export async function readCampaign(redis: Redis, id: string): Promise<Campaign | null> {
  const [fields, verdicts, driver] = await Promise.all([
    redis.hgetall(keys.campaign(id)),
    redis.llen(keys.news(id)),
    redis.get(keys.driver(id)),
  ]);
  const record = v.safeParse(v.pipe(v.string(), v.parseJson(), recordSchema), fields.record);
  const state = v.safeParse(v.picklist(states), fields.state);
  if (!record.success || record.output.id !== id || !state.success) return null;
  const numberOf = (name: string): number => Number(fields[name] ?? '0');
  return {
    record: record.output,
    state: state.output,
    verdicts,
    failed: numberOf('failed'),
    bytes: numberOf('bytes'),
    driver,
  };
}

export const setState = async (redis: Redis, id: string, state: CampaignState): Promise<void> => {
  await redis.hset(keys.campaign(id), 'state', state);
};

/** It goes by itself after some days. */
export async function letGo(redis: Redis, id: string): Promise<void> {
  const all = [keys.campaign(id), keys.verdicts(id), keys.news(id), keys.origins(id)];
  await Promise.all(all.map((key) => redis.expire(key, KEPT_SECONDS)));
  await redis.zremrangebyscore(keys.campaigns, 0, Date.now() - 2 * KEPT_SECONDS * 1000);
}

/** A campaign that is resumed is kept as long as it takes. */
export async function keep(redis: Redis, id: string): Promise<void> {
  const all = [keys.campaign(id), keys.verdicts(id), keys.news(id), keys.origins(id)];
  await Promise.all(all.map((key) => redis.persist(key)));
}

/** The first verdict under a name stays; with it come its news, its bytes, and whether it failed. */
const PUT = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('HINCRBY', KEYS[1], 'bytes', string.len(ARGV[2]))
if ARGV[3] == '1' then redis.call('HINCRBY', KEYS[1], 'failed', 1) end
redis.call('RPUSH', KEYS[3], ARGV[1])
return 1`;

/**
 * Puts a verdict where there is none under this name, in a campaign that there is.
 * @returns whether it was the first
 */
export async function putVerdict(
  redis: Redis,
  id: string,
  field: string,
  verdict: string,
  isFailed: boolean,
): Promise<boolean> {
  const of = [keys.campaign(id), keys.verdicts(id), keys.news(id)];
  return (await redis.eval(PUT, of.length, ...of, field, verdict, isFailed ? '1' : '0')) === 1;
}
