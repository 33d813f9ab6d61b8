// Dialog for a saved run that cannot be opened: its disks are held by somebody, or this lab cannot read it. Nothing begins
// in memory by itself, and whatever is chosen, what is on the disks stays.

import { type ReactNode, useState } from 'react';
import type { Notice } from '../../lab/api.ts';
import { dismissNotice } from '../../state/run-store.ts';
import { type Translate, useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { useLab } from '../lab-context.ts';
import { saveText } from './download.ts';
import { useEnginePlace } from './use-engine-place.ts';
import '../../words/dialogs/dialogs.en.json';

const refusal = ({ engines, detail }: Extract<Notice, { kind: 'savedRefused' }>, t: Translate): string =>
  engines === null ? detail : t('refusedRun.engine', engines);

export function SavedRunDialog({ notice }: { readonly notice: Notice }): ReactNode {
  const t = useT();
  const lab = useLab();
  const [isChosen, setChosen] = useState(false);
  const beginInMemory = (): void => {
    setChosen(true);
    void lab.beginInMemory().finally(() => setChosen(false));
  };
  const takeOver = (): void => {
    // Said again where they are still held.
    dismissNotice('storageHeld');
    void lab.takeOver();
  };
  const isHeld = notice.kind === 'storageHeld';
  const tape = notice.kind === 'savedRefused' ? notice.tape : null;
  const engines = notice.kind === 'savedRefused' ? notice.engines : null;
  const place = useEnginePlace(engines?.saved ?? null);
  return (
    <Dialog title={t(isHeld ? 'held.title' : 'refusedRun.title')}>
      <p>{notice.kind === 'savedRefused' ? refusal(notice, t) : t('held.text')}</p>
      <p className="mt-3 text-muted">{t('held.stays')}</p>
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        {tape !== null && (
          <Button look="line" onClick={() => saveText('saved-run.tape', tape)}>
            {t('menu.export')}
          </Button>
        )}
        {place !== null && engines !== null && (
          // The same disks, by the engine that wrote them.
          <Button look="line" onClick={() => location.assign(`${place}${location.search}`)}>
            {t('refusedRun.there', engines)}
          </Button>
        )}
        <Button look="line" disabled={isChosen} onClick={beginInMemory}>
          {t('held.memory')}
        </Button>
        {isHeld && (
          <Button look="line" disabled={isChosen} onClick={takeOver}>
            {t('elsewhere.takeOver')}
          </Button>
        )}
        {/* The choice that changes nothing has the focus. */}
        <Button look="primary" data-first onClick={() => location.reload()}>
          {t('held.tryAgain')}
        </Button>
      </div>
    </Dialog>
  );
}
