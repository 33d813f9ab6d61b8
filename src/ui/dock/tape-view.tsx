// The run's tape as text, with what it is for: copy, export, import.

import { Copy, Download, FolderOpen, RefreshCw } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { useRun } from '../../state/run-store.ts';
import { setPanel } from '../../state/selection-store.ts';
import { copyText, downloadTape } from '../dialogs/download.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import { useSqlRuns } from './sql-store.ts';

export function TapeView(): ReactNode {
  const t = useT();
  const lab = useLab();
  const [text, setText] = useState<string | null>(null);
  const faults = useFrame((state) => state.frame?.faults.length ?? 0);
  const runId = useRun((run) => run?.runId ?? '');
  const statements = useSqlRuns().length;
  const load = useCallback(() => {
    void lab.exportTape().then(setText, () => setText(null));
  }, [lab]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run is another tape; a fault or a statement is a new line
  useEffect(load, [load, faults, runId, statements]);
  return (
    <section aria-label={t('dock.tape')} className="flex h-full min-h-0 flex-col">
      <div className="flex h-9 flex-none items-center gap-2 px-3">
        <Button small look="line" icon={Download} onClick={() => void downloadTape(lab)}>
          {t('menu.export')}
        </Button>
        <Button small look="line" icon={FolderOpen} onClick={() => setPanel({ kind: 'import' })}>
          {t('menu.import')}
        </Button>
        <Button
          small
          look="line"
          icon={Copy}
          disabled={text === null}
          onClick={() => void copyText(text ?? '')}
        >
          {t('copy')}
        </Button>
        <Button small icon={RefreshCw} onClick={load}>
          {t('tape.refresh')}
        </Button>
      </div>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        aria-label={t('tape.text')}
        className="mono min-h-0 flex-1 overflow-auto border-t border-line px-4 py-2 text-[12px] leading-[18px] whitespace-pre"
      >
        {text ?? t('loading')}
      </section>
    </section>
  );
}
