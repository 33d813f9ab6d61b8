// A lane for each column, aligned by the instant of the fault: commits acknowledged in each slice, and the phases of the longest outage below them.

import type { ReactNode } from 'react';
import { type ComparedReport, longestOutage, type Phase } from '../../run-model/compare/report.ts';
import { useT } from '../i18n/i18n.ts';
import { millis } from '../kit/format.ts';
import { EventLink, useRunLink } from './open-run.tsx';
import '../../words/compare.en.json';
import { phaseWords } from './rows.ts';

/** Percent of a lane's width. */
const placeOf = ({ from, stopAt }: ComparedReport, at: number): number =>
  (Math.max(0, Math.min(at, stopAt) - from) / (stopAt - from)) * 100;

function Bars({ report, most }: { readonly report: ComparedReport; readonly most: number }): ReactNode {
  const { slices } = report;
  const width = 100 / slices.length;
  return (
    <svg viewBox="0 0 100 40" preserveAspectRatio="none" className="compare-bars" aria-hidden="true">
      {slices.map((count, i) => {
        const height = (count / Math.max(1, most)) * 38;
        const x = i * width + width * 0.1;
        return <rect key={x} x={x} y={40 - height} width={width * 0.8} height={height} />;
      })}
    </svg>
  );
}

function PhaseMark({
  report,
  phase,
  link,
  language,
}: {
  readonly report: ComparedReport;
  readonly phase: Phase;
  readonly link: string;
  readonly language: 'en' | 'zh';
}): ReactNode {
  const t = useT();
  const left = placeOf(report, phase.at);
  const text = t('compare.phase', {
    name: phaseWords[phase.name]?.[language] ?? phase.name,
    ms: millis(phase.until - phase.at),
  });
  return (
    <span
      className={`compare-phase compare-phase-${phase.name}`}
      style={{ left: `${left}%`, width: `${placeOf(report, phase.until) - left}%` }}
    >
      <EventLink report={report} link={link} event={phase.event} label={text} className="compare-phase-link">
        <span className="visually-hidden">{text}</span>
      </EventLink>
    </span>
  );
}

export function Lane({
  report,
  most,
  language,
}: {
  readonly report: ComparedReport;
  readonly most: number;
  readonly language: 'en' | 'zh';
}): ReactNode {
  const t = useT();
  const link = useRunLink(report);
  const { column, slices, sliceUs, faultAt, from } = report;
  const cut = Math.round((faultAt - from) / sliceUs);
  const sum = (counts: readonly number[]): number => counts.reduce((total, more) => total + more, 0);
  const longest = longestOutage(report);
  const name = t('compare.lane', {
    column,
    before: sum(slices.slice(0, cut)),
    after: sum(slices.slice(cut)),
  });
  return (
    <section className="compare-lane" aria-label={name}>
      <span className="compare-lane-name">{column}</span>
      <div className="compare-lane-body">
        <Bars report={report} most={most} />
        {!report.isAbsent && (
          <span
            className="compare-fault"
            style={{ left: `${placeOf(report, faultAt)}%` }}
            aria-hidden="true"
          />
        )}
        <div className="compare-phases">
          {longest?.phases.map((phase) => (
            <PhaseMark key={phase.name} report={report} phase={phase} link={link} language={language} />
          ))}
          {longest === null && (
            <span className="text-[12px] text-muted">
              {t(report.isAbsent ? 'compare.absent' : 'compare.noOutage')}
            </span>
          )}
        </div>
      </div>
    </section>
  );
}

/** What the phases' patterns mean, and how long each took in the columns. */
export function PhaseLegend({
  reports,
  language,
}: {
  readonly reports: readonly ComparedReport[];
  readonly language: 'en' | 'zh';
}): ReactNode {
  const shown = ['detect', 'appoint', 'recover', 'serve'].filter((name) =>
    reports.some((one) => longestOutage(one)?.phases.some((phase) => phase.name === name)),
  );
  return (
    <ul className="compare-legend">
      {shown.map((name) => (
        <li key={name}>
          <span className={`compare-key compare-phase-${name}`} aria-hidden="true" />
          {phaseWords[name]?.[language]}
        </li>
      ))}
    </ul>
  );
}
