// The edge of a world: what turns SQL text on a tape into the syntax trees that nodes receive. Loaded once; afterwards
// synchronous and pure.

import type { Edge } from '../sim/fabric-state.ts';
import { loadSqlParser, parseSql } from './sql-parser.ts';

/** Loads the parser and answers the edge that every host of a world uses. Rejects with a readable error. */
export async function loadSqlEdge(): Promise<Edge> {
  await loadSqlParser();
  return { parse: parseSql };
}
