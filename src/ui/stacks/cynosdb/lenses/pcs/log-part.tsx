// The log's side of the PCS lens: who leads and whether a majority can agree, the logs with the entry that is chosen, the members.

import type { ReactNode } from 'react';
import { useFrame } from '../../../../../state/frame-store.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { Button, EmptyState } from '../../../../kit/button.tsx';
import { groupDigits } from '../../../../kit/format.ts';
import { type LensState, PlotArea } from '../../../../lens/define-lens.tsx';
import { PlaceSlider } from '../../../../lens/place-slider.tsx';
import { Muted, Stepper } from '../../../../lens/section.tsx';
import { type Column, TableBeside } from '../../../../plot/data-table.tsx';
import { entryText, jointText, stateText } from './describe.ts';
import { MembersTable, Trials } from './members-part.tsx';
import { entryUnder, PcsPlot } from './pcs-plot.tsx';
import { cellAt, entryAt, type PcsModel } from './project.ts';

function State({ model }: { readonly model: PcsModel }): ReactNode {
  const t = useT();
  const commits = useFrame(({ frame }) => frame?.metrics.commits ?? 0);
  const joint = jointText(model, t);
  const to = model.leader?.log?.transferTo ?? null;
  const isSplit = model.state === 'split';
  return (
    <div className="px-4 py-1 text-[13px] leading-5" data-state={model.state}>
      <p className={isSplit ? 'border-l-[3px] border-fence bg-raised px-2' : ''}>
        {stateText(model, t)}
        {isSplit && <b className="font-semibold"> {t('pcs.commits', { count: groupDigits(commits) })}</b>}
      </p>
      <Progress model={model} />
      {joint !== '' && <p>{joint}</p>}
      {model.leader !== null && to !== null && <p>{t('pcs.transfer', { node: model.leader.node, to })}</p>}
    </div>
  );
}

/** How far the leader's metadata is, and what it has in hand. */
function Progress({ model: { leader, last } }: { readonly model: PcsModel }): ReactNode {
  const t = useT();
  const { view, log } = leader ?? {};
  if (!view || !log) return null;
  const { commit, mapVersion } = view;
  const { pending, queries } = log;
  return <Muted>{t('pcs.progress', { commit, last, mapVersion, pending, queries })}</Muted>;
}

interface ChosenProps {
  readonly model: PcsModel;
  /** Null: the newest. */
  readonly chosen: number | null;
  readonly onChoose: (index: number | null) => void;
  readonly onShow: (index: number) => void;
}

/** The entry in words, with ways to its neighbours and to the metadata that it made. */
function ChosenEntry({ model, chosen, onChoose, onShow }: ChosenProps): ReactNode {
  const t = useT();
  const index = chosen ?? model.last;
  const entry = entryAt(model, index);
  if (model.last === 0) return <p className="px-4 text-muted">{t('pcs.noEntry')}</p>;
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-1 text-[12px] leading-4">
      <Stepper
        at={index - 1}
        count={model.last}
        names={[t('pcs.before'), t('pcs.after'), t('pcs.place')]}
        onStep={(at) => onChoose(at + 1 >= model.last ? null : at + 1)}
      />
      <output aria-live="polite" className="min-w-0 flex-1 break-words">
        {entry === null
          ? t('pcs.inSnapshot', { index })
          : t('pcs.entryAt', { index, term: entry.term, what: entryText(entry, t) })}
      </output>
      <Button small look="line" onClick={() => onShow(index)}>
        {t('pcs.show')}
      </Button>
    </div>
  );
}

export function LogPart(props: ChosenProps & { readonly lens: LensState<PcsModel> }): ReactNode {
  const { model, chosen, onChoose, onShow, lens } = props;
  const t = useT();
  const { width, table } = lens;
  const index = chosen ?? model.last;
  const choose = (at: number): void => onChoose(at >= model.last ? null : at);
  const columns: readonly Column<number>[] = [
    [t('pcs.entry'), (at) => at, 'n'],
    [t('pcs.term'), (at) => entryAt(model, at)?.term ?? '–', 'n'],
    [
      t('pcs.what'),
      (at) => {
        const entry = entryAt(model, at);
        return entry === null ? '–' : entryText(entry, t);
      },
      'whitespace-normal',
    ],
    ...model.members.map(
      (member): Column<number> => [
        member.node,
        (at) => {
          const { entry, state } = cellAt(member, at);
          return entry === null ? t(`pcs.state.${state}`) : `t${entry.term} ${t(`pcs.state.${state}`)}`;
        },
      ],
    ),
  ];
  const listed = (): readonly number[] =>
    Array.from({ length: Math.max(0, model.last - model.first + 1) }, (_, i) => model.last - i);
  if (!model.isLoaded)
    return (
      <>
        <State model={model} />
        <EmptyState>{t('loading')}</EmptyState>
        <MembersTable model={model} />
      </>
    );
  return (
    <>
      <State model={model} />
      <PlotArea
        state={lens}
        className="px-4 pb-1"
        drawing={
          <PlaceSlider
            label={t('pcs.choose')}
            text={String(index)}
            at={index}
            first={model.first}
            last={model.last}
            className="cursor-pointer"
            onChoose={choose}
            onEnter={() => onShow(index)}
            onClick={(event) => {
              const box = event.currentTarget.getBoundingClientRect();
              const at = entryUnder(model, width, chosen, event.clientX - box.left);
              if (at !== null) choose(at);
            }}
          >
            <PcsPlot model={model} width={width} chosen={chosen} />
          </PlaceSlider>
        }
        still={(kept) => <PcsPlot model={kept} width={width} chosen={null} />}
      >
        <TableBeside
          shown={table}
          label={t('pcs.entries')}
          columns={columns}
          rows={listed}
          keyOf={(at) => at}
          onChoose={choose}
          buttonClass="min-h-6 min-w-6 underline"
        />
      </PlotArea>
      <ChosenEntry model={model} chosen={chosen} onChoose={onChoose} onShow={onShow} />
      <MembersTable model={model} />
      <Trials />
    </>
  );
}
