// The tables of a picture by which pages are named: a node's own, and what other nodes had beside them, so that a page keeps its name while the
// volume changes its writer. Pure.

import { attachmentsOf } from '../../core/compute/compute-view.ts';
import type { TableView } from '../../core/engine/buffer-view.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { computeOf } from './node-facts.ts';

/** `first`: whose tables count before those of others. */
export function tablesSeen(
  nodes: Readonly<Record<string, NodeFrame>>,
  volume: string,
  first: readonly TableView[],
): readonly TableView[] {
  const seen = new Map(first.map((table) => [table.relation, table]));
  for (const node of Object.values(nodes)) {
    const compute = computeOf(node);
    for (const attachment of compute === null ? [] : attachmentsOf(compute))
      for (const table of attachment.volume === volume ? (attachment.pages?.tables ?? []) : [])
        if (!seen.has(table.relation)) seen.set(table.relation, table);
  }
  return [...seen.values()];
}
