// Transactions left open by sessions of the console or of clients, beside a driver or the node where they are open.

import type { ReactNode } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Fact } from '../kit/fact.tsx';
import { openTransactions, openTransactionText } from '../model/open-transactions.ts';
import '../../words/model/session.en.json';

/** Of a driver's sessions, or of those at a node. */
export function OpenTransactions({ of }: { readonly of: string }): ReactNode {
  const t = useT();
  // one text to compare per picture
  const text = useFrame(({ frame }) =>
    openTransactions(frame?.nodes ?? [])
      .filter(({ driver, node }) => driver === of || node === of)
      .map((one) => openTransactionText(one, t))
      .join('\n'),
  );
  if (text === '') return null;
  return (
    <Fact label={t('session.openTransactions')}>
      {text.split('\n').map((line) => (
        <div key={line}>{line}</div>
      ))}
    </Fact>
  );
}
