// The interleavings of this folder against an address: `node scripts/isolation/run.mjs URL [--write] [--let-pass SQL]`. It says which
// differ from what is expected; `--write` expects what came. Against PostgreSQL: `--let-pass 'select pg_sleep(1.5)'`.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { connectNodePostgres, LET_PASS } from './node-postgres.mjs';
import { playSpec, readSpec } from './spec.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false }, 'let-pass': { type: 'string', default: LET_PASS } },
});
const [url = '', ...only] = positionals;
const specs = new URL('specs/', import.meta.url);
for (const file of readdirSync(specs)) {
  if (only.length > 0 && !only.some((name) => file.startsWith(name))) continue;
  const came = await playSpec(readSpec(readFileSync(new URL(file, specs), 'utf8')), () =>
    connectNodePostgres(url, values['let-pass']),
  );
  const out = new URL(`expected/${file.replace('.spec', '.out')}`, import.meta.url);
  const isSame = existsSync(out) && readFileSync(out, 'utf8') === came;
  if (values.write) writeFileSync(out, came);
  else if (!isSame) console.log(came);
  console.log(`${isSame ? 'same   ' : 'differs'} ${file}`);
}
