// Below the drawing of the placement lens: the chosen group with its shards and what can be done to it, changes of members, nodes,
// and what drivers believe beside what is true.

import type { ReactNode } from 'react';
import { FaultButtons } from '../../../../faults/fault-buttons.tsx';
import { useT } from '../../../../i18n/i18n.ts';
import { groupDigits } from '../../../../kit/format.ts';
import { Muted, Section } from '../../../../lens/section.tsx';
import { DataTable } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { moveText, nodesIn, nodeText, placeText, shardText } from './describe.ts';
import type { DriverCopy, PlacementModel, PlacementRow } from './project.ts';

export function ChosenGroup({ row }: { readonly row: PlacementRow }): ReactNode {
  const t = useT();
  const { group, shards } = row;
  return (
    <Section title={t('placement.shardsOf', { group })} scrolls>
      <p className="text-[12px] leading-4">{placeText(row)}</p>
      <DataTable
        label={t('placement.shardsOf', { group })}
        rows={[...shards].reverse()}
        keyOf={({ id }) => id}
        columns={[
          [t('placement.shard'), ({ id }) => `s${id}`],
          [t('placement.extent'), (shard) => shardText(shard, t), 'mono'],
          [t('placement.tail'), ({ end }) => groupDigits(end < 0 ? row.tail : end - 1), 'n'],
        ]}
      />
      <FaultButtons subject={{ kind: 'group', id: group }} />
    </Section>
  );
}

export function Moves({ model }: { readonly model: PlacementModel }): ReactNode {
  const t = useT();
  const moving = model.rows.flatMap(({ group, move }) => (move === null ? [] : [{ group, move }]));
  return (
    <Section title={t('placement.movesTitle')} scrolls>
      {moving.length === 0 ? (
        <Muted>{t('placement.noMoves')}</Muted>
      ) : (
        <DataTable
          label={t('placement.movesTitle')}
          rows={moving}
          keyOf={({ group }) => group}
          attributes={({ group }) => ({ 'data-hover': hoverKey({ kind: 'group', id: group }) })}
          columns={[
            [t('placement.group'), ({ group }) => group],
            [t('placement.movesTitle'), ({ move }) => moveText(move, t), 'whitespace-normal'],
          ]}
        />
      )}
    </Section>
  );
}

export function Nodes({ model }: { readonly model: PlacementModel }): ReactNode {
  const t = useT();
  return (
    <Section title={t('placement.nodes')} scrolls>
      <DataTable
        label={t('placement.nodes')}
        rows={model.nodes}
        keyOf={({ id }) => id}
        attributes={({ id, status }) => ({
          'data-hover': hoverKey({ kind: 'node', id }),
          'aria-label': id,
          className: status === 'up' ? '' : 'text-muted',
        })}
        columns={[
          [t('placement.node'), ({ id }) => id],
          [t('placement.zone'), ({ zone }) => zone],
          [t('placement.state'), (node) => nodeText(node, t)],
          [t('placement.leads'), ({ leads }) => leads, 'n'],
          [t('placement.stores'), ({ replicas }) => replicas, 'n'],
          [t('placement.load'), ({ load }) => `${load.commits} · ${load.requests}`, 'n'],
        ]}
      />
    </Section>
  );
}

export function Drivers({ model }: { readonly model: PlacementModel }): ReactNode {
  const t = useT();
  const differences = ({ driver, missing }: DriverCopy): ReactNode => {
    const old = model.rows.flatMap((row) =>
      row.old.flatMap((one) =>
        one.driver === driver
          ? t('placement.oldRoute', {
              group: row.group,
              leader: one.leader ?? t('placement.nobody'),
              term: one.term,
              now: row.leader ?? t('placement.nobody'),
              nowTerm: row.term,
            })
          : [],
      ),
    );
    const parts = [...old, ...(missing > 0 ? [t('placement.unknown', { count: missing })] : [])];
    return parts.length === 0 ? t('placement.nothing') : parts.map((part) => <div key={part}>{part}</div>);
  };
  return (
    <Section title={t('placement.drivers')} scrolls>
      <DataTable
        label={t('placement.drivers')}
        rows={model.drivers}
        keyOf={({ driver }) => driver}
        attributes={({ driver }) => ({ 'data-hover': hoverKey({ kind: 'node', id: driver }) })}
        columns={[
          [t('placement.driver'), ({ driver }) => driver],
          [
            t('placement.copy'),
            ({ version }) => t('placement.copyOf', { version, now: model.mapVersion }),
            'n',
          ],
          [t('placement.state'), ({ isDoubted }) => t(isDoubted ? 'placement.doubted' : 'placement.trusted')],
          [t('placement.differs'), differences, 'whitespace-normal'],
        ]}
      />
    </Section>
  );
}

export const replicasText = (row: PlacementRow): string => nodesIn(row, 'replica').join(', ') || '–';
