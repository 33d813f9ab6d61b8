// Threads of this process, or with `--queue` the workers of a queue. What speaks with a queue is loaded only then.

import type { JobPool } from './jobs/pool.ts';
import { startThreads } from './threads.ts';

/** Options of a command; those that a campaign keeps, so that it can be resumed, are text and flags. */
export interface PoolOptions {
  /** `redis://[:PASSWORD@]HOST[:PORT][/DB]`, `rediss://` over TLS. */
  readonly queue?: string | undefined;
  /** The campaign to go on with; without one a new campaign is made. */
  readonly campaign?: string | undefined;
}

/** Who runs the jobs of a command. `lanes`: threads of this process. */
export type OpenPool = (
  options: PoolOptions,
  asked: { readonly command: string; readonly lanes: number },
) => Promise<JobPool>;

export const openPool: OpenPool = async (options, { command, lanes }) => {
  if (options.queue === undefined) return startThreads(lanes);
  const { openCampaign } = await import('./queue/campaign-pool.ts');
  return await openCampaign(options.queue, command, options);
};
