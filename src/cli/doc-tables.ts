// `sim docs`: what documents show of the code, made from the code: tables of messages, monitored rules, planted bugs and tape actions, and
// snippets of files that compile. It stands between `<!-- from: NAME -->` and `<!-- end -->`; `--write` makes it anew, a unit test compares it.

import { writeFileSync } from 'node:fs';
import { present } from '../base/assert.ts';
import { chunkMessages } from '../core/chunk/messages.ts';
import { messageTable } from '../core/cluster/messages.ts';
import type { NodeSpec } from '../core/kernel/cluster-spec.ts';
import type { MessageTable } from '../core/kernel/message-table.ts';
import { metricTable } from '../core/kernel/metrics.ts';
import { defaultPlacement } from '../core/placement/placement-state.ts';
import { sharedStorageMessages } from '../core/shared-storage/messages.ts';
import { functionsByKind } from '../core/sql/analyse-function.ts';
import { lessonEntries } from '../lessons/catalogue.ts';
import type { Lesson } from '../lessons/format.ts';
import { loadLesson } from '../lessons/load-lesson.ts';
import { type ParameterSpec, parameters } from '../presets/parameters.ts';
import type { Mutant } from '../sim/checks/mutants.ts';
import { formatMutants, testedMutants } from '../sim/checks/tested-mutants.ts';
import { clusterWord } from '../sim/say-cluster.ts';
import type { ActionName } from '../sim/tape-actions.ts';
import { stackActions } from '../stacks/actions.ts';
import { stackChecks } from '../stacks/checks.ts';
import { mutants } from '../stacks/mutants.ts';
import { isOffered, offeredPresets, presetNames } from '../stacks/preset-names.ts';
import { findPreset } from '../stacks/presets.ts';
import { stacks } from '../stacks/registry.ts';
import { rules } from '../stacks/rules.ts';
import { actionKinds, actionNames } from '../stacks/tapes.ts';
import { drawCommit, drawLayers, drawMessages } from './doc-pictures.ts';
import { entriesOf, fieldsOf, filesUnder, readSource, regionOf } from './doc-sources.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { USAGE } from './usage.ts';

/** Messages of core's rooms; a stack's own stand in its `messages.ts`. */
const messages: MessageTable = { ...messageTable, ...chunkMessages, ...sharedStorageMessages };

const cell = (text: string): string => text.replaceAll('|', '\\|');
const code = (text: string): string => `\`${text}\``;

/** No line of a document is longer (tidy-rules.ts). */
const LINE_LIMIT = 300;
const WRAP_AT = 120;

/** Lines of a list's item, the further ones indented. */
function wrapped(text: string): string {
  const lines: string[] = [];
  let line = '-';
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > WRAP_AT) {
      lines.push(line);
      line = ` `;
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\n');
}

/** As a table; as a list where a row would be too long to be read. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  const lines = rows.map(line);
  if (lines.every(({ length }) => length <= LINE_LIMIT))
    return [line(heads), `|${'---|'.repeat(heads.length)}`, ...lines].join('\n');
  return rows
    .map(([first = '', ...cells]) => {
      const said = cells.flatMap((text, i) => (text === '' ? [] : [`*${heads[i + 1]}* ${text}`]));
      return wrapped(`${first}: ${said.join('; ')}`);
    })
    .join('\n');
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
    'Of decoders, caught by the flips of [bad input](proof.md#bad-input):',
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

/** The value of a constant that a file declares, as it is written. */
function constantOf(path: string, name: string): string {
  const found = new RegExp(`^(?:export )?const ${name} = (.+?);$`, 'm').exec(readSource(path));
  if (found?.[1] === undefined) throw new Error(`no constant ${name} in ${path}`);
  return found[1].replaceAll('_', '').replace(' as const', '');
}

const constantRows = (unit: string, rows: readonly (readonly [string, string, string])[]): string =>
  table(
    ['what', unit, 'where'],
    rows.map(([what, path, name]) => [what, constantOf(`src/${path}`, name), code(`${path} ${name}`)]),
  );

/** What the planner goes by. */
const placementRows = (): string => {
  const { mutants: _, ...numbers } = defaultPlacement;
  const rows = Object.entries(numbers).map(([name, value]) => [code(name), `${value}`]);
  const others = [
    ['`maxMovesInFlight`', constantOf('src/core/pcs/placement-driver.ts', 'MAX_MOVES_IN_FLIGHT')],
    ['`routeMaxAttempts`', constantOf('src/core/placement/route-request.ts', 'ROUTE_MAX_ATTEMPTS')],
    ['`shardTargetBytes`', constantOf('src/core/pcs/group-figures.ts', 'SIZE_STEP')],
  ];
  return table(['name', 'value'], [...rows, ...others]);
};

