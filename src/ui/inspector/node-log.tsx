// Log tab: the records that this node keeps in the window asked for, drawn as far as they are on screen. A writer shows
// what it still holds, a store what is on its disk.

import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { RecordView } from '../../core/log/record-view.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { listRowHeight } from '../../state/pointer.ts';
import { selectLsn, useSelection } from '../../state/selection-store.ts';
import { useT } from '../i18n/i18n.ts';
import { EmptyState } from '../kit/button.tsx';
import { filterOf } from '../kit/filter.ts';
import { groupDigits } from '../kit/format.ts';
import { useViewNeeds } from '../lab-context.ts';
import { pageText, usePageNames } from '../model/known-names.ts';
import { computeOf, storeOf } from '../model/node-facts.ts';
import '../../words/inspector.en.json';

const rowHeight = listRowHeight;
/** LSNs of the newest log that are asked for while the tab is open. */
const logSpan = 512;

/** Newest first; a filter finds an LSN, a kind, a group or a page. */
export function listRecords(node: NodeFrame, filter: string): { all: number; shown: readonly RecordView[] } {
  const records = [
    ...(computeOf(node)?.records ?? []),
    ...(storeOf(node)?.groups.flatMap((group) => group.records) ?? []),
  ].sort((a, b) => b.lsn - a.lsn);
  const wanted = filterOf(filter);
  const matches = (record: RecordView): boolean =>
    wanted.isEmpty ||
    wanted.matches(
      `${record.lsn} ${record.kind} ${record.group} page ${pageText(record.blockKey)} mtr ${record.mtrFirst}${record.cpl ? ' cpl' : ''}${record.commit ? ' commit' : ''}`,
    );
  return { all: records.length, shown: records.filter(matches) };
}

export function NodeLog({ node }: { readonly node: NodeFrame }): ReactNode {
  const t = useT();
  const needs = useViewNeeds();
  const [filter, setFilter] = useState('');
  const chosen = useSelection(({ subject }) => (subject?.kind === 'lsn' ? subject.lsn : null));
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(() => {
    needs.set('inspector-log', { span: logSpan, detail: true });
    return () => needs.set('inspector-log', null);
  }, [needs]);
  const { all, shown } = useMemo(() => listRecords(node, filter), [node, filter]);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const nameOf = usePageNames(
    'inspector-log-names',
    shown.map(({ blockKey }) => blockKey),
  );
  if (all === 0) return <EmptyState>{t('log.none')}</EmptyState>;
  return (
    <div className="flex h-full min-h-0 flex-col gap-2">
      <div className="flex flex-none items-center gap-2">
        <input
          data-filter
          className="field field-small flex-1"
          aria-label={t('log.filter')}
          placeholder={t('log.filter')}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <output className="text-[12px] text-muted" aria-live="off">
          {t('log.count', { shown: shown.length, all })}
        </output>
      </div>
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={t('inspector.log')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto"
      >
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map((item) => {
            const record = shown[item.index];
            if (record === undefined) return null;
            return (
              <button
                type="button"
                key={`${record.lsn} ${item.index}`}
                className={`absolute left-0 flex w-full items-center gap-3 rounded-control px-1 text-left text-[12px] whitespace-nowrap hover:bg-raised ${chosen === record.lsn ? 'bg-raised' : ''}`}
                style={{ top: item.start, height: rowHeight }}
                aria-label={t('log.record', { lsn: record.lsn })}
                aria-pressed={chosen === record.lsn}
                title={t('log.chains', {
                  volume: record.prevVolume,
                  group: record.prevGroup,
                  block: record.prevBlock,
                })}
                onClick={() => selectLsn(record.lsn, record.group)}
              >
                <span className="mono w-14 flex-none text-right font-semibold">
                  {groupDigits(record.lsn)}
                </span>
                <span className="mono w-24 flex-none truncate">{record.kind}</span>
                <span className="w-6 flex-none">{record.group}</span>
                <span className="mono w-32 flex-none truncate text-muted">{`${t('log.page')} ${nameOf(record.blockKey)}`}</span>
                <span className="mono text-muted">{`MTR ${groupDigits(record.mtrFirst)}`}</span>
                {record.cpl && <span className="chip">CPL</span>}
                {record.commit && <span className="chip">COMMIT</span>}
              </button>
            );
          })}
        </div>
      </div>
    </div>
  );
}
