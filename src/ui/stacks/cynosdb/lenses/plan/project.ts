// The plan's lens: statements that are explained with what they do (EXPLAIN ANALYZE), and the operator tree of one of them, row by
// row: rows, pages, where each page came from, time. The tree is the one that EXPLAIN prints. Pure: node frames in, a model out.

import { attachmentsOf } from '../../../../../core/compute/compute-view.ts';
import type { PlanView, TableView } from '../../../../../core/engine/buffer-view.ts';
import { relationOf } from '../../../../../core/page/page-key.ts';
import type { ExplainedNode } from '../../../../../core/sql/explained.ts';
import type { Measure } from '../../../../../core/sql/measure.ts';
import type { LensSource } from '../../../../lens/lens-need.ts';
import { computeOf } from '../../../../model/node-facts.ts';
import { groupOfPage } from '../../../../model/page-group.ts';

/** A statement at the compute node that runs it. */
export interface PlanEntry {
  readonly key: string;
  readonly compute: string;
  readonly volume: string;
  readonly view: PlanView;
}

/** An operator, in the order in which EXPLAIN prints them. */
export interface OperatorRow {
  readonly id: string;
  readonly depth: number;
  /** `InitPlan 1`, `CTE c`; empty: an input. */
  readonly label: string;
  readonly node: ExplainedNode;
  /** Place of the operator above it; −1: the root. */
  readonly parent: number;
  /** Virtual µs of its own, without what is below it. */
  readonly ownUs: number;
  /** It waits now for a page of what it scans. */
  readonly waits: boolean;
}

export interface PlanModel {
  /** Newest first. */
  readonly entries: readonly PlanEntry[];
  readonly chosen: PlanEntry | null;
  readonly rows: readonly OperatorRow[];
  /** Virtual µs of the statement so far, or in all. */
  readonly elapsedUs: number;
  /** The page that the statement waits for, or −1. */
  readonly waitsFor: number;
  readonly tables: readonly TableView[];
  readonly cluster: LensSource['cluster'];
}

/** What a node or, at the root of what writes, the writes have read. */
export const measureOf = ({ node, parent }: OperatorRow, view: PlanView): Measure | null =>
  node.measure ?? (parent < 0 ? view.writing : null);

function entriesOf({ nodes }: LensSource): readonly PlanEntry[] {
  const entries: PlanEntry[] = [];
  for (const frame of Object.values(nodes)) {
    const compute = computeOf(frame);
    if (compute === null) continue;
    for (const { volume, plans = [] } of attachmentsOf(compute))
      for (const view of plans) {
        // Statements of one request may begin at one time: what is in the buffer takes none.
        const name = `${frame.id} ${volume} ${view.session} ${view.startedAt}`;
        const same = entries.filter((entry) => entry.key.startsWith(`${name} `)).length;
        entries.push({ key: `${name} ${same}`, compute: frame.id, volume, view });
      }
  }
  return entries.sort((a, b) => b.view.startedAt - a.view.startedAt);
}

function listRows(view: PlanView, waitsFor: number): readonly OperatorRow[] {
  const rows: OperatorRow[] = [];
  const relation = waitsFor < 0 ? -1 : relationOf(waitsFor);
  const add = (node: ExplainedNode, id: string, depth: number, label: string, parent: number): void => {
    const at = rows.length;
    const inputs = node.below.flatMap(({ nodes }) => nodes);
    const below = inputs.reduce((sum, { measure }) => sum + (measure?.time ?? 0), 0);
    const waits = node.scan?.relation === relation || node.scan?.heap === relation;
    rows.push({
      id,
      depth,
      label,
      node,
      parent,
      ownUs: Math.max(0, (node.measure?.time ?? 0) - below),
      waits,
    });
    let place = 0;
    for (const { label: own, nodes } of node.below)
      for (const one of nodes) {
        add(one, `${id}.${place}`, depth + 1, own, at);
        place += 1;
      }
  };
  add(view.root, '0', 0, '', -1);
  return rows;
}

/** `key` null: the newest statement. `now`: virtual time of the picture. */
export function projectPlan(source: LensSource, key: string | null, now: number): PlanModel {
  const entries = entriesOf(source);
  const chosen = entries.find((entry) => entry.key === key) ?? entries[0] ?? null;
  const { view } = chosen ?? {};
  const waitsFor = view?.waiting === 'page' ? view.waitsFor : -1;
  const compute = chosen === null ? null : computeOf(source.nodes[chosen.compute]);
  const attachment =
    compute === null ? undefined : attachmentsOf(compute).find(({ volume }) => volume === chosen?.volume);
  return {
    entries,
    chosen,
    rows: view === undefined ? [] : listRows(view, waitsFor),
    elapsedUs: view === undefined ? 0 : Math.max(0, (view.endedAt ?? now) - view.startedAt),
    waitsFor,
    tables: attachment?.pages?.tables ?? [],
    cluster: source.cluster,
  };
}

/** The operator and all below it. */
export function withBelow(rows: readonly OperatorRow[], at: number): readonly OperatorRow[] {
  const root = rows[at];
  if (root === undefined) return [];
  const end = rows.findIndex(({ depth }, i) => i > at && depth <= root.depth);
  return rows.slice(at, end < 0 ? rows.length : end);
}

/** Nodes and pages that have served an operator and what is below it; with the page that it waits for. */
export function servedBy(
  model: PlanModel,
  at: number,
): { readonly nodes: readonly string[]; readonly pages: readonly number[] } {
  const { chosen, rows, waitsFor, cluster } = model;
  if (chosen === null) return { nodes: [], pages: [] };
  const nodes = new Set([chosen.compute, chosen.view.node]);
  const pages = new Set<number>();
  for (const row of withBelow(rows, at)) {
    for (const { blockKey, from } of measureOf(row, chosen.view)?.looks ?? []) {
      pages.add(blockKey);
      if (from !== null) nodes.add(from);
    }
    if (!row.waits) continue;
    pages.add(waitsFor);
    for (const store of groupOfPage(cluster, waitsFor)?.replicas ?? []) nodes.add(store);
  }
  return { nodes: [...nodes], pages: [...pages] };
}
