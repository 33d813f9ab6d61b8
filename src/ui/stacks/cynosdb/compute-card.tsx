// The compute node on the map: VDL, VCL and tail of its volume, and how much of the LAL window is in use.

import { Activity, SquarePen } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ComputeView } from '../../../core/compute/compute-view.ts';
import { Chip, hueStyle } from '../../kit/button.tsx';
import { Pair } from '../../kit/fact.tsx';
import { groupDigits } from '../../kit/format.ts';
import type { RoleCard, RolePart } from '../stack-ui.ts';

type Part = RolePart<ComputeView>;

function Body({ view, t }: Part): ReactNode {
  const { recovery, tail, vdl, lal } = view;
  if (recovery !== null)
    return (
      <Pair label={t('recovery.stepShort', { step: recovery.step })}>
        {recovery.vdlPrime === null ? '' : `VDL′ ${recovery.vdlPrime}`}
      </Pair>
    );
  const used = Math.max(0, tail - vdl);
  return (
    <>
      <Pair label={t('card.lalWindow')}>{`${used} / ${lal}`}</Pair>
      <div className="bar mt-0.5" style={hueStyle('wal')}>
        <i style={{ width: `${Math.min(100, (used / Math.max(1, lal)) * 100)}%` }} />
      </div>
    </>
  );
}

const Foot = ({ view, t }: Part): ReactNode => (
  <>
    <span>{t('card.txActive', { count: view.activeTransactions })}</span>
    <span>{t('card.logBuffer', { count: view.logBuffer })}</span>
    <span className="flex-1" />
    <Activity size={16} strokeWidth={1.75} aria-hidden="true" />
  </>
);

export const computeCard: RoleCard<ComputeView> = {
  role: 'compute',
  icon: SquarePen,
  place: 'upper',
  layer: 'compute',
  name: (_, t) => t('role.compute'),
  spoken: ({ vdl, token }, t) => [`VDL ${vdl}`, t('token.value', { token })],
  marks: ({ vdl, vcl, tail }, t) => [
    { label: 'VDL', value: groupDigits(vdl) },
    { label: 'VCL', value: groupDigits(vcl) },
    { label: t('mark.tail'), value: groupDigits(tail) },
  ],
  Chip: ({ view, t }) => <Chip>{view.state === 'waiting' ? t('chip.spare') : 'rw'}</Chip>,
  Note: ({ view }) => <span className="mono text-[12px] text-muted">{`token ${view.token}`}</span>,
  Body,
  Foot,
  details: async () => (await import('./compute-details.tsx')).computeDetails,
};
