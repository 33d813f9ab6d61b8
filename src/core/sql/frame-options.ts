// Frames of windows as the parser has them (FRAMEOPTION_… of PostgreSQL's parsenodes.h), and as SQL text.

import { type Fields, has, integerOf, optionalNode, type TreeNode } from './tree.ts';

export const ROWS = 0x4;
export const GROUPS = 0x8;
export const START_UNBOUNDED = 0x20;
export const END_UNBOUNDED = 0x100;
export const START_CURRENT = 0x200;
export const END_CURRENT = 0x400;
export const START_PRECEDING = 0x800;
export const END_PRECEDING = 0x1000;
export const START_FOLLOWING = 0x2000;
export const END_FOLLOWING = 0x4000;
export const EXCLUDE_CURRENT = 0x8000;
export const EXCLUDE_GROUP = 0x10000;
export const EXCLUDE_TIES = 0x20000;
export const DEFAULT_OPTIONS = 0x2 + START_UNBOUNDED + END_CURRENT;

/** Of a window's definition; empty: the usual one, which is not written. `print`: an offset. */
export function frameText(fields: Fields, print: (node: TreeNode) => string): string {
  const options = has(fields, 'frameOptions') ? integerOf(fields, 'frameOptions') : 0;
  if (options === 0 || options === DEFAULT_OPTIONS) return '';
  const bound = (
    field: 'startOffset' | 'endOffset',
    [current, preceding, following]: readonly [number, number, number],
    unbounded: string,
  ): string => {
    if ((options & current) !== 0) return 'CURRENT ROW';
    if ((options & (preceding | following)) === 0) return unbounded;
    const offset = optionalNode(fields, field);
    return `${offset === null ? '…' : print(offset)} ${(options & preceding) !== 0 ? 'PRECEDING' : 'FOLLOWING'}`;
  };
  const starts: readonly [number, number, number] = [START_CURRENT, START_PRECEDING, START_FOLLOWING];
  const ends: readonly [number, number, number] = [END_CURRENT, END_PRECEDING, END_FOLLOWING];
  const unit = (options & ROWS) !== 0 ? 'ROWS' : (options & GROUPS) !== 0 ? 'GROUPS' : 'RANGE';
  const from = bound('startOffset', starts, 'UNBOUNDED PRECEDING');
  const to = bound('endOffset', ends, 'UNBOUNDED FOLLOWING');
  const [, left = ''] = EXCLUDED.find(([bit]) => (options & bit) !== 0) ?? [];
  return `${unit} BETWEEN ${from} AND ${to}${left}`;
}

const EXCLUDED: readonly (readonly [number, string])[] = [
  [EXCLUDE_CURRENT, ' EXCLUDE CURRENT ROW'],
  [EXCLUDE_GROUP, ' EXCLUDE GROUP'],
  [EXCLUDE_TIES, ' EXCLUDE TIES'],
];
