// `npm run deep`: the long rest of the tests, hours on two cores; `-- --shard 2/5` runs one part of five. docs/testing.md
import { parseArgs } from 'node:util';
import { deepItems, shareOf } from './deep-items.mjs';
import { runStages } from './stages.mjs';

const itemLimitMs = 4 * 60 * 60_000;
const usage = 'usage: npm run deep -- [--shard I/N] [--only KIND or part of a name] [--list]';

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

/** @returns {{shard: string, only: string, list: boolean}} */
function readArgs() {
  try {
    const { values } = parseArgs({
      options: {
        shard: { type: 'string', default: '1/1' },
        only: { type: 'string', default: '' },
        list: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch {
    return refuse();
  }
}

const { shard, only, list } = readArgs();
const all = await deepItems();
const items = shareOf(all, readShard(shard)).filter(({ kind, name }) => kind === only || name.includes(only));
if (list) {
  for (const { name } of items) console.log(name);
  console.log(`${items.length} of ${all.length} items`);
} else if (items.length === 0) {
  console.error('Nothing is called that, or the share is empty.');
  process.exitCode = 2;
} else {
  const build = { name: 'build', command: ['node', 'scripts/build.mjs'] };
  const needsBuild = items.some(({ needs }) => needs === 'build');
  await runStages([...(needsBuild ? [build] : []), ...items], itemLimitMs);
}
