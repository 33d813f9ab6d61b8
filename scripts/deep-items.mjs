// The work items of `npm run deep`: all that takes too long for `npm test`, in pieces of some minutes each. The list is the
// same for everybody who has the same files, so a share of it is named by two numbers.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleForNode } from './bundle.mjs';
import { visits } from './shot-faces.mjs';
import { reportPath } from './stages.mjs';

/**
 * @typedef {import('./stages.mjs').Stage} Stage
 * @typedef {Stage & {kind: 'sweep' | 'worlds' | 'mutants' | 'waits' | 'says' | 'fates' | 'fuzz' | 'queue' | 'clients' | 'journeys' | 'engines' | 'kills' | 'shots'}} Item
 */

/** Each draws its own geometries from the seed (docs/proof.md). */
const sweptPresets = [
  ...['cynosdb', 'cynosdb-pcs', 'cynosdb-ro', 'cynosdb-ha', 'cynosdb-backup'],
  ...['postdb-v4', 'polardb'],
];
const seeds = { last: 200, inOne: 10, minutes: 2 };
const mutantsInOne = 8;
const mutantSeeds = '1..32';
/** What a dense seed shows once in a hundred, and what none shows (docs/proof.md). */
/** @type {ReadonlyMap<string, string | null>} */
const rareMutants = new Map([
  ['M11', '1..120'],
  ['M78', null],
]);
/** Dense runs in which every kind of wait is tried, five states of each; and those aimed at waits that are rare in them. */
const waits = { last: 80, inOne: 10, seconds: 2, quota: 5, aims: ['log', 'restore'], aimed: '1..6' };
const fuzz = { seeds: [1, 2, 3, 4], inputs: 1_000_000 };
/** Shares of all fates, some minutes each. */
const fateShares = 8;
const killRepeats = 3;
/** Names that scripts/debian-clients.mjs takes, some minutes each. */
const debianClients = [
  ['psql', 'psycopg', 'psycopg_pool', 'interleavings', 'psycopg2', 'sqlalchemy', 'jdbc', 'sysbench'],
  ['pgbench'],
  ['faults'],
];

/** @param {string[]} args */
const sim = (...args) => ['node', 'scripts/sim.mjs', ...args];

/** @returns {Item[]} */
function sweeps() {
  const firsts = Array.from({ length: seeds.last / seeds.inOne }, (_, i) => i * seeds.inOne + 1);
  return sweptPresets.flatMap((preset) =>
    firsts.map((first) => {
      const range = `${first}..${first + seeds.inOne - 1}`;
      const name = `sweep ${preset} ${range}`;
      return {
        kind: 'sweep',
        name,
        report: 'sweep',
        command: sim(
          ...['sweep', '--preset', preset, '--seeds', range, '--minutes', String(seeds.minutes)],
          ...['--redo', 'full', '--json', reportPath(name)],
        ),
      };
    }),
  );
}

/** The worlds of the test command that draw more here: those that import `testing/depth.ts`. */
const drawnWorlds = () =>
  readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.world.test.ts'))
    .filter((path) => readFileSync(join('src', path), 'utf8').includes('testing/depth.ts'))
    .map((path) => basename(path, '.world.test.ts'))
    .sort();

/** @returns {Item[]} */
const longWorlds = () =>
  drawnWorlds().map((world) => ({
    kind: 'worlds',
    name: `worlds ${world}`,
    report: 'vitest',
    env: { POSTDB_LAB_WORLDS: 'deep' },
    command: [
      ...['vitest', 'run', '--config', join('scripts', 'worlds.config.mjs'), `${world}.world`],
      ...['--reporter=default', '--reporter=json', `--outputFile=${reportPath(`worlds ${world}`)}`],
    ],
  }));

/** @returns {Promise<string[]>} */
async function mutantIds() {
  const folder = await bundleForNode('mutants', [join('src', 'stacks', 'mutants.ts')], ['src']);
  const { mutants } = await import(pathToFileURL(join(folder, 'mutants.mjs')).href);
  return mutants.map((/** @type {{id: string, name: string}} */ { id, name }) =>
    id.startsWith('M') ? id : name,
  );
}

/** @returns {Promise<Item[]>} */
async function plantedBugs() {
  const ids = await mutantIds();
  const frequent = ids.filter((id) => !rareMutants.has(id));
  const hunt = (/** @type {string[]} */ only, /** @type {string} */ range) =>
    sim('mutants', '--seconds', '2', '--seeds', range, '--only', only.join(','));
  /** @type {Item[]} */
  const items = [];
  for (let i = 0; i < frequent.length; i += mutantsInOne) {
    const only = frequent.slice(i, i + mutantsInOne);
    items.push({
      kind: 'mutants',
      name: `mutants ${only[0]}..${only.at(-1)}`,
      command: hunt(only, mutantSeeds),
    });
  }
  for (const [id, range] of rareMutants)
    if (range !== null) items.push({ kind: 'mutants', name: `mutants ${id}`, command: hunt([id], range) });
  // One that every seed shows: what takes the time are the same seeds without it, which have to be silent.
  items.push({ kind: 'mutants', name: 'mutants none', command: [...hunt(['M02'], '1..100'), '--clean'] });
  return items;
}

