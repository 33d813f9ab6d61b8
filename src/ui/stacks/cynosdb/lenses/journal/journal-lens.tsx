// The journal lens on screen: which reader, its watermarks and counts, the pipeline with the table beside it, the run-time
// information, and all readers of the volume with what can be done to each.

import { type ReactNode, useMemo, useState } from 'react';
import { findPreset } from '../../../../../stacks/presets.ts';
import { useFrame } from '../../../../../state/frame-store.ts';
import { select } from '../../../../../state/selection-store.ts';
import { FaultButtons } from '../../../../faults/fault-buttons.tsx';
import { useT } from '../../../../i18n/i18n.ts';
import { Button, EmptyState } from '../../../../kit/button.tsx';
import { groupDigits } from '../../../../kit/format.ts';
import { Select } from '../../../../kit/select.tsx';
import { useLab } from '../../../../lab-context.ts';
import { defineLens, type LensParts, type LensState, PlotArea } from '../../../../lens/define-lens.tsx';
import { useLensNeed, useLensSource } from '../../../../lens/lens-need.ts';
import { Figure, Muted, Section } from '../../../../lens/section.tsx';
import { type PastNeed, usePast } from '../../../../lens/use-past.ts';
import { VolumeChoice } from '../../../../lens/volume-choice.tsx';
import { pageName } from '../../../../model/page-name.ts';
import { describeJournal, groupOfBlock } from './describe.ts';
import { JournalPlot } from './journal-plot.tsx';
import { JournalTable, namedBlocks, ReadersTable } from './journal-table.tsx';
import { PageJournal } from './page-journal-part.tsx';
import { type JournalModel, projectJournal, type ReaderRow } from './project.ts';
import { RuntimeCard } from './runtime-card.tsx';

const loadLegend = async () => (await import('./legend.ts')).journalLegend;

/** The preset that has readers. */
const readersPreset = 'cynosdb-ro';

/** Virtual µs that are looked back. */
const backUs = 200_000;
const releasedNeed: PastNeed = { minRank: 0, kinds: ['ro.released'], withMessages: false };

/** Faults of a reader that stand beside it. */
const readerActs = [
  'holdJournal',
  'releaseJournal',
  'cutJournal',
  'freeze',
  'resume',
  'revokeReader',
  'wipeDisk',
  'crash',
  'restart',
];

function Figures({ row }: { readonly row: ReaderRow }): ReactNode {
  const t = useT();
  const { node, view, lag } = row;
  const figures = [
    [t('journal.received'), '', view.receivedTo, t('journal.receivedNote')],
    ['applyLsn', 'applyLsn', view.applyLsn, t('journal.applyNote')],
    [t('journal.lag'), 'readerLag', lag, t('journal.lagNote')],
    [t('journal.applied'), '', view.counts.applied, t('journal.appliedNote')],
    [t('journal.skipped'), '', view.counts.skipped, t('journal.skippedNote')],
  ] as const;
  return (
    <div className="marks">
      {figures.map(([label, term, value, note]) => (
        <Figure
          key={label}
          label={label}
          term={term}
          name={t('watermark.of', { mark: label, what: node })}
          value={groupDigits(value)}
          note={note}
        />
      ))}
    </div>
  );
}

function NoReader(): ReactNode {
  const t = useT();
  const lab = useLab();
  const seed = useFrame((state) => state.frame?.seed ?? 7);
  return (
    <EmptyState>
      <span className="flex flex-wrap items-center gap-2">
        {t('journal.none')}
        {findPreset(readersPreset) !== null && (
          <Button small look="line" onClick={() => void lab.startRun({ preset: readersPreset, seed })}>
            {t('journal.start', { preset: readersPreset })}
          </Button>
        )}
      </span>
    </EmptyState>
  );
}

interface PipelineProps {
  readonly model: JournalModel;
  readonly row: ReaderRow;
  readonly lens: LensState<JournalModel>;
  readonly onReader: (node: string) => void;
}

function Pipeline({ model, row, lens, onReader }: PipelineProps): ReactNode {
  const t = useT();
  const { table, filter, width } = lens;
  const source = useLensSource();
  const nameOf = (blockKey: number): string => pageName(blockKey, model.tables, t);
  return (
    <>
      <div className="scope-bar">
        <VolumeChoice />
        <Select
          label={t('journal.reader')}
          value={row.node}
          options={model.rows.map(({ node }) => ({ value: node, label: node }))}
          onChange={onReader}
        />
      </div>
      <Figures row={row} />
      <PlotArea
        state={lens}
        node={row.node}
        drawing={<JournalPlot model={model} width={width} />}
        still={(kept) => <JournalPlot model={kept} width={width} />}
      >
        <JournalTable
          model={model}
          node={row.node}
          filter={filter}
          shown={table}
          nameOf={nameOf}
          onChoose={(blockKey) => select({ kind: 'page', group: groupOfBlock(model, blockKey), blockKey })}
        />
        {model.isLoaded && row.view.records === 0 && <Muted>{t('journal.empty')}</Muted>}
      </PlotArea>
      {source !== null && <PageJournal source={source} width={width} nameOf={nameOf} />}
      <Section title={t('journal.act', { node: row.node })} className="px-4 pb-3">
        <FaultButtons subject={{ kind: 'node', id: row.node }} only={readerActs} />
      </Section>
      <ReadersTable model={model} onChoose={onReader} />
      <RuntimeCard node={row.node} runtime={row.view.runtime} tables={model.tables} />
    </>
  );
}

function useJournal(lens: LensState<JournalModel>): LensParts<JournalModel> | null {
  const t = useT();
  const [reader, setReader] = useState<string | null>(null);
  const source = useLensSource();
  const past = usePast(backUs, null, releasedNeed);
  const { cluster, nodes } = source ?? {};
  const model = useMemo(
    () =>
      cluster === undefined || nodes === undefined
        ? null
        : projectJournal({ cluster, nodes }, reader, past?.events ?? []),
    [cluster, nodes, reader, past],
  );
  useLensNeed({ pages: true, log: true });
  if (model === null) return null;
  const { chosen } = model;
  return {
    keep: () => model,
    description: describeJournal(model, t),
    hits: namedBlocks(model, lens.filter, (key) => pageName(key, model.tables, t)).length,
    ...(chosen === null ? { without: ['table', 'filter', 'frozen'] as const } : {}),
    body:
      chosen === null ? (
        <NoReader />
      ) : (
        <Pipeline model={model} row={chosen} lens={lens} onReader={setReader} />
      ),
  };
}

export const JournalLens = defineLens<JournalModel>({ legend: loadLegend, useParts: useJournal });
