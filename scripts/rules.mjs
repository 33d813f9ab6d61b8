// `npm run rules`: which sentences of the specification nothing shows. A rule is shown by a test whose title carries its
// id, by a row of a test's table that begins with it, or by a monitor of its id that a planted bug sets off. A test of code that the
// product does not run shows nothing.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { productCode, runsProduct } from './product-code.mjs';

const spec = join('docs', 'spec');

/** Rules stand at the beginning of a line, in whichever page of the specification. PRE is shown by the table of parameters. */
export function listRules() {
  return readdirSync(spec).flatMap((file) => {
    const text = readFileSync(join(spec, file), 'utf8');
    const found = text.matchAll(/^- \*\*((?:WAL|HOLE|FENCE|READ|PCS|FS|LI|TXN)-\d+)\*\*/gm);
    return [...found].map(([, id = '']) => id);
  });
}

/** @param {string} folder @returns {string[]} */
const testFiles = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:test|e2e|engine)\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));

/** Titles, and texts of tables that begin with an id. */
const TITLE = /(?:\b(?:test|describe|it)(?:\.\w+)*|\))\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g;
const ROW = /(['"`])((?:WAL|HOLE|FENCE|READ|PCS|FS|LI|TXN)-\d+(?:\\.|(?!\1)[^\\])*)\1/g;
const ID = /\b(?:WAL|HOLE|FENCE|READ|PCS|FS|LI|TXN)-\d+\b/g;
/** Worked vectors of the metadata. */
const PLACED = /\bV\d+\b/g;

/** @param {string} text */
function idsShownIn(text) {
  const texts = [...text.matchAll(TITLE), ...text.matchAll(ROW)].map(([, , title = '']) => title);
  return texts.flatMap((title) => [...title.matchAll(ID)].map(([id]) => id));
}

/** Ids of monitors that planted bugs set off. */
function idsOfMonitors() {
  const folder = join('src', 'sim', 'checks');
  const rules = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
  const planted = ['cynosdb', 'postdb-v4', 'polardb']
    .map((stack) => readFileSync(join('src', 'stacks', stack, 'mutants.ts'), 'utf8'))
    .join('');
  const caught = new Set([...planted.matchAll(/'([a-z]+\.[a-z-]+)'/g)].map(([, slug]) => slug));
  return [...rules.matchAll(/'([a-z]+\.[a-z-]+)':\s*\{\s*ids:\s*\[([^\]]*)\]/g)].flatMap(
    ([, slug, ids = '']) => (caught.has(slug) ? [...ids.matchAll(ID)].map(([id]) => id) : []),
  );
}

/** Cases of transcripts, each headed by the rule or the vector that it shows. */
function idsOfTranscripts() {
  const folder = join('src', 'core', 'consensus', 'testdata');
  const heads = readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('# ')),
  );
  return heads.flatMap((line) => [...line.matchAll(ID), ...line.matchAll(PLACED)].map(([id]) => id));
}

/** Worked vectors of failover.md §10, readers.md §7 and of the metadata; a fault of the catalogue has a name of the same form, so only these tests count. */
const vectorTests = [
  join('src', 'cli', 'failover.world.test.ts'),
  join('src', 'cli', 'readers.world.test.ts'),
  ...['quorum-log', 'log-store', 'reader', 'compute', 'client', 'engine', 'pcs', 'placement', 'logindex'].map(
    (room) => join('src', 'core', room),
  ),
];

/** @param {string} file @param {RegExp} head */
const vectorsOf = (file, head) =>
  [...readFileSync(join('docs', 'spec', file), 'utf8').matchAll(head)].map(([, id = '']) => id);

const haVectors = () => [
  ...vectorsOf('failover.md', /^- \*\*(F\d+)\*\* /gm),
  ...vectorsOf('readers.md', /^- \*\*(R-\d+) /gm),
  ...['pcs.md', 'raft.md', 'placement.md'].flatMap((file) => vectorsOf(file, /^(?:\| )?(V\d+) /gm)),
];

/** Worked vectors of shared storage, by where they stand and where they are shown. */
const worked = [
  { file: 'polarfs.md', prefix: 'W', places: ['pfs', 'chunk'].map((room) => join('src', 'core', room)) },
  { file: 'logindex.md', prefix: 'V', places: [join('src', 'core', 'logindex')] },
];

/** @returns {string[]} */
const workedVectors = () =>
  worked.flatMap(({ file, prefix }) => {
    const text = readFileSync(join('docs', 'spec', file), 'utf8');
    return [...text.matchAll(new RegExp(`^- \\*\\*(${prefix}-\\d+) `, 'gm'))].map(([, id = '']) => id);
  });

export const listVectors = () => [...haVectors(), ...workedVectors()];

/** Titles, and texts of tables that begin with a vector. */
const VECTOR_ROW = /(['"`])((?:F|R-|V)\d+ (?:\\.|(?!\1)[^\\])*)\1/g;

/** @param {string} text */
const vectorsShownIn = (text) =>
  [...text.matchAll(TITLE), ...text.matchAll(VECTOR_ROW)].flatMap(([, , title = '']) =>
    [...title.matchAll(/\b(?:F|R-|V)\d+\b/g)].map(([id]) => id),
  );

export function findUnshown() {
  const shown = new Set([...idsOfMonitors(), ...idsOfTranscripts()]);
  const product = productCode();
  const own = testFiles('src').filter((file) => runsProduct(file, product));
  for (const file of [...own, ...testFiles('e2e')]) {
    const text = readFileSync(file, 'utf8');
    for (const id of idsShownIn(text)) shown.add(id);
    if (vectorTests.some((place) => file.startsWith(place)))
      for (const id of vectorsShownIn(text)) shown.add(id);
    for (const { prefix, places } of worked)
      if (places.some((place) => file.startsWith(place)))
        for (const [id] of text.matchAll(new RegExp(`\\b${prefix}-\\d+\\b`, 'g'))) shown.add(id);
  }
  return [...listRules(), ...listVectors()].filter((id) => !shown.has(id));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const rules = [...listRules(), ...listVectors()];
  const unshown = findUnshown();
  for (const id of unshown) console.log(`${id} has no test`);
  console.log(
    `${rules.length} rules and vectors, ${rules.length - unshown.length} shown, ${unshown.length} without a test`,
  );
  process.exitCode = unshown.length > 0 ? 1 : 0;
}
