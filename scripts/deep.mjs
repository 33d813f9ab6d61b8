// `npm run deep`: the long rest of the tests, hours on two cores; `-- --shard 2/5` runs one part of five, `-- --queue URL` gives the
// items to workers on many machines. docs/testing.md, docs/many-machines.md
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleForNode } from './bundle.mjs';
import { deepItems, shareOf } from './deep-items.mjs';
import { formatOutcome, printWhole, runStages } from './stages.mjs';

const itemLimitMs = 4 * 60 * 60_000;
const usage =
  'usage: npm run deep -- [--shard I/N] [--only KIND or part of a name] [--list] [--queue URL [--campaign ID]]';

/** @returns {never} */
function refuse() {
  console.error(usage);
  process.exit(2);
}

/** @param {string} text */
function readShard(text) {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (index === undefined || count === undefined || index < 1 || index > count) return refuse();
  return { index, count };
}

function readArgs() {
  const text = /** @type {const} */ ({ type: 'string' });
  try {
    const { values } = parseArgs({
      options: {
        shard: { type: 'string', default: '1/1' },
        only: { type: 'string', default: '' },
        list: { type: 'boolean', default: false },
        queue: text,
        campaign: text,
        // By its name, for a worker of a queue: counted in a file.
        item: text,
        outcome: text,
      },
    });
    return values;
  } catch {
    return refuse();
  }
}

/** @typedef {import('./deep-items.mjs').Item} Item */

/** @param {Item[]} items */
function runHere(items) {
  const build = { name: 'build', command: ['node', 'scripts/build.mjs'] };
  const needsBuild = items.some(({ needs }) => needs === 'build');
  return runStages([...(needsBuild ? [build] : []), ...items], itemLimitMs);
}

/**
 * @param {Item[]} items
 * @param {{queue: string, campaign?: string | undefined, shard: string, only: string}} options
 */
async function runThere(items, options) {
  const folder = await bundleForNode('queue', [join('src', 'cli', 'queue', 'deep-campaign.ts')], ['src']);
  const { runOnQueue } = await import(pathToFileURL(join(folder, 'deep-campaign.mjs')).href);
  const nameWidth = Math.max(...items.map(({ name }) => name.length));
  const jobs = items.map(({ name, needs }) => ({ name, needsBrowser: needs === 'build' }));
  const outcomes = await runOnQueue(
    jobs,
    options,
    (/** @type {import('./stages.mjs').Outcome} */ outcome, /** @type {string} */ tail) => {
      if (outcome.failed > 0) console.log(tail);
      console.log(formatOutcome(outcome, nameWidth));
    },
  );
  if (outcomes === null) process.exitCode = 70;
  else
    printWhole(
      outcomes,
      outcomes.reduce(
        (/** @type {number} */ total, /** @type {{seconds: number}} */ one) => total + one.seconds,
        0,
      ),
    );
}

const { shard, only, list, queue, campaign, item, outcome } = readArgs();
const all = await deepItems();
const items =
  item === undefined
    ? shareOf(all, readShard(shard)).filter(({ kind, name }) => kind === only || name.includes(only))
    : all.filter(({ name }) => name === item);
if (list) {
  for (const { name } of items) console.log(name);
  console.log(`${items.length} of ${all.length} items`);
} else if (items.length === 0) {
  console.error('Nothing is called that, or the share is empty.');
  process.exitCode = 2;
} else if (queue !== undefined) await runThere(items, { queue, campaign, shard, only });
else {
  const outcomes = await runHere(items);
  if (outcome !== undefined) {
    const sum = (/** @type {'passed' | 'failed' | 'skipped' | 'seconds'} */ key) =>
      outcomes
        .filter(({ name, failed }) => name !== 'build' || failed > 0)
        .reduce((total, one) => total + one[key], 0);
    const counts = {
      passed: sum('passed'),
      failed: sum('failed'),
      skipped: sum('skipped'),
      seconds: sum('seconds'),
    };
    writeFileSync(outcome, JSON.stringify(counts));
  }
}
