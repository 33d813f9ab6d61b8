// Placement asked: a question by keys, node or group, and what the metadata that leads answers, as a table.

import { type ReactNode, useState } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { Select, type SelectOption } from '../../../../kit/select.tsx';
import { Muted, Section, SegmentChoice } from '../../../../lens/section.tsx';
import { DataTable } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { attachmentMark, nodesIn } from './describe.ts';
import type { PlacementModel } from './project.ts';
import { askPlacement, type PlacementQuery } from './query.ts';

const kinds = ['keys', 'node', 'group'] as const;

interface KeyProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const Key = ({ label, value, onChange }: KeyProps): ReactNode => (
  <label className="flex items-center gap-1.5">
    {label}
    <input
      className="field field-small mono w-24"
      maxLength={64}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  </label>
);

const named = (names: readonly string[]): readonly SelectOption<string>[] =>
  names.map((name) => ({ value: name, label: name }));

export function QueryPart({ model }: { readonly model: PlacementModel }): ReactNode {
  const t = useT();
  const [asked, setAsked] = useState<Partial<PlacementQuery>>({});
  const query: PlacementQuery = {
    by: 'keys',
    table: model.tables[0]?.name ?? '',
    from: '1',
    to: '',
    node: model.nodes[0]?.id ?? '',
    group: model.rows[0]?.group ?? '',
    ...asked,
  };
  const change = (part: Partial<PlacementQuery>): void => setAsked({ ...asked, ...part });
  const answers = askPlacement(model, query);
  const { source, mapVersion } = model;
  return (
    <Section title={t('placement.queryTitle')} scrolls>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2 text-[13px]">
        <SegmentChoice
          label={t('placement.queryBy')}
          values={kinds}
          value={query.by}
          nameOf={(kind) => t(`placement.query.${kind}`)}
          onChange={(by) => change({ by })}
        />
        {query.by === 'keys' && (
          <>
            <Select
              label={t('placement.queryTable')}
              value={query.table}
              options={named(model.tables.map(({ name }) => name))}
              onChange={(table) => change({ table })}
            />
            <Key label={t('placement.queryFrom')} value={query.from} onChange={(from) => change({ from })} />
            <Key label={t('placement.queryTo')} value={query.to} onChange={(to) => change({ to })} />
          </>
        )}
        {query.by === 'node' && (
          <Select
            label={t('placement.node')}
            value={query.node}
            options={named(model.nodes.map(({ id }) => id))}
            onChange={(node) => change({ node })}
          />
        )}
        {query.by === 'group' && (
          <Select
            label={t('placement.group')}
            value={query.group}
            options={named(model.rows.map(({ group }) => group))}
            onChange={(group) => change({ group })}
          />
        )}
      </div>
      <Muted>
        {source === null
          ? t('placement.noSource')
          : t('placement.queryAnswer', { ...source, map: mapVersion, count: answers.length })}
      </Muted>
      {answers.length > 0 && (
        <DataTable
          label={t('placement.queryTitle')}
          rows={answers}
          keyOf={({ id }) => id}
          attributes={({ row }) =>
            row === null ? {} : { 'data-hover': hoverKey({ kind: 'group', id: row.group }) }
          }
          columns={[
            [t('placement.keys'), ({ table, keys }) => `${table} ${keys}`, 'mono'],
            [t('placement.group'), ({ row }) => row?.group ?? t('placement.bare')],
            [
              t('placement.primary'),
              ({ row }) =>
                row === null ? '–' : `${row.leader ?? t('placement.nobody')} ${attachmentMark('primary')}`,
            ],
            [t('placement.term'), ({ row }) => row?.term ?? '–', 'n'],
            [t('placement.replica'), ({ row }) => (row === null ? '–' : nodesIn(row, 'replica').join(' '))],
            [
              t('placement.learner'),
              ({ row }) =>
                row === null ? '–' : nodesIn(row, 'learner', 'outgoing', 'leavingPrimary').join(' '),
            ],
            [t('placement.shards'), ({ row }) => row?.shards.length ?? 0, 'n'],
            [
              t('placement.epochs'),
              ({ row }) => (row === null ? '–' : `${row.memberEpoch} / ${row.geoEpoch}`),
              'n',
            ],
          ]}
        />
      )}
    </Section>
  );
}