/** @returns {Item[]} */
function blockedWaits() {
  const { last, inOne, seconds, quota, aims, aimed } = waits;
  const judge = (
    /** @type {string} */ name,
    /** @type {string} */ range,
    /** @type {string[]} */ ...more
  ) => ({
    kind: /** @type {const} */ ('waits'),
    name: `waits ${name}`,
    command: sim(
      ...['waits', '--seeds', range, '--seconds', String(seconds), '--quota', String(quota)],
      ...more,
    ),
  });
  const ranges = Array.from({ length: last / inOne }, (_, i) => `${i * inOne + 1}..${(i + 1) * inOne}`);
  return [
    ...ranges.map((range) => judge(range, range)),
    ...aims.map((aim) => judge(`${aim} ${aimed}`, aimed, '--aim', aim)),
  ];
}

/** Dense runs of many seeds, short ones and a few longer; every recorded tape and every lesson. @returns {Item[]} */
const claims = () => {
  const tapes = readdirSync(join('src', 'cli', 'recorded'))
    .filter((name) => name.endsWith('.tape'))
    .sort()
    .flatMap((name) => ['--tape', join('src', 'cli', 'recorded', name)]);
  const item = (/** @type {string} */ name, /** @type {string[]} */ ...args) => ({
    kind: /** @type {const} */ ('says'),
    name: `says ${name}`,
    command: sim('says', ...args),
  });
  return [
    ...sweptPresets.flatMap((preset) => [
      item(preset, '--preset', preset, '--seeds', '1..8', '--seconds', '2'),
      item(`${preset} 9..40`, '--preset', preset, '--seeds', '9..40', '--seconds', '0.5'),
    ]),
    item('recorded tapes', ...tapes),
    item('lessons', '--lesson', 'all'),
  ];
};

/** @returns {Item[]} */
const unsyncedWrites = () =>
  Array.from({ length: fateShares }, (_, i) => ({
    kind: 'fates',
    name: `fates ${i + 1}`,
    command: sim('fates', '--shard', `${i + 1}/${fateShares}`),
  }));

/** @returns {Item[]} */
const badBytes = () =>
  fuzz.seeds.map((seed) => ({
    kind: 'fuzz',
    name: `fuzz ${seed}`,
    command: sim('fuzz', '--inputs', String(fuzz.inputs), '--seed', String(seed)),
  }));

/** A campaign under faults on a server of this machine; says so where there is none. @returns {Item[]} */
const campaigns = () => [
  { kind: 'queue', name: 'queue drill', command: ['node', join('scripts', 'queue-drill.mjs')] },
];

/** Clients of Debian's, which says so where they are not installed; and the package as somebody has it. @returns {Item[]} */
const clients = () => [
  ...debianClients.map((names) => ({
    kind: /** @type {const} */ ('clients'),
    name: `clients ${names[0]}`,
    command: ['node', join('scripts', 'debian-clients.mjs'), ...names],
  })),
  { kind: 'clients', name: 'clients package', command: ['node', join('scripts', 'package-check.mjs')] },
  {
    kind: 'clients',
    name: 'clients two engines',
    needs: 'build',
    command: ['node', join('scripts', 'site-check.mjs')],
  },
];

/**
 * @param {string} name
 * @param {'journeys' | 'engines' | 'kills'} kind
 * @param {string[]} args
 * @returns {Item}
 */
const journeys = (name, kind, ...args) => ({
  kind,
  name,
  report: 'playwright',
  needs: 'build',
  env: { POSTDB_LAB_E2E_DEEP: '1' },
  command: ['playwright', 'test', '--reporter=list,json', ...args],
});

/**
 * The files with journeys that only run here.
 * @param {string} folder
 * @param {string} ending
 */
const deepFiles = (folder, ending) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .filter((name) => /import \{ deep\b.*support\/deep/.test(readFileSync(join(folder, name), 'utf8')))
    .sort()
    .map((name) => ({ name: name.slice(0, -ending.length), path: join(folder, name) }));

/** @returns {Item[]} */
const longJourneys = () =>
  deepFiles('e2e', '.e2e.ts').map(({ name, path }) =>
    journeys(`journeys ${name}`, 'journeys', '--grep', '@deep', path),
  );

/** @returns {Item[]} */
const otherEngines = () =>
  deepFiles(join('e2e', 'engines'), '.engine.ts').flatMap(({ name, path }) =>
    // WebKit's driver has no life after a kill.
    (name === 'kill' ? ['firefox'] : ['firefox', 'webkit']).map((engine) =>
      journeys(`engines ${name} ${engine}`, 'engines', `--project=${engine}`, '--grep', '@deep', path),
    ),
  );

/** @returns {Item[]} */
const kills = () =>
  Array.from({ length: killRepeats }, (_, i) =>
    journeys(
      `kills ${i + 1}`,
      'kills',
      ...['kill', 'failpoint', 'undo'].map((name) => join('e2e', `${name}.e2e.ts`)),
    ),
  );

/** @returns {Item[]} */
const shots = () =>
  visits.map(({ name }) => ({
    kind: 'shots',
    name: `shots ${name}`,
    needs: 'build',
    command: ['node', 'scripts/shots.mjs', join('test-results', 'shots'), '--only', name, '--dist', 'dist'],
  }));

/** @returns {Promise<Item[]>} */
export const deepItems = async () => [
  ...sweeps(),
  ...longWorlds(),
  ...(await plantedBugs()),
  ...blockedWaits(),
  ...claims(),
  ...unsyncedWrites(),
  ...badBytes(),
  ...campaigns(),
  ...clients(),
  ...longJourneys(),
  ...otherEngines(),
  ...kills(),
  ...shots(),
];

/**
 * Every count-th item, from the index-th on: items of a kind lie together, so that each share has some of each kind.
 * @template T
 * @param {readonly T[]} items
 * @param {{index: number, count: number}} shard counted from 1
 */
export const shareOf = (items, { index, count }) => items.filter((_, i) => i % count === index - 1);
