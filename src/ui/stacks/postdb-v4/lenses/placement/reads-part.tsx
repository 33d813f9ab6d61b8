// A read of several groups: which is chosen, who asks whom as a drawing, and what came from where as a table.

import { type ReactNode, useMemo, useState } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { Chip } from '../../../../kit/button.tsx';
import { duration, millis } from '../../../../kit/format.ts';
import { Select } from '../../../../kit/select.tsx';
import { Muted, Section } from '../../../../lens/section.tsx';
import { type PastNeed, usePast } from '../../../../lens/use-past.ts';
import { pageName } from '../../../../model/page-name.ts';
import { DataTable } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import type { PlacementModel } from './project.ts';
import {
  type GatheredRead,
  gatheredReads,
  type PlacedPart,
  placedParts,
  readKinds,
  readsBackUs,
} from './reads.ts';
import { ReadsPlot } from './reads-plot.tsx';
import '../../../../../words/postdb-v4/placement.en.json';

/** Reads that are offered. */
const most = 30;
const need: PastNeed = { minRank: 0, kinds: readKinds, withMessages: false };

interface PartsProps {
  readonly parts: readonly PlacedPart[];
}

function PartsTable({ parts }: PartsProps): ReactNode {
  const t = useT();
  const pagesOf = ({ pages }: PlacedPart): string =>
    pages.map((blockKey) => pageName(blockKey, [], t)).join(' ') || '–';
  return (
    <DataTable
      label={t('reads.table')}
      rows={parts}
      keyOf={({ relation }) => relation}
      attributes={({ group }) =>
        group === null ? {} : { 'data-hover': hoverKey({ kind: 'group', id: group }) }
      }
      columns={[
        [t('placement.keys'), ({ tablet }) => tablet, 'mono'],
        [t('placement.group'), ({ group }) => group ?? '–'],
        [t('placement.primary'), ({ from }) => (from === null || from === '' ? '–' : from)],
        [t('reads.point'), ({ from, readPoint }) => (from ? readPoint : '–'), 'n'],
        [t('reads.rowsHead'), ({ from, rows }) => (from === null ? '–' : rows), 'n'],
        [t('reads.pages'), pagesOf, 'mono whitespace-normal'],
      ]}
    />
  );
}

export function ReadsPart({
  model,
  width,
}: {
  readonly model: PlacementModel;
  readonly width: number;
}): ReactNode {
  const t = useT();
  const past = usePast(readsBackUs, null, need);
  const [chosen, setChosen] = useState<GatheredRead | null>(null);
  const reads = useMemo(
    () =>
      gatheredReads(past?.events ?? [])
        .slice(-most)
        .reverse(),
    [past],
  );
  // A chosen one stays, also where it lies further back by now.
  const read = chosen === null ? reads[0] : (reads.find(({ key }) => key === chosen.key) ?? chosen);
  const offers = chosen === null || reads.some(({ key }) => key === chosen.key) ? reads : [chosen, ...reads];
  const nameOf = ({ startedAt, session, node, parts }: GatheredRead): string =>
    t('reads.offer', { at: millis(startedAt), session, node, count: parts.length });
  const parts = read === undefined ? [] : placedParts(model, read);
  return (
    <Section title={t('reads.title')} scrolls>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2 text-[13px]">
        <Select
          label={t('reads.choose')}
          value={chosen?.key ?? ''}
          options={[
            { value: '', label: t('reads.newest') },
            ...offers.map((one) => ({ value: one.key, label: nameOf(one) })),
          ]}
          onChange={(key) => setChosen(offers.find((one) => one.key === key) ?? null)}
        />
        {read !== undefined && read.endedAt !== null && (
          <Chip {...(read.code === '' ? {} : { hue: 'fence' as const })}>
            {read.code === ''
              ? t('reads.answered', { time: duration(read.endedAt - read.startedAt) })
              : t('reads.refused', { code: read.code })}
          </Chip>
        )}
      </div>
      {read === undefined ? (
        <Muted>{t('reads.none', { ms: readsBackUs / 1000 })}</Muted>
      ) : (
        <>
          {chosen === null && <Muted>{nameOf(read)}</Muted>}
          <ReadsPlot read={read} parts={parts} width={width} />
          <PartsTable parts={parts} />
        </>
      )}
    </Section>
  );
}
