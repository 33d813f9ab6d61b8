// Forget everything: every node's database, the tape, the settings. Asked once, in words that say what goes.

import { type ReactNode, useState } from 'react';
import { forgetCoach } from '../../state/coach-store.ts';
import { forgetVisit } from '../../state/first-picture.ts';
import { forgetLessons } from '../../state/lesson-store.ts';
import { forgetClusters } from '../../state/saved-clusters.ts';
import { forgetSettings } from '../../state/settings-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { useLab } from '../lab-context.ts';
import { downloadTape } from './download.ts';
import '../../words/dialogs/dialogs.en.json';

export function ForgetDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useT();
  const lab = useLab();
  const [busy, setBusy] = useState(false);
  return (
    <Dialog title={t('forget.title')} onClose={onClose}>
      <p>{t('forget.text')}</p>
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        <Button look="line" onClick={() => void downloadTape(lab)}>
          {t('menu.export')}
        </Button>
        <Button look="line" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button
          look="danger"
          disabled={busy}
          onClick={() => {
            setBusy(true);
            forgetSettings();
            forgetLessons();
            forgetVisit();
            forgetCoach();
            // where the browser refuses storage there is none to forget
            void forgetClusters()
              .catch(() => undefined)
              .then(() => lab.forgetEverything())
              .finally(onClose);
          }}
        >
          {t('forget.do')}
        </Button>
      </div>
    </Dialog>
  );
}
