// What a command is called in an error.

import { withoutNotes } from '../sql/leading-notes.ts';
import type { PlanShape } from '../sql/plan-types.ts';
import type { Analysed, PlanNode } from '../sql/statement.ts';

const COMMANDS: Readonly<Record<Exclude<PlanNode['kind'], 'explain' | 'copyTo'>, string>> = {
  select: 'SELECT FOR UPDATE',
  insert: 'INSERT',
  update: 'UPDATE',
  delete: 'DELETE',
  copyFrom: 'COPY FROM',
  createTable: 'CREATE TABLE',
  createIndex: 'CREATE INDEX',
  dropTable: 'DROP TABLE',
  dropIndex: 'DROP INDEX',
  truncate: 'TRUNCATE TABLE',
  alterTable: 'ALTER TABLE',
  createSchema: 'CREATE SCHEMA',
  dropSchema: 'DROP SCHEMA',
  createType: 'CREATE TYPE',
  dropType: 'DROP TYPE',
  createView: 'CREATE VIEW',
  dropView: 'DROP VIEW',
  createSequence: 'CREATE SEQUENCE',
  alterSequence: 'ALTER SEQUENCE',
  dropSequence: 'DROP SEQUENCE',
};

/** What EXPLAIN runs and COPY copies. */
export const innerOf = (plan: PlanShape): Exclude<PlanShape, { kind: 'explain' | 'copyTo' }> =>
  plan.kind === 'explain' || plan.kind === 'copyTo' ? plan.statement : plan;

export const commandOf = ({ plan, draws }: Extract<Analysed, { kind: 'plan' }>): string =>
  plan.kind === 'select' && draws !== null
    ? `${draws}()`
    : plan.kind === 'createTable' && plan.as !== undefined
      ? plan.as.command
      : COMMANDS[innerOf(plan).kind];

/** Of what has no plan: its first word. */
export const wordOf = (text: string): string =>
  /^\s*([A-Za-z]+)/.exec(withoutNotes(text))?.[1] ?? 'a statement';
