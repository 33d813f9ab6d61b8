// Compact view, below 1024 px: the lab to read and to watch. The run plays or stands, its captions and map are the live ones, its events
// can be looked back at, every lesson can be read; nothing acts on the cluster.

import { ArrowLeft, Pause, Play } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { lessonEntries } from '../../lessons/catalogue.ts';
import { ScreenPartContext } from '../../state/frame-store.ts';
import { goTo, useRoute } from '../../state/route-store.ts';
import { useRun } from '../../state/run-store.ts';
import { setSettings } from '../../state/settings-store.ts';
import { isPlaying } from '../../state/view-clock.ts';
import { ClusterMap } from '../canvas/cluster-map.tsx';
import { lookOnly } from '../canvas/look-only.ts';
import { Banners } from '../dialogs/banners.tsx';
import { EventList } from '../dock/event-list.tsx';
import { currentLanguage, setLanguage, useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import { LessonEntryLink } from '../lessons/lesson-entry.tsx';
import { StatusSentence } from '../story/status-sentence.tsx';
import { RunClock } from '../time/run-clock.tsx';
import { RunPill } from '../time/run-pill.tsx';
import '../lessons/lessons.css';
import { CaptionLine } from '../story/caption-line.tsx';
import { StoryHost } from '../story/story-host.tsx';
import { LessonText } from './lesson-text.tsx';
import './compact.css';
import './texts.ts';

const AboutPage = lazy(async () => ({ default: (await import('../about/about-page.tsx')).AboutPage }));

function Head(): ReactNode {
  const t = useT();
  const lab = useLab();
  const playing = useRun(isPlaying);
  const isMirror = useRun((run) => run?.mode === 'MIRROR');
  const other = currentLanguage() === 'en' ? 'zh-CN' : 'en';
  return (
    <header className="reader-head">
      <h1 className="text-[15px] font-bold">PostDB Lab</h1>
      <Button
        look="primary"
        icon={playing ? Pause : Play}
        className="h-11 px-4"
        disabled={isMirror}
        onClick={() => (playing ? lab.pause() : lab.play())}
      >
        {t(playing ? 'toolbar.pause' : 'toolbar.play')}
      </Button>
      <RunPill />
      <RunClock />
      <span className="flex-1" />
      <Button
        look="line"
        className="h-11"
        lang={other}
        onClick={() => {
          void setLanguage(other);
          setSettings({ language: other });
        }}
      >
        {t('reader.otherLanguage')}
      </Button>
    </header>
  );
}

function Lessons({ id }: { readonly id: string }): ReactNode {
  const t = useT();
  if (id === '')
    return (
      <ul className="flex flex-col gap-1.5 p-4">
        {lessonEntries.map((entry) => (
          <LessonEntryLink key={entry.id} entry={entry} />
        ))}
      </ul>
    );
  return (
    <>
      <Button icon={ArrowLeft} className="m-2 h-11" onClick={() => goTo('lessons')}>
        {t('lessons.list')}
      </Button>
      <LessonText id={id} />
    </>
  );
}

/** A lesson has an address: who comes by it finds it open. */
function Views(): ReactNode {
  const t = useT();
  const page = useRoute((route) => route.page);
  const lesson = useRoute(({ rest }) => rest);
  const [chosen, setChosen] = useState('events');
  const view = page === 'lessons' ? 'lessons' : chosen;
  const choose = (next: string): void => {
    setChosen(next);
    if (next === 'lessons') goTo('lessons');
    else if (page === 'lessons') goTo('lab');
  };
  return (
    <Tabs.Root value={view} onValueChange={choose} className="reader-views">
      <div className="flex flex-none items-center border-b border-line pr-2">
        <Tabs.List className="tabs min-w-0 flex-1 border-b-0" aria-label={t('reader.views')}>
          <Tabs.Trigger value="events" className="tab">
            {t('reader.events')}
          </Tabs.Trigger>
          <Tabs.Trigger value="lessons" className="tab">
            {t('reader.lessons')}
          </Tabs.Trigger>
        </Tabs.List>
        <a className="tab flex-none" href="#/about">
          {t('reader.about')}
        </a>
      </div>
      <Tabs.Content value="events" className="min-h-0 flex-1" tabIndex={-1}>
        <ScreenPartContext value="dock">
          <EventList />
        </ScreenPartContext>
      </Tabs.Content>
      <Tabs.Content value="lessons" className="min-h-0 flex-1 overflow-y-auto">
        <Lessons id={page === 'lessons' ? lesson : ''} />
      </Tabs.Content>
    </Tabs.Root>
  );
}

export function CompactView(): ReactNode {
  const t = useT();
  const isAbout = useRoute(({ page }) => page === 'about');
  if (isAbout)
    return (
      <div className="flex h-full flex-col overflow-x-hidden">
        <Button icon={ArrowLeft} className="m-2 h-11 flex-none self-start" onClick={() => goTo('lab')}>
          {t('reader.toLab')}
        </Button>
        <Suspense fallback={null}>
          <AboutPage />
        </Suspense>
      </div>
    );
  return (
    <div className="reader">
      <Head />
      <p className="reader-notice">{t('reader.notice')}</p>
      <Banners />
      <StoryHost />
      <section className="reader-caption" aria-label={t('status.title')}>
        <CaptionLine>
          <StatusSentence />
        </CaptionLine>
      </section>
      <div className="reader-body">
        <main className="reader-map" {...lookOnly}>
          <ClusterMap isBare />
        </main>
        <Views />
      </div>
    </div>
  );
}
