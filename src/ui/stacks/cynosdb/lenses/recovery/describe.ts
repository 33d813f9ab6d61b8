// Lens 4.9 in words: what each step waits for and came to, recovery time and recovery point, the outcomes of client requests; and the
// rows of its table and its CSV. For the screen, screen readers and tests.

import type { ClientOutcomes, OutageFrame } from '../../../../../run-model/outages/outage-frame.ts';
import type { Translate } from '../../../../i18n/i18n.ts';
import { duration, groupDigits, millis, rangeText } from '../../../../kit/format.ts';
import { causesOf, causeTexts } from '../../../../story/wait-words.ts';
import type { Answered, RecoveryModel, StepItem } from './project.ts';
import '../../../../../words/cynosdb/recovery.en.json';

export const stepName = ({ step }: Pick<StepItem, 'step'>, t: Translate): string =>
  step === 'token' ? t('recovery.tokenStep') : step;

/** Who gives tokens. */
const metaText = ({ meta }: RecoveryModel, t: Translate): string =>
  meta === '' ? t('recovery.metadata') : meta;

const nodesText = (answered: readonly Answered[], t: Translate): string =>
  answered.length === 0
    ? t('recovery.nobody')
    : answered
        .map(({ group, nodes }) => {
          const names = nodes.length === 0 ? t('recovery.nobody') : nodes.join(t('list.comma'));
          return group === '' ? names : t('recovery.ofGroup', { group, nodes: names });
        })
        .join(t('list.semicolon'));

/** What a step came to, what it waits for, or what it will need. */
export function stepText(model: RecoveryModel, item: StepItem, t: Translate): string {
  switch (item.state) {
    case 'done':
      return resultText(model, item, t);
    case 'running':
    case 'stopped':
      return waitingText(model, item, t);
    case 'open':
      return item.need === 0 ? '' : t('recovery.needs', { need: item.need, of: item.of });
  }
}

function waitingText(model: RecoveryModel, item: StepItem, t: Translate): string {
  const { phase } = model;
  const { step, state, need, of } = item;
  const asks = state === 'running' ? phase : step === 'token' ? 'metadata' : 'replicas';
  if (asks === 'metadata' || need === 0) return t('recovery.waitsMeta', { meta: metaText(model, t) });
  if (asks === 'log') return t('recovery.waitsLog');
  return t('recovery.waitsReplicas', { need, of, answers: nodesText(item.answered, t) });
}

function resultText(model: RecoveryModel, item: StepItem, t: Translate): string {
  const { attempt, annulled } = model;
  if (attempt === null) return '';
  const { token, vclPrime, vdlPrime, startLsn, removed, filled } = attempt;
  const { step, need, of } = item;
  const nodes = nodesText(item.answered, t);
  switch (step) {
    case 'token':
      return t('recovery.gotToken', { token, meta: metaText(model, t) });
    case 'R1':
    case 'R2':
      return t('recovery.answered', { nodes, need, of });
    case 'R3':
      return t('recovery.computed', { vcl: vclPrime, vdl: vdlPrime });
    case 'R4':
      return annulled === null
        ? ''
        : t('recovery.annuls', { range: rangeText(annulled[0], annulled[1]), start: startLsn });
    case 'R5':
      return removed === 0
        ? t('recovery.historyNone', { nodes })
        : t('recovery.history', { nodes, count: removed });
    case 'R6':
      return filled === 0 ? t('recovery.filledNone') : t('recovery.filled', { count: filled });
    case 'R7':
      return t('recovery.opened', { nodes, vdl: startLsn });
  }
}

/** What keeps it from going on: the causes that stop it. */
export const causesText = ({ wait }: RecoveryModel, t: Translate): readonly string[] =>
  wait === null
    ? []
    : causeTexts(
        causesOf(wait).filter(({ stops }) => stops),
        t,
      );

interface Figure {
  readonly value: string;
  readonly note: string;
}