/** What agents report, by the part that a metric is of. */
function metricRows(): string {
  const parts = new Map<string, string[]>();
  for (const [name, { unit, isCounter }] of Object.entries(metricTable)) {
    const [part = ''] = name.split('.');
    parts.set(part, [...(parts.get(part) ?? []), `${code(name)} (${unit}${isCounter ? ', counter' : ''})`]);
  }
  return table(
    ['of', 'metrics'],
    [...parts].map(([part, list]) => [part, list.join(', ')]),
  );
}

/** Bounds of the host. */
const hostRows = (): string =>
  constantRows('value', [
    ['nodes up to which windows run ahead of the disks', 'host/live-cluster.ts', 'AHEAD_NODES'],
    ['ms between two pictures, at least', 'host/run-passing.ts', 'FRAME_MS'],
    ['inputs between two keyframes of a replay', 'host/player.ts', 'KEYFRAME_INPUTS'],
    ['bytes of all keyframes of a replay', 'host/player.ts', 'CACHE_BYTES'],
    ['keyframes of the live cluster in the workers', 'host/live-keyframes.ts', 'MAX_KEYFRAMES'],
    ['stored keyframes', 'host/keyframe-store.ts', 'KEYFRAME_LIMITS'],
    ['inputs played ahead at a time', 'host/replay-tapes.ts', 'PREPARED_INPUTS'],
    ['workers in reserve', 'lab/node-workers.ts', 'SPARES'],
    ['s until a worker that does not answer has failed', 'lab/node-workers.ts', 'START_LIMIT_S'],
    ['runs that are kept', 'host/run-records.ts', 'MAX_KEPT_RUNS'],
  ]);

/** Times that follow from the heartbeat of nodes, in every profile. */
const beatRows = (): string =>
  constantRows('heartbeats', [
    [
      'a node that is silent is disconnected (`disconnectedAfterMs`)',
      'core/pcs/meta-state.ts',
      'MISSED_BEATS',
    ],
    ['a node is down (`downAfterMs`)', 'core/pcs/node-states.ts', 'DOWN_BEATS'],
    ['a switchover drains', 'core/pcs/failover-driver.ts', 'DRAIN_BEATS'],
    ['a switchover gives up', 'core/pcs/failover-driver.ts', 'SWITCH_BEATS'],
    ['a writer without quorum is asked about (FENCE-57)', 'core/pcs/failover-driver.ts', 'REACH_BEATS'],
    ['another archiver is named (WAL-40)', 'core/pcs/archivers.ts', 'SILENT_BEATS'],
    ['an agent reports (`agentReportMs`)', 'core/agent/agent.ts', 'REPORT_BEATS'],
    ['requests are counted for load (`hotWindowMs`)', 'core/compute/tablet-loads.ts', 'WINDOW_BEATS'],
    ['a group is hot before it is split', 'core/pcs/split-hot.ts', 'HOT_BEATS'],
    ['a group rests after a split or isolation', 'core/pcs/split-hot.ts', 'REST_BEATS'],
    ['two tablets are cold before they are merged', 'core/pcs/merge-cold.ts', 'COLD_BEATS'],
    ['moves wait after nodes came or leave', 'core/pcs/placement-driver.ts', 'SETTLE_BEATS'],
    ['a group rests after a transfer, at first', 'core/pcs/placement-driver.ts', 'TRANSFER_BEATS'],
    ['a group rests after a transfer, at most', 'core/pcs/placement-driver.ts', 'TRANSFER_BEATS_MAX'],
    ['the lease of a reader’s slot (LI-63)', 'core/shared-storage/sharing.ts', 'LEASE_BEATS'],
  ]);

