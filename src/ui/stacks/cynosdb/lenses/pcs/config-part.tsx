// Configuration and agents in the PCS lens (docs/spec/agents.md PCS-91, PCS-92, PCS-99), as the leader knows them: what is set, which version
// each node has and which drifted, what was refused and why, and what agents have answered.

import type { ReactNode } from 'react';
import type { AgentRow, AgentsView, AskView } from '../../../../../core/pcs/agents-view.ts';
import { FaultButtons } from '../../../../faults/fault-buttons.tsx';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { EmptyState } from '../../../../kit/button.tsx';
import { duration } from '../../../../kit/format.ts';
import { Muted, Section } from '../../../../lens/section.tsx';
import { joinNames } from '../../../../model/node-facts.ts';
import { DataTable } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import '../../../../../words/cynosdb/pcs.en.json';
import { MetricsPart } from './metrics-part.tsx';
import type { PcsModel } from './project.ts';

/** Its entries of the menu of the cluster. */
const trials = ['config.push', 'config.bad'];

/** How the agent stands to the newest version. */
export function standingText({ known, isCurrent }: AgentRow, t: Translate): string {
  if (known === null) return t('config.unheard');
  if (known.drift !== '') return t(`config.drift.${known.drift}`);
  if (!isCurrent) return t('config.behind');
  return known.drifted === '' ? t('config.current') : t('config.healed');
}

function Agents({ agents }: { readonly agents: AgentsView }): ReactNode {
  const t = useT();
  return (
    <Section title={t('config.agents')} scrolls>
      <DataTable
        label={t('config.agents')}
        columns={[
          [t('pcs.node'), ({ node }) => node],
          [t('pcs.version'), ({ known }) => known?.version ?? '–', 'n'],
          [t('config.standing'), (row) => standingText(row, t)],
          [t('config.waits'), ({ known }) => known?.waits.join(t('list.comma')) || '–', 'mono'],
          [
            t('config.heard'),
            ({ known }) => (known === null ? '–' : t('pcs.ago', { time: duration(known.ageUs) })),
            'n',
          ],
        ]}
        rows={agents.rows}
        keyOf={({ node }) => node}
        attributes={({ node, known, isCurrent }) => ({
          'data-hover': hoverKey({ kind: 'node', id: node }),
          'aria-label': node,
          className: isCurrent ? '' : known === null ? 'text-muted' : 'text-fence',
        })}
      />
    </Section>
  );
}

function Settings({ agents: { settings, version } }: { readonly agents: AgentsView }): ReactNode {
  const t = useT();
  return (
    <Section title={t('config.settings', { version })} scrolls>
      {settings.length === 0 ? (
        <Muted>{t('config.builtIn')}</Muted>
      ) : (
        <DataTable
          label={t('config.settings', { version })}
          columns={[
            [t('config.scope'), ({ scope }) => scope],
            [t('config.key'), ({ key }) => key, 'mono'],
            [t('config.value'), ({ value }) => value, 'mono'],
            [t('pcs.version'), (setting) => setting.version, 'n'],
          ]}
          rows={settings}
          keyOf={({ scope, key }) => `${scope} ${key}`}
        />
      )}
    </Section>
  );
}

function Refused({ agents: { refused } }: { readonly agents: AgentsView }): ReactNode {
  const t = useT();
  if (refused.length === 0) return null;
  return (
    <Section title={t('config.refused')} scrolls>
      <DataTable
        label={t('config.refused')}
        columns={[
          [t('config.scope'), ({ scope }) => scope],
          [t('config.key'), ({ key }) => key, 'mono'],
          [t('config.value'), ({ value }) => value, 'mono'],
          [t('config.why'), ({ code }) => code, 'mono'],
          [t('config.takes'), ({ range }) => range, 'whitespace-normal'],
        ]}
        rows={refused}
        keyOf={({ at, scope, key }) => `${at} ${scope} ${key}`}
      />
    </Section>
  );
}

function Ask({ ask: { at, command, answers, missing } }: { readonly ask: AskView }): ReactNode {
  const t = useT();
  const title = t('config.asked', { command, at: Math.round(at / 1000) });
  const rows = answers.flatMap(({ node, t: time, code, rows: lines }) =>
    code === ''
      ? lines.map(({ name, value }) => ({ node, time, name, value }))
      : [{ node, time, name: code, value: '' }],
  );
  return (
    <Section title={title} scrolls>
      {missing === null && <Muted>{t('config.asking')}</Muted>}
      {missing !== null && missing.length > 0 && (
        <p className="py-1 text-[12px] leading-4 text-fence">
          {t('config.missing', { nodes: joinNames(missing, t) })}
        </p>
      )}
      {rows.length > 0 && (
        <DataTable
          isExported
          label={title}
          columns={[
            ['ms', ({ time }) => (time / 1000).toFixed(3), 'n'],
            [t('pcs.node'), ({ node }) => node],
            [t('pcs.name'), ({ name }) => name, 'mono'],
            [t('config.value'), ({ value }) => value, 'mono'],
          ]}
          rows={rows}
          keyOf={({ node, name }) => `${node} ${name}`}
        />
      )}
    </Section>
  );
}

export function ConfigPart({ model }: { readonly model: PcsModel }): ReactNode {
  const t = useT();
  const agents = model.leader?.view?.agents ?? null;
  return (
    <>
      {agents === null ? (
        <EmptyState>{t(model.leader === null ? 'config.noLeader' : 'config.none')}</EmptyState>
      ) : (
        <>
          <Agents agents={agents} />
          <Settings agents={agents} />
          <Refused agents={agents} />
          {agents.version > 0 && <MetricsPart agents={agents} />}
          {agents.asks.map((ask) => (
            <Ask key={`${ask.at} ${ask.command} ${ask.nodes.join()}`} ask={ask} />
          ))}
        </>
      )}
      <Section title={t('pcs.try')}>
        <FaultButtons subject={{ kind: 'world' }} only={trials} />
      </Section>
    </>
  );
}
