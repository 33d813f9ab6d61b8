// What moves, in the placement lens: changes under way with their reason and bars, what the planner would begin next and why, what it did,
// what is left on nodes that are drained, and a replica that a person moves.

import { type ReactNode, useState } from 'react';
import { groupId, nodeId } from '../../../../../base/ids.ts';
import { doAction } from '../../../../faults/do-action.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { Button, ProgressBar } from '../../../../kit/button.tsx';
import { bytesText, groupDigits, millis } from '../../../../kit/format.ts';
import { Select } from '../../../../kit/select.tsx';
import { useLab } from '../../../../lab-context.ts';
import { Muted, Section } from '../../../../lens/section.tsx';
import { whyText } from '../../../../model/plan-words.ts';
import { DataTable } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { moveText, nodesIn, outcomeText } from './describe.ts';
import { type RunningMove, targetsOf } from './operators.ts';
import type { PlacementModel, PlacementRow } from './project.ts';

const ofGroup = ({ group }: { readonly group: string }) => ({
  'data-hover': hoverKey({ kind: 'group', id: group }),
});

/** Pages of the base image while it is copied, then LSNs of those that it needs. */
function Bar({ running: { group, move, image } }: { readonly running: RunningMove }): ReactNode {
  const t = useT();
  const [done, of] =
    image === null ? [Math.max(0, move.scl ?? 0), move.target ?? 0] : [image.pages, image.total];
  const note =
    image === null
      ? of > 0
        ? t('work.lsns', { done: groupDigits(Math.min(done, of)), of: groupDigits(of) })
        : ''
      : t('placement.image', { pages: image.pages, total: image.total, bytes: bytesText(image.bytes) });
  return (
    <span className="flex items-center gap-2">
      <ProgressBar
        label={t('work.move', { group, from: move.from, to: move.to })}
        done={done}
        of={of}
        hue="hole"
        className="w-20 flex-none"
      />
      <span className="mono">{note}</span>
    </span>
  );
}

function Running({ model }: { readonly model: PlacementModel }): ReactNode {
  const t = useT();
  return (
    <Section title={t('placement.movesTitle')} scrolls>
      {model.running.length === 0 ? (
        <Muted>{t('placement.noMoves')}</Muted>
      ) : (
        <DataTable
          label={t('placement.movesTitle')}
          rows={model.running}
          keyOf={({ group }) => group}
          attributes={ofGroup}
          columns={[
            [t('placement.group'), ({ group }) => group],
            [t('placement.movesTitle'), ({ move }) => moveText(move, t), 'whitespace-normal'],
            [t('placement.copied'), (running) => <Bar running={running} />],
            [
              t('placement.why'),
              ({ why, move }) => (why === null ? '–' : whyText(why, move.from, move.to, t)),
              'whitespace-normal',
            ],
          ]}
        />
      )}
    </Section>
  );
}

function Planned({ model: { planned, isSettling } }: { readonly model: PlacementModel }): ReactNode {
  const t = useT();
  return (
    <Section title={t('placement.planTitle')} scrolls>
      {isSettling && <Muted>{t('placement.settling')}</Muted>}
      {planned === null || planned.length === 0 ? (
        <Muted>{t(planned === null ? 'placement.noPlanner' : 'placement.atRest')}</Muted>
      ) : (
        <DataTable
          label={t('placement.planTitle')}
          rows={planned}
          keyOf={({ group, why, to }) => `${group} ${why} ${to ?? ''}`}
          attributes={ofGroup}
          columns={[
            [t('placement.group'), ({ group }) => group],
            [
              t('placement.way'),
              ({ from, to }) => t('placement.moves', { from: from ?? '–', to: to ?? '–' }),
            ],
            [t('placement.scores'), ({ fromCost, toCost }) => `${fromCost ?? '–'} → ${toCost ?? '–'}`, 'n'],
            [t('placement.tolerance'), ({ tolerance }) => tolerance, 'n'],
            [
              t('placement.why'),
              ({ why, from, to }) => whyText(why, from ?? '', to ?? '', t),
              'whitespace-normal',
            ],
          ]}
        />
      )}
    </Section>
  );
}

/** Newest first. */
const pastShown = 12;

