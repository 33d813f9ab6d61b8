// Parameters of a session (SET, SHOW, RESET): their names, values and forms. All others are refused by name (42704).

import { asciiLower } from './ascii.ts';
import { fail, unsupported } from './failure.ts';
import { INTEGER_MAX, readQuantity, showQuantity } from './quantities.ts';
import type { Isolation } from './statement.ts';

export interface Settings {
  readonly isolation: Isolation;
  readonly isReadOnly: boolean;
  /** Virtual ms; 0: none. */
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly applicationName: string;
  /** As SHOW gives it. */
  readonly searchPath: string;
  /** The views pcs_* show any PCS node's own copy, which may be old (PCS-21). */
  readonly pcsStale: boolean;
}

export const DEFAULT_SETTINGS: Settings = {
  isolation: 'read committed',
  isReadOnly: false,
  statementTimeoutMs: 0,
  lockTimeoutMs: 0,
  applicationName: '',
  searchPath: 'public',
  pcsStale: false,
};

interface Parameter {
  readonly read: (values: readonly string[], name: string) => Partial<Settings>;
  readonly show: (settings: Settings) => string;
  /** What DEFAULT and RESET give back. */
  readonly keys: readonly (keyof Settings)[];
}

const onOff = (value: boolean): string => (value ? 'on' : 'off');

const PARAMETERS: ReadonlyMap<string, Parameter> = new Map<string, Parameter>([
  [
    'statement_timeout',
    {
      read: (values, name) => ({ statementTimeoutMs: readTimeout(name, only(name, values)) }),
      show: ({ statementTimeoutMs }) => showTimeout(statementTimeoutMs),
      keys: ['statementTimeoutMs'],
    },
  ],
  [
    'lock_timeout',
    {
      read: (values, name) => ({ lockTimeoutMs: readTimeout(name, only(name, values)) }),
      show: ({ lockTimeoutMs }) => showTimeout(lockTimeoutMs),
      keys: ['lockTimeoutMs'],
    },
  ],
  [
    'application_name',
    {
      read: (values, name) => ({ applicationName: printable(only(name, values)) }),
      show: ({ applicationName }) => applicationName,
      keys: ['applicationName'],
    },
  ],
  [
    'search_path',
    {
      read: (values) => ({ searchPath: readPath(values) }),
      show: ({ searchPath }) => searchPath,
      keys: ['searchPath'],
    },
  ],
  [
    'default_transaction_isolation',
    {
      read: (values, name) => ({ isolation: readIsolationName(name, only(name, values)) }),
      show: ({ isolation }) => isolation,
      keys: ['isolation'],
    },
  ],
  [
    'default_transaction_read_only',
    {
      read: (values, name) => ({ isReadOnly: readBoolean(name, only(name, values)) }),
      show: ({ isReadOnly }) => onOff(isReadOnly),
      keys: ['isReadOnly'],
    },
  ],
  [
    'pcs_stale',
    {
      read: (values, name) => ({ pcsStale: readBoolean(name, only(name, values)) }),
      show: ({ pcsStale }) => onOff(pcsStale),
      keys: ['pcsStale'],
    },
  ],
]);

const unknown = (name: string): never => fail('42704', `unrecognized configuration parameter "${name}"`);

/** What a SET changes; `values` null: back to the default. */
export function readSetting(name: string, values: readonly string[] | null): Partial<Settings> {
  const parameter = PARAMETERS.get(name) ?? unknown(name);
  if (values !== null) return parameter.read(values, name);
  return Object.fromEntries(parameter.keys.map((key) => [key, DEFAULT_SETTINGS[key]]));
}

export const showSetting = (name: string, settings: Settings): string =>
  (PARAMETERS.get(name) ?? unknown(name)).show(settings);

function only(name: string, values: readonly string[]): string {
  const [first, second] = values;
  if (first === undefined || second !== undefined)
    return fail('22023', `SET ${name} takes only one argument`);
  return first;
}

const invalid = (name: string, value: string): never =>
  fail('22023', `invalid value for parameter "${name}": "${value}"`);

const TIMEOUT = { unit: 'ms', min: 0, max: INTEGER_MAX } as const;
const readTimeout = (name: string, text: string): number => readQuantity(name, text, TIMEOUT);
const showTimeout = (ms: number): string => showQuantity(ms, TIMEOUT);

/** As PostgreSQL reads it: also a beginning that is of one word only. */
export function readBoolean(name: string, text: string): boolean {
  const word = asciiLower(text.trim());
  if (word === '1' || word === 'on' || (word !== '' && ['true', 'yes'].some((one) => one.startsWith(word))))
    return true;
  const isOff = word.length > 1 && 'off'.startsWith(word);
  if (word === '0' || isOff || (word !== '' && ['false', 'no'].some((one) => one.startsWith(word))))
    return false;
  return fail('22023', `parameter "${name}" requires a Boolean value`);
}

export function readIsolationName(name: string, text: string): Isolation {
  if (text === 'serializable' || text === 'repeatable read' || text === 'read committed') return text;
  return text === 'read uncommitted' ? 'read committed' : invalid(name, text);
}

const printable = (text: string): string =>
  /^[ -~]*$/.test(text) ? text : unsupported('an application_name beyond ASCII');

/** Schemas that do not exist are passed over where a name is looked for. A name that would end a comment is none (relation-name.ts). */
export function readPath(values: readonly string[]): string {
  const bad = values.find((name) => name.includes('*/') || name.includes('\n'));
  if (bad !== undefined) return invalid('search_path', bad);
  return values
    .map((name) => (/^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`))
    .join(', ');
}
