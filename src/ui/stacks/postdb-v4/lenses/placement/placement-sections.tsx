// Below the drawing of the placement lens: the chosen group with its shards and what can be done to it, nodes, and what drivers believe
// beside what is true.

import type { ReactNode } from 'react';
import { FaultButtons } from '../../../../faults/fault-buttons.tsx';
import { t, useT } from '../../../../i18n/i18n.ts';
import { groupDigits } from '../../../../kit/format.ts';
import { Section } from '../../../../lens/section.tsx';
import { DataTable } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { nodesIn, nodeText, placeText, reportedText, shardText } from './describe.ts';
import { MoveReplica } from './operator-sections.tsx';
import type { DriverCopy, PlacementModel, PlacementRow } from './project.ts';

export function ChosenGroup({
  row,
  model,
}: {
  readonly row: PlacementRow;
  readonly model: PlacementModel;
}): ReactNode {
  const t = useT();
  const { group, shards } = row;
  return (
    <Section title={t('placement.shardsOf', { group })} scrolls>
      <p className="text-[12px] leading-4">
        {row.reported === null
          ? placeText(row)
          : `${placeText(row)} · ${t('placement.reported')} ${reportedText(row)}`}
      </p>
      <DataTable
        label={t('placement.shardsOf', { group })}
        rows={[...shards].reverse()}
        keyOf={({ id }) => id}
        columns={[
          [t('placement.shard'), ({ id }) => `s${id}`],
          [t('placement.extent'), (shard) => shardText(shard, t), 'mono'],
          [t('placement.lsns'), ({ first, end }) => groupDigits((end < 0 ? row.tail + 1 : end) - first), 'n'],
          [t('placement.tail'), ({ end }) => groupDigits(end < 0 ? row.tail : end - 1), 'n'],
        ]}
      />
      <FaultButtons subject={{ kind: 'group', id: group }} />
      <MoveReplica row={row} model={model} />
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
          [
            t('placement.score'),
            ({ cost, leaderCost }) => (cost === null ? '–' : `${cost} · ${leaderCost}`),
            'n',
          ],
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
      {model.drivers.map(({ driver, routes }) => (
        <DataTable
          key={driver}
          label={t('placement.copyTitle', { driver })}
          rows={routes}
          keyOf={({ group }) => group}
          attributes={({ group }) => ({ 'data-hover': hoverKey({ kind: 'group', id: group }) })}
          columns={[
            [t('placement.copyTitle', { driver }), ({ group }) => group],
            [t('placement.primary'), ({ leader }) => leader ?? t('placement.nobody')],
            [t('placement.term'), ({ term }) => term, 'n'],
            [t('placement.epochs'), ({ memberEpoch, geoEpoch }) => `${memberEpoch} / ${geoEpoch}`, 'n'],
            [t('placement.state'), ({ isTrue }) => t(isTrue ? 'placement.asItIs' : 'placement.isOld')],
          ]}
        />
      ))}
    </Section>
  );
}

export const replicasText = (row: PlacementRow): string =>
  nodesIn(row, 'replica').join(t('list.comma')) || '–';
