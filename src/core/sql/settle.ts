// How a statement that defines something ends a step, and what it asks first: shared by all that run one.

import { AssertionError } from '../../base/assert.ts';
import type { Access, WriteOutcome } from './access.ts';
import type { SqlError } from './failure.ts';
import type { ExecutionStep } from './statement.ts';

export const done = (tag: string): ExecutionStep => ({ kind: 'done', result: { kind: 'done', tag } });

/** The step that an outcome stands for, or null when the write is done. */
export function settle(outcome: WriteOutcome): ExecutionStep | null {
  switch (outcome.kind) {
    case 'ok':
      return null;
    case 'wait':
      return outcome;
    case 'error':
      return {
        kind: 'failed',
        error: errorOf(outcome),
      };
    case 'changed':
      throw new AssertionError('only a row that was found can have changed');
  }
}

function errorOf({ sqlstate, message, about }: Extract<WriteOutcome, { kind: 'error' }>): SqlError {
  return { sqlstate, message, position: null, ...(about !== undefined && { about }) };
}

export const isTaken = (access: Pick<Access, 'findTable' | 'findIndex'>, name: string): boolean =>
  access.findTable(name) !== null || access.findIndex(name) !== null;
