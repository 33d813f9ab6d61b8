// Statements of drivers by number (FENCE-55): kept when they come whole, so that later requests need only name them.
// Not durable: a new writer knows none, and says so.

import type { NodeId } from '../../base/ids.ts';
import type { StatementTree } from '../kernel/client-calls.ts';
import { KEPT_STATEMENT_BYTES } from '../kernel/hot-codecs.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { EngineState } from './engine-state.ts';

/** The request's statements, or null when it names one that is not known here. What came whole is kept. */
export function takeStatements(
  engine: EngineState,
  from: NodeId,
  m: MessageOf<'SqlRequest'>,
): readonly StatementTree[] | null {
  const taken: StatementTree[] = [];
  let kept = engine.statements.get(from);
  for (const statement of m.statements) {
    const { id, text, tree } = statement;
    if (id === 0 || tree.length > 0) {
      taken.push(statement);
      if (id === 0 || text.length + tree.length > KEPT_STATEMENT_BYTES) continue;
      if (kept === undefined) {
        kept = new Map();
        engine.statements.set(from, kept);
      }
      keep(kept, id, { text, tree }, 2 * engine.config.limits.keptStatements);
      continue;
    }
    const known = kept?.get(id);
    if (known === undefined) return null;
    taken.push(known);
  }
  return taken;
}

function keep(kept: Map<number, StatementTree>, id: number, statement: StatementTree, most: number): void {
  kept.set(id, statement);
  if (kept.size <= most) return;
  for (const oldest of kept.keys()) {
    kept.delete(oldest);
    return;
  }
}
