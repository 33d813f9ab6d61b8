// The palette (Ctrl K): everything there is to do and to go to, found by typing. Loaded on demand; the way without a
// pointer to every fault of the registry.

import { Command as Cmdk } from 'cmdk';
import { type ReactNode, useMemo, useState } from 'react';
import { newestFrame } from '../../state/frame-store.ts';
import { selectedPage } from '../../state/selection-store.ts';
import { setSettings, useSettings } from '../../state/settings-store.ts';
import { useT } from '../i18n/i18n.ts';
import { useLab } from '../lab-context.ts';
import './palette.css';
import type { Command, CommandGroup } from './command.ts';
import { type KnownPage, knownPages } from './known-pages.ts';
import { pagesMeant } from './pages-meant.ts';
import { type Listed, listFor, noneListed, rankCommands, typedEvent, typedLsn } from './rank.ts';
import { commandSources } from './sources.ts';
import '../../words/commands/commands.en.json';
import { takeKeys } from './type-ahead.ts';
import { usePagesFrame } from './use-pages.ts';

const recentLimit = 12;

const pageKeyOf = ({ group, blockKey }: KnownPage): string => `${group}/${blockKey}`;

/** In the order of their best hits: the first line is what Enter does. */
const sectionsOf = (
  lines: readonly Command[],
  part: string,
): readonly (readonly [key: string, CommandGroup, readonly Command[]])[] =>
  [...new Set(lines.map(({ group }) => group))].map((group) => [
    `${part} ${group}`,
    group,
    lines.filter((command) => command.group === group),
  ]);

interface PaletteProps {
  readonly query: string;
  readonly onClose: () => void;
}

export function Palette({ query, onClose }: PaletteProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const [search, setSearch] = useState(query);
  const recent = useSettings((settings) => settings.recent);
  // As of the moment it was opened: a list that moved under the hand would be chosen from wrongly.
  const [frame] = useState(() => newestFrame().frame);
  const lsn = typedLsn(search);
  const event = typedEvent(search);
  const withPages = usePagesFrame();
  const pages = useMemo(() => (withPages === null ? [] : knownPages(withPages, t)), [withPages, t]);
  const [chosenPage] = useState(selectedPage);
  const askedKeys = pagesMeant(search, pages, chosenPage).map(pageKeyOf).join(' ');
  // Thousands, each with its words: made once, not with every letter.
  const commands = useMemo(() => {
    const asked = pages.filter((page) => askedKeys.split(' ').includes(pageKeyOf(page)));
    return commandSources.flatMap((source) => source({ lab, t, frame, lsn, event, pages, asked }));
  }, [lab, t, frame, lsn, event, pages, askedKeys]);
  const { shown, total } = useMemo(() => rankCommands(commands, search, recent), [commands, search, recent]);
  const [before, setBefore] = useState<Listed>(noneListed);
  const listed = useMemo(() => listFor(before, search, shown), [before, search, shown]);
  if (listed !== before) setBefore(listed);
  const lines = [...listed.first, ...listed.late];
  // In the same picture as its list, so that Enter never means a line of the search before.
  const [marked, setMarked] = useState('');
  const chosen = lines.some(({ id }) => id === marked) ? marked : (lines[0]?.id ?? '');
  const type = (text: string): void => {
    setSearch(text);
    setMarked('');
  };
  const choose = (command: Command): void => {
    setSettings({ recent: [command.id, ...recent.filter((id) => id !== command.id)].slice(0, recentLimit) });
    onClose();
    command.run();
  };
  return (
    <Cmdk.Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      label={t('palette.title')}
      shouldFilter={false}
      value={chosen}
      onValueChange={setMarked}
      loop
      overlayClassName="dialog-veil"
      contentClassName="palette"
    >
      <Cmdk.Input
        value={search}
        onValueChange={type}
        onFocus={() => {
          const typed = takeKeys();
          if (typed !== '') type(search + typed);
        }}
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.title')}
      />
      <Cmdk.List label={t('palette.title')}>
        <Cmdk.Empty>{t('palette.none')}</Cmdk.Empty>
        {[...sectionsOf(listed.first, 'first'), ...sectionsOf(listed.late, 'late')].map(
          ([key, group, own]) => {
            return (
              <Cmdk.Group key={key} heading={t(`palette.group.${group}`)}>
                {own.map((command) => (
                  <Cmdk.Item key={command.id} value={command.id} onSelect={() => choose(command)}>
                    <span className="flex-1 truncate">
                      {command.label}
                      {command.note !== undefined && <span className="ml-2 text-muted">{command.note}</span>}
                    </span>
                    {command.keys !== undefined && (
                      <span className="kbd" aria-hidden="true">
                        {command.keys}
                      </span>
                    )}
                  </Cmdk.Item>
                ))}
              </Cmdk.Group>
            );
          },
        )}
      </Cmdk.List>
      {total > lines.length && (
        <p className="palette-more">{t('palette.more', { count: total - lines.length })}</p>
      )}
    </Cmdk.Dialog>
  );
}
