// The interleavings of this folder against an address: `node scripts/isolation/run.mjs URL [--write] [--pending] [--control]`. It says which
// differ from what is expected; `--write` expects what came, `--pending` plays them with commits that stay pending.
// Against PostgreSQL: `--control`; for `--pending` it needs a standby that never comes (`synchronous_standby_names`), and a superuser.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readSpec } from '../../src/ui/dock/read-spec.mjs';
import { labControls, POSTGRES } from './control.mjs';
import { connectNodePostgres } from './node-postgres.mjs';
import { expectedAt, playSpec } from './spec.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    pending: { type: 'boolean', default: false },
    control: { type: 'boolean', default: false },
    stall: { type: 'string', multiple: true, default: ['store-1', 'store-2', 'store-3'] },
  },
});
const [url = '', ...only] = positionals;
const controls = values.control ? POSTGRES : labControls(values.stall);
const specs = new URL('specs/', import.meta.url);
for (const file of readdirSync(specs)) {
  if (only.length > 0 && !only.some((name) => file.startsWith(name))) continue;
  const came = await playSpec(
    readSpec(readFileSync(new URL(file, specs), 'utf8')),
    () => connectNodePostgres(url, controls),
    { isPending: values.pending },
  );
  const out = expectedAt(file, values.pending);
  const isSame = existsSync(out) && readFileSync(out, 'utf8') === came;
  if (values.write) writeFileSync(out, came);
  else if (!isSame) console.log(came);
  console.log(`${isSame ? 'same   ' : 'differs'} ${file}`);
}
