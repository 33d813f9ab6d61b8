// The compute node on the map: VDL, VCL and tail of its volume, and how much of the LAL window is in use. A reader's parts
// stand in reader-card.tsx.

import { Activity, SquarePen } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ComputeView } from '../../../core/compute/compute-view.ts';
import { Chip, hueStyle } from '../../kit/button.tsx';
import { Pair } from '../../kit/fact.tsx';
import { groupDigits } from '../../kit/format.ts';
import { Term, TermLabel } from '../../kit/term.tsx';
import type { RoleCard, RolePart } from '../stack-ui.ts';
import { ReaderBody, ReaderChip, ReaderFoot, readerIcon, readerMarks, spokenReader } from './reader-card.tsx';

type Part = RolePart<ComputeView>;

function Body({ view, t }: Part): ReactNode {
  const { recovery, tail, vdl, lal, reader } = view;
  if (reader) return <ReaderBody view={view} reader={reader} t={t} />;
  if (recovery !== null)
    return (
      <Pair label={t('recovery.stepShort', { step: recovery.step })}>
        {recovery.vdlPrime === null ? '' : `VDL′ ${recovery.vdlPrime}`}
      </Pair>
    );
  const used = Math.max(0, tail - vdl);
  return (
    <>
      <Pair label={t('card.lalWindow')} term="lal">{`${used} / ${lal}`}</Pair>
      <div className="bar mt-0.5" style={hueStyle('wal')}>
        <i style={{ width: `${Math.min(100, (used / Math.max(1, lal)) * 100)}%` }} />
      </div>
    </>
  );
}

const Foot = ({ view, t }: Part): ReactNode =>
  view.reader ? (
    <ReaderFoot view={view} reader={view.reader} t={t} />
  ) : (
    <>
      <Term of="transaction">{t('card.txActive', { count: view.activeTransactions })}</Term>
      <Term of="logBuffer">{t('card.logBuffer', { count: view.logBuffer })}</Term>
      <span className="flex-1" />
      <Activity size={16} strokeWidth={1.75} aria-hidden="true" />
    </>
  );

export const computeCard: RoleCard<ComputeView> = {
  role: 'compute',
  icon: SquarePen,
  iconOf: ({ mode }) => (mode === 'ro' ? readerIcon : SquarePen),
  place: 'upper',
  layer: 'compute',
  name: (view, t) => t(view?.reader ? 'role.reader' : 'role.compute'),
  spoken: ({ vdl, token, reader }, t) =>
    reader ? spokenReader(reader, t) : [`VDL ${vdl}`, t('token.value', { token })],
  marks: ({ vdl, vcl, tail, reader }, t) =>
    reader
      ? readerMarks(reader)
      : [
          { label: 'VDL', term: 'vdl', value: groupDigits(vdl) },
          { label: 'VCL', term: 'vcl', value: groupDigits(vcl) },
          { label: t('mark.tail'), term: 'tail', value: groupDigits(tail) },
        ],
  Chip: ({ view, t }) =>
    view.reader ? (
      <ReaderChip view={view} reader={view.reader} t={t} />
    ) : (
      <Chip>
        <TermLabel
          of={view.state === 'waiting' ? 'spare' : 'writer'}
          name={view.state === 'waiting' ? t('chip.spare') : 'rw'}
        />
      </Chip>
    ),
  Note: ({ view, t }) => (
    <span className="mono text-[12px] text-muted">
      <Term of="token">{t('token.value', { token: view.reader?.token ?? view.token })}</Term>
    </span>
  ),
  Body,
  Foot,
  details: async () => (await import('./compute-details.tsx')).computeDetails,
};
