// Share: what the link contains, SQL text included, before it is copied; too long for a link becomes a file.

import { Copy, Download } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { Lab } from '../../lab/api.ts';
import { previewTape } from '../../lab/tape-preview.ts';
import { useFrame } from '../../state/frame-store.ts';
import { useRun } from '../../state/run-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { bytesText, millis } from '../kit/format.ts';
import { useLab } from '../lab-context.ts';
import { branchName } from '../time/branch-names.ts';
import { copyText, downloadTape } from './download.ts';
import { TapePreviewFacts } from './tape-preview.tsx';
import '../../words/dialogs/dialogs.en.json';

/** Longer links are cut by chat programs and proxies: a file is offered instead. */
const linkLimit = 8 * 1024;

type Shared = Awaited<ReturnType<Lab['shareLink']>>;

/** Beside other branches: that it is the twin on the screen, and not the run it left. */
function SharedBranch(): ReactNode {
  const t = useT();
  const branches = useRun((run) => run?.branches);
  const shown = useRun((run) => run?.shown ?? 'main');
  const time = useFrame(({ frame }) => frame?.time ?? 0);
  const fork = branches?.find(({ id }) => id === shown)?.fork ?? null;
  if (fork === null) return null;
  const words = { name: branchName(shown, t), from: branchName(fork.from, t) };
  return (
    <p className="mb-3" data-branch={shown}>
      {t('share.branch', { ...words, at: millis(fork.at), time: millis(time) })}
    </p>
  );
}

interface ShareProps {
  readonly onClose: () => void;
  /** What is appended to a link so that it opens where one stands now. */
  readonly place: () => string;
  /** Other ways to hand the run on. */
  readonly children?: ReactNode;
}

export function ShareDialog({ onClose, place, children }: ShareProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const [shared, setShared] = useState<Shared | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    lab.shareLink().then(setShared, (reason: unknown) => setError(String(reason)));
  }, [lab]);
  const opened = shared === null ? null : previewTape(shared.tape);
  const [isPlaced, setPlaced] = useState(true);
  const url = shared === null ? '' : isPlaced ? `${shared.url}${place()}` : shared.url;
  const tooLong = shared !== null && url.length > linkLimit;
  return (
    <Dialog title={t('share.title')} onClose={onClose}>
      {error !== null && <p className="text-fence">{error}</p>}
      {shared === null && error === null && <p className="text-muted">{t('loading')}</p>}
      {shared !== null && (
        <>
          <p className="mb-3 text-muted">{t('share.text')}</p>
          <SharedBranch />
          {opened?.ok === true && <TapePreviewFacts preview={opened.preview} />}
          <label className="heading block" htmlFor="share-link">
            {t('share.link', { size: bytesText(shared.bytes) })}
          </label>
          <input
            id="share-link"
            readOnly
            className="field mono w-full text-[12px]"
            value={url}
            onFocus={(event) => event.target.select()}
          />
          <fieldset className="mt-2 flex flex-col gap-1">
            <legend className="sr-only">{t('share.opens')}</legend>
            {([true, false] as const).map((placed) => (
              <label key={String(placed)} className="flex items-center gap-2">
                <input
                  type="radio"
                  name="share-opens"
                  checked={isPlaced === placed}
                  onChange={() => setPlaced(placed)}
                />
                {t(placed ? 'share.placed' : 'share.fromStart')}
              </label>
            ))}
          </fieldset>
          {tooLong && <p className="mt-2 text-hole">{t('share.tooLong')}</p>}
          <details className="mt-3">
            <summary className="cursor-pointer">{t('share.contents')}</summary>
            <pre className="mono mt-2 max-h-60 overflow-auto rounded-card border border-line p-3 text-[12px] leading-[18px] whitespace-pre-wrap">
              {shared.tape}
            </pre>
          </details>
          {children}
          <div className="mt-4 flex justify-end gap-2">
            <Button
              look={tooLong ? 'primary' : 'line'}
              icon={Download}
              onClick={() => void downloadTape(lab)}
            >
              {t('share.download')}
            </Button>
            <Button look={tooLong ? 'line' : 'primary'} icon={Copy} onClick={() => void copyText(url)}>
              {t('copy')}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}
