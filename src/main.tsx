// Composition root of the page: reads the address, makes the lab, connects the stores, draws the first picture.

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { readFailpoint } from './host/failpoint.ts';
import type { Ask } from './host/opening.ts';
import type { Lab } from './lab/api.ts';
import { makeLab } from './lab/lab.ts';
import { dropAsk, takeAsk } from './lab/link-ask.ts';
import { runOfLink } from './lab/link-run.ts';
import { loadRecordedPicture, recordedFor } from './lab/recorded-picture.ts';
import type { Keyframe } from './run-model/picture/keyframe.ts';
import { showWork } from './state/at-work.ts';
import { connectStores } from './state/connect.ts';
import { hasVisited } from './state/first-picture.ts';
import { isMissingPart, watchMissingParts } from './state/missing-part.ts';
import { watchPresses } from './state/press.ts';
import { followHash, isAudienceRoute, readRoute } from './state/route-store.ts';
import { settingsStore } from './state/settings-store.ts';
import { App } from './ui/frame/app.tsx';
import { ErrorBoundary } from './ui/frame/error-boundary.tsx';
import { detectLanguage, setLanguage } from './ui/i18n/i18n.ts';
import './ui/theme/base.css';

function openLab(replay: string | null, keyframe: Keyframe | null, ask: Ask | null): Lab {
  const search = new URLSearchParams(location.search);
  return makeLab({
    lab: search.get('lab') ?? 'main',
    storage: search.get('storage') === 'memory' ? 'memory' : 'indexeddb',
    fallback: { preset: 'hook-hole', seed: 7 },
    ask,
    onAnswered: dropAsk,
    replay,
    failpoint: readFailpoint(search.get('failpoint')),
    isAudience: isAudienceRoute(readRoute(location.hash)),
    keyframe,
  });
}

/**
 * The recorded picture of what a link asks for, and on a first visit that of the hook; everybody else waits for what is really theirs.
 */
async function pictureOf(ask: Ask | null, isHook: boolean): Promise<Keyframe | null> {
  if (ask !== null) return await recordedFor(ask);
  return isHook && !(await hasVisited()) ? await loadRecordedPicture('hook-hole') : null;
}

/** Shown while the run of a link is replayed; null: none that this run passes. */
const pictureOfLink = async (tape: string): Promise<Keyframe | null> =>
  (await import('./lab/tape-picture.ts')).pictureOfTape(tape);

/** In a frame a person could be led to press what another site hides: where no header refuses that, the page itself stops. */
const isFramed = (): boolean => window.top !== window.self;

/** Of a page that has a place for the lab: what embeds load of it, they load with this file. */
function openPage(element: HTMLElement): void {
  watchMissingParts(window);
  const { language } = settingsStore.getState();
  const route = readRoute(location.hash);
  /** A link keeps the language it was shared in. */
  const linkedLanguage = route.params.get('lang');
  const texts = setLanguage(
    linkedLanguage === undefined
      ? (language ?? detectLanguage(navigator.languages))
      : detectLanguage([linkedLanguage]),
  );
  // A part that is missing is told by the bar; a page that is left is missing what it was loading.
  const root = createRoot(element, {
    onCaughtError: (error) => isMissingPart(error) || console.error(error),
  });
  if (isFramed()) {
    void Promise.all([import('./ui/frame/framed.tsx'), texts]).then(([{ Framed }]) =>
      root.render(<Framed />),
    );
    return;
  }

  const wanted = runOfLink(route.params);
  const linked = wanted?.ok === true ? wanted.run : null;
  const isLab = !route.params.has('r') && !isAudienceRoute(route) && wanted?.ok !== false;
  const ask = isLab ? takeAsk(linked) : null;
  const picture = isLab ? pictureOf(ask, route.page === '') : Promise.resolve(null);

  /** The page says why a link cannot be opened: there is no lab that could follow the address. */
  let isRefused = false;

  // A link pasted into this tab changes the fragment only: the page starts anew with a tape, and goes on without one.
  addEventListener('hashchange', () => {
    const { params } = readRoute(location.hash);
    if (isRefused || params.has('r') || params.has('preset')) location.reload();
    else followHash(location.hash);
  });

  const start = async (): Promise<void> => {
    await texts;
    const shared = route.params.get('r');
    const opened =
      shared === undefined ? null : await (await import('./state/open-link.ts')).openLink(shared);
    const refused = opened?.ok === false ? opened : wanted?.ok === false ? wanted : null;
    if (refused !== null) {
      isRefused = true;
      const { BadLink } = await import('./ui/frame/bad-link.tsx');
      root.render(<BadLink {...refused} />);
      return;
    }
    const replay = opened?.ok === true ? opened.tape : null;
    const first = replay === null ? await picture : await pictureOfLink(replay);
    const lab = showWork(openLab(replay, replay === null ? first : null, ask));
    watchPresses(window);
    connectStores(lab, first?.frame ?? null);
    const token = new URLSearchParams(location.search).get('pg');
    if (token !== null)
      void import('./state/bridge-store.ts').then(({ openBridge }) => openBridge(lab, token));
    // For the browser's console and for tests: everything the screen can do, by name.
    Object.assign(window, { lab });
    const measure = new URLSearchParams(location.search).get('measure');
    if (measure !== null)
      void import('./lab/speed/measured-window.ts').then(({ measureWindow }) => measureWindow(lab, measure));
    root.render(
      <StrictMode>
        <ErrorBoundary>
          <App lab={lab} />
        </ErrorBoundary>
      </StrictMode>,
    );
  };

  void start();
}

const element = document.getElementById('root');
if (element !== null) openPage(element);
