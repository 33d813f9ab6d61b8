// Above the timeline: how much of the run is shown, and its bookmarks to add, name, go to and remove.

import { Bookmark as BookmarkIcon, BookmarkPlus, Trash2, ZoomIn, ZoomOut } from 'lucide-react';
import { Popover } from 'radix-ui';
import { memo, type ReactNode } from 'react';
import { time } from '../../base/ids.ts';
import type { TapeMark } from '../../sim/tape.ts';
import { TAPE_LIMITS } from '../../sim/tape-limits.ts';
import { frameStore } from '../../state/frame-store.ts';
import { useRun } from '../../state/run-store.ts';
import { type Translate, useT } from '../i18n/i18n.ts';
import { Button, IconButton } from '../kit/button.tsx';
import { millis } from '../kit/format.ts';
import { Select } from '../kit/select.tsx';
import { useLab } from '../lab-context.ts';
import { markTitle, retitled } from '../model/mark-title.ts';
import '../../words/time.en.json';
import '../../words/dock/dock.en.json';
import type { Scale } from './timeline-lanes.tsx';

/** Virtual ms that are shown; `all` is the whole run. */
export const spans = ['5', '10', '20', '50', '200', '1000', '5000', 'all'] as const;
export type Span = (typeof spans)[number];

/** Longest name that a person gives. */
const NAME_LENGTH = 80;
const noBookmarks: readonly TapeMark[] = [];

const bookmarkName = (mark: TapeMark, i: number, t: Translate): string =>
  markTitle(mark) || t('bookmark.name', { number: i + 1 });

interface ToolsProps {
  readonly span: Span;
  readonly onSpan: (span: Span) => void;
}

export const TimelineTools = memo(function TimelineTools({ span, onSpan }: ToolsProps): ReactNode {
  const t = useT();
  const place = spans.indexOf(span);
  const zoomTo = (next: number): void => onSpan(spans[next] ?? span);
  return (
    <div className="absolute top-0.5 left-3 z-[2] flex items-center">
      <Select
        label={t('timeline.span')}
        bare
        value={span}
        options={spans.map((value) => ({
          value,
          label: value === 'all' ? t('timeline.whole') : `${value} ms`,
        }))}
        onChange={onSpan}
      />
      <IconButton
        small
        icon={ZoomIn}
        label={t('timeline.zoomIn')}
        disabled={place === 0}
        onClick={() => zoomTo(place - 1)}
      />
      <IconButton
        small
        icon={ZoomOut}
        label={t('timeline.zoomOut')}
        disabled={place === spans.length - 1}
        onClick={() => zoomTo(place + 1)}
      />
      <Bookmarks />
    </div>
  );
});

/** Bookmarks of what is shown, and how those of the live run are changed: they are kept with it and travel in its tape. */
function Bookmarks(): ReactNode {
  const t = useT();
  const lab = useLab();
  const bookmarks = useRun((run) => run?.marks ?? noBookmarks);
  const isOwn = useRun((run) => run !== null && !run.isReplay && run.mode !== 'MIRROR');
  const keep = (next: readonly TapeMark[]): void =>
    void lab.setMarks([...next].sort((one, other) => one.at - other.at));
  const add = (): void => {
    const at = time(frameStore.getState().frame?.time ?? 0);
    if (!bookmarks.some((bookmark) => bookmark.at === at)) keep([...bookmarks, { at, text: '' }]);
  };
  return (
    <>
      <IconButton
        small
        icon={BookmarkPlus}
        label={t('bookmark.add')}
        disabled={!isOwn || bookmarks.length >= TAPE_LIMITS.marks}
        onClick={add}
      />
      {bookmarks.length > 0 && (
        <Popover.Root>
          <Popover.Trigger asChild>
            <Button small icon={BookmarkIcon} aria-label={t('bookmark.list')}>
              {bookmarks.length}
            </Button>
          </Popover.Trigger>
          <Popover.Portal>
            <Popover.Content
              className="z-50 max-h-72 w-80 overflow-y-auto rounded-card border border-control bg-panel p-2"
              side="top"
              align="start"
              aria-label={t('bookmark.list')}
            >
              <ul>
                {bookmarks.map((bookmark, i) => (
                  <li key={bookmark.at} className="flex items-center gap-1 py-0.5">
                    <input
                      className="field min-w-0 flex-1"
                      aria-label={t('bookmark.rename')}
                      maxLength={NAME_LENGTH}
                      readOnly={!isOwn}
                      defaultValue={bookmarkName(bookmark, i, t)}
                      onChange={({ target }) =>
                        keep(
                          bookmarks.map((one) =>
                            one === bookmark ? retitled(bookmark, target.value.trim()) : one,
                          ),
                        )
                      }
                    />
                    <Button
                      small
                      look="line"
                      aria-label={t('bookmark.go', {
                        name: bookmarkName(bookmark, i, t),
                        time: millis(bookmark.at),
                      })}
                      onClick={() => void lab.seek(time(bookmark.at))}
                    >
                      {millis(bookmark.at)}
                    </Button>
                    <IconButton
                      small
                      icon={Trash2}
                      label={t('bookmark.remove', { name: bookmarkName(bookmark, i, t) })}
                      disabled={!isOwn}
                      onClick={() => keep(bookmarks.filter((one) => one !== bookmark))}
                    />
                  </li>
                ))}
              </ul>
            </Popover.Content>
          </Popover.Portal>
        </Popover.Root>
      )}
    </>
  );
}

/** Each bookmark as a ribbon on the axis. */
export function BookmarkRibbons({ scale }: { readonly scale: Scale }): ReactNode {
  const t = useT();
  const bookmarks = useRun((run) => run?.marks ?? noBookmarks);
  return bookmarks.map((bookmark, i) =>
    bookmark.at < scale.from || bookmark.at > scale.to ? null : (
      <g key={bookmark.at} data-bookmark={bookmark.at}>
        <title>{`${bookmarkName(bookmark, i, t)} · ${millis(bookmark.at)} ms`}</title>
        <path
          d={`M${scale.x(bookmark.at)} 24V${scale.lanes.bottom}`}
          stroke="var(--reader)"
          strokeDasharray="2 3"
        />
        <path d={`M${scale.x(bookmark.at) - 4} 20h8v11l-4 -3l-4 3z`} fill="var(--reader)" />
      </g>
    ),
  );
}
