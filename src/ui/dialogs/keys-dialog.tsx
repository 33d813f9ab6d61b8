// Help: the keys that work, from the same table that makes them work, and the terms of the lens in one line each
// (docs/spec/terms.md has them in full).

import { Fragment, type ReactNode } from 'react';
import { shortcuts } from '../frame/shortcuts.ts';
import { useT } from '../i18n/i18n.ts';
import { Dialog } from '../kit/dialog.tsx';

const keyText = (key: string): string => (key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key);

const terms = [
  ['LSN', 'term.lsn'],
  ['MTR, CPL', 'term.cpl'],
  ['N/Vw/Vr', 'term.quorum'],
  ['SCL', 'term.scl'],
  ['NCL', 'term.ncl'],
  ['NWL', 'term.nwl'],
  ['PGCL', 'term.pgcl'],
  ['SGCL', 'term.sgcl'],
  ['VCL', 'term.vcl'],
  ['VDL', 'term.vdl'],
  ['LAL', 'term.lal'],
  ['term.hole.name', 'term.hole'],
  ['term.token.name', 'term.token'],
] as const;

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
      <h3 className="heading mt-4">{t('term.title')}</h3>
      <dl className="grid grid-cols-[96px_1fr] gap-y-1.5 text-[13px] leading-5">
        {terms.map(([name, text]) => (
          <Fragment key={text}>
            <dt className="font-semibold">
              {name === 'term.hole.name' || name === 'term.token.name' ? t(name) : name}
            </dt>
            <dd>{t(text)}</dd>
          </Fragment>
        ))}
      </dl>
    </Dialog>
  );
}
