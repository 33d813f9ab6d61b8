// `sim campaign list | show | resume | cancel | drain`: what stands in a queue, for a person.

import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { liveWorkers, originsOf } from './beats.ts';
import { type Campaign, type CampaignRecord, readCampaign, setState } from './campaign.ts';
import { connect, connectionOf, faultOfUrl } from './connect.ts';
import { openVerdict } from './envelope.ts';
import { keys, PREFIX } from './names.ts';

/** Campaigns that are listed, the newest first; jobs that were set aside and are shown. */
const MOST_LISTED = 100;
const MOST_SHOWN = 20;
/** Jobs of a queue that are looked through at a time. */
const CHUNK = 1000;

/** The command line that made it, without the queue. */
export const argsOf = ({ command, options }: Pick<CampaignRecord, 'command' | 'options'>): string[] => [
  command,
  ...Object.entries(options).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : value === false ? [] : [`--${name}`, value],
  ),
];

/**
 * @param run carries out a command line of the lab, for `resume`
 * @returns usage where the order, the campaign or the queue is none
 */
export async function campaignCommand(
  [order, id]: readonly string[],
  { queue: url }: { readonly queue?: string | undefined },
  run: (args: readonly string[]) => Promise<ExitCode>,
): Promise<ExitCode> {
  const fault = url === undefined ? 'sim campaign needs --queue URL' : faultOfUrl(url);
  const isKnown = order === 'list' || ['show', 'resume', 'cancel', 'drain'].includes(order ?? '');
  if (url === undefined || fault !== null || !isKnown || (order === 'list') !== (id === undefined)) {
    console.error(fault ?? 'sim campaign list | show ID | resume ID | cancel ID | drain ID');
    return exitCodes.usage;
  }
  const redis = connect(url, (line) => console.error(line));
  let campaign: Campaign | null;
  try {
    if (id === undefined) return await list(redis);
    campaign = await readCampaign(redis, id);
    if (campaign === null) {
      console.error(`there is no campaign ${id}`);
      return exitCodes.usage;
    }
    if (order === 'show') return await show(redis, campaign);
    if (order === 'cancel') return await cancel(redis, url, campaign);
    if (order === 'drain') {
      await setState(redis, id, 'draining');
      console.log(`${id}: nothing more is handed in; what is, is ended`);
      return exitCodes.ok;
    }
  } finally {
    redis.disconnect();
  }
  if (campaign.record.command === 'deep') {
    console.error(
      `it is one of npm run deep: npm run ${argsOf(campaign.record).join(' ').replace('deep', 'deep --')} --queue … --campaign ${id}`,
    );
    return exitCodes.usage;
  }
  return await run([...argsOf(campaign.record), '--queue', url, '--campaign', id]);
}

const lineOf = ({ record, state, verdicts, failed, driver }: Campaign): string =>
  [
    record.id,
    state === 'running' && driver === null ? 'left' : state,
    `${verdicts} verdicts, ${failed} failed`,
    `build ${record.build}`,
    new Date(record.madeAt).toISOString().slice(0, 16),
    argsOf(record).join(' '),
  ].join('  ');

async function list(redis: Redis): Promise<ExitCode> {
  for (const id of await redis.zrevrange(keys.campaigns, 0, MOST_LISTED - 1)) {
    const campaign = await readCampaign(redis, id);
    if (campaign !== null) console.log(lineOf(campaign));
  }
  return exitCodes.ok;
}

async function show(redis: Redis, campaign: Campaign): Promise<ExitCode> {
  const { record, bytes, driver } = campaign;
  console.log(lineOf(campaign));
  console.log(`made on ${record.machine}, driven by ${driver ?? 'nobody'}; ${bytes} bytes of verdicts`);
  for (const { machine, node, jobs, cpuSeconds } of await originsOf(redis, record.id))
    console.log(`  ${machine} (Node ${node}): ${jobs} jobs, ${cpuSeconds.toFixed(1)} s of processor time`);
  for (const { id, seeds, items, threads, hasBrowser } of await liveWorkers(redis)) {
    const isOwn = [seeds, items].includes(record.build);
    console.log(
      `  worker ${id}: ${threads} threads${hasBrowser ? ', a browser' : ''}${isOwn ? '' : `, of another build (${seeds})`}`,
    );
  }
  let shown = 0;
  for await (const [field, text] of verdictsOf(redis, record.id)) {
    const read = openVerdict(field, text);
    const error = read.ok
      ? read.record.outcome.kind === 'failed'
        ? read.record.outcome.error
        : null
      : read.error;
    if (error !== null && shown++ < MOST_SHOWN)
      console.log(`  set aside ${field}: ${error.split('\n', 1)[0]}`);
  }
  return exitCodes.ok;
}

async function* verdictsOf(redis: Redis, id: string): AsyncGenerator<[string, string]> {
  for await (const chunk of redis.hscanStream(keys.verdicts(id), { count: CHUNK }))
    for (let i = 0; i + 1 < chunk.length; i += 2) yield [String(chunk[i]), String(chunk[i + 1])];
}

/** Nothing more begins: what waits is taken out, and workers let go of what they are given. */
async function cancel(redis: Redis, url: string, { record }: Campaign): Promise<ExitCode> {
  await setState(redis, record.id, 'cancelled');
  let taken = 0;
  const names = record.command === 'deep' ? ['items', 'browser'] : ['seeds'];
  for (const name of names.map((one) => `${one}-${record.build}`)) {
    const queue = new Queue(name, { connection: connectionOf(url), prefix: PREFIX });
    queue.on('error', () => {}); // the connection says that the server is away
    for (let from = 0; ; from += CHUNK) {
      const jobs = await queue.getJobs(['waiting', 'delayed'], from, from + CHUNK - 1);
      const own = jobs.filter((job) => job?.id?.startsWith(`${record.id}.`) === true);
      // One that a worker has just taken stays; the worker sees that it is cancelled.
      const removed = await Promise.allSettled(own.map((job) => job.remove()));
      const gone = removed.filter(({ status }) => status === 'fulfilled').length;
      taken += gone;
      from -= gone;
      if (jobs.length < CHUNK) break;
    }
    await queue.close();
  }
  console.log(`${record.id}: cancelled; ${taken} jobs were taken out`);
  return exitCodes.ok;
}
