// `#/present/audience`: the window for the projector. It shows the run that the presenter's tab drives, and nothing that could change it;
// the keys of a clicker go to the presenter.

import { type ReactNode, useEffect } from 'react';
import { useStore } from 'zustand';
import { useWindowSize } from '../../state/breakpoint.ts';
import { useFrame } from '../../state/frame-store.ts';
import { useRun } from '../../state/run-store.ts';
import { setSettings } from '../../state/settings-store.ts';
import { setLanguage, useT } from '../i18n/i18n.ts';
import { useLab } from '../lab-context.ts';
import { STAGE_SCALE, Stage } from './stage.tsx';
import { listenToKeys } from './stage-keys.ts';
import { lensOf, openChannel, stageStore } from './stage-state.ts';
import '../../words/present.en.json';

/** Follows the presenter's window, also one that comes later. */
function useStage(): void {
  const lab = useLab();
  useEffect(() => {
    const channel = openChannel(lab.run().lab, ({ stage }) => {
      if (stage === null) return;
      stageStore.setState(stage);
      setSettings({ lens: lensOf(stage) });
      void setLanguage(stage.language);
    });
    channel.post({ stage: null, key: null });
    const end = listenToKeys({ isAlone: true, onKey: (key) => channel.post({ stage: null, key }) });
    return () => {
      end();
      channel.close();
    };
  }, [lab]);
}

function toggleFullscreen(): void {
  const done =
    document.fullscreenElement === null
      ? document.documentElement.requestFullscreen()
      : document.exitFullscreen();
  // Where a browser refuses it, its own key does it.
  done.catch(() => undefined);
}

export function AudiencePage(): ReactNode {
  const t = useT();
  useStage();
  const theme = useStore(stageStore, (stage) => stage.theme);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  const { width, height } = useWindowSize();
  const isWaiting = useFrame(({ frame }) => frame === null);
  const isAlone = useRun((run) => run?.isOwnerGone === true);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a double click does what F11 does
    <div className="audience" onDoubleClick={toggleFullscreen}>
      <main aria-label={t('present.audience')}>
        <Stage width={width / STAGE_SCALE} height={height / STAGE_SCALE} scale={STAGE_SCALE} />
      </main>
      {(isWaiting || isAlone) && (
        <p role="status" className="audience-note">
          {t('present.waiting')}
        </p>
      )}
    </div>
  );
}
