// *Save as lesson*: the tape of what is shown, as a lesson file that the lab opens again.

import { Save } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { openGuide } from '../../lab/lesson-guide.ts';
import { saveText } from '../dialogs/download.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { useComesIntoView } from '../kit/into-view.ts';
import { useLab } from '../lab-context.ts';
import '../../words/lessons.en.json';

export function SaveLesson({ onDone }: { readonly onDone: () => void }): ReactNode {
  const t = useT();
  const lab = useLab();
  const [title, setTitle] = useState('');
  const [error, setError] = useState('');
  const form = useComesIntoView<HTMLFormElement>();
  const save = async (): Promise<void> => {
    lab.pause();
    const guide = openGuide(setError);
    try {
      const tape = await lab.exportTape();
      const { isReplay, shown, liveTime } = lab.run();
      const shownTime = lab.frame()?.time ?? liveTime;
      const now = isReplay || shown !== 'main' ? shownTime : liveTime;
      const text = await guide.save(tape, now, title.trim());
      saveText('lesson.json', text);
      onDone();
    } catch (reason) {
      setError(reason instanceof Error ? reason.message : String(reason));
    } finally {
      guide.close();
    }
  };
  return (
    <form
      ref={form}
      className="lesson-card"
      aria-label={t('lessons.save')}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <p className="text-muted">{t('lessons.saveNote')}</p>
      <label className="mt-3 flex flex-col gap-1">
        <span>{t('lessons.saveTitle')}</span>
        <input
          className="lesson-text"
          maxLength={120}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
      </label>
      {error !== '' && (
        <p role="alert" className="mt-2">
          {error}
        </p>
      )}
      <div className="mt-1">
        <Button look="primary" icon={Save} type="submit" disabled={title.trim() === ''}>
          {t('lessons.saveDo')}
        </Button>
      </div>
    </form>
  );
}
