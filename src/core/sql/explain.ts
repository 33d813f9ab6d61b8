// EXPLAIN: the operator tree as PostgreSQL prints it without costs. A join says what the planner expected and why it is done
// so; a scan says which part of the condition bounds it and which is judged row by row.

import { present, unreachable } from '../../base/assert.ts';
import { expressionText, type Names } from './explain-expression.ts';
import { pagesText } from './explain-measure.ts';
import { type ExplainedNode, explainedText } from './explained.ts';
import { type Expr, type SubqueryExpr, someExpr } from './expression.ts';
import { copyMeasure, type Measure } from './measure.ts';
import { inputsOf, OPERATORS } from './operators.ts';
import type { PlanShape, RowsPlan } from './plan-types.ts';
import { ownName } from './relation-name.ts';

interface Building {
  readonly ctes: Set<number>;
  readonly measures: readonly Measure[];
}

const NO_NAMES: Names = { columns: [], outer: new Map() };

/** The plan as EXPLAIN prints it. `measures`: what the nodes did, where they are measured. */
export function explainPlan(plan: PlanShape, measures: readonly Measure[] = []): readonly string[] {
  return explainedText(explainTree(plan, measures));
}

/** The plan as a tree: what EXPLAIN prints and what the plan's lens draws. */
export function explainTree(plan: PlanShape, measures: readonly Measure[] = []): ExplainedNode {
  const building: Building = { ctes: new Set(), measures };
  const bare = (line: string, notes: readonly string[] = [], below: ExplainedNode['below'] = []) => ({
    line,
    notes,
    pages: null,
    below,
  });
  switch (plan.kind) {
    case 'select':
      return buildNode(building, plan.input, NO_NAMES);
    case 'insert': {
      const notes: string[] = [];
      if (plan.onConflict !== null) {
        const { arbiters, update } = plan.onConflict;
        notes.push(`Conflict Resolution: ${update === null ? 'NOTHING' : 'UPDATE'}`);
        const indexes = arbiters.map((index) => ownName(index.name)).join(', ');
        if (indexes !== '') notes.push(`Conflict Arbiter Indexes: ${indexes}`);
      }
      return bare(`Insert on ${ownName(plan.table.name)}`, notes, [
        { label: '', nodes: [buildNode(building, plan.input, NO_NAMES)] },
      ]);
    }
    case 'update':
    case 'delete': {
      const input = buildNode(building, plan.input, NO_NAMES);
      const assigned = plan.kind === 'update' ? plan.assignments.map(({ expr }) => expr) : [];
      const names = { ...NO_NAMES, columns: columnsOf(plan.input, NO_NAMES) };
      return bare(
        `${plan.kind === 'update' ? 'Update' : 'Delete'} on ${ownName(plan.table.name)}`,
        [],
        [{ label: '', nodes: [input] }, ...buildSubqueries(building, assigned, names)],
      );
    }
    case 'createTable':
      return plan.as?.input
        ? buildNode(building, plan.as.input, NO_NAMES)
        : bare(`Create Table ${plan.name}`);
    case 'createIndex':
      return bare(`Create Index on ${plan.table}`);
    case 'explain':
    case 'copyTo':
      return explainTree(plan.statement);
    case 'copyFrom':
      return bare(`Copy to ${ownName(plan.table.name)}`);
    case 'createSchema':
      return bare(`Create Schema ${plan.name}`);
    case 'createType':
      return bare(`Create Type ${plan.name}`);
    case 'createView':
      return bare(`Create View ${plan.name}`);
    case 'createSequence':
      return bare(`Create Sequence ${plan.name}`);
    case 'alterSequence':
      return bare(`Alter Sequence ${plan.name}`);
    case 'alterTable':
      return bare(`Alter Table ${plan.to?.name ?? ''}`);
    case 'truncate':
    case 'dropTable':
    case 'dropView':
    case 'dropIndex':
    case 'dropSequence':
    case 'dropSchema':
    case 'dropType':
      return bare(`Drop ${plan.names.join(', ')}`);
    default:
      return unreachable(plan);
  }
}

function buildNode(building: Building, plan: RowsPlan, names: Names): ExplainedNode {
  const node = plan.kind === 'measured' ? plan.input : plan;
  const plans = inputsOf(node);
  const inputs = namesBelow(node, names);
  const {
    line,
    notes = [],
    scan,
    exprs = [],
    outer,
    cte,
  } = OPERATORS[node.kind].explain(node, names, inputs);
  if (line === null) {
    const [input] = plans.map((one) => buildNode(building, one, names));
    const own = present(input, 'the input of what is no node of its own');
    return { ...own, below: [...own.below, ...buildSubqueries(building, exprs, inputs[0] ?? names)] };
  }
  const measure = plan.kind === 'measured' ? building.measures[plan.id] : undefined;
  const below = [
    ...buildSubqueries(building, exprs, { ...names, columns: columnsOf(node, names) }),
    ...plans.map((input, i) => {
      const within = outer && i === plans.length - 1 ? { ...names, outer } : names;
      return { label: '', nodes: [buildNode(building, input, within)] };
    }),
  ];
  if (cte && !building.ctes.has(cte.id)) {
    building.ctes.add(cte.id);
    const parts = cte.step === null ? [cte.input] : [cte.input, cte.step];
    below.push({ label: `CTE ${cte.name}`, nodes: parts.map((part) => buildNode(building, part, names)) });
  }
  return {
    line,
    notes,
    ...(scan === undefined ? {} : { scan }),
    ...(measure === undefined ? {} : { measure: copyMeasure(measure) }),
    // Pages of the node and of all below it, as PostgreSQL counts buffers.
    pages: measure === undefined ? null : pagesText(plan, building.measures),
    below,
  };
}

function buildSubqueries(building: Building, exprs: readonly Expr[], names: Names): ExplainedNode['below'] {
  const found: SubqueryExpr[] = [];
  for (const e of exprs)
    someExpr(e, (part) => {
      if (part.kind === 'subquery' && !found.some((known) => known.slot === part.slot)) found.push(part);
      return false;
    });
  return found.map((e) => {
    const isOnce = e.args.length === 0 && e.inherits.length === 0;
    const outer = new Map(names.outer);
    for (const { id, expr } of e.args) outer.set(id, expressionText(expr, names));
    return {
      label: `${isOnce ? 'InitPlan' : 'SubPlan'} ${e.slot + 1}`,
      nodes: [buildNode(building, e.plan, { columns: [], outer })],
    };
  });
}

/** What the columns of a plan's rows are called. */
function columnsOf(plan: RowsPlan, names: Names): readonly string[] {
  const inputs = namesBelow(plan, names);
  return OPERATORS[plan.kind].columns?.(plan, names, inputs) ?? inputs[0]?.columns ?? [];
}

const namesBelow = (plan: RowsPlan, names: Names): readonly Names[] =>
  inputsOf(plan).map((input) => ({ ...names, columns: columnsOf(input, names) }));
