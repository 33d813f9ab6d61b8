// Transactions of a recorded history that isolation checks can use: the loads' operations on one key, their transactions of
// several accesses, and those that append to lists, each with its values and, where it wrote, the SCN of its commit. A transfer or
// a statement has neither the values it read nor those it wrote. A version of a list is known by its last mark, as Elle reads
// list-append (VLDB 2020).

import {
  accessesOf,
  type History,
  type HistoryOperation,
  levelOf,
  overwrittenBy,
  type RecordedAccess,
  referredBy,
} from './history.ts';
import type { Access, Level, OwnRead, Transaction } from './isolation.ts';

function ownReadsOf(accesses: readonly RecordedAccess[]): readonly OwnRead[] {
  const written = new Map<string, string>();
  return accesses.flatMap(({ kind, key, value }) => {
    if (value === null) return [];
    const wrote = written.get(key);
    if (kind === 'w') written.set(key, value);
    return kind === 'w' || wrote === undefined ? [] : [{ key, value, wrote }];
  });
}

/** Of lists: an append writes a version of each list that it names, a read has read the version that its last mark made. */
function listAccesses({ operation, key, value, read, outcome }: HistoryOperation): RecordedAccess[] | null {
  if (operation === 'append') return key.split(' ').map((list) => ({ kind: 'w', key: list, value }));
  if (operation !== 'list') return null;
  return [{ kind: 'r', key, value: outcome === 'ok' ? (read.at(-1) ?? '') : null }];
}

function transactionOf(one: HistoryOperation, handovers: readonly number[]): Transaction | null {
  const { client, called, returned, calledAt, served, life } = one;
  const accesses = accessesOf(one) ?? listAccesses(one);
  if (accesses === null) return null;
  const of = (wanted: RecordedAccess['kind']): readonly Access[] =>
    accesses.flatMap(({ kind, key, value }) => (kind === wanted && value !== null ? [{ key, value }] : []));
  return {
    id: `${client}@${calledAt}`,
    client,
    called,
    returned,
    calledAt,
    outcome: one.outcome === 'ok' ? 'ok' : one.outcome === 'error' ? 'fail' : 'unknown',
    // which of two volumes has it is not known where one took over meanwhile
    scn: one.scn < 0 || handovers.some((at) => at > called && at < returned) ? null : one.scn,
    era: handovers.filter((at) => at < called).length,
    reads: of('r'),
    writes: of('w'),
    referred: referredBy(one),
    overwritten: overwrittenBy(one),
    ownReads: ownReadsOf(accesses),
    served,
    life,
    level: (levelOf(one) as Level | null) ?? (accesses.length > 1 ? 'read committed' : 'one access'),
  };
}

/** Those of a whole run, in the order of their calls. */
export const transactionsIn = ({ operations, handovers }: History): Transaction[] =>
  operations.map((one) => transactionOf(one, handovers)).filter((one) => one !== null);
