// `#/compare`: one load and one logical fault on several clusters, beside each other. The lab runs on behind it.

import { ArrowLeft, Play } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { type ComparedColumn, comparedFaults, comparedLoads } from '../../run-model/compare/compared.ts';
import { meaningIn } from '../../run-model/compare/meaning.ts';
import type { ComparedReport } from '../../run-model/compare/report.ts';
import { goTo } from '../../state/route-store.ts';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { Button, ProgressBar } from '../kit/button.tsx';
import { bytesText, groupDigits, millis } from '../kit/format.ts';
import { Select } from '../kit/select.tsx';
import { ColumnsPart, useLinked } from './columns-part.tsx';
import { CompareExport } from './compare-export.tsx';
import { type ColumnState, choose, runComparison, useCompare } from './compare-store.ts';
import { EventLink, useRunLink } from './open-run.tsx';
import { type Cell, type CellPart, type ComparedRow, comparedRows } from './rows.ts';
import { Lane, PhaseLegend } from './time-strip.tsx';
import './compare.css';
import '../../words/compare.en.json';

type Language = 'en' | 'zh';

function Choices(): ReactNode {
  const t = useT();
  const { choice, states } = useCompare();
  const [own, setOwn] = useState<string | null>(null);
  const seed = own ?? String(choice.seed);
  const isRunning = Object.values(states).some(({ kind }) => kind === 'runs');
  const hasRun = Object.values(states).some(({ kind }) => kind === 'done');
  return (
    <form
      className="mt-4 flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void runComparison();
      }}
    >
      <Select
        label={t('compare.fault')}
        value={choice.fault}
        small={false}
        options={comparedFaults.map((value) => ({ value, label: t(`compare.fault.${value}`) }))}
        onChange={(fault) => choose({ fault })}
      />
      <Select
        label={t('compare.load')}
        value={choice.load}
        small={false}
        options={comparedLoads.map((value) => ({ value, label: t(`compare.load.${value}`) }))}
        onChange={(load) => choose({ load })}
      />
      <label className="field">
        <span className="text-muted">{t('compare.seed')}</span>
        <input
          className="mono w-16 bg-transparent"
          inputMode="numeric"
          value={seed}
          onChange={(event) => {
            const digits = event.target.value.replace(/\D/g, '').slice(0, 9);
            setOwn(digits === '' ? digits : null);
            if (digits !== '') choose({ seed: Number(digits) });
          }}
        />
      </label>
      <Button type="submit" look="primary" icon={Play} disabled={isRunning || seed === ''}>
        {t(hasRun ? 'compare.again' : 'compare.run')}
      </Button>
    </form>
  );
}

function partText({ value, unit }: CellPart): string {
  if (unit === 'us') return `${millis(value)} ms`;
  return unit === 'bytes' ? bytesText(value) : groupDigits(value);
}

interface FigureProps {
  readonly part: CellPart;
  readonly row: ComparedRow;
  readonly report: ComparedReport;
  readonly link: string;
  readonly language: Language;
}

function ShownFigure({ part, row, report, link, language }: FigureProps): ReactNode {
  const t = useT();
  const text = partText(part);
  const label = part.label === null ? null : part.label[language];
  const name = t('compare.figure', {
    row: label === null ? row.label[language] : `${row.label[language]} (${label})`,
    column: report.column,
    value: text,
    event: groupDigits(part.event ?? 0),
  });
  return (
    <span className="compare-figure">
      {label !== null && <span className="text-muted">{label} </span>}
      {part.event === null ? (
        <b>{text}</b>
      ) : (
        <EventLink report={report} link={link} event={part.event} label={name}>
          {text}
        </EventLink>
      )}
    </span>
  );
}

function ShownCell({ cell, ...rest }: Omit<FigureProps, 'part'> & { readonly cell: Cell }): ReactNode {
  return (
    <>
      {cell.parts.map((part) => (
        <ShownFigure key={part.label?.en ?? part.unit} part={part} {...rest} />
      ))}
      {cell.words !== null && (
        <span className="block text-[12px] text-muted">{cell.words[rest.language]}</span>
      )}
    </>
  );
}

function ColumnHead({ column, state }: { readonly column: string; readonly state: ColumnState }): ReactNode {
  const t = useT();
  return (
    <th scope="col">
      <span className="block text-[14px] text-text">{column}</span>
      {state.kind === 'done' && <span className="mono block font-normal">{state.report.architecture}</span>}
      {state.kind === 'runs' && (
        <ProgressBar label={t('compare.progress', { column })} done={state.done} of={state.of} />
      )}
      {state.kind === 'none' && <span className="block font-normal">{t('compare.waits')}</span>}
      {state.kind === 'failed' && (
        <span className="block font-normal text-bad">
          {t('compare.failed', { column, error: state.error })}
        </span>
      )}
    </th>
  );
}

