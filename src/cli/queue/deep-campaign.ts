// `npm run deep -- --queue URL`: its items as jobs of a campaign. A job names its item; what an item runs, each worker reads from its own
// files (run-item.ts). scripts/deep.mjs bundles this module and calls it.

import { askAll, CampaignLeft } from '../jobs/pool.ts';
import type { SeedJob } from '../jobs/seed-job.ts';
import { openCampaign } from './campaign-pool.ts';

interface DeepItem {
  readonly name: string;
  readonly needsBrowser: boolean;
}

export interface DeepOutcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Wall seconds on its worker. */
  readonly seconds: number;
}

/**
 * Runs the items on the workers of a queue. One that was set aside, or that nobody could take, counts as a failure.
 * @param options of the command, without the queue; a campaign keeps them
 * @returns null when the campaign was left standing
 * @throws QueueRefused when the URL is none, or the campaign is not one to go on with
 */
export async function runOnQueue(
  items: readonly DeepItem[],
  options: { readonly queue: string; readonly campaign?: string | undefined },
  onOutcome: (outcome: DeepOutcome, tail: string) => void,
): Promise<readonly DeepOutcome[] | null> {
  const pool = await openCampaign(options.queue, 'deep', options);
  const outcomes = new Map<string, DeepOutcome>();
  const waiting = items.map(
    ({ name, needsBrowser }): SeedJob<'item'> => ({ kind: 'item', item: name, needsBrowser }),
  );
  try {
    pool.expect(items.length);
    await askAll<'item'>(
      pool,
      () => waiting.shift(),
      ({ item }, { tail, ...counts }) => {
        const outcome = { name: item, ...counts };
        outcomes.set(item, outcome);
        onOutcome(outcome, tail);
      },
    );
  } catch (error) {
    if (error instanceof CampaignLeft) return null;
    throw error;
  } finally {
    await pool.close();
  }
  return items.map(
    ({ name }) => outcomes.get(name) ?? { name, passed: 0, failed: 1, skipped: 0, seconds: 0 },
  );
}
