// What several sessions did, side by side on one clock: a line for what is asked or answered, a column for each session, and a bar through
// the lines for which its statement has no answer.

import { Fragment, type ReactNode } from 'react';
import { useRun } from '../../state/run-store.ts';
import { isPlaying } from '../../state/view-clock.ts';
import { useT } from '../i18n/i18n.ts';
import { millis } from '../kit/format.ts';
import { sessionName } from '../model/session-name.ts';
import { type OrderRow, orderRows } from './interleaving.ts';
import { note, SqlResult } from './sql-result.tsx';
import type { SqlRun } from './sql-store.ts';
import '../../words/dock/sessions.en.json';

function Asked({ run, isLater }: { readonly run: SqlRun; readonly isLater: boolean }): ReactNode {
  const t = useT();
  const isStanding = useRun((state) => !isPlaying(state));
  if (!isLater) return <SqlResult run={run} isBare />;
  return (
    <div className="px-2 py-1">
      <code className="mono whitespace-pre-wrap break-words text-[12px]">{run.written ?? run.text}</code>
      <p className="text-[12px] text-hole">
        {run.waitedFor === null
          ? run.outcome === null
            ? note(run, isStanding, t)
            : t('sessions.later')
          : t('sessions.waitsFor', { holder: sessionName(run.waitedFor, t) })}
      </p>
    </div>
  );
}

function Line({ row, letters }: { readonly row: OrderRow; readonly letters: readonly string[] }): ReactNode {
  const t = useT();
  const { kind, at, run, waiting, isLater } = row;
  return (
    <tr>
      <th scope="row" className="mono">
        {millis(at)}
      </th>
      {letters.map((letter) => (
        <Fragment key={letter}>
          {letter === run.target.letter ? (
            <td>
              {kind === 'asked' ? <Asked run={run} isLater={isLater} /> : <SqlResult run={run} isBare />}
            </td>
          ) : (
            <td className={waiting.has(letter) ? 'order-wait' : undefined}>
              {waiting.has(letter) && <span className="sr-only">{t('sessions.waits')}</span>}
            </td>
          )}
        </Fragment>
      ))}
    </tr>
  );
}

export function OrderView({
  runs,
  letters,
}: {
  readonly runs: readonly SqlRun[];
  readonly letters: readonly string[];
}): ReactNode {
  const t = useT();
  return (
    <table className="order-table" aria-label={t('sessions.order')}>
      <thead>
        <tr>
          <th scope="col">{t('sessions.time')}</th>
          {letters.map((letter) => (
            <th key={letter} scope="col">
              {t('session.name', { letter })}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {orderRows(runs).map((row) => (
          <Line key={`${row.run.id} ${row.kind}`} row={row} letters={letters} />
        ))}
      </tbody>
    </table>
  );
}