const fromKeys = {
  death: 'recovery.fromDeath',
  freeze: 'recovery.fromFreeze',
  cut: 'recovery.fromCut',
  fence: 'recovery.fromFence',
  handover: 'recovery.fromHandover',
  transfer: 'recovery.fromTransfer',
  start: 'recovery.fromStart',
} as const;
const sinceKeys = {
  death: 'recovery.sinceDeath',
  freeze: 'recovery.sinceFreeze',
  cut: 'recovery.sinceCut',
  fence: 'recovery.sinceFence',
  handover: 'recovery.sinceHandover',
  transfer: 'recovery.sinceTransfer',
  start: 'recovery.sinceStart',
} as const;

/** To the opening, and to the first commit. */
export function recoveryTimes(
  { toOpenUs, toCommitUs, lastsUs, outage }: RecoveryModel,
  t: Translate,
): readonly [open: Figure, commit: Figure] {
  const { since, writer } = outage;
  const from = t(fromKeys[since], { writer: writer ?? '' });
  return [
    toOpenUs === null
      ? { value: duration(lastsUs), note: t('recovery.soFar') }
      : { value: duration(toOpenUs), note: from },
    toCommitUs === null
      ? { value: '–', note: t('recovery.noCommit') }
      : { value: duration(toCommitUs), note: t('recovery.firstCommit') },
  ];
}

export function recoveryPoint({ outage }: RecoveryModel, t: Translate): Figure {
  const { lost, lastAcked, isLostAtLeast } = outage;
  const note =
    lastAcked >= 0
      ? t('recovery.rpoNote', { scn: groupDigits(lastAcked) })
      : t(isLostAtLeast ? 'recovery.rpoUnknown' : 'recovery.rpoNone');
  if (lost === null) return { value: '–', note: t('recovery.rpoLater') };
  if (isLostAtLeast && lost === 0) return { value: '–', note: t('recovery.rpoUnknown') };
  return { value: `${isLostAtLeast ? '≥ ' : ''}${groupDigits(lost)}`, note };
}

export function sinceText({ outage: { since, from, writer } }: RecoveryModel, t: Translate): string {
  return t(sinceKeys[since], { writer: writer ?? '', at: millis(from) });
}

/** In a choice: since when, and what began it. */
export const outageName = ({ since, writer, from }: OutageFrame, t: Translate): string =>
  t('recovery.ofChoice', { at: millis(from), from: t(fromKeys[since], { writer: writer ?? '' }) });

export function earlierText({ earlier, outage }: RecoveryModel, t: Translate): string {
  const count = earlier.length + outage.attemptsBefore;
  if (count === 0) return '';
  const list = earlier.map(({ steps, token, end }) =>
    t('recovery.endedAt', {
      step: stepName({ step: steps.at(-1)?.step ?? 'token' }, t),
      token: token < 0 ? '–' : token,
      why: t(`recovery.end.${end ?? 'down'}`),
    }),
  );
  return t('recovery.earlier', { count, list: list.join(t('list.comma')) });
}

/** A client's outcomes in short: those that there were. */
export function outcomeText(told: Omit<ClientOutcomes, 'client'>, t: Translate): string {
  const kinds = ['acknowledged', 'replayed', 'failed', 'unknown', 'waiting'] as const;
  return kinds
    .flatMap((kind) => (told[kind] === 0 ? [] : [`${told[kind]} ${t(`recovery.${kind}`)}`]))
    .join(t('list.comma'));
}

/** A time in a narrow place: one digit less than `duration`. */
export function shortDuration(us: number): string {
  if (us === 0) return '0 ms';
  if (us < 10_000) return `${(us / 1000).toFixed(1)} ms`;
  return us < 100_000 ? `${Math.round(us / 1000)} ms` : `${(us / 1_000_000).toFixed(1)} s`;
}

