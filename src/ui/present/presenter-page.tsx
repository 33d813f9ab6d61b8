// `#/present`: the presenter's window, in the tab that drives the run. What the audience sees, the beats with their notes, what comes
// next on the tape, and a question with the hands that were counted.

import {
  ArrowLeft,
  ChevronLeft,
  ChevronRight,
  Contrast,
  MonitorUp,
  Square,
  SquareSplitHorizontal,
} from 'lucide-react';
import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { incidents } from '../../incidents/library.ts';
import { incidentStore } from '../../state/incident-store.ts';
import { goTo } from '../../state/route-store.ts';
import { useRun } from '../../state/run-store.ts';
import { setSettings, useSettings } from '../../state/settings-store.ts';
import { useT } from '../i18n/i18n.ts';
import { sideWords } from '../incidents/difference-words.ts';
import { presentIncident } from '../incidents/play-incident.ts';
import { Button } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import { lensAt, useLenses } from '../lens/registry.ts';
import { useBox } from '../plot/use-size.ts';
import { useTheme } from '../theme/theme.ts';
import { BeatList } from './beat-list.tsx';
import { CurrentBeat } from './current-beat.tsx';
import { NextEvents } from './next-events.tsx';
import { type Presenting, presentingOf } from './presenting.ts';
import { Stage } from './stage.tsx';
import { listenToKeys } from './stage-keys.ts';
import { type Pointer, setStage, stageStore } from './stage-state.ts';
import './present.css';
import '../../words/present.en.json';

/** What the picture of the audience's window is drawn for, px: 16 to 9, at the audience's scale full HD. */
const drawn = { width: 1280, height: 720 } as const;

interface Place {
  readonly x: number;
  readonly y: number;
}

const shareOf = (value: number, from: number, size: number): number =>
  Math.min(1, Math.max(0, (value - from) / size));

/** Where the mouse is over the picture, and whether a key that points is held. */
function usePointer(press: Presenting['press']): (event: PointerEvent<HTMLElement>) => void {
  const place = useRef<Place>({ x: 0.5, y: 0.5 });
  const held = useRef<Pointer['kind'] | null>(null);
  useEffect(() => {
    const show = (): void =>
      setStage({ pointer: held.current === null ? null : { kind: held.current, ...place.current } });
    const end = listenToKeys({
      onKey: press,
      onPointer(kind, isHeld) {
        held.current = isHeld ? kind : null;
        show();
      },
    });
    const letGo = (): void => {
      held.current = null;
      show();
    };
    window.addEventListener('blur', letGo);
    return () => {
      end();
      window.removeEventListener('blur', letGo);
      letGo();
    };
  }, [press]);
  return ({ clientX, clientY, currentTarget }) => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    place.current = { x: shareOf(clientX, left, width), y: shareOf(clientY, top, height) };
    if (held.current !== null) setStage({ pointer: { kind: held.current, ...place.current } });
  };
}

function Picture({ press }: { readonly press: Presenting['press'] }): ReactNode {
  const t = useT();
  const [ref, { width, height }] = useBox(1);
  const onMove = usePointer(press);
  const scale = Math.min(width / drawn.width, height / drawn.height);
  return (
    <div ref={ref} className="present-picture">
      {scale > 0 && (
        <figure
          aria-label={t('present.picture')}
          style={{ width: drawn.width * scale, height: drawn.height * scale }}
          onPointerMove={onMove}
        >
          <div inert>
            <Stage {...drawn} scale={scale} />
          </div>
        </figure>
      )}
    </div>
  );
}

/** Of this lab, in the window that is open already or in a new one. */
function audienceUrl(): string {
  const search = new URLSearchParams(location.search);
  // Clients stay with the window that runs the lab.
  search.delete('pg');
  return `${location.pathname}${search.size > 0 ? `?${search}` : ''}#/present/audience`;
}

