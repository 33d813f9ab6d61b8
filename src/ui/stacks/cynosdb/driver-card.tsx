// The driver on the map: outcomes of its statements, the oldest one that waits, its shard map.

import { CircleX, Terminal } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DriverView } from '../../../core/client/driver-view.ts';
import { Chip } from '../../kit/button.tsx';
import { duration, groupDigits } from '../../kit/format.ts';
import { late } from '../late-part.tsx';
import type { RoleCard, RolePart } from '../stack-ui.ts';

type Part = RolePart<DriverView>;

const parts = () => import('./detail-parts.tsx');

/** While nothing waits: what a client was answered last that was an error. */
function LastError({ view: { errors }, t }: Pick<Part, 'view' | 't'>): ReactNode {
  const last = errors[0];
  if (last === undefined) return <span className="text-muted">{t('card.nothingWaits')}</span>;
  const { session, sqlstate, message, agoUs } = last;
  return (
    <>
      <div className="flex items-center gap-1.5">
        <CircleX size={16} strokeWidth={1.75} aria-hidden="true" className="flex-none" />
        <span className="min-w-0 truncate" title={t('card.lastError', { session, sqlstate })}>
          {t('card.lastError', { session, sqlstate })}
        </span>
        <span className="mono text-muted">{t('card.ago', { time: duration(agoUs) })}</span>
      </div>
      <div className="mono truncate text-muted" title={message}>
        {message}
      </div>
    </>
  );
}

function Body({ view, t }: Part): ReactNode {
  const { waiting } = view;
  const oldest = waiting[0];
  if (oldest === undefined) return <LastError view={view} t={t} />;
  return (
    <>
      <div className="flex items-center gap-1.5">
        <span className="min-w-0 truncate" title={t('statements.waiting', { count: waiting.length })}>
          {t('statements.waiting', { count: waiting.length })}
        </span>
        <span className="mono text-muted">{duration(oldest.sinceUs)}</span>
      </div>
      <div className="mono truncate text-muted" title={oldest.text}>
        {oldest.text}
      </div>
    </>
  );
}

export const driverCard: RoleCard<DriverView> = {
  role: 'driver',
  icon: Terminal,
  place: 'sideTop',
  layer: 'control',
  name: (_, t) => t('role.driver'),
  spoken: ({ ok }, t) => [t('driver.okCount', { count: ok })],
  marks: ({ ok, failed, unknown }, t) => [
    { label: t('outcome.ok'), term: 'outcome', value: groupDigits(ok) },
    { label: t('outcome.failed'), term: 'outcome', value: String(failed), alert: failed > 0 },
    { label: t('outcome.unknown'), term: 'outcome', value: String(unknown), alert: unknown > 0 },
  ],
  plain: ({ ok }, t) => ({ label: t('card.answered'), term: 'outcome', value: groupDigits(ok) }),
  Strip: ({ view: { waiting, errors }, t }) => {
    const words = waiting[0]?.text ?? errors[0]?.message;
    // A statement may be cut, a word of the lab's may not.
    if (words === undefined) return <span className="text-muted">{t('card.nothingWaits')}</span>;
    return (
      <div className="mono truncate text-muted" title={words}>
        {words}
      </div>
    );
  },
  Chip: ({ view, t }) =>
    view.retrying > 0 ? (
      <Chip hue="hole">{t('chip.retrying')}</Chip>
    ) : (
      <Chip>{t('clients.count', { count: view.clients })}</Chip>
    ),
  Body,
  Foot: late(async () => (await parts()).DriverFoot),
  details: async () => (await import('./driver-details.tsx')).driverDetails,
};
