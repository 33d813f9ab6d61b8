// The toolbar: seed, transport (first, back, play, step, step size, speed), clock, state, faults, share. What is
// `for-time` has its place in the part *Time* of a phone.

import {
  CircleQuestionMark,
  Dice5,
  GitFork,
  Menu,
  Pause,
  Play,
  Search,
  Share2,
  SkipBack,
  StepBack,
  StepForward,
  Zap,
} from 'lucide-react';
import { lazy, type ReactNode, useState } from 'react';
import type { StepSize } from '../../lab/api.ts';
import { useFrame } from '../../state/frame-store.ts';
import { useRun } from '../../state/run-store.ts';
import { setPanel } from '../../state/selection-store.ts';
import { setStepSize, stepSizes, useStepSize } from '../../state/step-size.ts';
import { positionOf, sliderMax, speedAt } from '../commands/speed.ts';
import { useStartRun } from '../gallery/use-start-run.ts';
import { useT } from '../i18n/i18n.ts';
import { Button, IconButton, keyShortcut, useKeyText } from '../kit/button.tsx';
import { perSecond } from '../kit/format.ts';
import { Late } from '../kit/late.tsx';
import { Select } from '../kit/select.tsx';
import { useLab } from '../lab-context.ts';
import { pressFork } from '../time/press-fork.ts';
import { RunClock } from '../time/run-clock.tsx';
import { RunPill } from '../time/run-pill.tsx';
import { RunUntilButton } from './run-until-button.tsx';

const FaultMenu = lazy(async () => ({ default: (await import('../commands/fault-menu.tsx')).FaultMenu }));
const MainMenu = lazy(async () => ({ default: (await import('./main-menu.tsx')).MainMenu }));

/** A button that loads its menu when first pressed, and opens it then. */
function LazyMenu({
  face,
  children,
}: {
  readonly face: (open: () => void) => ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const [wanted, setWanted] = useState(false);
  const button = face(() => setWanted(true));
  return wanted ? <Late fallback={button}>{children}</Late> : button;
}

/** Beside a past or a twin stands the way back: a narrow bar has no room for both. */
const useIsAside = (): boolean =>
  useRun((run) => run?.mode === 'TWIN' || run?.mode === 'REVIEW' || run?.mode === 'REPLAY');

function SeedField(): ReactNode {
  const t = useT();
  const seed = useFrame((state) => state.frame?.seed ?? 7);
  const [draft, setDraft] = useState<string | null>(null);
  const isAside = useIsAside();
  const start = useStartRun();
  const commit = (): void => {
    const value = Number(draft);
    setDraft(null);
    if (draft !== null && Number.isInteger(value) && value >= 0 && value !== seed) start({ seed: value });
  };
  return (
    <span className={`for-time field ${isAside ? 'max-[2000px]:hidden' : ''}`}>
      <label className="text-muted" htmlFor="seed-field">
        {t('toolbar.seed')}
      </label>
      <input
        id="seed-field"
        inputMode="numeric"
        className="mono w-10 font-semibold"
        value={draft ?? String(seed)}
        onChange={(event) => setDraft(event.target.value.replace(/\D/g, '').slice(0, 9))}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
        }}
      />
      <button
        type="button"
        aria-label={t('toolbar.dice')}
        title={t('toolbar.dice')}
        className="grid h-6 w-6 place-items-center tablet:hidden"
        onClick={() => start({ seed: 1 + Math.floor(Math.random() * 99_999) })}
      >
        <Dice5 size={16} strokeWidth={1.75} aria-hidden="true" />
      </button>
    </span>
  );
}

function Transport(): ReactNode {
  const t = useT();
  const lab = useLab();
  const playing = useRun((run) => run?.playing === true);
  const mode = useRun((run) => run?.mode ?? 'BOOTING');
  const isMirror = mode === 'MIRROR' || mode === 'BOOTING';
  const size = useStepSize();
  const playKey = useKeyText(' ');
  return (
    <>
      <IconButton
        icon={SkipBack}
        className="for-time tablet:hidden"
        label={t('toolbar.first')}
        keys="Home"
        disabled={isMirror}
        onClick={() => void lab.seek(firstTime)}
      />
      <IconButton
        icon={StepBack}
        label={t('toolbar.back')}
        keys=","
        disabled={isMirror}
        onPointerEnter={lab.expectReview}
        onClick={() => void lab.back(size)}
      />
      <Button
        look="primary"
        icon={playing ? Pause : Play}
        className="w-[88px] justify-center tablet:w-11"
        disabled={isMirror}
        {...keyShortcut(playKey)}
        onClick={() => (playing ? lab.pause() : lab.play())}
      >
        <span className="tablet:sr-only">{playing ? t('toolbar.pause') : t('toolbar.play')}</span>
      </Button>
      <IconButton
        icon={StepForward}
        data-control="step"
        label={t('toolbar.step')}
        keys="."
        disabled={isMirror}
        onClick={() => void lab.step(size)}
      />
      <RunUntilButton disabled={isMirror} />
      <span className="max-[1780px]:hidden">
        <Select<StepSize>
          label={t('toolbar.stepSize')}
          bare
          small={false}
          value={size}
          options={stepSizes.map((value) => ({ value, label: t(`step.${value}`) }))}
          onChange={setStepSize}
        />
      </span>
    </>
  );
}

