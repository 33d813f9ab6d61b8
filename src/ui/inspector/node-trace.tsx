// Trace tab: this node's events as far as they are kept, newest first; choosing one shows the run as it was.

import { type ReactNode, useMemo, useState } from 'react';
import { nodeId } from '../../base/ids.ts';
import { useT } from '../i18n/i18n.ts';
import { EmptyState } from '../kit/button.tsx';
import { filterOf } from '../kit/filter.ts';
import { millis } from '../kit/format.ts';
import { useLab } from '../lab-context.ts';
import { usePast } from '../lens/use-past.ts';
import { eventText } from '../model/event-text.ts';
import '../../words/inspector.en.json';

/** Rows drawn: the newest that match. */
const rowLimit = 200;
/** Virtual µs looked back. */
const backUs = 1_000_000;

export function NodeTrace({ id }: { readonly id: string }): ReactNode {
  const t = useT();
  const lab = useLab();
  const need = useMemo(() => ({ minRank: 1, kinds: null, withMessages: false, node: nodeId(id) }), [id]);
  const past = usePast(backUs, null, need);
  const [filter, setFilter] = useState('');
  const shown = useMemo(() => {
    const { isEmpty, matches } = filterOf(filter);
    return (past?.events ?? [])
      .filter(({ event }) => isEmpty || matches(`${event.kind} ${eventText(event)}`))
      .slice(-rowLimit)
      .reverse();
  }, [past, filter]);
  return (
    <>
      <input
        data-filter
        className="field field-small mb-2 w-full"
        aria-label={t('trace.filter')}
        placeholder={t('trace.filter')}
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
      />
      {past !== null && shown.length === 0 && (
        <EmptyState>{t(past.events.length === 0 ? 'trace.none' : 'trace.noHit')}</EmptyState>
      )}
      <ul>
        {shown.map((event) => (
          <li key={event.index}>
            <button
              type="button"
              className="flex h-6 w-full items-center gap-2 rounded-control text-left text-[12px] whitespace-nowrap hover:bg-raised"
              title={eventText(event.event)}
              onClick={() => void lab.seek(event.at)}
            >
              <span className="mono w-16 flex-none text-right text-muted">{millis(event.at)}</span>
              <span className="mono flex-none">{event.event.kind}</span>
              <span className="mono truncate text-muted">{eventText(event.event)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
