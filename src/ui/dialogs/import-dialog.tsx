// Open a tape, or a repro bundle with one in it, from a file or from pasted text: described first, faults named with their line, then replayed in memory.

import { type ReactNode, useMemo, useState } from 'react';
import { otherEngineOf } from '../../lab/engine-place.ts';
import type { ReproBundle } from '../../lab/repro-bundle.ts';
import { encodeTape } from '../../lab/share.ts';
import { readTapeFile, tapeOfText } from '../../lab/tape-file.ts';
import { ENGINE } from '../../sim/engine.ts';
import { dismissNotice } from '../../state/run-store.ts';
import { useT } from '../i18n/i18n.ts';
import { faultText } from '../i18n/refusal-text.ts';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { millis } from '../kit/format.ts';
import { useLab } from '../lab-context.ts';
import { TapePreviewFacts } from './tape-preview.tsx';
import { useEnginePlace } from './use-engine-place.ts';
import '../../words/dialogs/tape.en.json';

/** What the bundle says went wrong, and of what its hash is. */
function BundleFacts({ bundle }: { readonly bundle: ReproBundle }): ReactNode {
  const t = useT();
  const { error, hash, trace } = bundle;
  const what = error.rule === '' ? error.detail : `${error.rule}: ${error.detail}`;
  return (
    <>
      <p className="mt-2 text-fence">
        {t('import.bundle', { what, node: error.node === '' ? '–' : error.node, time: millis(error.at) })}
      </p>
      <p className="mt-1 text-muted">
        {t(hash?.isOfTrace === true ? 'import.bundleTrace' : 'import.bundleHash', {
          hash: hash?.hash ?? '–',
          count: trace.length,
        })}
      </p>
    </>
  );
}

/** Of a tape of another engine: what it means to play it here, and the way to its own build where that is kept. */
function OtherEngine({ tape }: { readonly tape: string }): ReactNode {
  const t = useT();
  const recorded = otherEngineOf(tape);
  const place = useEnginePlace(recorded);
  if (recorded === null) return null;
  const openThere = (): void => {
    window.open(`${place}${location.search}#/lab&r=${encodeTape(tape)}`, '_blank', 'noopener');
  };
  return (
    <div className="mt-2 flex flex-wrap items-center gap-2 text-hole">
      <p>{t('import.engine', { recorded, mine: ENGINE })}</p>
      {place !== null && (
        <Button small look="line" onClick={openThere}>
          {t('import.there', { recorded })}
        </Button>
      )}
    </div>
  );
}

export function ImportDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useT();
  const lab = useLab();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  // A long tape takes seconds.
  const opened = useMemo(() => (text.trim() === '' ? null : readTapeFile(text)), [text]);
  const open = (): void => {
    if (opened?.ok !== true) return;
    setBusy(true);
    dismissNotice('errorReached');
    void lab
      .openTape(opened.tape, opened.bundle?.error ?? null)
      .then((result) => {
        if (result.ok) onClose();
        else setFailure(t('import.error', { line: result.line, error: faultText(result) }));
      })
      .catch((error: unknown) => setFailure(String(error)))
      .finally(() => setBusy(false));
  };
  return (
    <Dialog title={t('import.title')} onClose={onClose}>
      <p className="mb-3 text-muted">{t('import.text')}</p>
      <label className="block">
        <span className="heading block">{t('import.file')}</span>
        <input
          type="file"
          accept=".tape,.capsule,text/plain"
          className="text-[13px]"
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file !== undefined) void file.text().then(setText);
          }}
        />
      </label>
      <label className="mt-3 block">
        <span className="heading block">{t('import.paste')}</span>
        <textarea
          className="mono h-36 w-full rounded-control border border-control bg-panel p-2 text-[12px] leading-[18px]"
          value={text}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <div className="mt-3" aria-live="polite">
        {opened?.ok === true && <TapePreviewFacts preview={opened.preview} />}
        {opened?.ok === true && opened.bundle !== null && <BundleFacts bundle={opened.bundle} />}
        {opened?.ok === false && (
          <p className="text-fence">{t('import.error', { line: opened.line, error: faultText(opened) })}</p>
        )}
        <OtherEngine tape={tapeOfText(text)} />
        {failure !== null && <p className="text-fence">{failure}</p>}
      </div>
      <div className="mt-4 flex justify-end gap-2">
        <Button look="line" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button look="primary" disabled={opened?.ok !== true || busy} onClick={open}>
          {t('import.open')}
        </Button>
      </div>
    </Dialog>
  );
}
