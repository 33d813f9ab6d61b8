// The members of the metadata's log as a table, and what to try at them: their loss is what the PCS is made for.

import type { ReactNode } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { Button } from '../../../../kit/button.tsx';
import { showToast } from '../../../../kit/toast.ts';
import { useLab } from '../../../../lab-context.ts';
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
    <Section title={t('pcs.members')} className="overflow-x-auto px-4 pb-2">
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

interface Trial {
  readonly text: string;
  readonly lines: readonly string[];
}

/** Faults at who leads, at a link, at the majority; and what ends them. */
function useTrials({ leader, members }: PcsModel): readonly Trial[] {
  const t = useT();
  const down = members.filter(({ status }) => status === 'down').map(({ node }) => node);
  const up = members.filter(({ status }) => status === 'up').map(({ node }) => node);
  const followers = up.filter((node) => node !== leader?.node);
  const [first, ...others] = followers;
  const trials: Trial[] = [];
  if (leader !== null) {
    const { node, cutFrom } = leader;
    const rest = members.map((member) => member.node).filter((other) => other !== node);
    trials.push({ text: t('pcs.tryCrash', { node }), lines: [`crash ${node}`] });
    if (first !== undefined && cutFrom.length === 0) {
      trials.push({ text: t('pcs.tryIsolate', { node }), lines: [`cut ${node} | ${rest.join(' ')}`] });
      trials.push({ text: t('pcs.tryCut', { a: node, b: first }), lines: [`cut ${node} | ${first}`] });
    }
    if (others.length > 0 && down.length === 0)
      trials.push({
        text: t('pcs.tryMinority', { node }),
        lines: followers.map((follower) => `crash ${follower}`),
      });
  }
  for (const node of down) trials.push({ text: t('pcs.tryRestart', { node }), lines: [`restart ${node}`] });
  if (members.some(({ cutFrom }) => cutFrom.length > 0))
    trials.push({ text: t('pcs.tryHeal'), lines: ['healAll'] });
  return trials;
}

export function Trials({ model }: { readonly model: PcsModel }): ReactNode {
  const t = useT();
  const lab = useLab();
  const trials = useTrials(model);
  const act = async (lines: readonly string[]): Promise<void> => {
    for (const line of lines) {
      const result = await lab.act(line);
      if (!result.ok) return showToast({ kind: 'error', text: result.error });
    }
  };
  return (
    <Section title={t('pcs.try')}>
      <div className="flex flex-wrap gap-2" data-leader={model.leader?.node}>
        {trials.map(({ text, lines }) => (
          <Button key={text} small look="line" onClick={() => void act(lines)}>
            {text}
          </Button>
        ))}
      </div>
    </Section>
  );
}
