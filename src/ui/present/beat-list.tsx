// All beats of the run, to go to and to add to.

import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Time } from '../../base/ids.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { millis } from '../kit/format.ts';
import { useLab } from '../lab-context.ts';
import { addBeatHere, beatTitle, useBeats } from './use-beats.ts';
import '../../words/present.en.json';

export function BeatList({ onGo }: { readonly onGo: (at: Time) => void }): ReactNode {
  const t = useT();
  const lab = useLab();
  const { beats, index, canChange } = useBeats();
  return (
    <section aria-label={t('present.beats')} className="present-beats">
      <h2 className="heading">{t('present.beats')}</h2>
      {beats.length === 0 && <p className="text-muted">{t('present.noBeats')}</p>}
      <ol>
        {beats.map((beat, i) => {
          const title = beatTitle(beat, i, t);
          return (
            <li key={beat.at}>
              <button
                type="button"
                aria-label={t('present.goTo', { index: i + 1, title })}
                aria-current={i === index ? 'step' : undefined}
                onClick={() => onGo(beat.at)}
              >
                <span className="mono text-muted">{millis(beat.at)}</span>
                <span className="min-w-0 flex-1">{title}</span>
              </button>
            </li>
          );
        })}
      </ol>
      <Button look="line" icon={Plus} disabled={!canChange} onClick={() => addBeatHere(lab)}>
        {t('present.add')}
      </Button>
    </section>
  );
}
