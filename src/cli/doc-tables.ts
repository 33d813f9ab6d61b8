// `sim docs`: what documents show of the code, made from the code: tables of messages, monitored rules, planted bugs and tape actions, and
// snippets of files that compile. It stands between `<!-- from: NAME -->` and `<!-- end -->`; `--write` makes it anew, a unit test compares it.

import { writeFileSync } from 'node:fs';
import { present } from '../base/assert.ts';
import { chunkMessages } from '../core/chunk/messages.ts';
import { messageTable } from '../core/cluster/messages.ts';
import type { MessageTable } from '../core/kernel/message-table.ts';
import { sharedStorageMessages } from '../core/shared-storage/messages.ts';
import { functionsByKind } from '../core/sql/analyse-function.ts';
import { type ParameterSpec, parameters } from '../presets/parameters.ts';
import type { Mutant } from '../sim/checks/mutants.ts';
import { formatMutants, testedMutants } from '../sim/checks/tested-mutants.ts';
import type { ActionName } from '../sim/tape-actions.ts';
import { stackActions } from '../stacks/actions.ts';
import { stackChecks } from '../stacks/checks.ts';
import { mutants } from '../stacks/mutants.ts';
import { isOffered } from '../stacks/presets.ts';
import { rules } from '../stacks/rules.ts';
import { actionKinds, actionNames } from '../stacks/tapes.ts';
import { entriesOf, fieldsOf, filesUnder, readSource, regionOf } from './doc-sources.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** Messages of core's rooms; a stack's own stand in its `messages.ts`. */
const messages: MessageTable = { ...messageTable, ...chunkMessages, ...sharedStorageMessages };

const cell = (text: string): string => text.replaceAll('|', '\\|');
const code = (text: string): string => `\`${text}\``;

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), `|${'---|'.repeat(heads.length)}`, ...rows.map(line)].join('\n');
}

/** Every name has its sentence, or the table names those that lack one. */
function saidIn(paths: readonly string[], head: RegExp, names: readonly string[]): (name: string) => string {
  const said = new Map(
    paths.flatMap((path) => [...entriesOf(readSource(path), head)].filter(([, { says }]) => says !== '')),
  );
  const missing = names.filter((name) => !said.has(name));
  if (missing.length > 0) throw new Error(`no comment above ${missing.join(', ')} (${paths.join(', ')})`);
  return (name) => said.get(name)?.says ?? '';
}

/** A room's messages, in the order of its table. */
function messageRows(): string {
  const head = /^ {2}(\w+): /;
  const files = filesUnder('src/core', '/messages.ts');
  const shared = ['kernel/fields', 'kernel/hot-codecs', 'consensus/wire'].map((name) =>
    readSource(`src/core/${name}.ts`),
  );
  const said = saidIn(files, head, Object.keys(messages));
  return files
    .flatMap((path) => {
      const text = readSource(path);
      const rows = [...entriesOf(text, head)].flatMap(([kind, entry]) => {
        const spec = messages[kind];
        if (spec === undefined) return [];
        const to = typeof spec.to === 'string' ? spec.to : 'as a field says';
        const fields = fieldsOf(entry, spec.family, [text, ...shared]).join(', ');
        return [[code(kind), `${spec.tag}`, to, spec.family, fields, said(kind)]];
      });
      if (rows.length === 0) return [];
      return [`### ${code(path)}\n\n${table(['message', 'tag', 'to', 'family', 'fields', 'what'], rows)}`];
    })
    .join('\n\n');
}

/** Rules that monitors and checkers hold, by the stacks that they watch. */
function ruleRows(): string {
  const said: Readonly<Record<string, string>> = Object.assign(
    {},
    ...filesUnder('src/words', 'rules.en.json').map((path) => JSON.parse(readSource(path))),
  );
  const watched = stackChecks.filter(({ id }) => isOffered(id));
  const rows = Object.entries(rules)
    .map(([slug, { ids }]) => {
      const stacks = watched.filter((checks) => Object.hasOwn(checks.rules, slug)).map(({ id }) => id);
      return {
        stacks,
        row: [code(slug), ids.join(', '), present(said[`rule.${slug}.text`], `words of ${slug}`)],
      };
    })
    .filter(({ stacks }) => stacks.length > 0)
    .map(({ stacks, row }) => [...row, stacks.length === watched.length ? 'all' : stacks.join(', ')]);
  return table(['rule', 'ids', 'rule in words', 'watched in'], rows);
}

function shownOn({ tape, swept, fates, isExplored, counted, preset }: Mutant): string {
  if (tape) return `its tape, ${tape.preset}`;
  if (swept) return `seed ${swept.seed} of a sweep, ${preset ?? 'cynosdb'}, ${swept.seconds} s`;
  if (fates) return `fates of ${code(fates.world)}`;
  if (isExplored) return 'the explorer';
  const load = counted === undefined ? '' : `, counted${counted === true ? '' : ` ${counted}`}`;
  return `dense seeds${preset === undefined ? '' : `, ${preset}`}${load}`;
}

function mutantRows(): string {
  const files = [...filesUnder('src/stacks', 'mutants.ts'), 'src/sim/checks/tested-mutants.ts'];
  const all = [...mutants, ...testedMutants, ...formatMutants];
  const said = saidIn(
    files,
    /'([a-z]+\.[a-z0-9-]+)'/,
    all.map(({ name }) => name),
  );
  const row = ({ id, name }: { id: string; name: string }, ...rest: readonly string[]) => [
    id,
    code(name),
    said(name),
    ...rest,
  ];
  return [
    table(
      ['id', 'switch', 'what it does wrong', 'caught by', 'shows on'],
      mutants.map((one) => row(one, one.caughtBy.map(code).join(', '), shownOn(one))),
    ),
    'Shown by a test of its own, because no monitor reads what it changes:',
    table(
      ['id', 'switch', 'what it does wrong', 'what shows', 'test'],
      testedMutants.map((one) => row(one, one.shows, code(one.test.slice('src/'.length)))),
    ),
    'Of decoders, caught by the flips of [bad input](checkers.md#bad-input):',
    table(
      ['id', 'switch', 'what it does wrong', 'format'],
      formatMutants.map((one) => row(one, one.format)),
    ),
  ].join('\n\n');
}

