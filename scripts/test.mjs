// `npm test`: what every change has to pass, about half an hour on two cores. What takes longer is `npm run deep`.
import { installEngines } from './engines.mjs';
import { reportPath, runStages } from './stages.mjs';

/** For what hangs: a machine with several times the work it has processors for is still done in less. */
const stageLimitMs = 2 * 60 * 60_000;

/** @typedef {import('./stages.mjs').Stage} Stage */

/**
 * @param {string} name
 * @param {string[]} chosen which config and projects
 * @returns {Stage}
 */
const vitestStage = (name, chosen) => ({
  name,
  report: 'vitest',
  command: [
    'vitest',
    'run',
    ...chosen,
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${reportPath(name)}`,
  ],
});

/** @type {(Stage | Stage[])[]} */
const stages = [
  { name: 'types', command: ['node', 'scripts/types.mjs'] },
  [
    { name: 'lint', command: ['biome', 'check', '.'] },
    { name: 'knip', command: ['knip'] },
  ],
  vitestStage('unit', ['--project', 'engine', '--project', 'unit']),
  vitestStage('worlds', ['--config', 'scripts/worlds.config.mjs']),
  {
    // Random configuration, load and faults; as many seeds as fit, the same first ones every time.
    name: 'seeds',
    report: 'sweep',
    command: [
      'node',
      'scripts/sim.mjs',
      'sweep',
      ...['--preset', 'cynosdb', '--seeds', '1..2000', '--seconds', '30'],
      ...['--wall', '20', '--least', '4', '--json', reportPath('seeds')],
    ],
  },
  [
    { name: 'build', command: ['node', 'scripts/build.mjs'] },
    // what only tests use is unused
    { name: 'knip-production', command: ['knip', '--production'] },
  ],
  {
    // Chromium, and beside it a first life in Firefox and WebKit: boot, crash, undo, reload. The rest is in `npm run deep`.
    name: 'e2e',
    report: 'playwright',
    needs: 'build',
    command: ['playwright', 'test', '--reporter=list,json'],
  },
];

installEngines();
await runStages(stages, stageLimitMs);
