// Steps P1 to P6 of a promotion on screen: recovery times, the steps over time with the pages that were replayed and the commits, and the same
// steps as a table.

import { type ReactNode, useMemo, useState } from 'react';
import { time } from '../../../../../base/ids.ts';
import { useFrame } from '../../../../../state/frame-store.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { Button, EmptyState } from '../../../../kit/button.tsx';
import { groupDigits, millis } from '../../../../kit/format.ts';
import { Select } from '../../../../kit/select.tsx';
import { useLab } from '../../../../lab-context.ts';
import { type LensState, PlotArea } from '../../../../lens/define-lens.tsx';
import { PlaceSlider } from '../../../../lens/place-slider.tsx';
import { Figure, Muted } from '../../../../lens/section.tsx';
import { usePast } from '../../../../lens/use-past.ts';
import { computeOf } from '../../../../model/node-facts.ts';
import { type Column, TableBeside } from '../../../../plot/data-table.tsx';
import { lsnText } from './describe.ts';
import type { SharedModel, SharedSource } from './project.ts';
import {
  around,
  noneNeed,
  type Promotion,
  type PromotionModel,
  projectPromotion,
  promotionNeed,
  promotionsNeed,
  promotionsOf,
  type ReachedStep,
  reachedAt,
  recoveryTimes,
  replayedFor,
  stretchOf,
} from './promotion.ts';
import { CommitSwatch, PromotionPlot, ReplaySwatch } from './promotion-plot.tsx';
import '../../../../../words/polardb/shared.en.json';

/** Steps of every promotion of the run: there are few. */
const everUs = 1e12;

const noOutages = [] as const;

/** The one that is chosen, else the newest. */
function useChosen(all: readonly Promotion[], token: number | null): PromotionModel | null {
  const promotion = all.find((one) => one.token === token) ?? all[0] ?? null;
  const [first, last] = promotion === null ? [0, 0] : stretchOf(promotion);
  const end = last + around.after;
  const isOver = promotion !== null && reachedAt(promotion, 'P6') >= 0;
  const isPast = useFrame(({ frame }) => isOver && (frame?.time ?? 0) > end);
  const now = useFrame(({ frame }) => (isPast ? end : (frame?.time ?? 0)));
  const outages = useFrame(({ frame }) => frame?.outages ?? noOutages);
  const view = useFrame(({ nodes }) => computeOf(nodes[promotion?.node ?? ''])?.shared?.promotion ?? null);
  const span = end - first + around.before;
  const past = usePast(span, isPast ? end : null, promotion === null ? noneNeed : promotionNeed);
  return useMemo(
    () => (promotion === null ? null : projectPromotion(promotion, past?.events ?? [], outages, view, now)),
    [promotion, past, outages, view, now],
  );
}

function Numbers({ model }: { readonly model: PromotionModel }): ReactNode {
  const t = useT();
  const { open, commit } = recoveryTimes(model);
  const { lost, view } = model;
  const early = model.commits.filter(({ isEarly }) => isEarly);
  const from =
    lost === null
      ? ''
      : t(lost.isHandover ? 'shared.promote.fromHands' : 'shared.promote.from', { node: lost.node });
  const ms = (us: number): string => (us < 0 ? '–' : millis(us));
  const figures = [
    ['rtoOpen', ms(open), from],
    ['rtoCommit', ms(commit), from],
    ['onDemand', view?.onDemand ?? '–', t('shared.promote.onDemandNote')],
    ['inBackground', view?.inBackground ?? '–', t('shared.promote.inBackgroundNote')],
    [
      'early',
      early.length,
      early[0] === undefined
        ? t('shared.promote.noEarly')
        : t('shared.promote.earlyNote', { ms: millis(early[0].at) }),
    ],
  ] as const;
  return (
    <div className="marks">
      {figures.map(([key, value, note]) => (
        <Figure
          key={key}
          label={t(`shared.promote.${key}`)}
          name={t(`shared.promote.${key}`)}
          value={value}
          note={note}
        />
      ))}
    </div>
  );
}

function Verdict({ model }: { readonly model: PromotionModel }): ReactNode {
  const t = useT();
  const early = model.commits.filter(({ isEarly }) => isEarly);
  const [first] = early;
  const ended = reachedAt(model, 'P6');
  const text =
    first === undefined
      ? t(ended < 0 ? 'shared.promote.hasNoneNow' : 'shared.promote.hasNone')
      : ended < 0
        ? t('shared.promote.hasEarlyNow', { count: early.length })
        : t('shared.promote.hasEarly', {
            count: early.length,
            scn: lsnText(first.scn),
            ms: millis(ended - first.at),
          });
  return (
    <output
      aria-live="off"
      className={`my-1 block border-l-[3px] px-2 text-[13px] leading-5 ${first === undefined ? 'border-line text-muted' : 'border-ack bg-raised'}`}
    >
      {text}
    </output>
  );
}

