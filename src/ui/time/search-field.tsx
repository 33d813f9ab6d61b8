// The field above the event list: words that an event must have, sought through the whole run, with next and previous.

import { ChevronDown, ChevronUp, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useRun } from '../../state/run-store.ts';
import { useT } from '../i18n/i18n.ts';
import { IconButton } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import { clearSearch, searchStore, startSearch, stepSearch, useSearch } from './search-store.ts';
import '../../words/time.en.json';

function Count(): ReactNode {
  const t = useT();
  const found = useSearch((state) => state.found);
  const hasMore = useSearch((state) => state.hasEarlier || state.hasLater);
  if (found === null) return null;
  const text =
    found.length === 0 && !hasMore
      ? t('search.none')
      : t(hasMore ? 'search.more' : 'search.found', { count: found.length });
  return (
    <output
      aria-live="polite"
      aria-label={t('search.results')}
      title={text}
      className={`min-w-16 max-w-64 truncate text-muted ${found.length === 0 ? '' : 'mono'}`}
    >
      {text}
    </output>
  );
}

export function SearchField(): ReactNode {
  const t = useT();
  const lab = useLab();
  const pattern = useSearch((state) => state.pattern);
  const isBusy = useSearch((state) => state.isBusy);
  const isSearching = useSearch((state) => state.found !== null);
  const mode = useRun((run) => run?.mode ?? 'BOOTING');
  const isOff = mode === 'BOOTING' || mode === 'MIRROR' || pattern.trim() === '';
  return (
    <search className="flex min-w-60 flex-1 flex-wrap items-center gap-1">
      <input
        type="search"
        data-filter
        className="field min-w-24 flex-1"
        aria-label={t('search.label')}
        placeholder={t('search.hint')}
        value={pattern}
        onChange={(event) => searchStore.setState({ pattern: event.target.value, found: null, at: null })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            clearSearch();
          } else if (event.key === 'Enter' && !isOff) {
            void (isSearching ? stepSearch(lab, event.shiftKey ? 'previous' : 'next') : startSearch(lab));
          }
        }}
      />
      <Count />
      <IconButton
        small
        icon={ChevronUp}
        label={t('search.previous')}
        disabled={isOff || isBusy}
        onClick={() => void stepSearch(lab, 'previous')}
      />
      <IconButton
        small
        icon={ChevronDown}
        label={t('search.next')}
        disabled={isOff || isBusy}
        onClick={() => void stepSearch(lab, 'next')}
      />
      {isSearching && <IconButton small icon={X} label={t('search.clear')} onClick={clearSearch} />}
    </search>
  );
}
