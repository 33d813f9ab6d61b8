// The panel between rail and map: the list of lessons, or the lesson that the address names (`#/lessons/H03`, `&lock=1`
// without spoilers). A lesson begins with its own cluster when it is opened and ends when the panel leaves it.

import { ArrowLeft, FolderOpen, Save, X } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { lessonEntries } from '../../lessons/catalogue.ts';
import { forgetLessons, useLesson } from '../../state/lesson-store.ts';
import { goTo, useRoute } from '../../state/route-store.ts';
import { selectionStore } from '../../state/selection-store.ts';
import type { LensId } from '../../state/settings-store.ts';
import { openSide } from '../../state/side-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Button, IconButton } from '../kit/button.tsx';
import { Coming } from '../kit/late.tsx';
import { useLab } from '../lab-context.ts';
import { findLens } from '../lens/registry.ts';
import { showLens } from '../model/show-lens.ts';
import { LessonEntryLink } from './lesson-entry.tsx';
import { type LessonRun, openLessonRun } from './lesson-run.ts';
import { LessonView } from './lesson-view.tsx';
import { SaveLesson } from './save-lesson.tsx';
import './lessons.css';
import '../../words/lessons.en.json';
import { wordsOf } from './words.ts';

/** The id under which a lesson file is open. */
const FILE = 'file';

function LessonList({ onFile }: { readonly onFile: (text: string) => void }): ReactNode {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  const [saving, setSaving] = useState(false);
  const hasProgress = useLesson(({ progress }) => Object.keys(progress).length > 0);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 py-3">
      <p className="text-[14px] leading-[22px] text-muted">{t('lessons.intro')}</p>
      <ul className="mt-3 flex flex-col gap-1.5">
        {lessonEntries.map((entry) => (
          <LessonEntryLink key={entry.id} entry={entry} />
        ))}
      </ul>
      <div className="mt-4 flex flex-wrap gap-2">
        <Button look="line" icon={FolderOpen} onClick={() => input.current?.click()}>
          {t('lessons.openFile')}
        </Button>
        <Button look="line" icon={Save} aria-expanded={saving} onClick={() => setSaving(!saving)}>
          {t('lessons.save')}
        </Button>
        {hasProgress && <Button onClick={forgetLessons}>{t('lessons.erase')}</Button>}
        <input
          ref={input}
          type="file"
          accept=".json,application/json"
          className="sr-only"
          tabIndex={-1}
          aria-label={t('lessons.openFile')}
          onChange={(event) => {
            const [chosen] = event.target.files ?? [];
            event.target.value = '';
            if (chosen !== undefined) void chosen.text().then(onFile);
          }}
        />
      </div>
      {saving && <SaveLesson onDone={() => setSaving(false)} />}
    </div>
  );
}

/** Opens the lesson and keeps it for as long as the panel shows it. */
function useLessonRun(
  id: string,
  file: string | null,
): { readonly run: LessonRun | null; readonly error: string } {
  const lab = useLab();
  const [run, setRun] = useState<LessonRun | null>(null);
  const [error, setError] = useState('');
  useEffect(() => {
    let current: LessonRun | null = null;
    let left = false;
    setRun(null);
    setError('');
    openLessonRun(lab, id, file, () => !left).then(
      (opened) => {
        if (left) opened?.close();
        else {
          current = opened;
          setRun(opened);
        }
      },
      (reason: unknown) => setError(reason instanceof Error ? reason.message : String(reason)),
    );
    return () => {
      left = true;
      current?.close();
    };
  }, [lab, id, file]);
  return { run, error };
}

const lensOf = (name: string): LensId | null => findLens(name)?.id ?? null;

function OpenLesson(props: {
  readonly id: string;
  readonly file: string | null;
  readonly isLocked: boolean;
}): ReactNode {
  const t = useT();
  const { run, error } = useLessonRun(props.id, props.file);
  const session = useLesson((state) => state.session);
  const lesson = session?.lesson;
  useEffect(() => {
    if (lesson === undefined) return;
    const lens = lensOf(lesson.start.lens);
    if (lens !== null) showLens(lens);
    selectionStore.setState({ group: lesson.start.group });
  }, [lesson]);
  if (error !== '')
    return (
      <p role="alert" className="p-4">
        {error}
      </p>
    );
  if (run === null || session === null)
    return (
      <Coming>
        <p className="p-4 text-muted">{t('lessons.loading')}</p>
      </Coming>
    );
  return <LessonView session={session} run={run} isLocked={props.isLocked} />;
}

export function LessonPanel(): ReactNode {
  const t = useT();
  const [file, setFile] = useState<string | null>(null);
  const named = useRoute(({ page, rest: lesson }) => (page === 'lessons' ? lesson : null));
  // Another page (what is modelled) does not end a lesson.
  const [rest, setRest] = useState(named ?? '');
  if (named !== null && named !== rest) setRest(named);
  const isLocked = useRoute(({ params }) => params.get('lock') === '1');
  const session = useLesson((state) => state.session);
  const id = rest === FILE && file === null ? '' : rest;
  const title = session === null || id === '' ? null : wordsOf(session.lesson.title);
  const heading = title === null ? t('lessons.title') : id === FILE ? title : `${id} ${title}`;
  const leave = (): void => {
    openSide(null);
    goTo('lab');
  };
  return (
    <aside
      id="side-pane"
      className="side-pane lesson-panel"
      aria-label={t('lessons.title')}
      data-region="lessons"
    >
      <div className="panel-head">
        {id !== '' && (
          <IconButton icon={ArrowLeft} small label={t('lessons.list')} onClick={() => goTo('lessons')} />
        )}
        <h2 className="panel-title min-w-0 flex-1 truncate">{heading}</h2>
        <IconButton icon={X} small label={t('lessons.close')} onClick={leave} />
      </div>
      {id === '' ? (
        <LessonList
          onFile={(text) => {
            setFile(text);
            goTo(`lessons/${FILE}`);
          }}
        />
      ) : (
        <OpenLesson key={id} id={id} file={id === FILE ? file : null} isLocked={isLocked} />
      )}
    </aside>
  );
}