/** Known before anything has run. */
function Meaning({
  column,
  report,
  language,
}: {
  readonly column: ComparedColumn;
  readonly report: ComparedReport | undefined;
  readonly language: Language;
}): ReactNode {
  const t = useT();
  const { choice } = useCompare();
  const { means, isAbsent, note } = meaningIn(column, choice);
  return (
    <>
      {isAbsent && <b className="block">{t('compare.absent')}</b>}
      <span className="block">{means[language]}</span>
      {note !== null && <span className="block text-[12px] text-muted">{note[language]}</span>}
      {report !== undefined && <OpenRun report={report} />}
    </>
  );
}

function OpenRun({ report }: { readonly report: ComparedReport }): ReactNode {
  const t = useT();
  const link = useRunLink(report);
  const { column, fault } = report;
  if (fault.event === null) return null;
  return (
    <EventLink report={report} link={link} event={fault.event} label={t('compare.openOf', { column })}>
      {t('compare.open')}
    </EventLink>
  );
}

/** A finished column's answer to a row. */
function RowCell({
  row,
  at,
  report,
  language,
}: {
  readonly row: ComparedRow;
  readonly at: number;
  readonly report: ComparedReport;
  readonly language: Language;
}): ReactNode {
  const link = useRunLink(report);
  const cell = row.cells[at];
  return cell === undefined ? null : (
    <ShownCell cell={cell} row={row} report={report} link={link} language={language} />
  );
}

function Rows({
  names,
  reports,
  language,
}: {
  readonly names: readonly string[];
  readonly reports: ReadonlyMap<string, ComparedReport>;
  readonly language: Language;
}): ReactNode {
  const t = useT();
  const done = names.flatMap((id) => reports.get(id) ?? []);
  return comparedRows(done).map((row) => (
    <tr key={row.id} className={row.isPart ? 'is-part' : ''}>
      <th scope="row" title={row.means[language]}>
        {row.label[language]}
        {row.calc !== null && (
          <span className="compare-calc" title={t('compare.calcTitle', { how: row.calc[language] })}>
            {t('compare.calc')}
          </span>
        )}
        {!row.isPart && (
          <span className="block text-[12px] font-normal text-muted">{row.means[language]}</span>
        )}
        {row.calc !== null && (
          <span className="mono block text-[12px] font-normal text-muted">{row.calc[language]}</span>
        )}
      </th>
      {names.map((id) => {
        const report = reports.get(id);
        return (
          <td key={id}>
            {report !== undefined && (
              <RowCell row={row} at={done.indexOf(report)} report={report} language={language} />
            )}
          </td>
        );
      })}
    </tr>
  ));
}

export function ComparePage(): ReactNode {
  const t = useT();
  const language: Language = currentLanguage() === 'zh-CN' ? 'zh' : 'en';
  const wrong = useLinked();
  const { choice, columns, states } = useCompare();
  const names = columns.map(({ name }) => name);
  const reports = new Map(
    names.flatMap((id) => {
      const state = states[id];
      return state?.kind === 'done' ? [[id, state.report] as const] : [];
    }),
  );
  const shown = [...reports.values()];
  const most = Math.max(0, ...shown.flatMap(({ slices }) => slices));
  const [first] = shown;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <main className="about compare" data-region="about" tabIndex={0} aria-label={t('compare.title')}>
      <div className="about-body">
        <Button look="line" icon={ArrowLeft} onClick={() => goTo('lab')}>
          {t('compare.back')}
        </Button>
        <h1 className="mt-5 text-[20px] leading-7 font-semibold">{t('compare.title')}</h1>
        <p className="mt-2 max-w-[92ch]">{t('compare.lead')}</p>
        {wrong !== null && (
          <p role="alert" className="mt-2 text-fence">
            {wrong}
          </p>
        )}
        <ColumnsPart />
        <Choices />
        {first !== undefined && (
          <>
            <h2>{t('compare.strip')}</h2>
            <p className="text-[12px] text-muted">
              {t('compare.stripText', {
                ms: first.sliceUs / 1000,
                before: (first.faultAt - first.from) / 1000,
                after: (first.stopAt - first.faultAt) / 1000,
              })}
            </p>
            {shown.map((report) => (
              <Lane key={report.column} report={report} most={most} language={language} />
            ))}
            <PhaseLegend reports={shown} language={language} />
          </>
        )}
        <h2>{t('compare.table')}</h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <section className="overflow-x-auto" tabIndex={0} aria-label={t('compare.table')}>
          <table className="compare-table">
            <thead>
              <tr>
                <th scope="col">{t('compare.question')}</th>
                {names.map((id) => (
                  <ColumnHead key={id} column={id} state={states[id] ?? { kind: 'none' }} />
                ))}
              </tr>
            </thead>
            <tbody>
              <tr>
                <th scope="row">{t('compare.means')}</th>
                {columns.map((column) => (
                  <td key={column.name}>
                    <Meaning column={column} report={reports.get(column.name)} language={language} />
                  </td>
                ))}
              </tr>
              <Rows names={names} reports={reports} language={language} />
            </tbody>
          </table>
        </section>
        {shown.length === names.length && (
          <CompareExport
            reports={shown}
            choice={choice}
            language={language}
            partText={partText}
            head={t('compare.question')}
          />
        )}
        <p className="mt-3 text-[12px] text-muted">{t('compare.once')}</p>
      </div>
    </main>
  );
}
