// Holds what clients of a served cluster saw against isolation and linearizability: the same checkers as of the lab's own loads.

import type { Parse } from '../../pg/statement-text.ts';
import { findForbidden, judgeIsolation } from '../../sim/checks/isolation.ts';
import { checkRegister } from '../../sim/checks/register-history.ts';
import { cycleText } from '../../sim/sweep/judge-levels.ts';
import type { ClientHistory } from './client-history.ts';
import { readTransactions } from './client-transactions.ts';
import { ABSENT } from './statement-accesses.ts';
import type { HistoryReport } from './test-api.ts';

/** `fresh`: the clients' statements are all that the cluster was ever asked. */
export function checkHistory(history: ClientHistory, parse: Parse): Omit<HistoryReport, 'violations'> {
  const { transactions, registers, givenUp } = readTransactions(history, parse);
  const linearizability: string[] = [];
  let reads = 0;
  for (const [key, operations] of registers) {
    const fault = checkRegister(operations, ABSENT);
    reads += operations.filter(({ kind, outcome }) => kind === 'read' && outcome === 'ok').length;
    if (fault === null) continue;
    const shown = fault.operations.map(
      ({ id, kind, value, outcome }) => `${id} ${kind} ${shownValue(value)} ${outcome}`,
    );
    linearizability.push(`${key}: ${fault.reason}: ${shown.join('; ')}`);
  }
  const forbidden = findForbidden(transactions, true);
  const { anomaly } = judgeIsolation(transactions, true);
  return {
    linearizability,
    isolation: forbidden === null ? [] : [cycleText(forbidden)],
    anomaly: anomaly === null ? null : cycleText(anomaly),
    judged: { transactions: transactions.length, registers: registers.size, reads },
    notJudged: [...givenUp].sort(),
  };
}

const shownValue = (value: string): string => (value === ABSENT ? 'no row' : value.replace(/^=/, ''));
