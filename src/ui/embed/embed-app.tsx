// An embed at work: one pane, the map or a lens, of a run that is replayed in memory, with play, step and reset. Nothing of it can be
// changed, kept or lost, so it may stand in any page.

import { Pause, Play, RotateCcw, StepForward } from 'lucide-react';
import { type ReactNode, StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import type { Time } from '../../base/ids.ts';
import type { Lab } from '../../lab/api.ts';
import { makeLab } from '../../lab/lab.ts';
import { decodeTape } from '../../lab/share.ts';
import { previewTape } from '../../lab/tape-preview.ts';
import { ENGINE } from '../../sim/engine.ts';
import { connectStores } from '../../state/connect.ts';
import { useFrame } from '../../state/frame-store.ts';
import { useRun } from '../../state/run-store.ts';
import { setSettings } from '../../state/settings-store.ts';
import { ClusterMap } from '../canvas/cluster-map.tsx';
import { ErrorBoundary } from '../frame/error-boundary.tsx';
import { RunPatterns } from '../glyphs/run-shape.tsx';
import { detectLanguage, setLanguage, useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { millis } from '../kit/format.ts';
import { LabContext } from '../lab-context.ts';
import { LensHost } from '../lens/lens-host.tsx';
import { findLens } from '../lens/registry.ts';
import { useTheme } from '../theme/theme.ts';
import { type EmbedLink, type EmbedRun, withoutEnd } from './embed-link.ts';
import type { LessonLead } from './lesson-embed.tsx';
import '../../words/embed.en.json';
import '../theme/base.css';

interface PartProps {
  readonly lab: Lab;
  readonly link: EmbedLink;
  /** Where it begins, virtual µs. */
  readonly from: Time;
  readonly lesson: Lesson | null;
}

/** The parts of a lesson, loaded with one. */
interface Lesson {
  readonly lead: LessonLead;
  readonly StepWords: (props: { readonly lead: LessonLead }) => ReactNode;
}

/** The same moment in the lab itself. */
const labAddress = ({ tape, show, lesson }: EmbedLink): string =>
  lesson !== null ? `./#/lessons/${lesson}` : `./#/lab&r=${tape}${show === 'map' ? '' : `&lens=${show}`}`;

function Bar({ lab, link, from, lesson }: PartProps): ReactNode {
  const t = useT();
  const isPlaying = useRun((run) => run?.playing === true);
  const time = useFrame(({ frame }) => frame?.time ?? from);
  const { play, pause } = lesson?.lead ?? lab;
  return (
    <div className="flex h-11 flex-none items-center gap-1 border-t border-line px-2">
      <Button look="line" icon={isPlaying ? Pause : Play} onClick={() => (isPlaying ? pause() : play())}>
        {t(isPlaying ? 'toolbar.pause' : 'toolbar.play')}
      </Button>
      <Button icon={StepForward} onClick={() => void lab.step('meaningful')}>
        {t('toolbar.step')}
      </Button>
      <Button icon={RotateCcw} onClick={() => void standAt(lab, from)}>
        {t('embed.reset')}
      </Button>
      <output aria-label={t('toolbar.time')} className="mono min-w-0 truncate text-muted">
        {t('embed.at', { time: millis(time) })}
      </output>
      <span className="flex-1" />
      <a className="truncate underline" href={labAddress(link)} target="_blank" rel="noopener noreferrer">
        {t('embed.open')}
      </a>
    </div>
  );
}

function EmbedPane({ lab, link, from, lesson }: PartProps): ReactNode {
  useTheme();
  const t = useT();
  useEffect(() => {
    document.title = t('app.title');
  }, [t]);
  return (
    <LabContext.Provider value={lab}>
      <RunPatterns />
      <div className="flex h-full flex-col bg-panel text-[13px] leading-5">
        <div className="relative min-h-0 flex-1 overflow-hidden">
          {link.show === 'map' ? <ClusterMap /> : <LensHost place="first" />}
        </div>
        {lesson !== null && <lesson.StepWords lead={lesson.lead} />}
        <Bar lab={lab} link={link} from={from} lesson={lesson} />
      </div>
    </LabContext.Provider>
  );
}

async function standAt(lab: Lab, time: Time): Promise<void> {
  lab.pause();
  await lab.seek(time);
}

/** Resolves when the tape is loaded; it plays then. */
const loaded = (lab: Lab): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = lab.subscribe({
      onRun({ openedTapes }) {
        if (openedTapes === 0) return;
        // It begins to play right after.
        queueMicrotask(() => {
          end();
          resolve();
        });
      },
      onNotice(notice) {
        if (notice.kind === 'workerFailed' || notice.kind === 'engineError') reject(new Error(notice.detail));
      },
    });
  });

const texts = () => import('../i18n/refusal-text.ts');

/** The run of a link: its tape, or its lesson played to one. */
async function tapeOf(link: EmbedLink) {
  if (link.lesson !== null) {
    const { openLessonWay, StepWords } = await import('./lesson-embed.tsx');
    const way = await openLessonWay(link.lesson);
    return { tape: way.tape, way, StepWords };
  }
  const opened = decodeTape(link.tape);
  if (!opened.ok) throw new Error((await texts()).faultText(opened));
  if (!opened.tape.includes(`\nengine ${ENGINE}\n`))
    await (await import('../../lab/engine-place.ts')).leaveForEngine(opened.tape, 'embed.html');
  return { tape: withoutEnd(opened.tape), way: null, StepWords: null };
}

/** Resolves when the picture of the link's moment is there. Throws in words when the link cannot be shown. */
export async function openEmbed(link: EmbedLink, page: HTMLElement): Promise<EmbedRun> {
  await setLanguage(
    link.language === null ? detectLanguage(navigator.languages) : detectLanguage([link.language]),
  );
  const { tape, way, StepWords } = await tapeOf(link);
  const preview = previewTape(tape);
  if (!preview.ok) throw new Error((await texts()).lineFaultText(preview));
  setSettings({ theme: link.theme ?? 'system', lens: findLens(link.show)?.id ?? null });
  const lab = makeLab({
    lab: 'embed',
    storage: 'memory',
    fallback: { preset: preview.preview.preset, seed: preview.preview.seed },
    replay: tape,
    failpoint: null,
    keyframe: null,
  });
  connectStores(lab, null);
  const from = (way?.startUs ?? Math.round(link.atMs * 1000)) as Time;
  await loaded(lab);
  await standAt(lab, from);
  const lesson = way === null ? null : { lead: way.lead(lab), StepWords };
  createRoot(page).render(
    <StrictMode>
      <ErrorBoundary>
        <EmbedPane lab={lab} link={link} from={from} lesson={lesson} />
      </ErrorBoundary>
    </StrictMode>,
  );
  return playWhenSeen(lab, lesson?.lead ?? null);
}

/** Plays when it comes into sight, and goes on then only if nobody has paused it; a lesson begins with words, and waits. */
function playWhenSeen(lab: Lab, lead: LessonLead | null): EmbedRun {
  const { play, pause } = lead ?? lab;
  let wasPlaying = lead === null;
  let isShown = false;
  return {
    show(isSeen) {
      if (isSeen === isShown) return;
      isShown = isSeen;
      if (isSeen && wasPlaying) play();
      if (isSeen) return;
      wasPlaying = lab.run().playing;
      pause();
    },
  };
}
