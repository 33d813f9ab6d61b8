// Dialog for a lab that another tab drives: watch it, or take it over. A tab that was opened by a link to a run begins that as a lab of
// its own beside it, another one may fork the other's run into one.

import { GitFork, Play } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Notice } from '../../lab/api.ts';
import type { Done } from '../../lab/time-api.ts';
import { dismissNotice } from '../../state/run-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { useLab } from '../lab-context.ts';
import '../../words/dialogs/dialogs.en.json';

type Asked = Extract<Notice, { kind: 'openElsewhere' }>['asked'];

export function ElsewhereDialog({ asked }: { readonly asked: Asked }): ReactNode {
  const t = useT();
  const lab = useLab();
  const choose = (act: () => void): void => {
    dismissNotice('openElsewhere');
    act();
  };
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const attempt = async (work: () => Promise<Done>): Promise<void> => {
    setBusy(true);
    setError(null);
    const done = await work();
    setBusy(false);
    if (done.ok) dismissNotice('openElsewhere');
    else setError(done.error);
  };
  return (
    <Dialog title={t('elsewhere.title')}>
      <p>{asked === null ? t('elsewhere.text') : t('elsewhere.asked', asked)}</p>
      <div aria-live="polite">
        {isBusy && asked === null && <p className="mt-3 text-muted">{t('elsewhere.forking')}</p>}
        {error !== null && (
          <p className="mt-3 text-fence">
            {t(asked === null ? 'elsewhere.notForked' : 'elsewhere.notBegun', { error })}
          </p>
        )}
      </div>
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        {asked === null && (
          <Button
            look="line"
            icon={GitFork}
            disabled={isBusy}
            onClick={() => void attempt(lab.forkElsewhere)}
          >
            {t('toolbar.forkHere')}
          </Button>
        )}
        <Button look="line" disabled={isBusy} onClick={() => choose(() => void lab.takeOver())}>
          {t('elsewhere.takeOver')}
        </Button>
        {/* The choice that leaves the other tab as it is, and is what this tab was opened for, has the focus. */}
        <Button
          look={asked === null ? 'primary' : 'line'}
          data-first={asked === null || undefined}
          disabled={isBusy}
          onClick={() => choose(() => lab.watch())}
        >
          {t('elsewhere.watch')}
        </Button>
        {asked !== null && (
          <Button
            look="primary"
            data-first
            icon={Play}
            disabled={isBusy}
            onClick={() => void attempt(lab.beginApart)}
          >
            {t('elsewhere.apart')}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
