// The run's events and their search, newest last, drawn only as far as they are on screen. Rank chooses how much is listed; choosing an
// event shows the run as it was then. An event that is chosen elsewhere comes into the list, however old it is.

import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { ListedEvent } from '../../run-model/picture/frame.ts';
import { useFrame } from '../../state/frame-store.ts';
import { isLitEvent } from '../../state/highlight.ts';
import { listRowHeight } from '../../state/pointer.ts';
import { usePicked } from '../../state/run-store.ts';
import { select, useSelectionScope } from '../../state/selection-store.ts';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { groupDigits, millis } from '../kit/format.ts';
import { Select } from '../kit/select.tsx';
import { useLab } from '../lab-context.ts';
import { eventText } from '../model/event-text.ts';
import { hoverKey } from '../selection/hover.ts';
import { eventWords } from '../story/event-words.ts';
import { SearchField } from '../time/search-field.tsx';
import { goToFound } from '../time/search-store.ts';
import { type ShownEvents, useShownEvents } from './use-shown-events.ts';
import '../../words/dock/dock.en.json';
import '../../words/lens/space-time.en.json';
import '../../words/inspector.en.json';

const rowHeight = listRowHeight;
/** Events kept in the list: the newest. */
const eventLimit = 2000;

const ranks = ['0', '1', '2', '3'] as const;
type RankText = (typeof ranks)[number];

/** In Chinese an event is said in words, before the fields as the trace has them; in English the kind says it. */
function Words({ event }: { readonly event: ListedEvent }): ReactNode {
  const t = useT();
  const cluster = useFrame(({ frame }) => frame?.cluster);
  const mutants = useFrame(({ frame }) => frame?.mutants);
  if (cluster === undefined || mutants === undefined || currentLanguage() !== 'zh-CN') return null;
  return <span className="flex-none">{eventWords(event, { cluster, mutants }, t)}</span>;
}

function Row({ event }: { readonly event: ListedEvent }): ReactNode {
  const hot = event.rank === 3 ? 'font-semibold' : event.rank < 2 ? 'text-muted' : '';
  return (
    <>
      <span className="event-time mono flex-none text-right text-muted">{millis(event.at)}</span>
      <span className="w-[60px] flex-none truncate">{event.node}</span>
      <span className={`event-kind mono flex-none truncate ${hot}`}>{event.event.kind}</span>
      <Words event={event} />
      <span className="mono truncate text-muted">{eventText(event.event)}</span>
    </>
  );
}

/** Where the list stands when it is not at the newest events, or why what was chosen is not in it. */
function Place({
  shown,
  onNewest,
}: {
  readonly shown: ShownEvents;
  readonly onNewest: () => void;
}): ReactNode {
  const t = useT();
  const { current, as, goThere } = shown;
  if (current === null || as === 'newest' || as === 'found') return null;
  const place = t(`events.${as}`, { index: groupDigits(current.index), time: millis(current.at) });
  return (
    <>
      <output aria-live="polite" aria-label={t('events.place')} title={place} className="min-w-0 truncate">
        {place}
      </output>
      {as === 'around' ? (
        <Button small look="line" onClick={onNewest}>
          {t('events.newest')}
        </Button>
      ) : (
        <Button small look="line" onClick={() => void goThere()}>
          {t('events.goThere')}
        </Button>
      )}
    </>
  );
}

function isInSight({ scrollTop, clientHeight }: HTMLElement, place: number): boolean {
  const top = place * rowHeight;
  return top >= scrollTop && top + rowHeight <= scrollTop + clientHeight;
}

export function EventList(): ReactNode {
  const t = useT();
  const lab = useLab();
  const { total } = usePicked();
  const scope = useSelectionScope();
  const [rank, setRank] = useState<RankText>('2');
  const shownEvents = useShownEvents(Number(rank));
  const { events, current, as, leave } = shownEvents;
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
  const stands = as === 'found' || as === 'around';
  useEffect(() => {
    const element = scroller.current;
    // More than there is to scroll: the browser stops at the end without being asked for its height first.
    if (element !== null && follows.current && length > 0 && !stands)
      element.scrollTop = eventLimit * rowHeight;
  }, [length, stands]);
  const show = useCallback((index: number): void => {
    const element = scroller.current;
    if (element === null) return;
    if (!isInSight(element, index))
      element.scrollTop = index * rowHeight - (element.clientHeight - rowHeight) / 2;
  }, []);
  // What was gone to or chosen, the last cause of a value say, comes into sight once; whoever scrolls on is left alone.
  const index = current?.index ?? -1;
  const place = index < 0 ? -1 : events.findIndex((event) => event.index === index);
  const seen = useRef({ sight: '', place: -1 });
  const sight = `${index} ${as}`;
  useEffect(() => {
    const { sight: before, place: was } = seen.current;
    if (place < 0) return;
    seen.current = { sight, place };
    const element = scroller.current;
    if (element === null) return;
    if (before !== sight) {
      follows.current = false;
      show(place);
    } else if (isInSight(element, was)) element.scrollTop += (place - was) * rowHeight; // the list got more in front of it
  }, [sight, place, show]);
  return (
    <section aria-label={t('events.title')} className="flex h-full min-h-0 flex-col">
      <div className="flex min-h-10 flex-none flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 text-[12px]">
        <Select
          label={t('events.rank')}
          value={rank}
          options={ranks.map((value) => ({ value, label: t(`rank.${value}`) }))}
          onChange={setRank}
        />
        <SearchField />
        <Place
          shown={shownEvents}
          onNewest={() => {
            follows.current = true;
            leave();
          }}
        />
        <span className="mono text-muted" title={t('events.totalNote')}>
          {groupDigits(events.length)} /{' '}
          <output aria-live="off" aria-label={t('events.total')}>
            {groupDigits(total)}
          </output>
        </span>
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
        {events.length === 0 && (
          <p className="py-1 text-[12px] text-muted">
            {as === 'found' ? t('search.none') : t('events.noneOf', { rank: t(`rank.${rank}`) })}
          </p>
        )}
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map((item) => {
            const event = events[item.index];
            if (event === undefined) return null;
            return (
              <button
                type="button"
                // The row, not the event: a list that moves on writes other words into the rows it has.
                key={item.index}
                data-hover={hoverKey({ kind: 'event', listed: event })}
                className={`absolute left-0 flex w-full items-center gap-2 rounded-control text-left text-[12px] leading-[24px] whitespace-nowrap hover:bg-raised ${isLitEvent(scope, event) ? '' : 'dim'} ${event.index === index ? 'bg-raised font-semibold' : ''}`}
                style={{ top: item.start, height: rowHeight }}
                title={`${eventText(event.event)}\n${t('events.goTo')}`}
                aria-current={event.index === index}
                onClick={() => {
                  if (as === 'found') {
                    void goToFound(lab, event);
                    return;
                  }
                  select({ kind: 'event', listed: event });
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
