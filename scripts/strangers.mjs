// Programs that others wrote, each a fixed list of steps, against one address: `node scripts/strangers.mjs URL [--modules FOLDER]
// [--into URL] [--quiet] [PROGRAM …]`. The same list runs at a served cluster and at a PostgreSQL; it prints what each step came to, and a table at the end.
// npm's programs are looked for in FOLDER, Debian's where Debian has them; what is missing is said and skipped.
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { has, hasPython } from './clients/programs.mjs';
import { knex, kyselyAndDrizzle } from './strangers/builders.mjs';
import { pgbench, pgDump, sysbench } from './strangers/debian.mjs';
import { sequelize, typeOrm } from './strangers/mappers.mjs';
import { mikroOrm } from './strangers/mikro-orm.mjs';
import { nodePostgres, pgCursor } from './strangers/node-postgres.mjs';
import { asyncpg, sqlalchemy } from './strangers/python.mjs';
import { runSteps } from './strangers/steps.mjs';

/** What stands in FOLDER: `npm install --prefix FOLDER` of these. MikroORM 7 needs a newer Node than the repository does. */
const MODULES = {
  '@mikro-orm/core': '6.6.16',
  '@mikro-orm/postgresql': '6.6.16',
  'drizzle-orm': '0.45.4',
  knex: '3.3.0',
  kysely: '0.29.9',
  pg: '8.23.1',
  'pg-cursor': '2.22.1',
  'pg-query-stream': '4.17.0',
  'reflect-metadata': '0.2.2',
  sequelize: '6.37.8',
  typeorm: '1.1.1',
};

/** @type {readonly {name: string, steps: import('./strangers/steps.mjs').Program, modules?: string[], needs?: () => boolean}[]} */
const PROGRAMS = [
  { name: 'node-postgres', steps: nodePostgres, modules: ['pg'] },
  { name: 'pg-cursor', steps: pgCursor, modules: ['pg', 'pg-cursor'] },
  { name: 'sequelize', steps: sequelize, modules: ['sequelize', 'pg'] },
  { name: 'typeorm', steps: typeOrm, modules: ['typeorm', 'reflect-metadata', 'pg'] },
  { name: 'knex', steps: knex, modules: ['knex', 'pg', 'pg-query-stream'] },
  { name: 'kysely-drizzle', steps: kyselyAndDrizzle, modules: ['kysely', 'drizzle-orm', 'pg'] },
  { name: 'mikro-orm', steps: mikroOrm, modules: ['@mikro-orm/core', '@mikro-orm/postgresql'] },
  { name: 'sqlalchemy', steps: sqlalchemy, needs: () => hasPython('sqlalchemy') && hasPython('psycopg2') },
  { name: 'asyncpg', steps: asyncpg, needs: () => hasPython('asyncpg') },
  { name: 'sysbench', steps: sysbench, needs: () => has('sysbench') },
  { name: 'pgbench', steps: pgbench, needs: () => has('pgbench') },
  { name: 'pg_dump', steps: pgDump, needs: () => has('pg_dump') && has('psql') },
];

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    modules: { type: 'string', default: join(tmpdir(), 'strangers') },
    /** Another, empty address that what is dumped is restored to. */
    into: { type: 'string' },
    quiet: { type: 'boolean', default: false },
  },
});
const [url, ...wanted] = positionals;
if (url === undefined) {
  console.error(
    'usage: node scripts/strangers.mjs URL [--modules FOLDER] [--into URL] [--quiet] [PROGRAM …]',
  );
  process.exit(2);
}
const load = createRequire(join(values.modules, 'package.json'));

/** @param {(typeof PROGRAMS)[number]} program @returns {string | null} */
function missing({ name, modules = [], needs }) {
  if (needs !== undefined && !needs()) return `${name} is not installed`;
  const absent = modules.filter((one) => !canLoad(one));
  const wantedModules = absent.map((one) => `${one}@${MODULES[/** @type {keyof typeof MODULES} */ (one)]}`);
  return absent.length === 0 ? null : `npm install --prefix ${values.modules} ${wantedModules.join(' ')}`;
}

/** @param {string} name */
function canLoad(name) {
  try {
    load.resolve(name);
    return true;
  } catch {
    return false;
  }
}

const table = [];
for (const program of PROGRAMS) {
  if (wanted.length > 0 && !wanted.includes(program.name)) continue;
  const lack = missing(program);
  if (lack !== null) console.log(`skipped: ${program.name}: ${lack}`);
  else
    table.push({
      name: program.name,
      ...(await runSteps(program.name, program.steps, { url, into: values.into, load }, values.quiet)),
    });
}
console.log('\n| program | passed | failed |\n|---|---|---|');
for (const { name, passed, failed } of table) console.log(`| ${name} | ${passed} | ${failed} |`);
process.exit(table.some(({ failed }) => failed > 0) ? 1 : 0);
