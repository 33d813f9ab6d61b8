// Lens 4.9 on screen: recovery time and recovery point, the film strip with the tokens below it, the steps with what blocks
// the running one, and the outcomes of client requests.

import { type ReactNode, useState } from 'react';
import { useFrame } from '../../../../../state/frame-store.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { Button, EmptyState } from '../../../../kit/button.tsx';
import { rangeText } from '../../../../kit/format.ts';
import { Select } from '../../../../kit/select.tsx';
import { useLab } from '../../../../lab-context.ts';
import { defineLens, type LensParts, type LensState, PlotArea } from '../../../../lens/define-lens.tsx';
import { useLensNeed, useLensSource } from '../../../../lens/lens-need.ts';
import { Figure, Muted, Section } from '../../../../lens/section.tsx';
import { VolumeChoice } from '../../../../lens/volume-choice.tsx';
import { computeOf } from '../../../../model/node-facts.ts';
import { attachmentAt } from '../../../../model/volumes.ts';
import { type Column, TableBeside } from '../../../../plot/data-table.tsx';
import {
  describeRecovery,
  earlierText,
  nextText,
  noneText,
  outageName,
  outcomeText,
  type RecoveryRow,
  recoveryPoint,
  recoveryTimes,
  tableRows,
} from './describe.ts';
import { ClassicBeside, HaPart } from './ha-part.tsx';
import { recoveryLegend } from './legend.ts';
import type { RecoveryModel } from './project.ts';
import { RecoveryPlot } from './recovery-plot.tsx';
import { RecoveryBlock, StepList } from './step-list.tsx';
import { useRecovery } from './use-recovery.ts';

function Numbers({ model }: { readonly model: RecoveryModel }): ReactNode {
  const t = useT();
  const { attempt, annulled } = model;
  const [open, commit] = recoveryTimes(model, t);
  const rpo = recoveryPoint(model, t);
  const figures = [
    [t('recovery.rtoOpen'), t('recovery.rtoOpenName'), open.value, open.note],
    [t('recovery.rtoCommit'), t('recovery.rtoCommitName'), commit.value, commit.note],
    ['RPO', t('recovery.rpoName'), rpo.value, rpo.note],
    [
      'VDL′',
      'VDL′',
      attempt?.vdlPrime ?? -1,
      annulled === null ? '' : t('recovery.vdlNote', { range: rangeText(annulled[0], annulled[1]) }),
    ],
  ] as const;
  return (
    <div className="marks">
      {figures.map(([label, name, value, note]) => (
        <Figure key={label} label={label} name={name} value={value} note={note} />
      ))}
    </div>
  );
}

function Clients({ model }: { readonly model: RecoveryModel }): ReactNode {
  const t = useT();
  const { clients, outage, told } = model;
  const { others } = outage;
  const isCut = useFrame(({ cluster }) => cluster?.placement !== undefined);
  const rows = others === null ? clients : [...clients, { client: t('recovery.others'), ...others }];
  return (
    <Section title={t('recovery.clients')}>
      {rows.length === 0 ? (
        <Muted>{t('recovery.noClients', { volume: model.volume })}</Muted>
      ) : (
        <>
          <p className="text-[12px] leading-4">{t('recovery.told', { ...told })}</p>
          <ul className="flex flex-wrap gap-x-3 text-[12px] leading-4">
            {rows.map((row) => (
              <li key={row.client}>
                <b className="font-semibold">{row.client}</b> {outcomeText(row, t)}
              </li>
            ))}
          </ul>
        </>
      )}
      {isCut && <Muted>{t('recovery.countedBy')}</Muted>}
    </Section>
  );
}

/** A planned transfer beside the outage before it. */
function OutageChoice({ model, onChoose }: ChoiceProps): ReactNode {
  const t = useT();
  if (model.all.length < 2) return null;
  return (
    <Select
      label={t('recovery.choice')}
      value={String(model.outage.from)}
      options={model.all.map((one) => ({ value: String(one.from), label: outageName(one, t) }))}
      onChange={(from) => onChoose(Number(from))}
    />
  );
}
interface ChoiceProps {
  readonly model: RecoveryModel;
  readonly onChoose: (from: number) => void;
}

/** No outage was seen: why it is empty, and what would fill it. */
function Nothing(): ReactNode {
  const t = useT();
  const lab = useLab();
  const source = useLensSource();
  const { cluster, nodes } = source ?? {};
  const writer = Object.values(nodes ?? {}).find((node) => {
    const view = computeOf(node);
    return view !== null && cluster !== undefined && attachmentAt(view, cluster.volume)?.state === 'open';
  });
  return (
    <EmptyState
      action={
        writer === undefined ? undefined : (
          <Button look="line" onClick={() => void lab.act(`crash ${writer.id}`)}>
            {t('recovery.crash', { node: writer.id })}
          </Button>
        )
      }
    >
      {noneText(cluster?.volume, t)}
    </EmptyState>
  );
}

function useRecoveryParts(lens: LensState<RecoveryModel>): LensParts<RecoveryModel> | null {
  const t = useT();
  const [chosen, setChosen] = useState<number | null>(null);
  const model = useRecovery(chosen);
  const volume = useLensSource()?.cluster.volume;
  const isThere = useFrame(({ frame }) => frame !== null);
  useLensNeed({ group: null, lsnWindow: null, span: 64, detail: false });
  if (!isThere) return null;
  if (model === null)
    return {
      keep: () => null,
      without: ['table', 'filter', 'frozen'],
      description: noneText(volume, t),
      body: (
        <>
          <div className="scope-bar">
            <VolumeChoice />
          </div>
          <Nothing />
          <HaPart />
        </>
      ),
    };
  const { table, width } = lens;
  const columns: readonly Column<RecoveryRow>[] = [
    [t('recovery.part'), ({ part }) => part],
    [t('recovery.what'), ({ what }) => what],
    [t('recovery.fromMs'), ({ from }) => from, 'n'],
    [t('recovery.tookMs'), ({ took }) => took, 'n'],
    [t('recovery.result'), ({ result }) => result, 'whitespace-normal'],
  ];
  const earlier = earlierText(model, t);
  const next = nextText(model, t);
  return {
    keep: () => model,
    without: ['filter'],
    description: describeRecovery(model, t),
    body: (
      <>
        <div className="scope-bar">
          <VolumeChoice />
          <OutageChoice model={model} onChoose={setChosen} />
        </div>
        <Numbers model={model} />
        <PlotArea
          state={lens}
          className="px-4 pb-1"
          drawing={<RecoveryPlot model={model} width={width} />}
          still={(kept) => <RecoveryPlot model={kept} width={width} />}
        >
          <TableBeside
            shown={table}
            label={t('lens.recovery')}
            columns={columns}
            rows={() => tableRows(model, t)}
            keyOf={({ key }) => key}
          />
        </PlotArea>
        <section className="px-4" aria-label={t('recovery.steps')}>
          {next !== '' && <p className="text-[12px] leading-4">{next}</p>}
          {(model.state === 'down' || model.state === 'ended') && <RecoveryBlock model={model} />}
          <StepList model={model} />
          {earlier !== '' && <Muted>{earlier}</Muted>}
        </section>
        <HaPart />
        <ClassicBeside model={model} />
        <Clients model={model} />
      </>
    ),
  };
}

export const RecoveryLens = defineLens<RecoveryModel>({
  legend: recoveryLegend,
  useParts: useRecoveryParts,
});
