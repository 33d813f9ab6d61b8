// The keys that work, from the same table that makes them work.

import type { ReactNode } from 'react';
import { shortcuts } from '../frame/shortcuts.ts';
import { useT } from '../i18n/i18n.ts';
import { Dialog } from '../kit/dialog.tsx';

const keyText = (key: string): string => (key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key);

export function KeysDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useT();
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <table className="data-table">
        <tbody>
          {shortcuts.map(({ keys, label }) => (
            <tr key={label}>
              <td className="w-24">
                <kbd className="kbd">{keyText(keys[0] ?? '')}</kbd>
              </td>
              <td className="whitespace-normal">{t(label)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-3 text-[12px] text-muted">{t('keys.map')}</p>
    </Dialog>
  );
}
