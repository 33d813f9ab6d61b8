// What is to happen by the tape after what is shown: the presenter knows what the audience is about to see.

import { type ReactNode, useEffect, useState } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { useRun } from '../../state/run-store.ts';
import { linesOf, type TapeLine } from '../dock/tape-lines.ts';
import { lineWords } from '../faults/action-words.ts';
import { useT } from '../i18n/i18n.ts';
import { millis } from '../kit/format.ts';
import { useLab } from '../lab-context.ts';
import '../../words/present.en.json';

/** So many of the next actions are listed. */
const MOST = 3;

const noRows: readonly TapeLine[] = [];

/** The actions of the tape that is shown, read again when another was done. */
function useActions(): readonly TapeLine[] {
  const lab = useLab();
  const tape = useRun((run) =>
    run === null
      ? ''
      : [run.runId, run.taped, run.isReplay, run.openedTapes, run.mode === 'BOOTING'].join(' '),
  );
  const [rows, setRows] = useState(noRows);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tape is read anew
  useEffect(() => {
    let isOver = false;
    lab.exportTape().then(
      (text) => {
        if (!isOver) setRows(linesOf(text).filter(({ kind, isOn }) => kind === 'action' && isOn));
      },
      // It boots, or only watches: nothing is known of what comes.
      () => undefined,
    );
    return () => {
      isOver = true;
    };
  }, [lab, tape]);
  return rows;
}

export function NextEvents(): ReactNode {
  const t = useT();
  const rows = useActions();
  const first = useFrame(({ frame }) => rows.findIndex(({ at }) => at * 1000 >= (frame?.time ?? 0)));
  const next = first === -1 ? noRows : rows.slice(first, first + MOST);
  return (
    <section aria-label={t('present.nextEvents')}>
      <h2 className="heading">{t('present.nextEvents')}</h2>
      {next.length === 0 && <p className="text-muted">{t('present.noEvents')}</p>}
      <ul>
        {next.map(({ line, at, text }) => (
          <li key={line} className="flex gap-2">
            <span className="mono text-muted">{millis(at * 1000)}</span>
            <span className="min-w-0 flex-1 break-words">{lineWords(text, t)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
