// Which workers live: each says so every moment, with what it can do; one that has been silent is dead. And what each has spent.

import type { Redis } from 'ioredis';
import * as v from 'valibot';
import type { Origin } from '../jobs/pool.ts';
import { DEAD_MS } from './limits.ts';
import { keys } from './names.ts';

const label = v.pipe(v.string(), v.maxLength(200));
const count = v.pipe(v.number(), v.minValue(0));

const beatSchema = v.strictObject({
  id: label,
  machine: label,
  /** Version of Node, and the engine's name on tapes. */
  node: label,
  engine: label,
  /** Whose jobs it takes. */
  seeds: label,
  items: label,
  hasBrowser: v.boolean(),
  threads: count,
});
export type Beat = v.InferOutput<typeof beatSchema>;

export async function beat(redis: Redis, worker: Beat): Promise<void> {
  await redis
    .multi()
    .sadd(keys.workers, worker.id)
    .set(keys.worker(worker.id), JSON.stringify(worker), 'PX', DEAD_MS)
    .exec();
}

export async function stopBeating(redis: Redis, id: string): Promise<void> {
  await redis.multi().srem(keys.workers, id).del(keys.worker(id)).exec();
}

/** Those that live; the names of the dead are taken out. */
export async function liveWorkers(redis: Redis): Promise<Beat[]> {
  const ids = await redis.smembers(keys.workers);
  if (ids.length === 0) return [];
  const texts = await redis.mget(ids.map((id) => keys.worker(id)));
  const dead = ids.filter((_, i) => texts[i] === null);
  if (dead.length > 0) await redis.srem(keys.workers, ...dead);
  return texts.flatMap((text) => {
    const read = v.safeParse(v.pipe(v.string(), v.parseJson(), beatSchema), text);
    return read.success ? [read.output] : [];
  });
}

const originSchema = v.strictObject({ machine: label, node: label, jobs: count, cpuSeconds: count });

export const noteOrigin = async (
  redis: Redis,
  campaign: string,
  id: string,
  origin: Origin,
): Promise<void> => {
  await redis.hset(keys.origins(campaign), id, JSON.stringify(origin));
};

/** By worker, the machines together. */
export async function originsOf(redis: Redis, campaign: string): Promise<Origin[]> {
  const texts = Object.values(await redis.hgetall(keys.origins(campaign)));
  return texts
    .flatMap((text) => {
      const read = v.safeParse(v.pipe(v.string(), v.parseJson(), originSchema), text);
      return read.success ? [read.output] : [];
    })
    .sort((a, b) => (a.machine < b.machine ? -1 : 1));
}
