// The statements of an operation, from what its event says (`op.invoke`): the same as its client sent (workload-kinds.ts), so that a
// person can read what an operation of a load is.

import type { WorkloadKind } from '../kernel/workload-spec.ts';
import type { Operation } from './workload-kind.ts';
import { fixedTexts } from './workload-kinds.ts';

/** Statements by their index in `fixedTexts`, and their parameters. */
interface Asked {
  readonly statements: readonly number[];
  readonly params: readonly string[];
}

/** `accounts/42` or `accounts/42-7`. */
const rowsOf = (key: string): readonly string[] => (key.split('/')[1] ?? '').split('-');

const transferred = ({ kind, key, value }: Operation): Asked | null => {
  const [from = '', to] = rowsOf(key);
  if (kind === 'transfer' && to !== undefined) return { statements: [3, 4, 5, 6], params: [value, from, to] };
  return kind === 'statement' ? { statements: [7], params: [from] } : null;
};

/** A table of one text by key: read, update, insert. */
const ofRows =
  (read: number, write: number, insert: number) =>
  ({ kind, key, value }: Operation): Asked | null => {
    const [row = ''] = rowsOf(key);
    if (kind === 'read') return { statements: [read], params: [row] };
    if (kind === 'write') return { statements: [write], params: [row, value] };
    return kind === 'insert' ? { statements: [insert], params: [row, value] } : null;
  };

const pairsOf =
  (statements: readonly number[]) =>
  ({ key, value }: Operation): Asked | null => {
    const row = Number(/^r pairs\/(\d+)/.exec(key)?.[1]);
    const other = row % 2 === 0 ? row - 1 : row + 1;
    return { statements, params: [String(row), String(other), value] };
  };

const askedOf: Readonly<Partial<Record<WorkloadKind, (operation: Operation) => Asked | null>>> = {
  transfer: transferred,
  'tablet-transfer': transferred,
  'ycsb-a': ofRows(3, 4, 2),
  'ycsb-b': ofRows(3, 4, 2),
  'ycsb-c': ofRows(3, 4, 2),
  'ycsb-d': ofRows(3, 4, 2),
  'kv-insert': ofRows(1, 1, 1),
  register: ofRows(3, 4, 2),
  'lost-update': pairsOf([3, 5, 7, 5, 8]),
  'write-skew': pairsOf([4, 5, 6, 7, 8]),
};

/** A parameter as a literal of SQL: what is no number stands in quotes. */
const literal = (value: string): string =>
  /^-?\d+$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`;

/** Statements as text, parameters put in; null: of this kind of load, or this operation, nobody can say them from the event. */
export function statementsOf(kind: WorkloadKind, operation: Operation): readonly string[] | null {
  const asked = askedOf[kind]?.(operation) ?? null;
  if (asked === null) return null;
  const texts = fixedTexts(kind);
  return asked.statements.map((index) =>
    (texts[index] ?? '').replace(/\$(\d+)/g, (_, at) => literal(asked.params[Number(at) - 1] ?? '')),
  );
}
