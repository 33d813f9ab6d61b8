// Help: the terms in one sentence each (docs/spec/terms.md has them in full), then the keys that work, from the same table
// that makes them work and where a person moves them.

import { Search } from 'lucide-react';
import { Fragment, type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { chosenKey, moveKey } from '../../state/key-map.ts';
import { setSettings, settingsStore, useSettings } from '../../state/settings-store.ts';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { filterOf } from '../kit/filter.ts';
import { lensDigits, useLenses } from '../lens/registry.ts';
import { headOf, terms } from '../rules/terms.ts';
import { TermFacts } from '../story/term-facts.tsx';
import { isMovable, type Shortcut, shortcuts, shortcutText } from './shortcuts.ts';
import '../../words/commands/keys.en.json';
import '../../words/commands/commands.en.json';
import '../../words/dialogs/dialogs.en.json';

const keyOf = ({ keys: [key = ''] }: Shortcut): string => key;
const movable = shortcuts.filter(isMovable);
/** What a movable key cannot become: these name lenses. */
const taken = lensDigits;

interface KeyProps {
  readonly shortcut: Shortcut;
  readonly shown: string;
  readonly text: string;
  readonly onSaid: (words: string) => void;
}

/** A key as a button: pressed, it waits for the key that shall be in its place. */
function KeyButton({ shortcut, shown, text, onSaid }: KeyProps): ReactNode {
  const t = useT();
  const [isWaiting, setWaiting] = useState(false);
  /** A key that was waited for is no press of the button. */
  const isHeard = useRef(false);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isWaiting || event.key.length > 1 || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    isHeard.current = true;
    const chosen = event.key.toLowerCase();
    if (taken.includes(chosen)) {
      onSaid(t('keys.isLens', { key: chosen }));
      return;
    }
    setWaiting(false);
    const { keyMap } = settingsStore.getState();
    const other = movable.find((one) => one !== shortcut && chosenKey(keyOf(one), keyMap) === chosen);
    const next = moveKey(keyMap, keyOf(shortcut), chosen, movable.map(keyOf));
    setSettings({ keyMap: next });
    const { singleKeys } = settingsStore.getState();
    const name = (one: Shortcut): string => shortcutText(one, { singleKeys, keyMap: next }) ?? '';
    onSaid(
      other === undefined
        ? t('keys.moved', { what: text, key: name(shortcut) })
        : t('keys.swapped', {
            what: text,
            key: name(shortcut),
            other: t(other.label),
            otherKey: name(other),
          }),
    );
  };
  return (
    <button
      type="button"
      className="kbd key-button"
      aria-label={t('keys.change', { what: text, key: shown })}
      title={t('keys.change', { what: text, key: shown })}
      aria-pressed={isWaiting}
      onClick={() => setWaiting(!isWaiting)}
      onKeyDown={onKeyDown}
      onKeyUp={(event) => {
        if (isHeard.current) event.preventDefault();
        isHeard.current = false;
      }}
      onBlur={() => setWaiting(false)}
    >
      {isWaiting ? t('keys.press') : shown}
    </button>
  );
}

function KeyTable(): ReactNode {
  const t = useT();
  const singleKeys = useSettings((settings) => settings.singleKeys);
  const keyMap = useSettings((settings) => settings.keyMap);
  const [said, setSaid] = useState('');
  const written = (shortcut: Shortcut): string =>
    shortcutText(shortcut, { singleKeys: singleKeys === 'off' ? 'on' : singleKeys, keyMap }) ?? '';
  const lenses = useLenses();
  const rows = shortcuts.flatMap((shortcut) =>
    shortcut.label === 'keys.lens'
      ? lenses.map(({ digit, title }) => ({
          shortcut,
          keys: written({ ...shortcut, keys: [digit] }),
          text: t('palette.lens', { name: t(title) }),
        }))
      : [{ shortcut, keys: written(shortcut), text: t(shortcut.label) }],
  );
  return (
    <>
      <p className="text-[12px] leading-4 text-muted">
        {singleKeys === 'off' ? t('keys.areOff') : t('keys.canMove')}
      </p>
      <div className="sticky top-0 z-10 flex min-h-8 items-center gap-3 bg-panel py-1">
        <output aria-live="polite" aria-label={t('keys.said')} className="flex-1 text-[13px]">
          {said}
        </output>
        {Object.keys(keyMap).length > 0 && (
          <Button
            small
            look="line"
            onClick={() => {
              setSettings({ keyMap: {} });
              setSaid(t('keys.areBack'));
            }}
          >
            {t('keys.back.all')}
          </Button>
        )}
      </div>
      <table className="data-table">
        <tbody>
          {rows.map(({ shortcut, keys, text }) => (
            <tr key={text}>
              <td className="w-28">
                {isMovable(shortcut) ? (
                  <KeyButton shortcut={shortcut} shown={keys} text={text} onSaid={setSaid} />
                ) : (
                  <kbd className="kbd">{keys}</kbd>
                )}
              </td>
              <td className="whitespace-normal">{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** Every term in one sentence, those that a search names. */
function Glossary(): ReactNode {
  const t = useT();
  const language = currentLanguage() === 'zh-CN' ? 'zh' : 'en';
  const [query, setQuery] = useState('');
  const { matches } = filterOf(query);
  const found = terms.filter(({ names, labels = [], gloss, full, text }) =>
    matches(...names, ...labels, gloss, full, text.en, text.zh),
  );
  return (
    <section aria-label={t('term.title')}>
      <label className="field mb-3 w-full">
        <Search size={16} strokeWidth={1.75} aria-hidden="true" />
        <input
          type="search"
          className="w-full"
          aria-label={t('term.search')}
          placeholder={t('term.search')}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </label>
      <dl className="term-facts grid grid-cols-[96px_1fr] gap-x-3 gap-y-2 text-[13px] leading-5">
        {found.map((term) => (
          <Fragment key={term.key}>
            <dt className="font-semibold break-words">{headOf(term, language)}</dt>
            <dd>
              <TermFacts term={term} />
            </dd>
          </Fragment>
        ))}
      </dl>
      {found.length === 0 && <p>{t('term.none')}</p>}
    </section>
  );
}

/** The terms first: who asks for help on a screen of abbreviations asks for their names. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useT();
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <Glossary />
      <h3 className="heading mt-4">{t('keys.heading')}</h3>
      <p className="mb-3 text-[13px]">{t('keys.mistake')}</p>
      <KeyTable />
      <p className="mt-3 text-[12px] text-muted">{t('keys.map')}</p>
    </Dialog>
  );
}