/** The signs of the drawing that are in it. */
function ReplayLegend({ model: { replays, commits } }: { readonly model: PromotionModel }): ReactNode {
  const t = useT();
  const wanted = replayedFor.filter((one) => replays.some((replay) => replay.for === one));
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 pt-1 text-[12px] leading-[18px]">
      {wanted.map((one) => (
        <li key={one} className="flex items-center gap-1.5">
          <ReplaySwatch of={one} />
          {t(`shared.promote.for.${one}`)}
        </li>
      ))}
      {[true, false].map(
        (isEarly) =>
          commits.some((commit) => commit.isEarly === isEarly) && (
            <li key={String(isEarly)} className="flex items-center gap-1.5">
              <CommitSwatch isEarly={isEarly} />
              {t(isEarly ? 'shared.promote.isEarly' : 'shared.promote.isLate')}
            </li>
          ),
      )}
    </ul>
  );
}

interface StepsProps {
  readonly lens: LensState<SharedModel>;
  readonly model: PromotionModel;
}

function StepsOverTime({ lens, model }: StepsProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const [at, setAt] = useState<number | null>(null);
  const reached = model.steps.filter((step) => step.at >= 0);
  const place = at === null || at > reached.length ? reached.length : at;
  const chosen = reached[place - 1] ?? null;
  const said = ({ step, at: when }: ReachedStep): string =>
    `${step} ${t(`shared.promote.${step}`)}, ${millis(when)} ms`;
  const since = (when: number): string =>
    model.lost !== null && when >= 0 ? millis(when - model.lost.at) : '–';
  const columns: readonly Column<ReachedStep>[] = [
    [t('shared.promote.step'), ({ step }) => <b>{step}</b>],
    [t('shared.promote.what'), ({ step }) => t(`shared.promote.${step}`), 'whitespace-normal'],
    [t('shared.promote.at'), (step) => (step.at < 0 ? t('shared.promote.notYet') : millis(step.at)), 'n'],
    [
      t(model.lost?.isHandover ? 'shared.promote.sinceHands' : 'shared.promote.since'),
      (step) => since(step.at),
      'n',
    ],
    [t('shared.promote.lsn'), ({ lsn }) => lsnText(lsn), 'n'],
  ];
  const plot = (
    <PromotionPlot model={model} width={lens.width} chosen={chosen?.step ?? null} onChoose={setAt} />
  );
  return (
    <PlotArea
      state={{ ...lens, table: false }}
      className="overflow-x-auto px-4 pt-1.5 pb-2"
      drawing={
        <PlaceSlider
          label={t('shared.promote.axis')}
          text={chosen === null ? '–' : said(chosen)}
          at={place}
          first={1}
          last={reached.length}
          onChoose={setAt}
        >
          {plot}
        </PlaceSlider>
      }
      still={() => plot}
    >
      <ReplayLegend model={model} />
      {model.view !== null ? (
        <Muted>
          {t('shared.promote.progress', {
            from: groupDigits(model.view.redoStart),
            to: groupDigits(model.view.endLsn),
            done: groupDigits(model.view.bgReplayedLsn),
          })}
        </Muted>
      ) : (
        reachedAt(model, 'P6') >= 0 && <Muted>{t('shared.promote.gone', { node: model.node })}</Muted>
      )}
      <Verdict model={model} />
      {chosen !== null && (
        <p className="flex flex-wrap items-center gap-2 py-1 text-[13px] leading-5">
          {said(chosen)}
          <Button small look="line" onClick={() => void lab.seek(time(chosen.at + 1))}>
            {t('shared.time.go', { mark: chosen.step, ms: millis(chosen.at) })}
          </Button>
        </p>
      )}
      <TableBeside
        shown
        label={t('shared.promote.steps', { node: model.node })}
        box="overflow-x-auto"
        columns={columns}
        rows={() => model.steps}
        keyOf={({ step }) => step}
        attributes={({ step }) => ({
          'aria-label': step,
          ...(step === chosen?.step ? { className: 'bg-raised' } : {}),
        })}
      />
    </PlotArea>
  );
}

interface PartProps {
  readonly lens: LensState<SharedModel>;
  readonly source: SharedSource;
  readonly writer: string;
}

export function PromotionPart({ lens, source, writer }: PartProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const [token, setToken] = useState<number | null>(null);
  const past = usePast(everUs, null, promotionsNeed);
  const all = useMemo(() => promotionsOf(past?.events ?? []), [past]);
  const model = useChosen(all, token);
  if (past === null) return <EmptyState>{t('loading')}</EmptyState>;
  if (model === null)
    return (
      <EmptyState
        action={
          source.nodes[writer]?.status !== 'up' ? undefined : (
            <Button look="line" onClick={() => void lab.act(`crash ${writer}`)}>
              {t('shared.promote.crash', { node: writer })}
            </Button>
          )
        }
      >
        {source.nodes[writer]?.status === 'down'
          ? t('shared.promote.waits', { node: writer })
          : t('shared.promote.none')}
      </EmptyState>
    );
  return (
    <>
      {all.length > 1 && (
        <div className="px-4 pt-1">
          <Select
            label={t('shared.promote.choose')}
            value={String(model.token)}
            options={all.map((one) => ({
              value: String(one.token),
              label: t('shared.promote.name', { node: one.node, token: one.token }),
            }))}
            onChange={(next) => setToken(Number(next))}
          />
        </div>
      )}
      <Numbers model={model} />
      <StepsOverTime lens={lens} model={model} />
    </>
  );
}
