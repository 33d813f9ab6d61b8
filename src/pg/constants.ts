// Constants in the arguments of statements that a connection answers itself: SET, EXECUTE, CALL, set_config.

import { SqlFailure } from '../core/sql/failure.ts';
import {
  fieldsOf,
  flagOf,
  has,
  integerOf,
  nodeOf,
  optionalText,
  stringsOf,
  type TreeNode,
  textOf,
} from '../core/sql/tree.ts';

/** As text; `-5`, a type before or behind it, and NULL as 'null'. */
export function constantText({ tag, fields }: TreeNode): string {
  if (tag === 'TypeCast') return constantText(nodeOf(fields, 'arg'));
  if (tag === 'A_Expr' && !has(fields, 'lexpr')) return `-${constantText(nodeOf(fields, 'rexpr'))}`;
  if (tag === 'ColumnRef') return stringsOf(fields, 'fields').join('.');
  if (tag !== 'A_Const') throw new SqlFailure('0A000', 'an argument has to be a constant');
  if (has(fields, 'sval')) return optionalText(fieldsOf(fields, 'sval'), 'sval') ?? '';
  if (has(fields, 'ival')) return String(integerOf(fieldsOf(fields, 'ival'), 'ival'));
  if (has(fields, 'fval')) return textOf(fieldsOf(fields, 'fval'), 'fval');
  if (has(fields, 'boolval')) return flagOf(fieldsOf(fields, 'boolval'), 'boolval') ? 'true' : 'false';
  return 'null';
}

export const isNull = ({ tag, fields }: TreeNode): boolean => tag === 'A_Const' && has(fields, 'isnull');
