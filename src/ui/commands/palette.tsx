// The palette (Ctrl K): everything there is to do and to go to, found by typing. Loaded on demand; the way without a
// pointer to every fault of the registry.

import { Command as Cmdk } from 'cmdk';
import { type ReactNode, useMemo, useState } from 'react';
import { newestFrame } from '../../state/frame-store.ts';
import { setSettings, useSettings } from '../../state/settings-store.ts';
import { useT } from '../i18n/i18n.ts';
import { useLab } from '../lab-context.ts';
import './palette.css';
import type { Command, CommandGroup } from './command.ts';
import { type KnownPage, knownPages, pagesIn } from './known-pages.ts';
import { rankCommands, typedEvent, typedLsn } from './rank.ts';
import { commandSources } from './sources.ts';
import './texts.ts';
import { usePagesFrame } from './use-pages.ts';

const recentLimit = 12;

const pageKeyOf = ({ group, blockKey }: KnownPage): string => `${group}/${blockKey}`;

/** In the order of their best hits: the first line is what Enter does. */
const groupsOf = (shown: readonly Command[]): readonly CommandGroup[] => [
  ...new Set(shown.map(({ group }) => group)),
];

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
  const named = pagesIn(search, pages);
  const askedKeys = named.map(pageKeyOf).join(' ');
  // Thousands, each with its words: made once, not with every letter.
  const commands = useMemo(() => {
    const asked = pages.filter((page) => askedKeys.split(' ').includes(pageKeyOf(page)));
    return commandSources.flatMap((source) => source({ lab, t, frame, lsn, event, pages, asked }));
  }, [lab, t, frame, lsn, event, pages, askedKeys]);
  const { shown, total } = useMemo(() => rankCommands(commands, search, recent), [commands, search, recent]);
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
      loop
      overlayClassName="dialog-veil"
      contentClassName="palette"
    >
      <Cmdk.Input
        value={search}
        onValueChange={setSearch}
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.title')}
      />
      <Cmdk.List label={t('palette.title')}>
        <Cmdk.Empty>{t('palette.none')}</Cmdk.Empty>
        {groupsOf(shown).map((group) => {
          const own = shown.filter((command) => command.group === group);
          return (
            <Cmdk.Group key={group} heading={t(`palette.group.${group}`)}>
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
        })}
      </Cmdk.List>
      {total > shown.length && (
        <p className="palette-more">{t('palette.more', { count: total - shown.length })}</p>
      )}
    </Cmdk.Dialog>
  );
}