/** Nodes of one kind in one entry: the first and the last name, and the zones. */
function nodesText(nodes: readonly NodeSpec[]): string {
  const kinds = new Map<string, NodeSpec[]>();
  for (const one of nodes) {
    const { id, isSpare, isReader, haPriority, roles } = one;
    const part = isReader && haPriority !== undefined ? 'standby' : isReader ? 'reader' : roles.join(' + ');
    const kind = `${id.replace(/\d+$/, '')}|${isSpare ? 'spare ' : ''}${part}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), one]);
  }
  return [...kinds]
    .map(([kind, list]) => {
      const names =
        list.length === 1 ? `${list[0]?.id}` : `${list[0]?.id}…${list.at(-1)?.id.replace(/\D+/, '')}`;
      const zones = list.length > 6 ? `${list.length} nodes` : list.map(({ zone }) => zone).join(' ');
      return `${code(names)} ${kind.split('|')[1]} (${zones})`;
    })
    .join(', ');
}

const presetRows = (): string =>
  table(
    ['preset', 'nodes', 'groups'],
    presetNames
      .flatMap((name) => findPreset(name) ?? [])
      .filter(({ name }) => offeredPresets.includes(name))
      .map(({ name, cluster }) => {
        const { groups, nodes, chunks = [] } = cluster;
        const [first] = groups;
        const log = first && `${groups.length} × ${first.replicas.length}/${first.vw}/${first.vr}`;
        const files =
          chunks.length > 0
            ? `${chunks.length} chunks × ${chunks[0]?.replicas.length}`
            : 'one a tablet, 3/2/2';
        return [code(name), nodesText(nodes), log ?? files];
      }),
  );

/** The nodes that a cluster of each architecture has, by their words. */
const kindRows = (): string =>
  table(
    ['architecture', 'kinds of nodes, how many at the start'],
    stacks
      .filter(({ id }) => isOffered(id))
      .map(({ id, cluster: { kinds } }) => [
        code(id),
        Object.entries(kinds)
          .map(
            ([
              word,
              {
                count: [least, most],
              },
            ]) => `${code(word)} ${least === most ? least : `${least}…${most}`}`,
          )
          .join(', '),
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

/** Of a run and of lessons that are loaded, so they are made before documents are. */
let commitPicture = '';
let lessons: readonly Lesson[] = [];

export async function prepareDocuments(): Promise<void> {
  commitPicture = await drawCommit();
  const loaded = await Promise.all(lessonEntries.map(({ id }) => loadLesson(id)));
  lessons = loaded.flatMap((one) => ('error' in one ? [] : [one]));
}

const withoutBraces = (text: string): string => text.replaceAll(/\{([\w-]+)\}/g, '$1');

const lessonRows = (): string =>
  table(
    ['id', 'title', 'cluster', 'it asks', 'passed when'],
    [...lessons]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, title, start, goal, passWords }) =>
        [id, title.en, code(clusterWord(start.cluster)), goal.en, passWords.en].map(withoutBraces),
      ),
  );

const tables: Readonly<Record<string, () => string>> = {
  commands: () => `\`\`\`\n${USAGE.replace('usage:\n', '')}\n\`\`\``,
  lessons: lessonRows,
  messages: messageRows,
  rules: ruleRows,
  'planted bugs': mutantRows,
  'tape actions': actionRows,
  parameters: parameterRows,
  'node kinds': kindRows,
  'SQL functions': functionRows,
  placement: placementRows,
  heartbeats: beatRows,
  'host bounds': hostRows,
  metrics: metricRows,
  presets: presetRows,
  folders: () => layerRows(readLayers().folders),
  rooms: () => layerRows(readLayers().rooms),
  floors: floorRows,
};

const pictures: Readonly<Record<string, () => string>> = {
  folders: () => drawLayers(readLayers().folders),
  rooms: () => drawLayers(readLayers().rooms),
  'messages by role': () =>
    drawMessages(
      Object.values(messages).map(({ family, to }) => [family, typeof to === 'string' ? to : 'several']),
    ),
  'a commit': () => commitPicture,
};

/** `table messages`, `picture folders`, or a file and its region. */
function makePart(name: string): string {
  const drawn = /^picture (.+)$/.exec(name)?.[1];
  if (drawn !== undefined) {
    const draw = pictures[drawn];
    if (draw === undefined) throw new Error(`no picture ${drawn}`);
    return draw();
  }
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

export async function docs({ write }: { readonly write: boolean }): Promise<ExitCode> {
  await prepareDocuments();
  const stale = documents().filter((path) => renewed(readSource(path)) !== readSource(path));
  for (const path of stale) {
    console.log(`${path} ${write ? 'written' : 'is not what the code says: npm run docs -- --write'}`);
    if (write) writeFileSync(path, renewed(readSource(path)));
  }
  return stale.length === 0 || write ? exitCodes.ok : exitCodes.violation;
}
