// What a card at full size has beside marks and body, of each role: foot, note and alert. Loaded with the first card of that size.

import { Activity, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DriverView } from '../../../core/client/driver-view.ts';
import type { ComputeView } from '../../../core/compute/compute-view.ts';
import type { StoreView } from '../../../core/log-store/store-view.ts';
import type { MetaView } from '../../../core/pcs/pcs-view.ts';
import { duration } from '../../kit/format.ts';
import { Term } from '../../kit/term.tsx';
import { countHoles } from '../../model/node-facts.ts';
import type { RolePart } from '../stack-ui.ts';
import { ReaderFoot } from './reader-card.tsx';

export function StoreAlert({ view }: RolePart<StoreView>): ReactNode {
  const { holes } = countHoles(view);
  return holes === 0 ? null : (
    <span className="flex items-center gap-1 text-hole">
      <TriangleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
      <b>{holes}</b>
    </span>
  );
}

export function StoreFoot({ node: { disk }, view, t }: RolePart<StoreView>): ReactNode {
  const { holes, asked } = countHoles(view);
  return (
    <>
      {holes > 0 ? (
        <span className="text-hole">{t('holes.countAsked', { count: holes, asked })}</span>
      ) : (
        <Term of="unsynced">{t('card.diskPending', { count: disk?.pending ?? 0 })}</Term>
      )}
      {(disk?.volatileWrites ?? 0) > 0 && (
        <span className="text-wal">
          <Term of="unsynced">{t('card.volatile', { count: disk?.volatileWrites ?? 0 })}</Term>
        </span>
      )}
      <span className="flex-1" />
      <Term of="bootEpoch">{t('card.boot', { epoch: view.bootEpoch })}</Term>
    </>
  );
}

export const ComputeNote = ({ view, t }: RolePart<ComputeView>): ReactNode => (
  <span className="mono text-[12px] text-muted">
    <Term of="token">{t('token.value', { token: view.reader?.token ?? view.token })}</Term>
  </span>
);

export const ComputeFoot = ({ view, t }: RolePart<ComputeView>): ReactNode =>
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

export const MetaFoot = ({ view, t }: RolePart<MetaView>): ReactNode => (
  <>
    <span>
      {t('card.nodesUp', { count: view.nodes.filter(({ up }) => up).length, of: view.nodes.length })}
    </span>
    <span className="flex-1" />
    <Term of="map">{t('card.mapVersion', { version: view.mapVersion })}</Term>
  </>
);

export function DriverFoot({ view: { mapVersion, workloads }, t }: RolePart<DriverView>): ReactNode {
  const first = workloads[0];
  return (
    <>
      <Term of="map">{t('card.mapVersion', { version: mapVersion })}</Term>
      <span className="flex-1" />
      {first !== undefined && <Term of="think">{t('card.think', { time: duration(first.thinkUs) })}</Term>}
    </>
  );
}
