// Window functions and sort keys as SQL text, for EXPLAIN.

import { asciiLower, asciiUpper } from './ascii.ts';
import { expressionText, type Names } from './explain-expression.ts';
import type { FrameBound } from './expression.ts';
import type { WindowCall, WindowPlan } from './plan-types.ts';
import type { SortKey } from './query.ts';

export function sortText({ output, descending, nullsFirst }: SortKey, columns: readonly string[]): string {
  const nulls = nullsFirst === descending ? '' : nullsFirst ? ' NULLS FIRST' : ' NULLS LAST';
  return `${columns[output] ?? output + 1}${descending ? ' DESC' : ''}${nulls}`;
}

export function windowCallText({ fn, args, aggregate }: WindowCall, names: Names): string {
  if (aggregate !== null) return expressionText(aggregate, names);
  const name = (fn ?? '').replace(/[A-Z]/g, (letter) => `_${asciiLower(letter)}`);
  return `${name}(${args.map((i) => names.columns[i] ?? i + 1).join(', ')})`;
}

/** `columns`: those of its input. */
export function windowNotes({ partition, order, frame, calls }: WindowPlan, names: Names): readonly string[] {
  const { columns } = names;
  const parts: string[] = [];
  if (partition.length > 0)
    parts.push(`PARTITION BY ${partition.map((key) => sortText(key, columns)).join(', ')}`);
  if (order.length > 0) parts.push(`ORDER BY ${order.map((key) => sortText(key, columns)).join(', ')}`);
  const { unit, start, end, exclude } = frame;
  const bound = ({ kind, offset }: FrameBound, unbounded: string): string => {
    if (kind === 'unbounded') return `UNBOUNDED ${unbounded}`;
    return offset === null ? 'CURRENT ROW' : `${expressionText(offset, names)} ${asciiUpper(kind)}`;
  };
  const isDefault =
    unit === 'range' && start.kind === 'unbounded' && end.kind === 'current' && exclude === 'none';
  if (!isDefault) {
    const excluded = EXCLUSIONS[exclude];
    parts.push(
      `${asciiUpper(unit)} BETWEEN ${bound(start, 'PRECEDING')} AND ${bound(end, 'FOLLOWING')}${excluded}`,
    );
  }
  return [`Window: ${calls.map((call) => windowCallText(call, names)).join(', ')} OVER (${parts.join(' ')})`];
}

const EXCLUSIONS = {
  none: '',
  current: ' EXCLUDE CURRENT ROW',
  group: ' EXCLUDE GROUP',
  ties: ' EXCLUDE TIES',
} as const;