function actionRows(): string {
  const ofTests = stackActions.flatMap(({ id, actions }) => (isOffered(id) ? [] : Object.keys(actions)));
  const names = actionNames.filter((name) => !ofTests.includes(name));
  const files = [...filesUnder('src/sim/actions', '.ts'), ...filesUnder('src/stacks', 'actions.ts')];
  const said = saidIn(files, /^ {2}(\w+): /, names);
  const row = (name: ActionName): readonly string[] => {
    const { target, args, isLasting, undo, isFault } = actionKinds[name];
    const line = [
      name,
      ...(target === 'world' ? [] : [`<${target}>`]),
      ...Object.keys(args).map((arg) => `<${arg}>`),
    ];
    const until = undo === null ? '' : isLasting ? `${code(undo)}, or \`for …\`` : code(undo);
    return [code(line.join(' ')), isFault ? 'fault' : '', until, said(name)];
  };
  return table(['line', 'kind', 'ended by', 'what'], names.map(row));
}

const functionRows = (): string =>
  table(
    ['functions', 'which'],
    Object.entries(functionsByKind).map(([kind, names]) => [
      kind,
      names
        .filter((name) => !name.startsWith('lab_'))
        .sort()
        .map(code)
        .join(' '),
    ]),
  );

/** How a sweep draws a parameter, in words. */
function drawText({ sweep }: ParameterSpec): string {
  switch (sweep.kind) {
    case 'range':
      return `${sweep.low}…${sweep.high}`;
    case 'choice':
      return [...new Set(sweep.values)].join(' or ');
    case 'rtt':
      return `${sweep.low}…${sweep.high} × rtt${sweep.least > 1 ? `, ≥ ${sweep.least}` : ''}`;
    case 'times':
      return `${sweep.factor} × ${sweep.of}`;
    case 'fromFloor':
      return `floor…${sweep.high}`;
    case 'limit':
      return 'PRE-8';
    case 'fixed':
      return 'fixed';
  }
}

const parameterRows = (): string =>
  table(
    ['parameter', 'unit', 'range', 'spec', 'demo', 'bench', 'sweep'],
    parameters.map((one) => [
      code(one.name),
      one.unit,
      `${one.min}…${one.max}`,
      ...[one.spec, one.demo, one.bench].map(String),
      drawText(one),
    ]),
  );

interface Layer {
  readonly what: string;
  readonly imports: readonly string[];
}

/** The folders, rooms and floors that tidy.test.ts holds imports to. */
const readLayers = (): {
  readonly folders: Readonly<Record<string, Layer>>;
  readonly rooms: Readonly<Record<string, Layer>>;
  readonly floors: readonly (readonly string[])[];
} => JSON.parse(readSource('src/testing/layers.json'));

const layerRows = (list: Readonly<Record<string, Layer>>): string =>
  table(
    ['folder', 'what', 'may import'],
    Object.entries(list).map(([name, { what, imports }]) => [
      code(name),
      what,
      imports.length === 0 ? '–' : imports.map(code).join(' '),
    ]),
  );

const floorRows = (): string =>
  table(
    ['floor', 'folders'],
    readLayers()
      .floors.map((floor, i) => [
        `${i + 1}`,
        floor
          .filter((name) => name !== '')
          .map(code)
          .join(' '),
      ])
      .reverse(),
  );

const tables: Readonly<Record<string, () => string>> = {
  messages: messageRows,
  rules: ruleRows,
  'planted bugs': mutantRows,
  'tape actions': actionRows,
  parameters: parameterRows,
  'SQL functions': functionRows,
  folders: () => layerRows(readLayers().folders),
  rooms: () => layerRows(readLayers().rooms),
  floors: floorRows,
};

/** `table messages`, or a file and its region. */
function makePart(name: string): string {
  const made = /^table (.+)$/.exec(name)?.[1];
  if (made !== undefined) {
    const make = tables[made];
    if (make === undefined) throw new Error(`no table ${made}; there are ${Object.keys(tables).join(', ')}`);
    return make();
  }
  const [path = '', region] = name.split('#');
  const text = region === undefined ? readSource(path).trimEnd() : regionOf(readSource(path), region);
  const head = path.endsWith('.json') ? '' : `// ${path}\n`;
  return `\`\`\`${path.slice(path.lastIndexOf('.') + 1)}\n${head}${text}\n\`\`\``;
}

export const PART = /(<!-- from: (.+?) -->\n)[\s\S]*?(<!-- end -->)/g;

export const documents = (): readonly string[] => ['README.md', ...filesUnder('docs', '.md')];

/** The document with its parts as the code has them now. */
export const renewed = (text: string): string =>
  text.replace(PART, (_, head: string, name: string, end: string) => `${head}\n${makePart(name)}\n\n${end}`);

export function docs({ write }: { readonly write: boolean }): ExitCode {
  const stale = documents().filter((path) => renewed(readSource(path)) !== readSource(path));
  for (const path of stale) {
    console.log(`${path} ${write ? 'written' : 'is not what the code says: npm run docs -- --write'}`);
    if (write) writeFileSync(path, renewed(readSource(path)));
  }
  return stale.length === 0 || write ? exitCodes.ok : exitCodes.violation;
}
