// Metrics as a node's agent last reported them to the leader (docs/spec/agents.md PCS-95), each with its unit.

import { type ReactNode, useState } from 'react';
import { metricSpec } from '../../../../../core/kernel/metrics.ts';
import type { AgentsView } from '../../../../../core/pcs/agents-view.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { named } from '../../../../i18n/sentence.ts';
import { duration } from '../../../../kit/format.ts';
import { Select } from '../../../../kit/select.tsx';
import { Muted, Section } from '../../../../lens/section.tsx';
import { DataTable } from '../../../../plot/data-table.tsx';
import '../../../../../words/cynosdb/pcs.en.json';

export function MetricsPart({ agents: { rows } }: { readonly agents: AgentsView }): ReactNode {
  const t = useT();
  const [chosen, setChosen] = useState('');
  const row = rows.find(({ node }) => node === chosen) ?? rows.find(({ measured }) => measured !== null);
  if (row === undefined) return null;
  const { node, measured } = row;
  return (
    <Section title={t('config.metrics')} scrolls>
      <div className="flex flex-wrap items-center gap-3 py-1">
        <Select
          label={t('pcs.node')}
          value={String(node)}
          options={rows.map((one) => ({ value: String(one.node), label: one.node }))}
          onChange={setChosen}
        />
        <Muted>
          {measured === null
            ? t('config.unmeasured')
            : named(t('config.heard'), t('pcs.ago', { time: duration(measured.ageUs) }), t)}
        </Muted>
      </div>
      {measured !== null && (
        <DataTable
          isExported
          label={t('config.metrics')}
          columns={[
            [t('config.metric'), ({ name }) => name, 'mono'],
            [t('config.of'), ({ of }) => of || '–', 'mono'],
            [t('config.value'), ({ value }) => value, 'n'],
            [t('config.unit'), ({ name }) => metricSpec(name)?.unit ?? '–'],
            [
              t('config.metricKind'),
              ({ name }) => t(metricSpec(name)?.isCounter === true ? 'config.counter' : 'config.gauge'),
            ],
          ]}
          rows={measured.metrics}
          keyOf={({ name, of }) => `${name} ${of}`}
        />
      )}
    </Section>
  );
}