/** The step that runs, or in which the last attempt ended. */
export const currentStep = ({ steps }: RecoveryModel): StepItem | null =>
  steps.find(({ state }) => state === 'running' || state === 'stopped') ?? null;

/** No outage was seen; of which volume may not be known yet. */
export const noneText = (volume: string | undefined, t: Translate): string =>
  volume === undefined ? t('recovery.noneAtAll') : t('recovery.none', { volume });

export function describeRecovery(model: RecoveryModel, t: Translate): string {
  const [open] = recoveryTimes(model, t);
  const parts = [
    t('recovery.describe', {
      volume: model.volume,
      rto: `${open.value} (${open.note})`,
      lost: recoveryPoint(model, t).value,
    }),
  ];
  const current = currentStep(model);
  if (current !== null)
    parts.push(
      t('recovery.describeStep', {
        step: stepName(current, t),
        time: duration(current.tookUs ?? 0),
        what: [stepText(model, current, t), ...causesText(model, t)].join(t('list.comma')),
      }),
    );
  const next = nextText(model, t);
  if (next !== '') parts.push(next);
  if (model.state === 'down') parts.push(...causesText(model, t));
  return parts.join(' ');
}

/** Who recovers it next; empty: somebody does, or has. */
export function nextText({ state, successor, volume }: RecoveryModel, t: Translate): string {
  if (successor === null) return state === 'down' ? t('recovery.nobodyRecovers', { volume }) : '';
  const after = duration(successor.afterUs);
  return successor.kind === 'standby'
    ? t('recovery.standbyTakes', { volume, node: successor.node, after })
    : t('recovery.electionTakes', { volume, after });
}

/** A row of the table beside the drawing. */
export interface RecoveryRow {
  readonly key: string;
  readonly part: string;
  readonly what: string;
  readonly from: string;
  readonly took: string;
  readonly result: string;
}

const span = (from: number, to: number): Pick<RecoveryRow, 'from' | 'took'> => ({
  from: millis(from),
  took: millis(to - from),
});

export function tableRows(model: RecoveryModel, t: Translate): readonly RecoveryRow[] {
  const { outage, steps, lanes, clients, lastsUs } = model;
  const [open, commit] = recoveryTimes(model, t);
  const point = recoveryPoint(model, t);
  const none = { from: '', took: '' };
  return [
    {
      key: 'open',
      part: t('recovery.rtoOpen'),
      what: '',
      ...span(outage.from, outage.from + (model.toOpenUs ?? lastsUs)),
      result: `${open.value} ${open.note} · ${sinceText(model, t)}`,
    },
    {
      key: 'commit',
      part: t('recovery.rtoCommit'),
      what: '',
      ...(model.toCommitUs === null ? none : span(outage.from, outage.from + model.toCommitUs)),
      result: `${commit.value} ${commit.note}`,
    },
    { key: 'rpo', part: 'RPO', what: '', ...none, result: `${point.value} ${point.note}` },
    ...steps.map((item) => ({
      key: item.step,
      part: t('recovery.step'),
      what: stepName(item, t),
      ...(item.from === null ? none : span(item.from, item.from + (item.tookUs ?? 0))),
      result: stepText(model, item, t),
    })),
    ...lanes.flatMap(({ node, spans, downs }) => [
      ...spans.map(({ from, to, token }) => ({
        key: `${node} ${token} ${from}`,
        part: t('recovery.tokenStep'),
        what: node,
        ...span(from, to),
        result: String(token),
      })),
      ...downs.map(({ from, to }) => ({
        key: `${node} down ${from}`,
        part: t('recovery.tokenStep'),
        what: node,
        ...span(from, to),
        result: t('recovery.down'),
      })),
    ]),
    ...clients.map((told) => ({
      key: `client ${told.client}`,
      part: t('recovery.client'),
      what: told.client,
      ...none,
      result: t('recovery.told', { ...told }),
    })),
  ];
}
