// Who the group's members are: its sets, the change that is open with its step and how far the new member is (WAL-62…71),
// and what the group still survives.

import type { ReactNode } from 'react';
import type { MembershipView } from '../../../../../core/kernel/membership.ts';
import type { BaseImageView } from '../../../../../core/log-store/store-view.ts';
import type { MoveView } from '../../../../../core/pcs/pcs-view.ts';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { Chip, ProgressBar } from '../../../../kit/button.tsx';
import { useLensSource } from '../../../../lens/lens-need.ts';
import { useSection } from '../../../../lens/use-section.ts';
import { moveOf } from '../../../../model/members.ts';
import { storeOf } from '../../../../model/node-facts.ts';
import type { WalModel } from './model.ts';
import { type Survival, survivalOf } from './survival.ts';
import '../../../../../words/cynosdb/wal.en.json';

function moveText({ from, to, isLost }: MoveView, t: Translate): string {
  const what = from === to ? t('walMembers.remade', { node: from }) : t('walMembers.move', { from, to });
  return isLost ? `${what} · ${t('walMembers.lost')}` : what;
}

interface MoveProps {
  readonly move: MoveView;
  readonly image: BaseImageView | null;
}

function Move({ move, image }: MoveProps): ReactNode {
  const t = useT();
  const { from, to, phase, acked, isComplete, target, scl } = move;
  const step = isComplete
    ? t('walMembers.complete')
    : t('walMembers.acked', { nodes: acked.join(t('list.comma')) || '–' });
  const words = t('walMembers.image', {
    base: image?.base ?? -1,
    peer: image?.peer ?? '',
    pages: image?.pages ?? 0,
    total: image?.total ?? 0,
  });
  const caught = t('walMembers.catchUp', { node: to, scl: scl ?? '–', target: target ?? '–' });
  return (
    <div className="mt-1 text-[13px] leading-5">
      <p>
        <b>{moveText(move, t)}</b> <Chip hue="ctl">{t(`walMembers.phase.${phase}`, { from, to })}</Chip>{' '}
        <span className="text-muted">{step}</span>
      </p>
      {image !== null && (
        <>
          <p className="mono text-[12px]">{words}</p>
          <ProgressBar label={words} done={image.pages} of={image.total} hue="hole" />
        </>
      )}
      {target !== null && (
        <>
          <p className="mono text-[12px]">{caught}</p>
          <ProgressBar label={caught} done={Math.max(0, scl ?? 0)} of={target} hue="hole" />
        </>
      )}
    </div>
  );
}

function Sets({ members }: { readonly members: MembershipView }): ReactNode {
  const t = useT();
  const { sets, learners, vw, vr } = members;
  return (
    <ul className="text-[12px] leading-5">
      {sets.map((set, i) => (
        <li key={set.join(' ')} className="mono">
          {t('walMembers.set', { nth: i + 1, nodes: set.join(t('list.comma')), vw, vr, count: set.length })}
        </li>
      ))}
      {learners.length > 0 && (
        <li className="mono">{t('walMembers.learners', { nodes: learners.join(t('list.comma')) })}</li>
      )}
    </ul>
  );
}

function Survives({
  survival,
  members,
  writer,
}: {
  readonly survival: Survival;
  readonly members: MembershipView;
  readonly writer: string;
}): ReactNode {
  const t = useT();
  const { reached, spareWrites, spareReads, zonesOut, writesWithoutZone, readsWithoutZoneAndOne } = survival;
  const numbers = { writer, reached, members: survival.members, vw: members.vw, vr: members.vr };
  return (
    <p className="flex flex-wrap gap-1.5 pt-1">
      {zonesOut.length > 0 && (
        <Chip hue="fence">{t('walMembers.zoneOut', { zones: zonesOut.join(t('list.comma')) })}</Chip>
      )}
      <Chip hue={spareWrites < 0 ? 'fence' : undefined}>
        {spareWrites < 0
          ? t('walMembers.writesStop', numbers)
          : t('walMembers.writes', { ...numbers, spare: spareWrites })}
      </Chip>
      <Chip hue={spareReads < 0 ? 'fence' : undefined}>
        {spareReads < 0
          ? t('walMembers.readsStop', numbers)
          : t('walMembers.reads', { ...numbers, spare: spareReads })}
      </Chip>
      <Chip hue={writesWithoutZone ? 'ack' : 'hole'}>
        {t(writesWithoutZone ? 'walMembers.zoneOk' : 'walMembers.zoneNo')}
      </Chip>
      <Chip hue={readsWithoutZoneAndOne ? 'ack' : 'hole'}>
        {t(readsWithoutZoneAndOne ? 'walMembers.plusOk' : 'walMembers.plusNo')}
      </Chip>
    </p>
  );
}

export function MemberFacts({ model }: { readonly model: WalModel }): ReactNode {
  const t = useT();
  const section = useSection('members');
  const source = useLensSource();
  if (source === null) return null;
  const { group, members, rows, reach, writer } = model;
  const move = moveOf(source, group);
  const image =
    move === null
      ? null
      : (storeOf(source.nodes[move.to])?.importing.find((one) => one.group === group) ?? null);
  const zones = new Map(rows.map(({ node, zone }) => [node, zone]));
  const survival = survivalOf(members, {
    reaches: (node) => reach(node) === 'reached',
    isDown: (node) => source.nodes[node]?.status !== 'up',
    zoneOf: (node) => zones.get(node) ?? '',
  });
  const title = t('walMembers.title', { group });
  return (
    <section ref={section} className="px-4 pb-2" aria-label={title}>
      <h3 className="heading">
        {title} <span className="font-normal">{t('walMembers.epoch', { epoch: members.memberEpoch })}</span>
      </h3>
      <Sets members={members} />
      {move !== null && <Move move={move} image={image} />}
      {rows
        .filter(({ list }) => list?.needBase === true)
        .map(({ node }) => (
          <p key={node} className="text-[12px] text-hole">
            {t('walMembers.needBase', { node })}
          </p>
        ))}
      <Survives survival={survival} members={members} writer={writer?.node ?? t('walMembers.writer')} />
    </section>
  );
}
