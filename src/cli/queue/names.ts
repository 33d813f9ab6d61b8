// Keys of the queue's server. All of them begin with one word, so that a server may be shared.

import type { SeedJob } from '../jobs/seed-job.ts';

export const PREFIX = 'postdb-lab';

const key = (...parts: readonly string[]): string => [PREFIX, ...parts].join(':');

export const keys = {
  /** Ids of all campaigns, sorted by the time at which they were made. */
  campaigns: key('campaigns'),
  /** Hash: record, state, bytes of its verdicts, how many failed. */
  campaign: (id: string) => key('campaign', id),
  /** Hash: verdict by key; the second run of a key has `+` behind it. */
  verdicts: (id: string) => key('verdicts', id),
  /** List: keys in the order in which their verdicts came. */
  news: (id: string) => key('news', id),
  /** Hash: what each worker has spent for it. */
  origins: (id: string) => key('origins', id),
  /** The process that hands in and reports, for as long as it lives. */
  driver: (id: string) => key('driver', id),
  /** Set: workers that began this job and did not end it. */
  takers: (jobId: string) => key('takers', jobId),
  /** Set: ids of workers; and each by itself for as long as it lives. */
  workers: key('workers'),
  worker: (id: string) => key('worker', id),
};

/** What a worker takes jobs of: its bundle's seeds, and the items of the files that it has. */
export interface Builds {
  /** Hash of the bundled engine. */
  readonly seeds: string;
  /** Hash of the files that items of `npm run deep` are made of. */
  readonly items: string;
}

/** BullMQ's queue that a job stands in: a build has queues of its own, so no worker of another one is ever given its jobs. */
export function queueNameOf(job: SeedJob, builds: Builds): string {
  if (job.kind !== 'item') return `seeds-${builds.seeds}`;
  return job.needsBrowser ? `browser-${builds.items}` : `items-${builds.items}`;
}

export const buildFor = (job: SeedJob, builds: Builds): string =>
  job.kind === 'item' ? builds.items : builds.seeds;
