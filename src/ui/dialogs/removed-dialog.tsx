// Dialog for a run whose site data were removed while it was on, by a person or by the browser. Its disks are gone; its tape is in
// this page, and everything can be made again from it.

import { type ReactNode, useState } from 'react';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { useLab } from '../lab-context.ts';
import { downloadTape } from './download.ts';
import '../../words/dialogs/dialogs.en.json';

export function RemovedDialog(): ReactNode {
  const t = useT();
  const lab = useLab();
  const [isChosen, setChosen] = useState(false);
  const goOn = (): void => {
    setChosen(true);
    void lab.beginInMemory().finally(() => setChosen(false));
  };
  return (
    <Dialog title={t('removed.title')}>
      <p>{t('removed.text')}</p>
      <p className="mt-3 text-muted">{t('removed.stays')}</p>
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        <Button look="line" onClick={() => void downloadTape(lab)}>
          {t('menu.export')}
        </Button>
        <Button look="line" disabled={isChosen} onClick={() => location.reload()}>
          {t('removed.anew')}
        </Button>
        <Button look="primary" data-first disabled={isChosen} onClick={goOn}>
          {t('removed.memory')}
        </Button>
      </div>
    </Dialog>
  );
}
