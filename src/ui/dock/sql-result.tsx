// The answer to a run: rows as a grid, tags, errors with SQLSTATE and position, unknown outcomes said to be unknown.

import { type ReactNode, Suspense } from 'react';
import type { RowOrigin, StatementResult } from '../../core/kernel/door.ts';
import { pageKey } from '../../core/page/page-key.ts';
import type { SqlOutcome } from '../../lab/api.ts';
import { useFrame } from '../../state/frame-store.ts';
import { driversOf } from '../../state/role-views.ts';
import { useRun } from '../../state/run-store.ts';
import { select } from '../../state/selection-store.ts';
import { isPlaying } from '../../state/view-clock.ts';
import { type Translate, useT } from '../i18n/i18n.ts';
import { duration } from '../kit/format.ts';
import { lensFor } from '../lens/registry.ts';
import { OpenTrace } from '../lens/traces/open-trace.tsx';
import type { TraceTarget } from '../lens/traces/trace-store.ts';
import { askWhere, useAsked } from '../model/asked-value.ts';
import { namePages, usePageNames } from '../model/known-names.ts';
import { showLens } from '../model/show-lens.ts';
import { uiStacks } from '../stacks/registry.ts';
import { rowSubject } from './row-subject.ts';
import type { SqlRun } from './sql-store.ts';
import './texts.ts';

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
      <b className="mono">{result.sqlstate}</b> {namePages(result.message)}
      {place !== null && (
        <span className="mono text-muted">
          {' '}
          {t('sql.position', { line: place.line, column: place.column, position: result.position ?? 0 })}
        </span>
      )}
    </div>
  );
}

type Ask = () => void;

type RowsResult = Extract<StatementResult, { kind: 'rows' }>;

/** Pages of an answer's rows, for their names. */
const pagesOf = (origin: RowOrigin | null): readonly number[] =>
  origin === null ? [] : [pageKey(origin.relation, 0, 0)];

/** What asking about a value does, or null for a value that was computed: its row is selected, its page shown. */
function useAskOf(result: RowsResult, isFirstVolume: boolean): (row: number, column: number) => Ask | null {
  const groups = useFrame(({ cluster }) => cluster?.groups) ?? null;
  const nameOf = usePageNames('sql-names', pagesOf(result.origin));
  return (row, column) => {
    const { origin, columns, rows } = result;
    if (origin === null || (origin.tids[row] ?? -1) < 0) return null;
    return () => {
      const asked = askWhere(origin, row, columns[column]?.name ?? '', rows[row]?.[column] ?? null);
      if (asked === null) return;
      const page = { blockKey: asked.blockKey, name: nameOf(asked.blockKey) };
      select(rowSubject(result, row, page, isFirstVolume ? groups : null));
      showLens(lensFor('row')?.id ?? null);
    };
  };
}

/** A value that was read from a table leads to where it comes from. */
function Cell({ value, onAsk }: { readonly value: string | null; readonly onAsk: Ask | null }): ReactNode {
  const t = useT();
  const text = value === null ? <i className="text-muted">null</i> : value;
  if (onAsk === null) return text;
  return (
    <button
      type="button"
      className="min-h-6 cursor-help text-left underline-offset-2 hover:underline"
      title={t('sql.where')}
      onClick={onAsk}
    >
      {text}
    </button>
  );
}

interface RowsProps {
  readonly result: RowsResult;
  readonly isFirstVolume: boolean;
}

function Rows({ result, isFirstVolume }: RowsProps): ReactNode {
  const t = useT();
  const askOf = useAskOf(result, isFirstVolume);
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
                  <Cell value={value} onAsk={askOf(i, j)} />
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

function statement(result: StatementResult, { text, target }: SqlRun): ReactNode {
  switch (result.kind) {
    case 'rows':
      return <Rows result={result} isFirstVolume={target.isFirst} />;
    case 'done':
      return <p className="mono text-[12px] text-muted">{result.tag}</p>;
    case 'error':
      return <ErrorText result={result} text={text} />;
  }
}

/** What became of a statement; one that waits in a run that stands says so, and not that it goes on. */
export function note(run: Pick<SqlRun, 'failure' | 'outcome'>, isStanding: boolean, t: Translate): string {
  if (run.failure !== null) return run.failure;
  if (run.outcome === null) return t(isStanding ? 'sql.standing' : 'sql.running');
  return t('sql.took', { time: duration(run.outcome.latencyUs) });
}

/** Of the first stack that can follow a value back. */
const Provenance = uiStacks.find((stack) => stack.Provenance !== undefined)?.Provenance;

/** Where the value that was asked about comes from: it stays beside the answers while its hops lead through the lenses. */
export function AskedValue(): ReactNode {
  const asked = useAsked();
  if (asked === null || Provenance === undefined) return null;
  return (
    <aside className="sql-asked">
      <Suspense fallback={null}>
        <Provenance asked={asked} place="dock" />
      </Suspense>
    </aside>
  );
}

const askedOf = ({ requestId, askedAt }: SqlOutcome): TraceTarget => ({
  target: { kind: 'request', request: requestId },
  at: askedAt,
});

export function SqlResult({ run }: { readonly run: SqlRun }): ReactNode {
  const t = useT();
  const isStanding = useRun((state) => !isPlaying(state));
  const result = run.outcome?.result;
  const firstDriver = useFrame(({ cluster }) => (cluster === null ? undefined : driversOf(cluster)[0]));
  return (
    <article
      className="border-b border-line px-3 py-2"
      aria-label={t('sql.answer')}
      aria-busy={run.outcome === null && run.failure === null}
    >
      <div className="flex items-baseline gap-2">
        {!(run.target.isFirst && run.target.driver === firstDriver) && (
          <span className="chip flex-none">
            {t('sql.targetOf', { driver: run.target.driver, volume: run.target.volume })}
          </span>
        )}
        <code className="mono min-w-0 flex-1 truncate text-[12px]" title={run.text}>
          {run.text}
        </code>
        <span className="mono flex-none text-[12px] text-muted">{note(run, isStanding, t)}</span>
        {run.outcome !== null && <OpenTrace asked={askedOf(run.outcome)} />}
      </div>
      {result?.outcome === 'unknown' && <p className="text-hole">{t('sql.unknown')}</p>}
      {result?.statements.map((item, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: statements of one answer keep their order
        <div key={i} className="pt-1">
          {statement(item, run)}
        </div>
      ))}
    </article>
  );
}
