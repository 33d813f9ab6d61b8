// Ctrl R: a statement of before, found by typing a part of it. The newest is first; Enter takes it into the editor, Escape leaves.

import { Command } from 'cmdk';
import { type ReactNode, useState } from 'react';
import { useStore } from 'zustand';
import { useT } from '../i18n/i18n.ts';
import { historyStore } from './sql-history.ts';
import '../../words/dock/sql.en.json';

/** Listed at once. */
const SHOWN = 8;

/** Newest first, each of which has the text somewhere; case does not matter. */
export const matchesOf = (texts: readonly string[], part: string): readonly string[] =>
  texts
    .toReversed()
    .filter((text) => text.toLowerCase().includes(part.toLowerCase()))
    .slice(0, SHOWN);

interface SearchProps {
  readonly onTake: (text: string) => void;
  readonly onLeave: () => void;
}

export function HistorySearch({ onTake, onLeave }: SearchProps): ReactNode {
  const t = useT();
  const texts = useStore(historyStore, (state) => state.texts);
  const [part, setPart] = useState('');
  return (
    <Command
      className="history-search"
      label={t('sql.search')}
      shouldFilter={false}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onLeave();
      }}
    >
      <Command.Input
        className="field field-small mono w-full"
        placeholder={t('sql.searchHint')}
        value={part}
        onValueChange={setPart}
        autoFocus
      />
      <Command.List>
        <Command.Empty className="px-2 py-1 text-[12px] text-muted">{t('sql.searchNone')}</Command.Empty>
        {matchesOf(texts, part).map((text) => (
          <Command.Item key={text} value={text} className="menu-item mono" onSelect={() => onTake(text)}>
            <span className="truncate">{text.replaceAll(/\s+/g, ' ')}</span>
          </Command.Item>
        ))}
      </Command.List>
    </Command>
  );
}
