// Settings of a session by choice in place of a typed SET: how its later transactions see others, and when a statement gives up. Each is
// a statement of the session like any other, in sight among its answers and on the tape.

import { SlidersHorizontal } from 'lucide-react';
import type { ReactNode } from 'react';
import { useT } from '../i18n/i18n.ts';
import { IconButton } from '../kit/button.tsx';
import { DropMenu, type MenuEntry, type MenuSection } from '../kit/menu.tsx';
import '../../words/dock/sessions.en.json';

const levels = ['read committed', 'repeatable read', 'serializable'] as const;
/** Virtual ms; 0: it waits for as long as it takes. */
const timeouts = [0, 10, 100, 1000] as const;

interface SettingsProps {
  readonly isBusy: boolean;
  readonly onRun: (text: string) => void;
  /** Puts a text in the editor that has to be completed. */
  readonly onWrite: (text: string) => void;
}

export function SessionSettings({ isBusy, onRun, onWrite }: SettingsProps): ReactNode {
  const t = useT();
  const entry = (id: string, label: string, text: string): MenuEntry => ({
    id,
    label,
    disabled: isBusy,
    onSelect: () => onRun(text),
  });
  const timeout = (name: 'statement_timeout' | 'lock_timeout'): readonly MenuEntry[] =>
    timeouts.map((ms) =>
      entry(`${name} ${ms}`, ms === 0 ? t('sessions.noTimeout') : `${ms} ms`, `set ${name} = ${ms}`),
    );
  const sections = (): readonly MenuSection[] => [
    {
      id: 'level',
      title: t('sessions.level'),
      entries: levels.map((level) =>
        entry(level, level.toUpperCase(), `set default_transaction_isolation = '${level}'`),
      ),
    },
    {
      id: 'timeouts',
      entries: [
        { id: 'statement', label: t('sessions.statementTimeout'), entries: timeout('statement_timeout') },
        { id: 'lock', label: t('sessions.lockTimeout'), entries: timeout('lock_timeout') },
        {
          id: 'path',
          label: t('sessions.searchPath'),
          onSelect: () => onWrite('set search_path = public;'),
        },
      ],
    },
  ];
  return (
    <DropMenu
      label={t('sessions.settings')}
      align="end"
      sections={sections}
      trigger={<IconButton small icon={SlidersHorizontal} label={t('sessions.settings')} />}
    />
  );
}
