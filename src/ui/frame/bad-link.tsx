// Error page for a link that cannot be opened: why, what could be read of its tape, and the way to the lab. Plain, no
// console error.

import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { type Refusal, refusal } from '../../presets/refusals.ts';
import { saveText } from '../dialogs/download.ts';
import { useT } from '../i18n/i18n.ts';
import { refusalText } from '../i18n/refusal-text.ts';
import { Button } from '../kit/button.tsx';
import '../../words/frame/bad-link.en.json';

/** Characters of a tape on the page; the file has all of it. */
const SHOWN = 20_000;

interface BadLinkProps {
  readonly why: Pick<Refusal, 'kind' | 'of'>;
  readonly readable: string;
}

export function BadLink({ why: { kind, of }, readable }: BadLinkProps): ReactNode {
  const t = useT();
  return (
    <main className="plain-page">
      <h1 className="text-title font-semibold">{t('page.badLink')}</h1>
      <p className="mt-3 text-body">{refusalText(refusal(kind, of))}</p>
      {readable !== '' && (
        <>
          <p className="mt-4 text-muted">{t('page.readable')}</p>
          <pre>{readable.length > SHOWN ? `${readable.slice(0, SHOWN)}…` : readable}</pre>
        </>
      )}
      <div className="mt-5 flex gap-2">
        <Button
          look="primary"
          onClick={() => {
            location.hash = '#/';
          }}
        >
          {t('page.openLab')}
        </Button>
        {readable !== '' && (
          <Button look="line" icon={Download} onClick={() => saveText('link.tape', readable)}>
            {t('share.download')}
          </Button>
        )}
      </div>
    </main>
  );
}
