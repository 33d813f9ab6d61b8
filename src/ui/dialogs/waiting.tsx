// Loading and start-failure screen: stands in the map's place while there is no picture: the layout's shadow, or why
// nothing can start and what to do.

import type { ReactNode } from 'react';
import { useNotices } from '../../state/run-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { bannerFace } from './banners.tsx';

/** Kinds after which no picture will come by itself. */
const fatal = new Set(['noWebAssembly', 'workerFailed', 'engineError', 'storageFailed']);

export function Waiting(): ReactNode {
  const t = useT();
  const notice = useNotices().find(({ kind }) => fatal.has(kind));
  const face = notice === undefined ? null : bannerFace(notice, t);
  if (face === null)
    return (
      <div className="absolute inset-0 p-3" aria-hidden="true">
        <div className="absolute top-11 left-3 h-[calc(100%-88px)] w-[48%] rounded-card border border-line" />
        <div className="absolute top-[57%] left-[51%] h-[37%] w-[23%] rounded-card border border-line" />
        <div className="absolute top-[57%] left-[76%] h-[37%] w-[22%] rounded-card border border-line" />
      </div>
    );
  return (
    <div className="plain-page">
      <h1 className="text-title font-semibold">{t('page.unsupported')}</h1>
      <p className="mt-3 text-body">{face.text}</p>
      <div className="mt-5">
        <Button look="primary" onClick={() => location.reload()}>
          {t('page.reload')}
        </Button>
      </div>
    </div>
  );
}
