// This run is open in another tab: watch it, take it over, or start a separate lab.

import type { ReactNode } from 'react';
import { dismissNotice } from '../../state/run-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { useLab } from '../lab-context.ts';
import './texts.ts';

export function ElsewhereDialog(): ReactNode {
  const t = useT();
  const lab = useLab();
  const choose = (act: () => void): void => {
    dismissNotice('openElsewhere');
    act();
  };
  return (
    <Dialog title={t('elsewhere.title')}>
      <p>{t('elsewhere.text')}</p>
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        <Button look="line" onClick={() => choose(() => lab.separateLab())}>
          {t('elsewhere.separate')}
        </Button>
        <Button look="line" onClick={() => choose(() => void lab.takeOver())}>
          {t('elsewhere.takeOver')}
        </Button>
        {/* The choice that changes nothing has the focus. */}
        <Button look="primary" data-first onClick={() => choose(() => lab.watch())}>
          {t('elsewhere.watch')}
        </Button>
      </div>
    </Dialog>
  );
}
