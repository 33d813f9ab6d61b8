// Parameters of a session (SET, SHOW, RESET): their names, values and forms. All others are refused by name (42704).

import { fail, unsupported } from './failure.ts';
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

const UNITS: ReadonlyMap<string, number> = new Map([
  ['us', 0.001],
  ['ms', 1],
  ['s', 1000],
  ['min', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);
const TIMEOUT_MAX = 2_147_483_647;

function readTimeout(name: string, text: string): number {
  const [, digits, unit = 'ms'] = /^\s*([+-]?\d+(?:\.\d*)?)\s*(us|ms|s|min|h|d)?\s*$/.exec(text) ?? [];
  if (digits === undefined) return invalid(name, text);
  const value = Math.round(Number(digits) * (UNITS.get(unit) ?? 1));
  if (value > TIMEOUT_MAX) return invalid(name, text);
  if (value < 0)
    fail(
      '22023',
      `${value} ms is outside the valid range for parameter "${name}" (0 ms .. ${TIMEOUT_MAX} ms)`,
    );
  return value;
}

function showTimeout(ms: number): string {
  if (ms === 0) return '0';
  for (const unit of ['d', 'h', 'min', 's']) {
    const size = UNITS.get(unit) ?? 1;
    if (ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${ms}ms`;
}

export function readBoolean(name: string, text: string): boolean {
  if (['on', 'true', 'yes', '1'].includes(text)) return true;
  if (['off', 'false', 'no', '0'].includes(text)) return false;
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
