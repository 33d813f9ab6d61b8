// `npm run types`: checks every TypeScript project; prints all errors, fails on any.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @type {{references: {path: string}[]}} */
const solution = JSON.parse(readFileSync('tsconfig.json', 'utf8'));
const compiler = join('node_modules', 'typescript', 'bin', 'tsc');
let failed = 0;
for (const { path } of solution.references) {
  const done = spawnSync(process.execPath, [compiler, '-p', path, '--pretty', 'false'], { encoding: 'utf8' });
  process.stdout.write(done.stdout + done.stderr);
  if (done.status !== 0) failed += 1;
}
if (failed > 0) console.error(`${failed} of ${solution.references.length} TypeScript projects have errors.`);
process.exitCode = failed > 0 ? 1 : 0;
