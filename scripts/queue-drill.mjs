// `node scripts/queue-drill.mjs [--seeds N] [--seconds S] [--baseline REPORT] [--only PART]`: a campaign under faults, on a server of this
// loopback. Three workers; one is killed three times at random moments, the server is restarted, one worker is of another build. Every
// seed has to be judged as one process judges it. Then a planted bug, cancel, resume, drain, and damaged jobs. docs/many-machines.md
import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { bundleSim } from './bundle-sim.mjs';
import { findServer, runSim, startServer, startSim } from './queue-server.mjs';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '12' },
    seconds: { type: 'string', default: '1' },
    baseline: { type: 'string' },
    bundle: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
  },
});
const program = findServer();
if (program === undefined) {
  console.log('skipped: neither valkey-server nor redis-server is installed here');
  process.exit(0);
}
const bundle = values.bundle ?? (await bundleSim());
const folder = mkdtempSync(join(tmpdir(), 'postdb-lab-drill-'));
const otherBuild = `${bundle}.other`;
const server = await startServer(program);
const redis = new Redis(server.url, { maxRetriesPerRequest: null });
redis.on('error', () => {});
let faults = 0;

/** @param {boolean} holds @param {string} what */
function check(holds, what) {
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`);
  if (!holds) faults++;
}

const log = (/** @type {string} */ name) => join(folder, `${name}.log`);
const read = (/** @type {string} */ name) => (existsSync(log(name)) ? readFileSync(log(name), 'utf8') : '');
const worker = (/** @type {string} */ name, from = bundle) =>
  startSim(from, ['worker', '--queue', server.url, '--workers', '1'], log(name));
/** @param {string} name @param {string[]} args */
const command = (name, ...args) => startSim(bundle, [...args, '--queue', server.url], log(name));
/** @returns {Promise<string>} the campaign that this log names */
async function campaignIn(/** @type {string} */ name) {
  for (;;) {
    const found = /^campaign (\S+) on/m.exec(read(name));
    if (found?.[1] !== undefined) return found[1];
    await sleep(200);
  }
}
const verdictsOf = (/** @type {string} */ id) => redis.llen(`postdb-lab:news:${id}`);
async function untilVerdicts(/** @type {string} */ id, /** @type {number} */ count) {
  while ((await verdictsOf(id)) < count) await sleep(300);
}
/** @param {{child: import('node:child_process').ChildProcess, ended: Promise<unknown>}[]} all */
async function stop(...all) {
  for (const { child } of all) child.kill('SIGTERM');
  await Promise.all(all.map(({ ended }) => ended));
}

async function underFaults() {
  const sweep = [
    'sweep',
    '--preset',
    'cynosdb',
    '--seeds',
    `1..${values.seeds}`,
    '--seconds',
    values.seconds,
  ];
  const one = values.baseline ?? join(folder, 'one.json');
  if (values.baseline === undefined) await runSim(bundle, [...sweep, '--json', one], log('one'));
  rmSync(otherBuild, { recursive: true, force: true });
  cpSync(bundle, otherBuild, { recursive: true });
  appendFileSync(join(otherBuild, 'main.mjs'), '\n// another build\n');
  const startedAt = performance.now();
  const workers = [worker('w1'), worker('w2'), worker('w3')];
  const stranger = worker('stranger', otherBuild);
  const many = join(folder, 'many.json');
  const campaign = command('many', ...sweep, '--json', many);
  const id = await campaignIn('many');
  const total = Number(values.seeds);
  // At random moments, but within the campaign.
  const moments = [0.1, 0.3, 0.5, 0.7].map((share) => Math.ceil(total * (share + Math.random() * 0.15)));
  for (const [i, moment] of moments.entries()) {
    await untilVerdicts(id, moment);
    await sleep(Math.random() * 3000);
    if (i === 2) {
      await server.restart(4000);
      console.log(`     the server was restarted after ${moment} verdicts`);
    } else {
      workers[0]?.child.kill('SIGKILL');
      await workers[0]?.ended;
      workers[0] = worker('w1');
      console.log(`     worker 1 was killed after ${moment} verdicts`);
    }
  }
  await campaign.ended;
  const wall = (performance.now() - startedAt) / 1000;
  const [a, b] = [one, many].map((path) => JSON.parse(readFileSync(path, 'utf8')));
  const seeds = b.verdicts.map((/** @type {{seed: number}} */ { seed }) => seed);
  check(
    seeds.length === total && new Set(seeds).size === total,
    `${seeds.length} of ${total} seeds judged, each once`,
  );
  const differ = a.verdicts.filter(
    (/** @type {unknown} */ verdict, /** @type {number} */ i) =>
      JSON.stringify(verdict) !== JSON.stringify(b.verdicts[i]),
  );
  check(
    differ.length === 0,
    `verdicts are those of one process, hash by hash and field by field (${differ.length} differ)`,
  );
  const failed = b.verdicts.filter(
    (/** @type {{outcome: string}} */ { outcome }) => outcome !== 'PASS',
  ).length;
  const fields = await redis.hkeys(`postdb-lab:verdicts:${id}`);
  const news = await redis.lrange(`postdb-lab:news:${id}`, 0, -1);
  check(
    new Set(news).size === news.length && fields.length === news.length,
    `${news.length} verdicts, none counted twice`,
  );
  console.log(`     ${news.length - total} of them are second runs; ${failed} seeds failed`);
  check(read('stranger').includes('refused: campaign'), 'the worker of another build refuses, and says so');
  check(
    read('many').includes('is away') && read('many').includes('is back'),
    'the server that was away was waited for with a line',
  );
  for (const { machine, jobs, cpuSeconds } of b.run.machines)
    console.log(`     ${machine}: ${jobs} jobs, ${cpuSeconds.toFixed(0)} s of processor time`);
  console.log(
    `     ${wall.toFixed(0)} s of wall, server since its restart ${server.cpuSeconds()} s of processor time`,
  );
  await stop(...workers, stranger);
}

/** A planted bug found through the queue has a tape that fails alone. */
async function plantedBug() {
  const helper = worker('planted-worker');
  const tapes = join(folder, 'tapes');
  const planted = [
    'sweep',
    '--preset',
    'cynosdb',
    '--seeds',
    '1..40',
    '--seconds',
    '2',
    '--broken',
    'store.ack-before-durable',
  ];
  const code = await command('planted', ...planted, '--first', '--save', tapes).ended;
  check(code === 1, `a planted bug is found through the queue (exit code ${code})`);
  const [tape] = existsSync(tapes) ? readdirSync(tapes) : [];
  const alone = tape === undefined ? null : await runSim(bundle, ['run', join(tapes, tape)], log('alone'));
  check(alone === 1, `its tape ${tape} fails alone (exit code ${alone})`);
  check(read('planted').includes('link #/lab&r='), 'and has a link');
  await stop(helper);
}

async function orders() {
  const small = ['sweep', '--preset', 'cynosdb', '--seeds', '1..6', '--seconds', '1'];
  const left = command('left', ...small, '--json', join(folder, 'left.json'));
  const id = await campaignIn('left');
  const helper = worker('orders-worker');
  await untilVerdicts(id, 1);
  left.child.kill('SIGINT');
  await left.ended;
  check(read('left').includes(`campaign resume ${id}`), 'Ctrl C leaves the campaign standing');
  const before = await verdictsOf(id);
  const code = await command('resumed', 'campaign', 'resume', id).ended;
  const report = JSON.parse(readFileSync(join(folder, 'left.json'), 'utf8'));
  check(
    code === 0 && report.verdicts.length === 6,
    `resumed with ${before} verdicts, ended with ${report.verdicts.length}`,
  );
  const gone = command('gone', ...small, '--redo', 'full');
  const other = await campaignIn('gone');
  await untilVerdicts(other, 1);
  await command('cancel', 'campaign', 'cancel', other).ended;
  check((await gone.ended) === 70, `cancelled: ${read('cancel').trim()}`);
  const drained = command('drained', ...small, '--redo', 'every');
  const third = await campaignIn('drained');
  await untilVerdicts(third, 1);
  await command('drain', 'campaign', 'drain', third).ended;
  await drained.ended;
  check(
    (await verdictsOf(third)) >= 6,
    `drained: what was handed in was ended, ${await verdictsOf(third)} verdicts`,
  );
  await command('list', 'campaign', 'list').ended;
  check(
    ['done', 'cancelled', 'draining'].every((state) => read('list').includes(state)),
    'the list says their states',
  );
  await stop(helper);
}

/** Damaged jobs in the queue of the build, beside a campaign that has to end as if they were not there. */
async function damaged() {
  const victim = command('victim', 'sweep', '--preset', 'cynosdb', '--seeds', '1..3', '--seconds', '1');
  const id = await campaignIn('victim');
  const build = /build ([0-9a-f]{16})/.exec(read('victim'))?.[1] ?? '';
  const connection = { url: server.url, maxRetriesPerRequest: null };
  const queue = new Queue(`seeds-${build}`, { connection, prefix: 'postdb-lab' });
  const kept = { removeOnComplete: true, removeOnFail: true };
  const jobs = await queue.getJobs(['waiting']);
  const good = jobs[0]?.data ?? {};
  const data = Array.from({ length: 1000 }, (_, i) => {
    const bad = structuredClone(good);
    const damage = [
      () => ({ ...bad, version: i }),
      () => ({ ...bad, job: { ...bad.job, seed: -i } }),
      () => ({ ...bad, job: { ...bad.job, preset: `none-${i}` } }),
      () => ({ ...bad, key: i.toString(16).padStart(24, '0') }),
      () => 'x'.repeat(i),
      () => ({ ...bad, job: { kind: 'item', item: '$(reboot)', needsBrowser: false } }),
      () => ({ ...bad, job: { ...bad.job, seed: 10_000 + i } }),
      () => null,
    ][i % 8];
    return damage?.() ?? null;
  });
  const field = (/** @type {number} */ i) => i.toString(16).padStart(24, '0');
  await queue.addBulk(
    data.map((one, i) => ({ name: 'bad', data: one, opts: { ...kept, jobId: `${id}.${field(i)}` } })),
  );
  await queue.close();
  const helper = worker('damaged-worker');
  const code = await victim.ended;
  const refused = () => new Set(read('damaged-worker').match(/refused: job \S+/g)).size;
  for (let i = 0; i < 120 && refused() < 1000; i++) await sleep(500);
  check(refused() === 1000, `${refused()} of 1000 damaged jobs refused, each with its key`);
  check(code === 0, `the campaign beside them ended with ${code}`);
  await stop(helper);
}

/** Verdicts that nobody gave: those under keys of the campaign are refused by their key, the rest is of nobody. */
async function badVerdicts() {
  const asked = ['sweep', '--preset', 'cynosdb', '--seeds', '1..400', '--seconds', '1'];
  const path = join(folder, 'cheated.json');
  const cheated = command('cheated', ...asked, '--json', path);
  const id = await campaignIn('cheated');
  const queue = `postdb-lab:seeds-${/build ([0-9a-f]{16})/.exec(read('cheated'))?.[1]}:wait`;
  while ((await redis.llen(queue)) < 400) await sleep(200);
  const ids = await redis.lrange(queue, 0, -1);
  const own = ids.map((jobId) => jobId.slice(id.length + 1));
  const strange = Array.from({ length: 1000 - own.length }, (_, i) => i.toString(16).padStart(24, '0'));
  for (const [i, field] of [...own, ...strange].entries()) {
    const text = [
      '{',
      JSON.stringify({
        version: 1,
        field,
        worker: 'w',
        machine: 'm',
        outcome: { kind: 'answer', fingerprint: '0'.repeat(16), packed: 'AAAA' },
      }),
      JSON.stringify({ version: 2, field }),
      JSON.stringify({
        version: 1,
        field,
        worker: 'w',
        machine: 'm',
        outcome: { kind: 'file', fingerprint: '0'.repeat(16), file: '../../etc/passwd' },
      }),
    ][i % 4];
    await redis.hset(`postdb-lab:verdicts:${id}`, field, text ?? '');
    await redis.rpush(`postdb-lab:news:${id}`, field);
  }
  const code = await cheated.ended;
  const { verdicts } = JSON.parse(readFileSync(path, 'utf8'));
  const refused = verdicts.filter((/** @type {{error: string | null}} */ { error }) =>
    /refused: /.test(error ?? ''),
  );
  check(
    code === 70 && refused.length === 400,
    `1000 damaged verdicts: ${refused.length} of the 400 awaited refused with their key, the others counted for nothing (exit code ${code})`,
  );
}

/** A second run that comes out otherwise, as a worker with an unsound build would give it: its verdict is there before anybody works. */
async function fickle() {
  const path = join(folder, 'fickle.json');
  const asked = ['sweep', '--preset', 'cynosdb', '--seeds', '1..150', '--seconds', '0.1', '--json', path];
  const campaign = command('fickle', ...asked);
  const id = await campaignIn('fickle');
  const queue = `postdb-lab:seeds-${/build ([0-9a-f]{16})/.exec(read('fickle'))?.[1]}:wait`;
  while ((await redis.llen(queue)) < 150) await sleep(200);
  const fields = (await redis.lrange(queue, 0, -1)).map((jobId) => jobId.slice(id.length + 1));
  const second = fields.find((field) => field.endsWith('+'));
  if (second === undefined) throw new Error('none of 150 seeds runs twice');
  const outcome = { kind: 'answer', fingerprint: '0'.repeat(16), packed: null };
  const verdict = { version: 1, field: second, worker: 'fickle', machine: 'm', outcome };
  await redis.hset(`postdb-lab:verdicts:${id}`, second, JSON.stringify(verdict));
  await redis.rpush(`postdb-lab:news:${id}`, second);
  const helper = worker('fickle-worker');
  const code = await campaign.ended;
  const { verdicts } = JSON.parse(readFileSync(path, 'utf8'));
  const found = verdicts.filter((/** @type {{error: string | null}} */ { error }) =>
    /NONDETERMINISM: .* on fickle/.test(error ?? ''),
  );
  check(
    code === 70 && found.length === 1 && verdicts.length === 150,
    `one of 150 seeds came out otherwise the second time, and is reported (exit code ${code})`,
  );
  await stop(helper);
}

/**
 * What the queue costs, in rounds of four: the same seeds by one worker that stands since the first round, by two such; by two that
 * have just begun, and by two threads of one process, which has just begun as well. Prints medians.
 */
async function pairs() {
  const lone = await startServer(program ?? '');
  const twin = await startServer(program ?? '');
  /** @param {string} url @param {string} name */
  const at = (url, name) => startSim(bundle, ['worker', '--queue', url, '--workers', '1'], log(name));
  const standing = [at(lone.url, 'lone'), at(twin.url, 'twin-1'), at(twin.url, 'twin-2')];
  const fresh = async (/** @type {() => Promise<unknown>} */ run) => {
    const workers = [at(server.url, 'fresh-1'), at(server.url, 'fresh-2')];
    await sleep(1500);
    await run();
    await stop(...workers);
  };
  /** @type {Record<string, {wall: number, cpu: number}[]>} */
  const rows = {};
  /** @param {string} name @param {string | null} url */
  const run = async (name, url) => {
    const path = join(folder, 'pair.json');
    const seeds = ['--seeds', `1..${values.seeds}`, '--seconds', values.seconds, '--json', path];
    const where = url === null ? ['--workers', '2'] : ['--queue', url];
    const startedAt = performance.now();
    await startSim(bundle, ['sweep', '--preset', 'cynosdb', ...seeds, ...where], log('pair')).ended;
    const wall = (performance.now() - startedAt) / 1000;
    const { run: how } = JSON.parse(readFileSync(path, 'utf8'));
    const cpu = how.machines.reduce(
      (/** @type {number} */ sum, /** @type {{cpuSeconds: number}} */ one) => sum + one.cpuSeconds,
      0,
    );
    rows[name] = [...(rows[name] ?? []), { wall, cpu }];
    console.log(`     ${name}: ${wall.toFixed(1)} s of wall, ${cpu.toFixed(1)} s of processor time`);
  };
  for (let round = 0; round <= Number(values.rounds); round++) {
    // The first one warms the standing workers, and does not count.
    if (round === 1) for (const name of Object.keys(rows)) delete rows[name];
    await run('one worker', lone.url);
    await run('two workers', twin.url);
    if (round === 0) continue;
    await fresh(() => run('two new workers', server.url));
    await run('two threads', null);
  }
  /** @param {string} name @param {'wall' | 'cpu'} what */
  const median = (name, what) => {
    const all = (rows[name] ?? []).map((row) => row[what]).toSorted((a, b) => a - b);
    return all[all.length >> 1] ?? Number.NaN;
  };
  const gain = median('one worker', 'wall') / median('two workers', 'wall');
  const [byQueue, byThreads] = [median('two new workers', 'wall'), median('two threads', 'wall')];
  console.log(
    `     two workers are ${gain.toFixed(2)} × one (processor time ${median('one worker', 'cpu').toFixed(1)} and ${median('two workers', 'cpu').toFixed(1)} s)`,
  );
  console.log(
    `     two new workers took ${((byQueue / byThreads - 1) * 100).toFixed(1)} % more than two threads of one process`,
  );
  console.log(
    `     the two servers took ${(twin.cpuSeconds() + server.cpuSeconds()).toFixed(1)} s of processor time`,
  );
  await stop(...standing);
  await lone.stop();
  await twin.stop();
}

const parts = { underFaults, plantedBug, orders, damaged, badVerdicts, fickle, pairs };
try {
  for (const [name, part] of Object.entries(parts))
    if (values.only === '' ? name !== 'pairs' : name.includes(values.only)) await part();
} finally {
  redis.disconnect();
  await server.stop();
  rmSync(otherBuild, { recursive: true, force: true });
}
console.log(faults === 0 ? 'all well' : `${faults} faults; logs in ${folder}`);
process.exitCode = faults === 0 ? 0 : 1;