const firstTime = 0 as Parameters<ReturnType<typeof useLab>['seek']>[0];

function SpeedControl(): ReactNode {
  const t = useT();
  const lab = useLab();
  const speed = useRun((run) => run?.speed ?? 1000);
  // Of a run that stands nothing is measured: the last of it says nothing of the next.
  const measured = useRun((run) => (run?.playing === true ? run.measuredSpeed : 0));
  const readout = speed === 'max' ? t('speed.max') : t('speed.value', { time: perSecond(speed) });
  const isBehind = speed !== 'max' && measured > 0 && measured < speed * 0.8;
  const showsMeasured = measured > 0 && (isBehind || speed === 'max');
  const given = perSecond(measured);
  const title = isBehind
    ? t('speed.behind', { asked: readout, given })
    : showsMeasured
      ? `${readout} · ${t('speed.value', { time: given })}`
      : readout;
  return (
    // Where the bar is narrow the readout stands below the slider, and tells what is measured when that is less.
    <span
      className={`flex flex-none items-center gap-2 max-[1660px]:w-[86px] max-[1660px]:flex-col max-[1660px]:items-stretch max-[1660px]:gap-0 ${isBehind ? '' : 'tablet:w-16'}`}
    >
      <input
        type="range"
        min={0}
        max={sliderMax}
        step={1}
        value={positionOf(speed)}
        aria-label={t('toolbar.speed')}
        aria-valuetext={readout}
        title={`${readout} – ${t('toolbar.speedKeys')}`}
        className="speed w-24 flex-none max-[1660px]:w-full"
        onChange={(event) => lab.setSpeed(speedAt(Number(event.target.value)))}
      />
      <span
        data-readout="speed"
        title={title}
        className={`mono w-[92px] flex-none text-[13px] max-[1660px]:w-auto max-[1660px]:text-center max-[1660px]:text-[12px] max-[1660px]:leading-4 ${isBehind ? '' : 'tablet:hidden'}`}
      >
        <span className={isBehind ? 'max-[1660px]:hidden' : ''}>{readout}</span>
        {showsMeasured && (
          <span
            className={`block text-[12px] leading-3 max-[1660px]:leading-4 ${isBehind ? 'text-hole' : 'text-muted max-[1660px]:hidden'}`}
          >
            {isBehind ? t('speed.only', { given }) : t('speed.value', { time: given })}
          </span>
        )}
      </span>
    </span>
  );
}

/** Like a field where there is room for its word. */
function PaletteButton(): ReactNode {
  const t = useT();
  const isAside = useIsAside();
  const word = isAside ? 'max-[2200px]:hidden' : 'max-[1840px]:hidden';
  return (
    <Button
      icon={Search}
      className={isAside ? '' : 'min-[1841px]:border-control'}
      aria-keyshortcuts="Control+K"
      aria-label={t('keys.palette')}
      title={`${t('keys.palette')} (Ctrl K)`}
      onClick={() => setPanel({ kind: 'palette', query: '' })}
    >
      <span className={`w-16 text-left font-normal text-muted ${word}`} aria-hidden="true">
        {t('toolbar.search')}
      </span>
      <span className={`kbd ${isAside ? 'max-[2200px]:hidden' : 'max-[1720px]:hidden'}`} aria-hidden="true">
        Ctrl K
      </span>
    </Button>
  );
}

function ForkButton(): ReactNode {
  const t = useT();
  const lab = useLab();
  const mode = useRun((run) => run?.mode ?? 'BOOTING');
  const key = useKeyText('f');
  return (
    <Button
      icon={GitFork}
      className="for-time"
      title={key === null ? t('keys.fork') : `${t('keys.fork')} (${key})`}
      disabled={mode === 'MIRROR' || mode === 'BOOTING'}
      {...keyShortcut(key)}
      onClick={() => pressFork(lab)}
    >
      <span className="max-[1480px]:sr-only">{t('toolbar.fork')}</span>
    </Button>
  );
}

export function Toolbar(): ReactNode {
  const t = useT();
  return (
    <header className="toolbar" data-region="toolbar">
      <LazyMenu face={(open) => <IconButton icon={Menu} label={t('toolbar.menu')} onClick={open} />}>
        <MainMenu defaultOpen />
      </LazyMenu>
      <SeedField />
      <i className="divider" />
      <Transport />
      <SpeedControl />
      <i className="divider max-[1360px]:hidden" />
      <RunClock />
      <RunPill />
      <span className="flex-1" />
      <LazyMenu
        face={(open) => (
          <Button icon={Zap} aria-haspopup="menu" onClick={open}>
            <span className="tablet:sr-only">{t('toolbar.fault')}</span>
          </Button>
        )}
      >
        <FaultMenu defaultOpen />
      </LazyMenu>
      <ForkButton />
      <Button icon={Share2} onClick={() => setPanel({ kind: 'share' })}>
        <span className="tablet:sr-only">{t('toolbar.share')}</span>
      </Button>
      <PaletteButton />
      <IconButton
        icon={CircleQuestionMark}
        className="for-time"
        label={t('toolbar.help')}
        keys="?"
        onClick={() => setPanel({ kind: 'keys' })}
      />
    </header>
  );
}
