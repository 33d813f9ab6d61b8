// A workload as `<field>=<value>` words: of tape actions and of a cluster's loads.

import { type WorkloadSpec, workloadKindNames } from '../core/kernel/workload-spec.ts';
import { nearestName } from '../presets/parameters.ts';
import { badLine, hasMore, parseInteger, takeWord, type Words } from './tape-tokens.ts';

/** Longest pause of a client: a virtual minute. */
const LONGEST_US = 60_000_000;

/** The load of a first visit: transfers and some reads of two clients. */
export const usualWorkload: WorkloadSpec = {
  kind: 'transfer',
  rows: 100,
  clients: 2,
  thinkUs: 4000,
  ratePerSecond: 0,
  readPercent: 25,
  hotPercent: 0,
  valueBytes: 0,
  load: true,
};

/** Fields of a workload on the line, in order, with their ranges. */
export const workloadFields: readonly {
  readonly name: Exclude<keyof WorkloadSpec, 'kind' | 'load'>;
  readonly min: number;
  readonly max: number;
}[] = [
  { name: 'rows', min: 0, max: 10_000_000 },
  { name: 'clients', min: 0, max: 10_000 },
  { name: 'thinkUs', min: 0, max: LONGEST_US },
  { name: 'ratePerSecond', min: 0, max: 10_000_000 },
  { name: 'readPercent', min: 0, max: 100 },
  { name: 'hotPercent', min: 0, max: 100 },
  { name: 'valueBytes', min: 0, max: 65_536 },
];
const workloadNames: readonly (keyof WorkloadSpec)[] = [
  'kind',
  ...workloadFields.map(({ name }) => name),
  'load',
];

function readWorkloadField(name: string, value: string): string | number | boolean {
  if (name === 'kind') {
    const kind = workloadKindNames.find((known) => known === value);
    if (kind === undefined) {
      throw badLine('unknownNear', {
        what: 'workload',
        found: value,
        nearest: nearestName(value, workloadKindNames),
      });
    }
    return kind;
  }
  if (name === 'load') {
    if (value !== 'true' && value !== 'false')
      throw badLine('mustBeEither', { what: name, anyOf: ['true', 'false'] });
    return value === 'true';
  }
  const field = workloadFields.find((known) => known.name === name);
  if (field === undefined) throw badLine('unknownField', { found: name });
  return parseInteger(value, name, field.min, field.max);
}

function readFields(words: Words): Map<string, string | number | boolean> {
  const fields = new Map<string, string | number | boolean>();
  while (hasMore(words)) {
    const word = takeWord(words, 'field');
    const equals = word.indexOf('=');
    if (equals <= 0) throw badLine('notPair', { found: word });
    const name = word.slice(0, equals);
    if (fields.has(name)) throw badLine('givenTwice', { what: name });
    fields.set(name, readWorkloadField(name, word.slice(equals + 1)));
  }
  return fields;
}

const inOrder = (fields: ReadonlyMap<string, string | number | boolean>): Partial<WorkloadSpec> =>
  Object.fromEntries(workloadNames.flatMap((name) => (fields.has(name) ? [[name, fields.get(name)]] : [])));

/** Every field of a workload as `<field>=<value>`, up to the end of the line. */
export function readWorkload(words: Words): WorkloadSpec {
  const fields = readFields(words);
  const missing = workloadNames.filter((name) => !fields.has(name));
  if (missing.length > 0) throw badLine('workloadNeeds', { known: missing });
  return inOrder(fields) as WorkloadSpec;
}

/** Those that are to change, one at least. */
export function readWorkloadChange(words: Words): Partial<WorkloadSpec> {
  const fields = readFields(words);
  if (fields.size === 0) throw badLine('noField');
  return inOrder(fields);
}

export function printWorkload(spec: Partial<WorkloadSpec>): string {
  const known = workloadNames.filter((name) => spec[name] !== undefined);
  return known.map((name) => `${name}=${spec[name]}`).join(' ');
}
