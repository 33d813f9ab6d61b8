// The HA group below the recovery: who writes, who would be taken next and why, connections to the stores, and the classic switch
// beside ours, calculated.

import type { ReactNode } from 'react';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { duration, groupDigits } from '../../../../kit/format.ts';
import { useLensSource } from '../../../../lens/lens-need.ts';
import { Muted, Section } from '../../../../lens/section.tsx';
import { computeOf } from '../../../../model/node-facts.ts';
import { type Column, DataTable } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { type HaRow, projectHa, type SwitchRow, switchRows } from './ha-project.ts';
import type { RecoveryModel } from './project.ts';
import '../../../../../words/cynosdb/recovery.en.json';

function commandsText({ connections }: HaRow, t: Translate): string {
  const open = connections.filter(({ command }) => command === 'open');
  const [first] = open;
  const ended = connections.filter(({ command }) => command === 'ended');
  const parts = [
    ...(first === undefined
      ? []
      : [t('ha.open', { stores: open.map(({ store }) => store).join(t('list.comma')), token: first.token })]),
    ...ended.map(({ store, token, seen }) => t('ha.ended', { stores: store, token, seen })),
  ];
  return parts.length === 0 ? t('ha.none') : parts.join(t('list.semicolon'));
}

const readsText = ({ connections }: HaRow, t: Translate): string =>
  connections.length === 0 ? t('ha.none') : connections.map(({ store }) => store).join(t('list.comma'));

/** A writer applies nothing: what it has is all of the log, durable up to its VDL. */
export function appliedText({ part, applyLsn, vdl }: HaRow, t: Translate): string {
  if (part === 'writer') return vdl < 0 ? '–' : t('ha.vdl', { vdl: groupDigits(vdl) });
  return applyLsn < 0 ? '–' : groupDigits(applyLsn);
}

export function HaPart(): ReactNode {
  const t = useT();
  const source = useLensSource();
  const model = source == null ? null : projectHa(source.nodes, source.cluster.volume);
  if (model === null) return null;
  const columns: readonly Column<HaRow>[] = [
    [t('ha.node'), ({ node }) => node],
    [t('ha.part'), ({ part, up }) => `${t(`ha.${part}`)}${up ? '' : ` · ${t('ha.down')}`}`],
    [t('ha.priority'), ({ priority }) => priority ?? '–', 'n'],
    [t('ha.applied'), (row) => appliedText(row, t), 'n'],
    [t('ha.place'), ({ place }) => (place === 0 ? '–' : t('ha.placeOf', { place }))],
    [t('ha.commands'), (row) => commandsText(row, t), 'whitespace-normal'],
    [t('ha.reads'), (row) => readsText(row, t), 'whitespace-normal'],
  ];
  const title = t('ha.group', { volume: model.volume, token: model.token });
  return (
    <Section title={title} scrolls>
      <DataTable
        label={title}
        columns={columns}
        rows={model.rows}
        keyOf={({ node }) => node}
        attributes={({ node }) => ({
          'data-node': node,
          'data-hover': hoverKey({ kind: 'node', id: node }),
        })}
      />
      <Muted>{t('ha.why', { after: duration(model.failoverAfterUs) })}</Muted>
    </Section>
  );
}

const ms = (value: number | null): string => (value === null ? '–' : value.toFixed(1));

/** FENCE-51: both columns, of the recovery that is shown. */
export function ClassicBeside({ model }: { readonly model: RecoveryModel }): ReactNode {
  const t = useT();
  const source = useLensSource();
  if (source == null || projectHa(source.nodes, model.volume) === null || model.attempt === null) return null;
  const pages = Object.values(source.nodes).reduce(
    (most, node) => Math.max(most, computeOf(node)?.buffer.used ?? 0),
    0,
  );
  const rows = switchRows(model, pages);
  const sum = (pick: (row: SwitchRow) => number | null): number =>
    rows.reduce((total, row) => total + (pick(row) ?? 0), 0);
  const columns: readonly Column<SwitchRow | null>[] = [
    [t('ha.step'), (row) => (row === null ? t('ha.total') : t(`ha.${row.step}`)), 'whitespace-normal'],
    [t('ha.oursMs'), (row) => ms(row === null ? sum(({ ours }) => ours) : row.ours), 'n'],
    [t('ha.classicMs'), (row) => ms(row === null ? sum(({ classic }) => classic) : row.classic), 'n'],
  ];
  const title = t('ha.compare');
  return (
    <Section title={title}>
      <DataTable label={title} columns={columns} rows={[...rows, null]} keyOf={(row) => row?.step ?? 'all'} />
      <Muted>
        {t('ha.compareNote', { records: groupDigits(Math.max(0, model.attempt.vdlPrime)), pages })}
      </Muted>
    </Section>
  );
}
