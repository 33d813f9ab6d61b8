// The answer to a run: rows as a grid, tags, errors with SQLSTATE and position, unknown outcomes said to be unknown.

import type { ReactNode } from 'react';
import type { StatementResult } from '../../core/door.ts';
import { type Translate, useT } from '../i18n/i18n.ts';
import { duration } from '../kit/format.ts';
import type { SqlRun } from './sql-store.ts';

/** Rows drawn of one result. */
const rowLimit = 200;

/** Line and column, from 1, of a 1-based character position. */
export function lineColumn(
  text: string,
  position: number,
): { readonly line: number; readonly column: number } {
  const before = [...text].slice(0, Math.max(0, position - 1)).join('');
  const lines = before.split('\n');
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}

function ErrorText({
  result,
  text,
}: {
  readonly result: Extract<StatementResult, { kind: 'error' }>;
  readonly text: string;
}): ReactNode {
  const t = useT();
  const place = result.position === null ? null : lineColumn(text, result.position);
  return (
    <div role="alert" className="text-[13px] text-fence">
      <b className="mono">{result.sqlstate}</b> {result.message}
      {place !== null && (
        <span className="mono text-muted">
          {' '}
          {t('sql.position', { line: place.line, column: place.column, position: result.position ?? 0 })}
        </span>
      )}
    </div>
  );
}

function Rows({ result }: { readonly result: Extract<StatementResult, { kind: 'rows' }> }): ReactNode {
  const t = useT();
  const shown = result.rows.slice(0, rowLimit);
  return (
    <div className="overflow-x-auto">
      <table className="data-table" aria-label={t('sql.result')}>
        <thead>
          <tr>
            {result.columns.map((column, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a result's columns have no other identity, names may repeat
              <th key={i} title={column.type}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a result is drawn once and never reordered
            <tr key={i}>
              {row.map((value, j) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <td key={j} className="mono">
                  {value === null ? <i className="text-muted">null</i> : value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="pt-1 text-[12px] text-muted">
        {result.tag}
        {result.rows.length > rowLimit && ` · ${t('sql.firstRows', { count: rowLimit })}`}
      </p>
    </div>
  );
}

function statement(result: StatementResult, text: string): ReactNode {
  switch (result.kind) {
    case 'rows':
      return <Rows result={result} />;
    case 'done':
      return <p className="mono text-[12px] text-muted">{result.tag}</p>;
    case 'error':
      return <ErrorText result={result} text={text} />;
  }
}

function note(run: SqlRun, t: Translate): string {
  if (run.failure !== null) return run.failure;
  if (run.outcome === null) return t('sql.running');
  return t('sql.took', { time: duration(run.outcome.latencyUs) });
}

export function SqlResult({ run }: { readonly run: SqlRun }): ReactNode {
  const t = useT();
  const result = run.outcome?.result;
  return (
    <article
      className="border-b border-line px-3 py-2"
      aria-label={t('sql.answer')}
      aria-busy={run.outcome === null && run.failure === null}
    >
      <div className="flex items-baseline gap-2">
        <code className="mono min-w-0 flex-1 truncate text-[12px]" title={run.text}>
          {run.text}
        </code>
        <span className="mono flex-none text-[12px] text-muted">{note(run, t)}</span>
      </div>
      {result?.outcome === 'unknown' && <p className="text-hole">{t('sql.unknown')}</p>}
      {result?.statements.map((item, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: statements of one answer keep their order
        <div key={i} className="pt-1">
          {statement(item, run.text)}
        </div>
      ))}
    </article>
  );
}
