// The plan's lens in words: for screen readers, tables, tests.

import type { Measure, PagesRead } from '../../../../../core/sql/measure.ts';
import type { Translate } from '../../../../i18n/i18n.ts';
import { duration } from '../../../../kit/format.ts';
import type { OperatorRow, PlanEntry, PlanModel } from './project.ts';
import '../../../../../words/cynosdb/plan.en.json';

export const operatorText = ({ label, node }: OperatorRow): string =>
  label === '' ? node.line : `${label}: ${node.line}`;

/** Rows of one pass, and how many passes there were. */
export function rowsText({ node: { measure } }: OperatorRow, t: Translate): string {
  if (measure === undefined) return '';
  if (measure.loops === 0) return t('plan.never');
  const rows = t('plan.rows', { count: Math.round((measure.rows / measure.loops) * 100) / 100 });
  return measure.loops === 1 ? rows : `${rows} × ${measure.loops}`;
}

export function readText({ from, pages, low, high }: PagesRead, t: Translate): string {
  const at = low === high ? String(low) : `${low}–${high}`;
  return t('plan.read', { count: pages, from, at });
}

/** Pages by where they came from; the operator's own, without what is below it. */
export function pagesText(measure: Measure | null, t: Translate): string {
  if (measure === null || (measure.pages === 0 && measure.reads.length === 0)) return '';
  const buffered = measure.pages === 0 ? [] : [t('plan.buffer', { count: measure.pages })];
  return [...buffered, ...measure.reads.map((read) => readText(read, t))].join(' · ');
}

export const entryText = ({ compute, view }: PlanEntry): string => {
  // As much as the choice has room for in a lens of 320 px; the console has the whole.
  const text = view.text
    .replaceAll(/\s+/g, ' ')
    .replace(/^ *explain analyze /i, '')
    .trim();
  return `${compute} ${text.length > 24 ? `${text.slice(0, 23)}…` : text}`;
};

export function stateText({ chosen, elapsedUs }: PlanModel, t: Translate): string {
  if (chosen === null) return t('plan.none');
  const { endedAt, failure, readPoint, waiting } = chosen.view;
  const time = duration(elapsedUs);
  const at = readPoint < 0 ? '' : ` ${t('plan.readPoint', { at: readPoint })}`;
  if (failure !== null) return `${t('plan.failed', { failure, time })}${at}`;
  if (endedAt !== null) return `${t('plan.ended', { time })}${at}`;
  return `${waiting === null ? t('plan.runs', { time }) : t('plan.waits', { time, what: t(`plan.wait.${waiting}`) })}${at}`;
}

export function describePlan(model: PlanModel, t: Translate): string {
  if (model.chosen === null) return t('plan.none');
  const reads = new Set(model.rows.flatMap(({ node }) => node.measure?.reads.map(({ from }) => from) ?? []));
  const from =
    reads.size === 0 ? t('plan.onlyBuffer') : t('plan.from', { nodes: [...reads].join(t('list.comma')) });
  return `${t('plan.describe', { count: model.rows.length, node: model.chosen.compute })} ${stateText(model, t)} ${from}`;
}
