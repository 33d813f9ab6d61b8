// Advisory locks: a SELECT of nothing but their functions, which the session carries out after it has computed their arguments. Anywhere
// else they are 0A000: an expression may be computed more often than once a row, or not at all.

import { analyseQuery } from './analyse-query.ts';
import { type Analysis, paramTypes } from './analysis.ts';
import { fail, unsupported } from './failure.ts';
import { planSelect } from './plan.ts';
import type { AdvisoryCall, Analysed } from './statement.ts';
import { targetName } from './target-name.ts';
import {
  type Fields,
  has,
  isSetOperation,
  locationOf,
  nodeOf,
  nodesOf,
  optionalText,
  stringsOf,
  type TreeNode,
} from './tree.ts';
import { castTree, type Tree, treeOf } from './written-tree.ts';

const NAME = /^pg_(try_)?advisory_(xact_lock|lock|unlock_all|unlock)(_shared)?$/;

function callOf({ tag, fields }: TreeNode): Omit<AdvisoryCall, 'name' | 'args'> | null {
  if (tag !== 'FuncCall') return null;
  const [, isTry, verb, shared] = NAME.exec(stringsOf(fields, 'funcname').at(-1) ?? '') ?? [];
  if (verb === undefined || (isTry !== undefined && verb.startsWith('unlock'))) return null;
  if (verb === 'unlock_all' && shared !== undefined) return null;
  const act = verb === 'unlock' ? 'unlock' : verb === 'unlock_all' ? 'unlockAll' : isTry ? 'try' : 'lock';
  return { act, isShared: shared !== undefined, isOfTransaction: verb === 'xact_lock' };
}

const CLAUSES = [
  'fromClause',
  'whereClause',
  'withClause',
  'groupClause',
  'sortClause',
  'limitCount',
  'limitOffset',
];

/** Null: the query calls none of them. */
export function analyseAdvisory(analysis: Analysis, select: Fields): Analysed | null {
  if (isSetOperation(select) || has(select, 'valuesLists')) return null;
  const targets = nodesOf(select, 'targetList');
  const calls = targets.map(({ fields }) => callOf(nodeOf(fields, 'val')));
  if (calls.every((call) => call === null)) return null;
  const list: AdvisoryCall[] = [];
  const targetList: Tree[] = [];
  for (const [i, { fields }] of targets.entries()) {
    const call = calls[i] ?? null;
    const val = nodeOf(fields, 'val');
    const at = locationOf(val.fields);
    if (call === null || CLAUSES.some((clause) => has(select, clause)))
      return unsupported('an advisory lock beside anything else', at);
    const name = optionalText(fields, 'name') ?? targetName(val, new Map());
    const args = nodesOf(val.fields, 'args');
    const most = call.act === 'unlockAll' ? 0 : 2;
    if (args.length > most || (args.length === 0 && most > 0))
      fail(
        '42883',
        `function ${stringsOf(val.fields, 'funcname').at(-1)} with ${args.length} arguments does not exist`,
        at,
      );
    for (const arg of args)
      targetList.push({ ResTarget: { val: castTree(treeOf(arg), args.length === 1 ? 'int8' : 'int4') } });
    list.push({ ...call, name, args: args.length });
  }
  if (targetList.length === 0) targetList.push({ ResTarget: { val: { A_Const: { isnull: true } } } });
  const asked = { targetList, limitOption: 'LIMIT_OPTION_DEFAULT', op: 'SETOP_NONE' };
  const shape = planSelect(analysis, analyseQuery(analysis, asked).query);
  if (analysis.tables.length > 0) unsupported('an advisory lock whose number is read from a table');
  const plan = Object.assign(shape, { paramTypes: paramTypes(analysis), outers: analysis.outers });
  return { kind: 'advisory', plan, calls: list };
}

/** Of its result: those that answer whether they did something are boolean, the others void. */
export const advisoryColumns = (
  calls: readonly AdvisoryCall[],
): readonly { readonly name: string; readonly type: string }[] =>
  calls.map(({ name, act }) => ({ name, type: act === 'try' || act === 'unlock' ? 'bool' : 'void' }));
