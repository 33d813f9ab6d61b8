// Dialog for a run that is open in another tab: watch it, fork it into a lab of its own, or take it over.

import { GitFork } from 'lucide-react';
import { type ReactNode, useState } from 'react';
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
  const [isForking, setForking] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const fork = async (): Promise<void> => {
    setForking(true);
    setError(null);
    const forked = await lab.forkElsewhere();
    setForking(false);
    if (forked.ok) dismissNotice('openElsewhere');
    else setError(forked.error);
  };
  return (
    <Dialog title={t('elsewhere.title')}>
      <p>{t('elsewhere.text')}</p>
      <div aria-live="polite">
        {isForking && <p className="mt-3 text-muted">{t('elsewhere.forking')}</p>}
        {error !== null && <p className="mt-3 text-fence">{t('elsewhere.notForked', { error })}</p>}
      </div>
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        <Button look="line" icon={GitFork} disabled={isForking} onClick={() => void fork()}>
          {t('toolbar.forkHere')}
        </Button>
        <Button look="line" disabled={isForking} onClick={() => choose(() => void lab.takeOver())}>
          {t('elsewhere.takeOver')}
        </Button>
        {/* The choice that changes nothing has the focus. */}
        <Button look="primary" data-first disabled={isForking} onClick={() => choose(() => lab.watch())}>
          {t('elsewhere.watch')}
        </Button>
      </div>
    </Dialog>
  );
}