function AudienceState(): ReactNode {
  const t = useT();
  const isOpen = useRun((run) => run?.hasAudience === true);
  const [isRefused, setRefused] = useState(false);
  const open = (): void =>
    setRefused(window.open(audienceUrl(), 'postdb-lab-audience', 'popup,width=1280,height=720') === null);
  return (
    <div className="flex flex-none flex-wrap items-center gap-3">
      <Button look="line" icon={ArrowLeft} onClick={() => goTo('lab')}>
        {t('present.back')}
      </Button>
      <Button look={isOpen ? 'line' : 'primary'} icon={MonitorUp} onClick={open}>
        {t('present.openAudience')}
      </Button>
      <p className="min-w-0 flex-1 text-muted" role="status">
        {isRefused && !isOpen
          ? t('present.refused', { url: audienceUrl() })
          : t(isOpen ? 'present.isOpen' : 'present.noAudience')}
      </p>
    </div>
  );
}

function Choices(): ReactNode {
  const t = useT();
  const lenses = useLenses();
  const lens = useSettings((settings) => settings.lens);
  const language = useStore(stageStore, (stage) => stage.language);
  return (
    <>
      <label className="flex items-center gap-2">
        {t('present.lens')}
        <select
          className="field"
          value={lensAt(lenses, lens ?? '')?.id ?? ''}
          onChange={({ target }) => {
            const chosen = lenses.find(({ id }) => id === target.value);
            if (chosen !== undefined) setSettings({ lens: chosen.id });
          }}
        >
          {lenses.map(({ id, title }) => (
            <option key={id} value={id}>
              {t(title)}
            </option>
          ))}
        </select>
      </label>
      <label className="flex items-center gap-2">
        {t('present.language')}
        <select
          className="field"
          value={language}
          onChange={({ target }) => setStage({ language: target.value === 'en' ? 'en' : 'zh-CN' })}
        >
          <option value="en">English</option>
          <option value="zh-CN">中文</option>
        </select>
      </label>
    </>
  );
}

function Controls({ press }: { readonly press: Presenting['press'] }): ReactNode {
  const t = useT();
  const isBlank = useStore(stageStore, (stage) => stage.isBlank);
  const full = useStore(stageStore, (stage) => stage.full);
  const isHighContrast = useStore(stageStore, (stage) => stage.isHighContrast);
  return (
    <div className="flex flex-none flex-wrap items-center gap-2">
      <Button look="line" icon={ChevronLeft} aria-keyshortcuts="PageUp" onClick={() => press('previous')}>
        {t('present.previous')}
      </Button>
      <Button look="primary" icon={ChevronRight} aria-keyshortcuts="PageDown" onClick={() => press('next')}>
        {t('present.next')}
      </Button>
      <Button
        look="line"
        icon={Square}
        aria-pressed={isBlank}
        aria-keyshortcuts="W"
        onClick={() => press('blank')}
      >
        {t('present.blank')}
      </Button>
      <Button
        look="line"
        icon={SquareSplitHorizontal}
        aria-pressed={full !== null}
        aria-keyshortcuts="F"
        onClick={() => press('full')}
      >
        {t('present.full')}
      </Button>
      <Button
        look="line"
        icon={Contrast}
        aria-pressed={isHighContrast}
        onClick={() => setStage({ isHighContrast: !isHighContrast })}
      >
        {t('present.contrast')}
      </Button>
      <Choices />
    </div>
  );
}

/** The counterpart of the incident that is presented. */
function OtherSide(): ReactNode {
  const t = useT();
  const lab = useLab();
  const on = useStore(incidentStore, (state) => state.on);
  const incident = incidents.find(({ id }) => id === on?.id);
  if (on === null || incident === undefined) return null;
  const other = on.side === 'holds' ? 'breaks' : 'holds';
  return (
    <Button look="line" onClick={() => void presentIncident(lab, incident, other)}>
      {t('incident.other', { what: sideWords(incident, other, t) })}
    </Button>
  );
}

export function PresenterPage(): ReactNode {
  const t = useT();
  const lab = useLab();
  const { steps, press } = presentingOf(lab);
  const theme = useTheme();
  useEffect(() => setStage({ theme }), [theme]);
  return (
    <main className="present" aria-label={t('present.page')}>
      <div className="present-shown">
        <AudienceState />
        <Picture press={press} />
        <Controls press={press} />
        <p className="text-[12px] leading-4 text-muted">{t('present.keys')}</p>
      </div>
      <div className="present-said">
        <CurrentBeat />
        <NextEvents />
        <BeatList onGo={(at) => void steps.goTo(at)} />
        <OtherSide />
      </div>
    </main>
  );
}
