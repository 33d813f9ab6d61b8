// What differs between a node here and in the strand it is compared with: its state, and the numbers that a person reads
// on its card and in the lenses. Pure.

import type { RoleView } from '../../core/kernel/view.ts';
import type { NodeFrame } from '../../sim/frame.ts';

/** `=` the same, `Δ` another value, `+` only here, `-` only there. */
export type Mark = '=' | 'Δ' | '+' | '-';

export const markHues: Readonly<Record<Mark, string>> = {
  '=': 'var(--text-muted)',
  Δ: 'var(--hole)',
  '+': 'var(--ack)',
  '-': 'var(--fence)',
};

export interface ValuePair {
  readonly name: string;
  readonly here: string | null;
  readonly there: string | null;
  readonly mark: Mark;
}

/** The numbers of a node by name, in the order of its card. */
export function valuesOf(node: NodeFrame): ReadonlyMap<string, string> {
  const values = new Map<string, string>([
    ['status', node.status],
    ['life', String(node.life)],
  ]);
  if (node.status !== 'up' && node.status !== 'frozen') return values;
  for (const role of node.view?.roles ?? []) addRole(values, role);
  return values;
}

function addRole(values: Map<string, string>, role: RoleView): void {
  switch (role.role) {
    case 'store':
      for (const group of role.groups) {
        values.set(`SCL ${group.group}`, String(group.scl));
        values.set(`NCL ${group.group}`, String(group.ncl));
        values.set(`holes ${group.group}`, String(group.holeCount));
      }
      return;
    case 'compute':
      values.set('state', role.state);
      values.set('VDL', String(role.vdl));
      values.set('VCL', String(role.vcl));
      values.set('tail', String(role.tail));
      values.set('token', String(role.token));
      for (const group of role.groups) values.set(`PGCL ${group.group}`, String(group.pgcl));
      return;
    case 'driver':
      values.set('ok', String(role.ok));
      values.set('clients', String(role.clients));
      return;
    default:
  }
}

export function compareNodes(
  here: NodeFrame | undefined,
  there: NodeFrame | undefined,
): readonly ValuePair[] {
  const mine = here === undefined ? new Map<string, string>() : valuesOf(here);
  const other = there === undefined ? new Map<string, string>() : valuesOf(there);
  return [...new Set([...mine.keys(), ...other.keys()])].map((name) => {
    const a = mine.get(name) ?? null;
    const b = other.get(name) ?? null;
    return { name, here: a, there: b, mark: a === b ? '=' : a === null ? '-' : b === null ? '+' : 'Δ' };
  });
}

/** One mark for a node: up here and not there is `+`, the other way round `-`, otherwise whether anything differs. */
export function markOf(here: NodeFrame | undefined, there: NodeFrame | undefined): Mark {
  const isHere = here?.status === 'up' || here?.status === 'frozen';
  const isThere = there?.status === 'up' || there?.status === 'frozen';
  if (isHere !== isThere) return isHere ? '+' : '-';
  return compareNodes(here, there).some(({ mark }) => mark !== '=') ? 'Δ' : '=';
}
