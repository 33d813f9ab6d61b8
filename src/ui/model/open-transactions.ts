// Transactions that sessions of the screen's own, or clients at the address, have left open: a load's are not listed, because they end by
// themselves. Pure.

import { attachmentsOf } from '../../core/compute/compute-view.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { viewOf } from '../../state/role-views.ts';
import type { Translate } from '../i18n/i18n.ts';
import { duration } from '../kit/format.ts';
import { clientOf, letterOf, sessionName } from './session-name.ts';
import '../../words/model/session.en.json';

export interface OpenTransaction {
  readonly session: string;
  readonly driver: string;
  /** Where it is open. */
  readonly node: string;
  /** Virtual µs since its first statement; null: a statement failed, and what is left is to end it. */
  readonly sinceUs: number | null;
}

type Nodes = readonly Pick<NodeFrame, 'id' | 'status' | 'view'>[];

export const openTransactions = (nodes: Nodes): readonly OpenTransaction[] =>
  nodes.flatMap((node) => {
    const compute = viewOf(node, 'compute');
    if (compute === null || node.status === 'down') return [];
    return attachmentsOf(compute).flatMap(({ blocks }) =>
      blocks
        .filter(({ session }) => letterOf(session) !== null || clientOf(session) !== null)
        .map(({ session, node: driver, isFailed, sinceUs }) => ({
          session,
          driver,
          node: node.id,
          sinceUs: isFailed ? null : sinceUs,
        })),
    );
  });

export const openTransactionText = (
  { session, driver, node, sinceUs }: OpenTransaction,
  t: Translate,
): string =>
  sinceUs === null
    ? t('session.openFailed', { session: sessionName(session, t), driver, node })
    : t('session.open', { session: sessionName(session, t), driver, node, time: duration(sinceUs) });