function Past({ model: { past } }: { readonly model: PlacementModel }): ReactNode {
  const t = useT();
  if (past.length === 0) return null;
  return (
    <Section title={t('placement.pastTitle')} scrolls>
      <DataTable
        label={t('placement.pastTitle')}
        rows={past.slice(-pastShown).reverse()}
        keyOf={({ key }) => key}
        attributes={ofGroup}
        columns={[
          [t('placement.at'), ({ at }) => millis(at), 'n'],
          [t('placement.group'), ({ group }) => group],
          [t('placement.way'), ({ from, to }) => t('placement.moves', { from, to })],
          [t('placement.outcome'), (one) => outcomeText(one, t)],
          [t('placement.copied'), ({ bytes }) => (bytes === 0 ? '–' : bytesText(bytes)), 'n'],
          [t('placement.why'), ({ why, from, to }) => whyText(why, from, to, t), 'whitespace-normal'],
        ]}
      />
    </Section>
  );
}

function Drains({ model: { drains } }: { readonly model: PlacementModel }): ReactNode {
  const t = useT();
  if (drains.length === 0) return null;
  return (
    <Section title={t('placement.drainTitle')} scrolls>
      <DataTable
        label={t('placement.drainTitle')}
        rows={drains}
        keyOf={({ node, group }) => `${node} ${group}`}
        attributes={ofGroup}
        columns={[
          [t('placement.node'), ({ node }) => node],
          [t('placement.group'), ({ group, isLeader }) => (isLeader ? `${group} ★` : group)],
          ['SCL / NWL', ({ scl, nwl }) => (scl < 0 ? '–' : `${groupDigits(scl)} / ${groupDigits(nwl)}`), 'n'],
          [t('placement.pages'), ({ pages }) => pages, 'n'],
          [t('placement.to'), ({ to }) => to ?? t('placement.waits')],
          [
            t('placement.replayed'),
            ({ to, toScl }) => (to === null || toScl < 0 ? '–' : groupDigits(toScl)),
            'n',
          ],
          [t('placement.step'), ({ phase }) => (phase === null ? '–' : t(`placement.phase.${phase}`))],
        ]}
      />
    </Section>
  );
}

export function Operators({ model }: { readonly model: PlacementModel }): ReactNode {
  return (
    <>
      <Running model={model} />
      <Drains model={model} />
      <Planned model={model} />
      <Past model={model} />
    </>
  );
}

/** A replica moved by a person: also by keyboard, where the drawing is dragged. */
export function MoveReplica({
  row,
  model,
}: {
  readonly row: PlacementRow;
  readonly model: PlacementModel;
}): ReactNode {
  const t = useT();
  const lab = useLab();
  const sources = nodesIn(row, 'primary', 'replica');
  const targets = targetsOf(model.nodes, row.attachments);
  const [wantedFrom, setFrom] = useState('');
  const [wantedTo, setTo] = useState('');
  const from = sources.find((id) => id === wantedFrom) ?? sources.at(-1) ?? '';
  const to = targets.find((id) => id === wantedTo) ?? targets[0] ?? '';
  const options = (ids: readonly string[]) => ids.map((value) => ({ value, label: value }));
  return (
    <fieldset
      className="mt-2 flex flex-wrap items-center gap-2"
      aria-label={t('placement.moveOf', { group: row.group })}
    >
      <Select label={t('placement.moveFrom')} value={from} options={options(sources)} onChange={setFrom} />
      <Select
        label={t('placement.moveTo')}
        value={to}
        options={options(targets)}
        onChange={setTo}
        disabled={targets.length === 0}
      />
      <Button
        small
        look="line"
        disabled={row.move !== null || from === '' || to === ''}
        onClick={() => void moveReplica(lab, row.group, from, to)}
      >
        {t('placement.move')}
      </Button>
      <Muted>{t(targets.length === 0 ? 'placement.noTarget' : 'placement.moveHint')}</Muted>
    </fieldset>
  );
}

export const moveReplica = (
  lab: ReturnType<typeof useLab>,
  group: string,
  from: string,
  to: string,
): Promise<boolean> =>
  doAction(lab, { kind: 'moveReplica', node: nodeId(from), to: nodeId(to), group: groupId(group) });
