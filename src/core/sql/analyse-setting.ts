// SET, SHOW, RESET and SET TRANSACTION: which parameter, and its value as text.

import { unsupported } from './failure.ts';
import { readBoolean, readIsolationName } from './settings.ts';
import type { Analysed, Isolation } from './statement.ts';
import {
  type Fields,
  fieldsOf,
  firstLocation,
  flagOf,
  has,
  integerOf,
  nameOf,
  nodeOf,
  nodesOf,
  onlyFields,
  type TreeNode,
  textOf,
} from './tree.ts';

const SET_STMT = new Set(['kind', 'name', 'args', 'is_local', 'jumble_args', 'location']);

export function analyseSet(fields: Fields): Analysed {
  onlyFields(fields, SET_STMT, 'SET');
  const isLocal = flagOf(fields, 'is_local');
  const kind = textOf(fields, 'kind');
  if (kind === 'VAR_RESET_ALL') return { kind: 'resetAll' };
  const name = textOf(fields, 'name');
  const tag = kind === 'VAR_RESET' ? 'RESET' : 'SET';
  switch (kind) {
    case 'VAR_SET_DEFAULT':
    case 'VAR_RESET':
      return { kind: 'set', name, values: null, isLocal, tag };
    case 'VAR_SET_VALUE': {
      const values = nodesOf(fields, 'args').map(valueText);
      const [value = ''] = values;
      if (name === 'transaction_isolation') return modes(readIsolationName(name, value), null, false);
      if (name === 'transaction_read_only') return modes(null, readBoolean(name, value), false);
      return { kind: 'set', name, values, isLocal, tag };
    }
    case 'VAR_SET_MULTI': {
      const isSession = name === 'SESSION CHARACTERISTICS';
      if (!isSession && name !== 'TRANSACTION') return unsupported(`SET ${name}`, firstLocation(fields, 0));
      const { isolation, isReadOnly } = readModes(nodesOf(fields, 'args'));
      return modes(isolation, isReadOnly, isSession);
    }
    default:
      return unsupported(`SET ${kind}`, firstLocation(fields, 0));
  }
}

const modes = (isolation: Isolation | null, isReadOnly: boolean | null, isSession: boolean): Analysed => ({
  kind: 'setTransaction',
  isolation,
  isReadOnly,
  isSession,
});

/** A constant as SET takes it: a number or a word. */
function valueText({ tag, fields }: TreeNode): string {
  if (tag === 'A_Const') {
    if (has(fields, 'sval'))
      return has(fieldsOf(fields, 'sval'), 'sval') ? textOf(fieldsOf(fields, 'sval'), 'sval') : '';
    if (has(fields, 'ival')) return String(integerOf(fieldsOf(fields, 'ival'), 'ival'));
    if (has(fields, 'fval')) return textOf(fieldsOf(fields, 'fval'), 'fval');
    if (has(fields, 'boolval')) return String(flagOf(fieldsOf(fields, 'boolval'), 'boolval'));
  }
  return unsupported('such a value in SET', firstLocation(fields, 0));
}

const MODE_NAMES: ReadonlyMap<string, string> = new Map([['transaction_deferrable', 'DEFERRABLE']]);

/** ISOLATION LEVEL, READ ONLY and READ WRITE, of BEGIN and SET TRANSACTION. */
export function readModes(options: readonly TreeNode[]): {
  readonly isolation: Isolation | null;
  readonly isReadOnly: boolean | null;
} {
  let isolation: Isolation | null = null;
  let isReadOnly: boolean | null = null;
  for (const { fields } of options) {
    const name = textOf(fields, 'defname');
    const value = valueText(nodeOf(fields, 'arg'));
    if (name === 'transaction_read_only') isReadOnly = value === '1';
    else if (name !== 'transaction_isolation')
      return unsupported(MODE_NAMES.get(name) ?? name, firstLocation(fields, 0));
    else isolation = readIsolationName(name, value);
  }
  return { isolation, isReadOnly };
}

const SHOW_STMT = new Set(['name']);

export function analyseShow(fields: Fields): Analysed {
  onlyFields(fields, SHOW_STMT, 'SHOW');
  const name = nameOf(fields, 'name');
  return name === 'all' ? unsupported('SHOW ALL') : { kind: 'show', name };
}
