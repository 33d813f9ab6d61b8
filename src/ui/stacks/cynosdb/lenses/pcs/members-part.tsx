// The members of the metadata's log as a table, and what to try at them: their loss is what the log is made for.

import type { ReactNode } from 'react';
import { FaultButtons } from '../../../../faults/fault-buttons.tsx';
import { useT } from '../../../../i18n/i18n.ts';
import { Section } from '../../../../lens/section.tsx';
import { type Column, DataTable } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { memberText, voteText } from './describe.ts';
import type { PcsMember, PcsModel } from './project.ts';

const pair = (a: number | undefined, b: number | undefined): string =>
  a === undefined ? '–' : `${a} / ${b}`;

export function MembersTable({ model }: { readonly model: PcsModel }): ReactNode {
  const t = useT();
  const next = ({ progress, isLeader, status }: PcsMember): string => {
    if (progress === null || isLeader) return '–';
    const { match, next: to, isActive } = progress;
    return `${match} → ${to}${isActive || status !== 'up' ? '' : ` (${t('pcs.silent')})`}`;
  };
  const columns: readonly Column<PcsMember>[] = [
    [t('pcs.node'), ({ node, isLeader }) => `${isLeader ? '★ ' : ''}${node}`],
    [t('pcs.role'), (member) => memberText(member, model, t)],
    [t('pcs.term'), ({ view }) => view?.term ?? '–', 'n'],
    [t('pcs.vote'), (member) => voteText(member, t)],
    [t('pcs.knows'), ({ view }) => view?.leader ?? '–'],
    [t('pcs.last'), ({ view }) => pair(view?.last, view?.durable), 'n'],
    [t('pcs.committed'), ({ view }) => pair(view?.commit, view?.applied), 'n'],
    [t('pcs.next'), next, 'n'],
    [
      t('pcs.timeout'),
      ({ log, status }) =>
        log === null || status !== 'up' || model.members.length < 2
          ? '–'
          : `${Math.round(log.timeoutUs / 1000)} ms`,
      'n',
    ],
  ];
  return (
    <Section title={t('pcs.members')} scrolls>
      <DataTable
        label={t('pcs.members')}
        columns={columns}
        rows={model.members}
        keyOf={({ node }) => node}
        attributes={({ node, status }) => ({
          'data-hover': hoverKey({ kind: 'node', id: node }),
          'aria-label': node,
          className: status === 'up' ? '' : 'text-muted',
        })}
      />
    </Section>
  );
}

/** Its entries of the menu of the cluster. */
const trials = ['pcs.crash', 'pcs.isolate', 'pcs.cut', 'pcs.alone', 'pcs.start', 'healAll'];

export function Trials(): ReactNode {
  const t = useT();
  return (
    <Section title={t('pcs.try')}>
      <FaultButtons subject={{ kind: 'world' }} only={trials} />
    </Section>
  );
}
