// The answer to a run: rows as a grid, tags, errors with SQLSTATE and position, unknown outcomes said to be unknown.

import { ArrowDown, ArrowUp, Copy, Download } from 'lucide-react';
import { type ReactNode, Suspense, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { RowOrigin, StatementResult } from '../../core/kernel/client-calls.ts';
import { pageKey } from '../../core/page/page-key.ts';
import type { SqlOutcome } from '../../lab/api.ts';
import { useFrame } from '../../state/frame-store.ts';
import { driversOf } from '../../state/role-views.ts';
import { useRun } from '../../state/run-store.ts';
import { select } from '../../state/selection-store.ts';
import { isPlaying } from '../../state/view-clock.ts';
import { copyText } from '../dialogs/download.ts';
import { saveBlob } from '../export/save.ts';
import { csvOf } from '../export/table-csv.ts';
import { type Translate, useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { duration } from '../kit/format.ts';
import { lensFor } from '../lens/registry.ts';
import { OpenTrace } from '../lens/traces/open-trace.tsx';
import type { TraceTarget } from '../lens/traces/trace-store.ts';
import { askWhere, useAsked } from '../model/asked-value.ts';
import { namePages, usePageNames } from '../model/known-names.ts';
import { sessionName } from '../model/session-name.ts';
import { showLens } from '../model/show-lens.ts';
import { uiStacks } from '../stacks/registry.ts';
import { rowSubject } from './row-subject.ts';
import { jsonOf, nextSort, type SortBy, sortedPlaces, tabbed } from './sql-sort.ts';
import '../../words/dock/sql.en.json';
import { type SqlRun, sessionOf, sqlStore } from './sql-store.ts';
import '../../words/dock/sessions.en.json';
import '../../words/dock/dock.en.json';

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

/** Who waited for whom in a deadlock, and who was ended for it. */
function deadlockText(circle: readonly string[], own: string, t: Translate): string {
  const [victim, ...others] = circle;
  if (victim === undefined) return t('deadlock.unseen', { victim: sessionName(own, t) });
  const waits = [victim, ...others].map((waiter, i) =>
    t('deadlock.wait', {
      waiter: sessionName(waiter, t),
      holder: sessionName(circle[(i + 1) % circle.length] ?? victim, t),
    }),
  );
  return t('deadlock.circle', { waits: waits.join(t('list.comma')), victim: sessionName(victim, t) });
}

function ErrorText({
  result,
  run: { text, circle = [], target },
}: {
  readonly result: Extract<StatementResult, { kind: 'error' }>;
  readonly run: SqlRun;
}): ReactNode {
  const t = useT();
  const place = result.position === null ? null : lineColumn(text, result.position);
  return (
    <div role="alert" className="whitespace-pre-line break-words text-[13px] text-fence">
      <b className="mono">{result.sqlstate}</b> {namePages(result.message)}
      {place !== null && (
        <span className="mono text-muted">
          {' '}
          {t('sql.position', { line: place.line, column: place.column, position: result.position ?? 0 })}
        </span>
      )}
      {result.sqlstate === '40P01' && (
        <p className="text-muted">{deadlockText(circle, sessionOf(target), t)}</p>
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

interface HeadProps {
  readonly column: RowsResult['columns'][number];
  readonly by: SortBy | null;
  readonly onSort: () => void;
}

/** The head of a column: orders the rows by it. */
function Head({ column, by, onSort }: HeadProps): ReactNode {
  const t = useT();
  const Mark = by?.descending === true ? ArrowDown : ArrowUp;
  return (
    <th
      title={column.type}
      {...(by === null
        ? {}
        : { 'aria-sort': by.descending ? ('descending' as const) : ('ascending' as const) })}
    >
      <button
        type="button"
        className="inline-flex min-h-6 items-center gap-1 underline-offset-2 hover:underline"
        title={t('sql.sortBy', { column: column.name })}
        onClick={onSort}
      >
        {column.name}
        {by !== null && <Mark size={12} strokeWidth={2} aria-hidden="true" />}
      </button>
    </th>
  );
}

/** What is done with all rows of a result, in the order in which they are shown. */
function RowTools({
  result,
  places,
}: {
  readonly result: RowsResult;
  readonly places: readonly number[];
}): ReactNode {
  const t = useT();
  const count = places.length;
  const csv = (): string =>
    csvOf([
      result.columns.map(({ name }) => name),
      ...places.map((place) => (result.rows[place] ?? []).map((value) => value ?? '')),
    ]);
  return (
    <>
      <Button
        small
        look="quiet"
        icon={Copy}
        title={t('sql.copyNote', { count })}
        onClick={() => void copyText(tabbed(result, places))}
      >
        {t('sql.copy')}
      </Button>
      <Button
        small
        look="quiet"
        icon={Download}
        title={t('sql.csvNote', { count })}
        onClick={() => saveBlob('result.csv', new Blob([csv()], { type: 'text/csv' }))}
      >
        {t('sql.csv')}
      </Button>
      <Button
        small
        look="quiet"
        icon={Download}
        title={t('sql.csvNote', { count })}
        onClick={() =>
          saveBlob('result.json', new Blob([jsonOf(result, places)], { type: 'application/json' }))
        }
      >
        {t('sql.json')}
      </Button>
    </>
  );
}

/** Each row as a record, a line a column (psql's `\x`). */
function Records({ result, isFirstVolume }: RowsProps): ReactNode {
  const t = useT();
  const askOf = useAskOf(result, isFirstVolume);
  return (
    <div className="overflow-x-auto">
      <table className="data-table" aria-label={t('sql.result')}>
        {result.rows.slice(0, rowLimit).map((row, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of an answer keep their order
          <tbody key={place}>
            <tr>
              <th scope="rowgroup" colSpan={2} className="text-muted">
                {t('sql.record', { number: place + 1 })}
              </th>
            </tr>
            {result.columns.map(({ name, type }, j) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: names of columns may repeat
              <tr key={j}>
                <th scope="row" title={type}>
                  {name}
                </th>
                <td className="mono">
                  <Cell value={row[j] ?? null} onAsk={askOf(place, j)} />
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      <p className="pt-1 text-[12px] text-muted">{result.tag}</p>
    </div>
  );
}

function Rows({ result, isFirstVolume }: RowsProps): ReactNode {
  const t = useT();
  const askOf = useAskOf(result, isFirstVolume);
  const [by, setBy] = useState<SortBy | null>(null);
  const places = useMemo(() => sortedPlaces(result, by), [result, by]);
  const isPlan = result.tag === 'EXPLAIN' || result.columns[0]?.name === 'QUERY PLAN';
  return (
    <div className="overflow-x-auto">
      <table className="data-table" aria-label={t('sql.result')}>
        <thead>
          <tr>
            {result.columns.map((column, i) =>
              isPlan ? (
                <th key={column.name}>{column.name}</th>
              ) : (
                <Head
                  // biome-ignore lint/suspicious/noArrayIndexKey: a result's columns have no other identity, names may repeat
                  key={i}
                  column={column}
                  by={by?.column === i ? by : null}
                  onSort={() => setBy(nextSort(by, i))}
                />
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {places.slice(0, rowLimit).map((place) => (
            <tr key={place}>
              {(result.rows[place] ?? []).map((value, j) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <td key={j} className={isPlan ? 'mono whitespace-pre!' : 'mono'}>
                  <Cell value={value} onAsk={askOf(place, j)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="flex flex-wrap items-center gap-x-2 pt-1 text-[12px] text-muted">
        <span>
          {result.tag}
          {result.rows.length > rowLimit && ` · ${t('sql.firstRows', { count: rowLimit })}`}
        </span>
        {result.rows.length > 0 && <RowTools result={result} places={places} />}
      </p>
    </div>
  );
}

/** What COPY TO wrote: text, line by line. */
function CopiedText({ result }: { readonly result: RowsResult }): ReactNode {
  const t = useT();
  const text = result.rows.map(([line]) => `${line}\n`).join('');
  return (
    <>
      <section
        className="max-h-60 overflow-auto"
        aria-label={t('sql.copied')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls is reached by the keyboard
        tabIndex={0}
      >
        <pre className="mono text-[12px]">{text.slice(0, SHOWN_CHARACTERS)}</pre>
      </section>
      <p className="flex flex-wrap items-center gap-x-2 pt-1 text-[12px] text-muted">
        <span>
          {result.tag}
          {text.length > SHOWN_CHARACTERS && ` · ${t('sql.copiedPart', { count: SHOWN_CHARACTERS })}`}
        </span>
        <Button
          small
          look="quiet"
          icon={Copy}
          title={t('sql.copiedNote')}
          onClick={() => void copyText(text)}
        >
          {t('sql.copy')}
        </Button>
        <Button
          small
          look="quiet"
          icon={Download}
          title={t('sql.savedNote')}
          onClick={() => saveBlob('copy.txt', new Blob([text], { type: 'text/plain' }))}
        >
          {t('sql.save')}
        </Button>
      </p>
    </>
  );
}

/** Characters of copied data that are drawn. */
const SHOWN_CHARACTERS = 20_000;

function statement(result: StatementResult, run: SqlRun, isExpanded: boolean): ReactNode {
  switch (result.kind) {
    case 'rows':
      if (result.tag.startsWith('COPY ')) return <CopiedText result={result} />;
      if (isExpanded && result.tag !== 'EXPLAIN')
        return <Records result={result} isFirstVolume={run.target.isFirst} />;
      return <Rows result={result} isFirstVolume={run.target.isFirst} />;
    case 'done':
      return <p className="mono text-[12px] text-muted">{result.tag}</p>;
    case 'error':
      return <ErrorText result={result} run={run} />;
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

interface SqlResultProps {
  readonly run: SqlRun;
  /** In a session's column: its border and who is asked stand there. */
  readonly isBare?: boolean;
}

export function SqlResult({ run, isBare = false }: SqlResultProps): ReactNode {
  const t = useT();
  const isStanding = useRun((state) => !isPlaying(state));
  const isExpanded = useStore(sqlStore, (state) => state.expanded);
  const isTimed = useStore(sqlStore, (state) => state.timing);
  const result = run.outcome?.result;
  const firstDriver = useFrame(({ cluster }) => (cluster === null ? undefined : driversOf(cluster)[0]));
  return (
    <article
      className={isBare ? 'px-2 py-1' : 'border-b border-line px-3 py-2'}
      aria-label={t('sql.answer')}
      aria-busy={run.outcome === null && run.failure === null}
    >
      <div className={isBare ? 'flex flex-wrap items-baseline gap-x-2' : 'flex items-baseline gap-2'}>
        {!(run.target.isFirst && run.target.driver === firstDriver && run.target.reader === null) && (
          <span className="chip flex-none">
            {t('sql.targetOf', { driver: run.target.driver, volume: run.target.reader ?? run.target.volume })}
          </span>
        )}
        <code
          className={`mono min-w-0 text-[12px] ${isBare ? 'whitespace-pre-wrap break-words' : 'flex-1 truncate'}`}
          title={run.text}
        >
          {run.written ?? run.text}
        </code>
        {(isTimed || run.outcome === null) && (
          <span className="mono flex-none text-[12px] text-muted">{note(run, isStanding, t)}</span>
        )}
        {run.outcome !== null && <OpenTrace asked={askedOf(run.outcome)} isNarrow={isBare} />}
      </div>
      {result?.outcome === 'unknown' && <p className="text-hole">{t('sql.unknown')}</p>}
      {result?.readAt !== undefined && result.readAt.points.length > 0 && (
        <p className="mono break-words text-[12px] text-muted">
          {t('sql.readAt', {
            node: result.readAt.node,
            points: result.readAt.points.map(({ volume, readPoint }) => `${volume}@${readPoint}`).join(' '),
          })}
        </p>
      )}
      {result?.statements.map((item, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: statements of one answer keep their order
        <div key={i} className="pt-1">
          {statement(item, run, isExpanded)}
        </div>
      ))}
    </article>
  );
}
