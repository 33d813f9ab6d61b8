// What sessions do, in the words of their clients, and relations by the names of their tables: for who shows what waits for whom.

import type { SessionAct } from './buffer-view.ts';
import type { EngineState, Session } from './engine-state.ts';

/** Characters of a statement that are shown. */
const SHOWN_TEXT = 120;

export const actOf = ({ name, node, running }: Session): SessionAct => ({
  session: name,
  node,
  text: running?.statements[running.at]?.text.slice(0, SHOWN_TEXT) ?? '',
});

/** By the key of its session; null: it has left. */
export function sessionAct({ sessions }: EngineState, key: string): SessionAct | null {
  const session = sessions.get(key);
  return session === undefined ? null : actOf(session);
}

/** The table that a relation is, or is an index of; '': none that is known here. */
export function tableName({ tables, given }: EngineState, relation: number): string {
  for (const { name, relation: heap, keyRelation, indexes } of (given ?? tables).values())
    if (heap === relation || keyRelation === relation || indexes.some((one) => one.relation === relation))
      return name;
  return '';
}
