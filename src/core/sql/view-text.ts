// A view's query as the catalog keeps it: its syntax tree without positions, as JSON in which frequent pieces are one
// character each, because a row of the catalog has to fit in a page. The pieces' characters are control characters, which
// JSON itself never contains.

import { asFields, type Fields } from './tree.ts';

const PIECES: readonly string[] = [
  '{"ColumnRef":{"fields":[{"String":{"sval":"',
  '{"ResTarget":{"val":',
  '{"A_Const":{"ival":{"ival":',
  '{"A_Const":{"sval":{"sval":"',
  '{"A_Expr":{"kind":"AEXPR_OP","name":[',
  '{"FuncCall":{"funcname":[',
  '{"RangeVar":{"relname":"',
  '{"JoinExpr":{"jointype":"JOIN_',
  '{"BoolExpr":{"boolop":"',
  // The line feed stands before the text in its row.
  '',
  '{"SubLink":{"subLinkType":"',
  '{"TypeCast":{"arg":',
  '{"SortBy":{"node":',
  '{"SelectStmt":{',
  '{"String":{"sval":"',
  '"sortby_dir":"SORTBY_DEFAULT","sortby_nulls":"SORTBY_NULLS_DEFAULT"',
  '"limitOption":"LIMIT_OPTION_DEFAULT","op":"SETOP_NONE"',
  '"inh":true,"relpersistence":"p"',
  '"funcformat":"COERCE_EXPLICIT_CALL"',
  '"typeName":{"names":[',
  '"alias":{"aliasname":"',
  '"targetList":[',
  '"fromClause":[',
  '"whereClause":',
  '"groupClause":[',
  '"sortClause":[',
  '"args":[',
  ',"lexpr":',
  ',"rexpr":',
  '"}}]}}',
  '}},{',
];

const mark = (i: number): string => String.fromCharCode(i + 1);

export function encodeView(query: Fields): string {
  let text = JSON.stringify(query, (name, value: unknown) => (name === 'location' ? undefined : value));
  for (const [i, piece] of PIECES.entries()) if (piece !== '') text = text.replaceAll(piece, mark(i));
  return text;
}

export function decodeView(text: string): Fields {
  let json = text;
  for (let i = PIECES.length - 1; i >= 0; i--) json = json.replaceAll(mark(i), PIECES[i] ?? '');
  const query: unknown = JSON.parse(json);
  return asFields(query, "a view's query");
}
