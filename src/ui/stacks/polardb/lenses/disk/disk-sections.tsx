// Below the disk map: the directory tree, chunks and their servers, the journal with the heads of mounts; and LogIndex as a node has it.

import type { ReactNode } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { Muted, Section } from '../../../../lens/section.tsx';
import { whyText } from '../../../../model/plan-words.ts';
import { DataTable } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { nextSync } from './describe.ts';
import { JournalRing } from './disk-plot.tsx';
import { type DiskModel, ringUse } from './project.ts';

export function Chunks({ model }: { readonly model: DiskModel }): ReactNode {
  const t = useT();
  const { room } = model;
  const { free = 0, promised = 0, kept = 0 } = room ?? {};
  return (
    <Section title={t('disk.chunks')} scrolls>
      {room !== null && (
        <Muted>{t('disk.room', { free, promised, kept, left: Math.max(0, free - promised - kept) })}</Muted>
      )}
      {room !== null && room.what !== '' && <Muted>{t('disk.room.full')}</Muted>}
      <DataTable
        label={t('disk.chunks')}
        rows={model.chunks}
        keyOf={({ group }) => group}
        attributes={({ group }) => ({ 'aria-label': group })}
        columns={[
          [t('disk.chunk'), ({ index, group }) => `${index} (${group})`],
          [t('disk.leader'), ({ leader }) => leader ?? t('disk.nobody')],
          [t('disk.token'), ({ token }) => token, 'n'],
          [t('disk.free'), ({ free }) => free, 'n'],
          [
            t('disk.servers'),
            ({ servers }) =>
              servers
                .map(({ id, isUp, applied, commit, wanted }) => {
                  if (!isUp) return `${id} ${t('disk.down')}`;
                  const lacks = wanted === 0 ? '' : ` ${t('disk.lacks', { count: wanted })}`;
                  return `${id} ${applied}/${commit}${lacks}`;
                })
                .join(t('list.comma')),
            'mono',
          ],
        ]}
      />
    </Section>
  );
}

/** FS-76, FS-77. */
export function ChunkMoves({ model: { placement } }: { readonly model: DiskModel }): ReactNode {
  const t = useT();
  if (placement === null) return null;
  const { offline, moves, plan } = placement;
  const rows = [...moves, ...plan.map((op) => ({ ...op, phase: 'planned' as const }))];
  return (
    <Section title={t('disk.moves')} scrolls>
      <Muted>
        {offline.length === 0
          ? t('disk.moves.nobody')
          : t('disk.moves.drained', { nodes: offline.join(t('list.comma')) })}
      </Muted>
      {rows.length === 0 ? (
        <Muted>{t('disk.moves.none')}</Muted>
      ) : (
        <DataTable
          label={t('disk.moves')}
          rows={rows}
          keyOf={({ group, from, to, phase }) => `${group} ${from} ${to} ${phase === 'planned'}`}
          attributes={({ group }) => ({ 'aria-label': group })}
          columns={[
            [t('disk.chunk'), ({ group }) => group],
            [t('disk.moves.from'), ({ from }) => from ?? '–'],
            [t('disk.moves.to'), ({ to }) => to ?? '–'],
            [
              t('disk.moves.why'),
              ({ why, from, to }) => whyText(why, from ?? '', to ?? '', t),
              'whitespace-normal',
            ],
            [t('disk.moves.phase'), ({ phase }) => t(`disk.phase.${phase}`)],
          ]}
        />
      )}
    </Section>
  );
}

export function Journal({ model }: { readonly model: DiskModel }): ReactNode {
  const t = useT();
  const { leader } = model;
  return (
    <Section title={t('disk.journal')} scrolls>
      <Muted>
        {t('disk.ring', {
          tail: leader.tailTx + 1,
          head: leader.headTx,
          ...ringUse(leader),
          lsn: leader.headLsn,
        })}
      </Muted>
      <div className="flex flex-wrap items-center gap-4">
        <JournalRing model={model} />
        <DataTable
          caption={() => t('disk.heads')}
          label={t('disk.heads')}
          rows={model.heads}
          keyOf={({ node }) => node}
          attributes={({ node }) => ({
            'data-hover': hoverKey({ kind: 'node', id: node }),
            'aria-label': node,
          })}
          columns={[
            [t('disk.head.node'), ({ node }) => node],
            [t('disk.head.tx'), ({ headTx }) => headTx, 'n'],
            [t('disk.head.behind'), ({ headTx }) => Math.max(0, leader.headTx - headTx), 'n'],
            [t('disk.head.next'), (head) => nextSync(head, model, t)],
          ]}
        />
      </div>
    </Section>
  );
}
