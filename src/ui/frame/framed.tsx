// What stands in the lab's place where another page shows it in a frame: nothing of it has started.

import type { ReactNode } from 'react';
import { useT } from '../i18n/i18n.ts';
import '../../words/frame/framed.en.json';

export function Framed(): ReactNode {
  const t = useT();
  return (
    <main className="plain-page">
      <h1 className="text-title font-semibold">{t('framed.title')}</h1>
      <p className="mt-3 text-body">{t('framed.text')}</p>
      <p className="mt-5">
        <a className="underline" href={location.href} target="_blank" rel="noopener noreferrer">
          {t('page.openLab')}
        </a>
      </p>
    </main>
  );
}
