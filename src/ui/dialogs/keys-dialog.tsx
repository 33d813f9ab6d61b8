// Help: the keys that work, from the same table that makes them work, and the terms of the lens in one line each
// (docs/spec/terms.md has them in full).

import { Fragment, type ReactNode } from 'react';
import { useSettings } from '../../state/settings-store.ts';
import { terms } from '../commands/terms.ts';
import { shortcuts, shortcutText } from '../frame/shortcuts.ts';
import { useT } from '../i18n/i18n.ts';
import { Dialog } from '../kit/dialog.tsx';
import { lenses } from '../lens/registry.ts';
import '../commands/texts.ts';
import './texts.ts';

export function KeysDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useT();
  const singleKeys = useSettings((settings) => settings.singleKeys);
  const rows = shortcuts.flatMap((shortcut) =>
    shortcut.label === 'keys.lens'
      ? lenses.map(({ digit, title }) => ({
          keys: shortcutText({ ...shortcut, keys: [digit] }, singleKeys),
          text: t('palette.lens', { name: t(title) }),
        }))
      : [{ keys: shortcutText(shortcut, singleKeys), text: t(shortcut.label) }],
  );
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <table className="data-table">
        <tbody>
          {rows.map(({ keys, text }) => (
            <tr key={text}>
              <td className="w-24">
                <kbd className="kbd">{keys}</kbd>
              </td>
              <td className="whitespace-normal">{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-3 text-[12px] text-muted">{t('keys.map')}</p>
      <p className="mt-2 text-[13px]">{t('keys.mistake')}</p>
      <h3 className="heading mt-4">{t('term.title')}</h3>
      <dl className="grid grid-cols-[96px_1fr] gap-y-1.5 text-[13px] leading-5">
        {terms.map(({ name, key }) => (
          <Fragment key={key}>
            <dt className="font-semibold">{name}</dt>
            <dd>{t(key)}</dd>
          </Fragment>
        ))}
      </dl>
    </Dialog>
  );
}
