// What `npm pack` packs, made by `prepack`: lib/ with the built lab, `postdb-lab/testing`, its types, and the command `postdb-lab`. The packages that it
// needs go along (`bundleDependencies`), so that the file alone is enough.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isolatedDeclarationSync } from 'rolldown/experimental';
import { build } from 'vite';
import { nodeBuild } from './bundle.mjs';
import { closureOf, collectLicences, licencesFile } from './licences.mjs';

const library = join('src', 'cli', 'serve');
const command = 'postdb-lab';
const input = {
  testing: join(library, 'testing.ts'),
  [command]: join('scripts', 'package-command.mjs'),
  // Threads of `sweep` and `says`, and of `grade`, beside the script that starts them.
  'seed-worker': join('src', 'cli', 'seed-worker.ts'),
  'grade-worker': join('src', 'cli', 'grade-worker.ts'),
};

const { bundleDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const carried = collectLicences('the package');
const commands = nodeBuild('lib', input, false);
await build({
  ...commands,
  build: {
    ...commands.build,
    rolldownOptions: {
      ...commands.build?.rolldownOptions,
      // `use client` of React's parts, of which captions need icons' names alone.
      onLog: (level, log, pass) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') pass(level, log);
      },
    },
  },
  plugins: [...(commands.plugins ?? []), carried.ofBundle()],
  // What does not go along is in the scripts.
  ssr: { noExternal: true, external: bundleDependencies },
});
writeFileSync(join('lib', licencesFile), carried.text(closureOf(bundleDependencies)));
const bin = join('lib', `${command}.mjs`);
writeFileSync(bin, `#!/usr/bin/env node\n${readFileSync(bin, 'utf8')}`);

// The two files that say the library's types name nothing beyond each other.
for (const name of ['testing', 'test-api']) {
  const path = join(library, `${name}.ts`);
  const { code, errors } = isolatedDeclarationSync(path, readFileSync(path, 'utf8'));
  const foreign = [...code.matchAll(/from "([^"]+)"/g)]
    .map(([, from]) => from)
    .filter((from) => from !== './test-api.ts');
  if (errors.length > 0 || foreign.length > 0)
    throw new Error(
      `the types of ${path}: ${[...errors.map(({ message }) => message), ...foreign].join(', ')}`,
    );
  writeFileSync(join('lib', `${name}.d.ts`), code.replaceAll('"./test-api.ts"', '"./test-api.js"'));
}

await build({ mode: 'package', logLevel: 'warn', build: { outDir: join('lib', 'lab'), emptyOutDir: true } });
