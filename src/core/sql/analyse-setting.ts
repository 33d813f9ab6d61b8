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
      if (name === 'transaction_isolation') return modes({ isolation: readIsolationName(name, value) });
      if (name === 'transaction_read_only') return modes({ isReadOnly: readBoolean(name, value) });
      if (name === 'transaction_deferrable') return modes({ isDeferrable: readBoolean(name, value) });
      return { kind: 'set', name, values, isLocal, tag };
    }
    case 'VAR_SET_MULTI': {
      const isSession = name === 'SESSION CHARACTERISTICS';
      if (!isSession && name !== 'TRANSACTION') return unsupported(`SET ${name}`, firstLocation(fields, 0));
      return modes(readModes(nodesOf(fields, 'args')), isSession);
    }
    default:
      return unsupported(`SET ${kind}`, firstLocation(fields, 0));
  }
}

interface TransactionModes {
  readonly isolation: Isolation | null;
  readonly isReadOnly: boolean | null;
  readonly isDeferrable: boolean | null;
}

const NO_MODES: TransactionModes = { isolation: null, isReadOnly: null, isDeferrable: null };

const modes = (given: Partial<TransactionModes>, isSession = false): Analysed => ({
  kind: 'setTransaction',
  ...NO_MODES,
  ...given,
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

/** ISOLATION LEVEL, READ ONLY, READ WRITE and DEFERRABLE, of BEGIN and SET TRANSACTION. */
export function readModes(options: readonly TreeNode[]): TransactionModes {
  let { isolation, isReadOnly, isDeferrable } = NO_MODES;
  for (const { fields } of options) {
    const name = textOf(fields, 'defname');
    const value = valueText(nodeOf(fields, 'arg'));
    if (name === 'transaction_read_only') isReadOnly = value === '1';
    else if (name === 'transaction_deferrable') isDeferrable = value === '1';
    else if (name !== 'transaction_isolation') return unsupported(name, firstLocation(fields, 0));
    else isolation = readIsolationName(name, value);
  }
  return { isolation, isReadOnly, isDeferrable };
}

const SHOW_STMT = new Set(['name']);

export function analyseShow(fields: Fields): Analysed {
  onlyFields(fields, SHOW_STMT, 'SHOW');
  const name = nameOf(fields, 'name');
  return name === 'all' ? unsupported('SHOW ALL') : { kind: 'show', name };
}
