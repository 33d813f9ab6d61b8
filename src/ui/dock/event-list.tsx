// The run's events and their search, newest last, drawn only as far as they are on screen. Rank chooses how much is listed; choosing an
// event shows the run as it was then.

import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { ListedEvent } from '../../sim/frame.ts';
import { isLitEvent } from '../../state/highlight.ts';
import { usePicked } from '../../state/run-store.ts';
import { select, useAbout, useSelection } from '../../state/selection-store.ts';
import { useT } from '../i18n/i18n.ts';
import { groupDigits, millis } from '../kit/format.ts';
import { Select } from '../kit/select.tsx';
import { useLab } from '../lab-context.ts';
import { hoverKey } from '../selection/hover.ts';
import { SearchField } from '../time/search-field.tsx';
import { goToFound, useSearch } from '../time/search-store.ts';
import { eventText } from './event-text.ts';
import './texts.ts';

const rowHeight = 24;
/** Events kept in the list: the newest. */
const eventLimit = 2000;

const ranks = ['0', '1', '2', '3'] as const;
type RankText = (typeof ranks)[number];

function Row({ event }: { readonly event: ListedEvent }): ReactNode {
  const hot = event.rank === 3 ? 'font-semibold' : event.rank < 2 ? 'text-muted' : '';
  return (
    <>
      <span className="event-time mono flex-none text-right text-muted">{millis(event.at)}</span>
      <span className="w-[60px] flex-none truncate">{event.node}</span>
      <span className={`event-kind mono flex-none truncate ${hot}`}>{event.event.kind}</span>
      <span className="mono truncate text-muted">{eventText(event.event)}</span>
    </>
  );
}

export function EventList(): ReactNode {
  const t = useT();
  const lab = useLab();
  const { events: newest, total } = usePicked();
  const found = useSearch((state) => state.found);
  const at = useSearch((state) => state.at);
  const events = found ?? newest;
  const isFound = found !== null;
  const about = useAbout();
  const [rank, setRank] = useState<RankText>('2');
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    const chosen = ([0, 1, 2, 3] as const)[Number(rank)] ?? 2;
    lab.pickEvents(chosen, eventLimit);
    // What else draws from the picked events needs the meaningful ones.
    return () => lab.pickEvents(2, eventLimit);
  }, [lab, rank]);
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 4,
  });
  // Once the list is full its height stays: whoever is at its end stays there, and nothing has to be laid out for it.
  const { length } = events;
  useEffect(() => {
    const element = scroller.current;
    // More than there is to scroll: the browser stops at the end without being asked for its height first.
    if (element !== null && follows.current && length > 0 && !isFound)
      element.scrollTop = eventLimit * rowHeight;
  }, [length, isFound]);
  const show = useCallback((index: number): void => {
    const element = scroller.current;
    if (element === null) return;
    const top = index * rowHeight;
    const { scrollTop, clientHeight } = element;
    if (top < scrollTop || top + rowHeight > scrollTop + clientHeight)
      element.scrollTop = top - (clientHeight - rowHeight) / 2;
  }, []);
  const place = at === null ? -1 : events.findIndex((event) => event.index === at);
  useEffect(() => {
    if (place >= 0) show(place);
  }, [place, show]);
  // What is chosen elsewhere, the last cause of a value say, comes into sight once; whoever scrolls on is left alone.
  const chosen = useSelection(({ subject }) => (subject?.kind === 'event' ? subject.index : null));
  const chosenPlace = chosen === null ? -1 : events.findIndex((event) => event.index === chosen);
  const sought = useRef<number | null>(null);
  useEffect(() => {
    if (chosenPlace < 0 || sought.current === chosen) return;
    sought.current = chosen;
    follows.current = false;
    show(chosenPlace);
  }, [chosen, chosenPlace, show]);
  const current = at ?? chosen;
  return (
    <section aria-label={t('events.title')} className="flex h-full min-h-0 flex-col">
      <div className="flex h-10 flex-none items-center gap-3 border-b border-line px-3 text-[12px]">
        <Select
          label={t('events.rank')}
          value={rank}
          options={ranks.map((value) => ({ value, label: t(`rank.${value}`) }))}
          onChange={setRank}
        />
        <SearchField />
        <output aria-live="off" aria-label={t('events.total')} className="mono text-muted">
          {groupDigits(total)}
        </output>
      </div>
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={t('events.title')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="event-rows contain-strict min-h-0 flex-1 overflow-y-auto px-3"
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          follows.current = scrollHeight - scrollTop - clientHeight < rowHeight * 2;
        }}
      >
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map((item) => {
            const event = events[item.index];
            if (event === undefined) return null;
            return (
              <button
                type="button"
                // The row, not the event: a list that moves on writes other words into the rows it has.
                key={item.index}
                data-hover={hoverKey({ kind: 'event', index: event.index })}
                className={`absolute left-0 flex w-full items-center gap-2 rounded-control text-left text-[12px] leading-[24px] whitespace-nowrap hover:bg-raised ${isLitEvent(about, event) ? '' : 'dim'} ${event.index === current ? 'bg-raised font-semibold' : ''}`}
                style={{ top: item.start, height: rowHeight }}
                title={`${eventText(event.event)}\n${t('events.goTo')}`}
                aria-current={event.index === current}
                onClick={() => {
                  if (isFound) {
                    void goToFound(lab, event);
                    return;
                  }
                  select({ kind: 'event', index: event.index });
                  void lab.seek(event.at);
                }}
              >
                <Row event={event} />
              </button>
            );
          })}
        </div>
      </div>
    </section>
  );
}
