// The run's state as a pill, with the way back from a review beside it.

import { GitFork, Hand, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RunMode } from '../../lab/api.ts';
import { useFrame } from '../../state/frame-store.ts';
import { readRoute } from '../../state/route-store.ts';
import { useRun } from '../../state/run-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { duration } from '../kit/format.ts';
import { useLab } from '../lab-context.ts';
import { pressFork } from './press-fork.ts';

const colour: Readonly<Record<RunMode, string>> = {
  BOOTING: 'var(--text-muted)',
  LIVE: 'var(--ack)',
  PAUSED: 'var(--hole)',
  REVIEW: 'var(--hole)',
  REPLAY: 'var(--accent)',
  TWIN: 'var(--reader)',
  MIRROR: 'var(--text-muted)',
};

/** How far the shown instant lies before the live one; empty at the live one, as far as the digits tell. */
export function behindText(liveTime: number, shown: number): string {
  const words = duration(Math.max(0, liveTime - shown));
  return /[1-9]/.test(words) ? ` −${words}` : '';
}

export function RunPill(): ReactNode {
  const t = useT();
  const mode = useRun((run) => run?.mode ?? 'BOOTING');
  const isReview = mode === 'REVIEW';
  const liveTime = useRun((run) => (isReview ? (run?.liveTime ?? 0) : 0));
  const shown = useFrame((state) => (isReview ? (state.frame?.time ?? 0) : 0));
  const behind = isReview ? behindText(liveTime, shown) : '';
  const memoryOnly = useRun((run) => run?.memoryOnly === true);
  return (
    <>
      <output
        aria-live="polite"
        aria-label={t('toolbar.runState')}
        className="pill"
        style={{ color: colour[mode] }}
      >
        {`${t(`mode.${mode}`)}${behind}`}
      </output>
      {memoryOnly && <span className="chip">{t('run.memoryOnly')}</span>}
      <WayBack mode={mode} />
    </>
  );
}

/** From the past to the present, from a replay to the lab, from watching to driving. */
export function WayBack({ mode }: { readonly mode: RunMode }): ReactNode {
  const t = useT();
  const lab = useLab();
  const hasLive = useRun((run) => run !== null && run.runId !== '');
  if (mode === 'REVIEW' || ((mode === 'REPLAY' || mode === 'TWIN') && hasLive))
    return (
      <>
        <Button small look="line" icon={Undo2} onClick={() => lab.returnToLive()}>
          {t('toolbar.returnToLive')}
        </Button>
        {mode !== 'TWIN' && (
          <Button
            small
            look="line"
            icon={GitFork}
            className="max-[1860px]:hidden"
            onClick={() => pressFork(lab)}
          >
            {t('toolbar.forkHere')}
          </Button>
        )}
      </>
    );
  if (mode === 'REPLAY')
    return (
      <Button
        small
        look="line"
        icon={Undo2}
        onClick={() => {
          // Whatever else the address asks for by now, it gets with the lab: only the tape's own is left.
          if (readRoute(location.hash).params.has('r')) location.hash = '#/lab';
          location.reload();
        }}
      >
        {t('page.openLab')}
      </Button>
    );
  if (mode !== 'MIRROR') return null;
  return (
    <Button small look="line" icon={Hand} onClick={() => void lab.takeOver()}>
      {t('elsewhere.takeOver')}
    </Button>
  );
}
