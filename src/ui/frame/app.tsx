// The frame of the whole page: toolbar, strip, rail, map, right column, dock; layout by window width, below 1024 px one column
// that is scrolled (theme/column.css), on a phone one part of it at a time (theme/phone.css); keys.

import { PanelRight } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Lab } from '../../lab/api.ts';
import { useBreakpoint, useWindowSize } from '../../state/breakpoint.ts';
import { ScreenPartContext } from '../../state/frame-store.ts';
import { incidentStore } from '../../state/incident-store.ts';
import { mapView } from '../../state/map-view.ts';
import { comeTo, type PartId, usePart } from '../../state/part-store.ts';
import { isAudienceRoute, useRoute } from '../../state/route-store.ts';
import { useQuestion } from '../../state/run-store.ts';
import { useSelection } from '../../state/selection-store.ts';
import {
  type Breakpoint,
  isDockOpen,
  isRightOpen,
  setSettings,
  setSizes,
  sizesAt,
  useSettings,
} from '../../state/settings-store.ts';
import { openSide, useSide } from '../../state/side-store.ts';
import { ClusterMap } from '../canvas/cluster-map.tsx';
import { handleShortcut } from '../commands/shortcuts.ts';
import { holdKeys } from '../commands/type-ahead.ts';
import { Banners } from '../dialogs/banners.tsx';
import { menuStore } from '../faults/menu-store.ts';
import { RunPatterns } from '../glyphs/run-shape.tsx';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { Late, MissingPart } from '../kit/late.tsx';
import { Splitter } from '../kit/splitter.tsx';
import { LabContext } from '../lab-context.ts';
import { RulesOffFrame } from '../lessons/rules-off-frame.tsx';
import { loadRoleDetails } from '../model/role-cards.ts';
import { watchHover } from '../selection/hover.ts';
import { useTheme } from '../theme/theme.ts';
import { AtWorkBar } from './at-work-bar.tsx';
import { Dock } from './dock.tsx';
import { Rail } from './rail.tsx';
import { RightColumn } from './right-column.tsx';
import { RunStrip } from './run-strip.tsx';
import { StatusStrip } from './status-strip.tsx';
import { Toolbar } from './toolbar.tsx';
import { usePainted } from './use-painted.ts';

const ContextMenuHost = lazy(async () => ({
  default: (await import('../commands/fault-menu.tsx')).ContextMenuHost,
}));
const PanelHost = lazy(async () => ({ default: (await import('./panel-host.tsx')).PanelHost }));
const Toaster = lazy(async () => ({ default: (await import('../kit/toaster.tsx')).Toaster }));
const AboutPage = lazy(async () => ({ default: (await import('../about/about-page.tsx')).AboutPage }));
const GalleryPage = lazy(async () => ({
  default: (await import('../gallery/gallery-page.tsx')).GalleryPage,
}));
const ClusterPage = lazy(async () => ({
  default: (await import('../cluster/cluster-page.tsx')).ClusterPage,
}));
const SpeedPage = lazy(async () => ({ default: (await import('../speed/speed-page.tsx')).SpeedPage }));
const ComparePage = lazy(async () => ({
  default: (await import('../compare/compare-page.tsx')).ComparePage,
}));
const PresentPage = lazy(async () => ({
  default: (await import('../present/present-page.tsx')).PresentPage,
}));
const StoryHost = lazy(async () => ({ default: (await import('../story/story-host.tsx')).StoryHost }));
const LessonPanel = lazy(async () => ({
  default: (await import('../lessons/lesson-panel.tsx')).LessonPanel,
}));
const IncidentBar = lazy(async () => ({
  default: (await import('../incidents/incident-bar.tsx')).IncidentBar,
}));
const PartTabs = lazy(async () => ({ default: (await import('./part-tabs.tsx')).PartTabs }));
const TermHost = lazy(async () => ({ default: (await import('../story/term-host.tsx')).TermHost }));
const TimeHost = lazy(async () => ({ default: (await import('./time-host.tsx')).TimeHost }));
const RunsPanel = lazy(async () => ({ default: (await import('../time/runs-panel.tsx')).RunsPanel }));
const DiffPanel = lazy(async () => ({ default: (await import('./diff-panel.tsx')).DiffPanel }));
const TreePanel = lazy(async () => {
  const [{ TreePanel: component }] = await Promise.all([import('./tree-panel.tsx'), loadRoleDetails()]);
  return { default: component };
});

/** What is not needed for the first picture loads when the browser has nothing else to do. */
function useIdle(): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIdle(true), 600);
    return () => clearTimeout(timer);
  }, []);
  return idle;
}

function Overlays({ theme }: { readonly theme: 'light' | 'dark' }): ReactNode {
  const idle = useIdle();
  useEffect(() => watchHover(document), []);
  useEffect(() => {
    if (idle) void import('./seen-height.ts').then(({ watchSeenHeight }) => watchSeenHeight());
  }, [idle]);
  useEffect(
    () =>
      mapView.subscribe(({ arrangeRequest }, before) => {
        if (arrangeRequest !== before.arrangeRequest)
          void import('../canvas/auto-arrange.ts').then(({ autoArrange }) => autoArrange());
      }),
    [],
  );
  const menu = useStore(menuStore, (state) => state.menu !== null);
  const panel = useSelection((state) => state.panel !== null);
  const isPalette = useSelection((state) => state.panel?.kind === 'palette');
  useLayoutEffect(() => (isPalette ? holdKeys() : undefined), [isPalette]);
  const isAsked = useQuestion() !== null;
  // Each waits for itself only: one that is still loading must not hide a dialog that is open.
  return (
    <>
      <Late>{menu && <ContextMenuHost />}</Late>
      <Late>{(panel || isAsked) && <PanelHost />}</Late>
      <AtWorkBar />
      <MissingPart>
        <Suspense fallback={null}>{idle && <Toaster theme={theme} />}</Suspense>
        <Suspense fallback={null}>{idle && <TermHost />}</Suspense>
      </MissingPart>
    </>
  );
}

/** In one column, and on a phone, what is opened may not be on the screen: it comes there. */
function useComesIntoView(isOn: boolean, part: PartId, opened: string | null): void {
  const before = useRef(opened);
  useEffect(() => {
    if (before.current === opened) return;
    before.current = opened;
    if (isOn && opened !== null) comeTo(part);
  }, [isOn, part, opened]);
}

/** The width of the right column; a drawer leaves a side pane its own and the map the least that it needs. */
function useRightWidth(at: Breakpoint): number {
  const { right } = useSettings((settings) => sizesAt(settings, at));
  const { width } = useWindowSize();
  const hasSide = useSide() !== null;
  return at === 'tablet' ? Math.min(right, width - railWidth - leastPane * (hasSide ? 2 : 1)) : right;
}

const railWidth = 56;
/** Of the map, and of a panel beside it. */
const leastPane = 320;

function Centre({ at }: { readonly at: Breakpoint }): ReactNode {
  const t = useT();
  const { dock } = useSettings((settings) => sizesAt(settings, at));
  const right = useRightWidth(at);
  const besideDrawer = useSettings((settings) => at === 'tablet' && isRightOpen(settings, at));
  const part = usePart();
  const isWhole = part === 'dock-pane';
  const dockOpen = useSettings((settings) => isWhole || isDockOpen(settings, at));
  const dockTab = useSettings((settings) => settings.dockTab);
  const incident = useStore(incidentStore, ({ on }) => on);
  const { height } = useWindowSize();
  useComesIntoView(at === 'narrow', 'dock-pane', dockTab);
  return (
    <div className="centre" style={besideDrawer ? { marginRight: right } : undefined}>
      <RunStrip />
      <Late>{incident !== null && <IncidentBar on={incident} />}</Late>
      <main id="map-pane" className="map-pane" data-region="map">
        <ClusterMap />
      </main>
      {dockOpen && at !== 'narrow' && (
        <Splitter
          label={t('split.dock')}
          orientation="horizontal"
          size={dock}
          min={120}
          max={Math.max(160, height - 320)}
          controls="dock-pane"
          onSize={(size) => setSizes(at, { dock: size })}
        />
      )}
      {(part === null || isWhole) && (
        <section
          id="dock-pane"
          className="flex-none overflow-hidden border-t border-line"
          style={{ height: dockOpen && !isWhole ? dock : 'auto' }}
          aria-label={t('dock.title')}
          data-region="dock"
        >
          <ScreenPartContext value="dock">
            <Dock isOpen={dockOpen} />
          </ScreenPartContext>
        </section>
      )}
    </div>
  );
}

function Side({ at }: { readonly at: Breakpoint }): ReactNode {
  const t = useT();
  const right = useRightWidth(at);
  const open = useSettings((settings) => isRightOpen(settings, at));
  const { width } = useWindowSize();
  const shown = useSettings(({ rightTab, lens }) => (rightTab === 'lens' ? lens : rightTab));
  const isDrawer = at === 'tablet';
  const isColumn = at === 'narrow';
  // A lesson opens its lens by itself, and is read first.
  const isLesson = useSide() === 'lessons';
  useComesIntoView(isColumn && !isLesson, 'right-pane', shown);
  const part = usePart();
  if (part !== null && part !== 'right-pane') return null;
  if (isDrawer && !open)
    return (
      <Button
        look="line"
        icon={PanelRight}
        className="absolute right-3 bottom-[72px] z-20 h-11 bg-panel pointer-coarse:bottom-[96px]"
        onClick={() => setSettings({ rightOpen: true })}
      >
        {t('right.open')}
      </Button>
    );
  return (
    <>
      {!isDrawer && !isColumn && (
        <Splitter
          label={t('split.right')}
          orientation="vertical"
          size={right}
          min={400}
          max={Math.max(420, width - 640)}
          controls="right-pane"
          onSize={(size) => setSizes(at, { right: size })}
        />
      )}
      <aside
        id="right-pane"
        aria-label={t('right.title')}
        className={`min-h-0 flex-none bg-panel ${isDrawer ? 'absolute inset-y-0 right-0 z-20 border-l border-line' : ''}`}
        style={isColumn ? undefined : { width: right }}
      >
        <RightColumn at={at} />
      </aside>
    </>
  );
}

function Body({ at }: { readonly at: Breakpoint }): ReactNode {
  const chosen = useSide();
  const part = usePart();
  const { width } = useWindowSize();
  const hasSide = part === null || part === 'side-pane';
  // Where the map has no room for names and numbers, its nodes are a list. A lesson goes on while another part is looked at.
  const side =
    hasSide || chosen === 'lessons' ? (chosen ?? (width < 640 || part !== null ? 'tree' : null)) : null;
  useComesIntoView(at === 'narrow', 'side-pane', chosen);
  // A lesson has an address: who comes by it finds its panel open.
  const isLesson = useRoute(({ page }) => page === 'lessons');
  useEffect(() => {
    if (isLesson) openSide('lessons');
  }, [isLesson]);
  const isRuns = useRoute(({ page }) => page === 'runs');
  useEffect(() => {
    if (isRuns) openSide('runs');
  }, [isRuns]);
  return (
    <div className="frame-body">
      {hasSide && <Rail at={at} />}
      {side === 'tree' && (
        <Late>
          <TreePanel />
        </Late>
      )}
      {side === 'runs' && (
        <Late>
          <RunsPanel />
        </Late>
      )}
      {side === 'diff' && (
        <Late>
          <DiffPanel />
        </Late>
      )}
      {side === 'lessons' && (
        <Late>
          <LessonPanel />
        </Late>
      )}
      <Centre at={at} />
      <Side at={at} />
      <Late>{part !== null && <PartTabs part={part} />}</Late>
    </div>
  );
}

const pages: ReadonlyMap<string, typeof AboutPage> = new Map([
  ['about', AboutPage],
  ['cluster', ClusterPage],
  ['compare', ComparePage],
  ['presets', GalleryPage],
  ['present', PresentPage],
  ['speed', SpeedPage],
]);

/** The lab, or a page that stands in its place while it runs on. */
function Page({ at }: { readonly at: Breakpoint }): ReactNode {
  const page = useRoute((route) => route.page);
  const Instead = pages.get(page);
  return Instead === undefined ? (
    <Body at={at} />
  ) : (
    <Late>
      <Instead />
    </Late>
  );
}

export function App({ lab }: { readonly lab: Lab }): ReactNode {
  const theme = useTheme();
  const t = useT();
  const breakpoint = useBreakpoint();
  const isPainted = usePainted();
  const isAudience = useRoute(isAudienceRoute);
  const part = usePart();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => void handleShortcut(lab, event, breakpoint);
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [lab, breakpoint]);
  useEffect(() => {
    document.title = t('app.title');
    document.documentElement.lang = currentLanguage();
  }, [t]);
  return (
    <LabContext.Provider value={lab}>
      <RunPatterns />
      <RulesOffFrame />
      {isAudience ? (
        <Page at={breakpoint} />
      ) : (
        <>
          <div className="frame" data-part={part}>
            <Toolbar />
            <MissingPart>
              <StatusStrip />
            </MissingPart>
            <Banners />
            <MissingPart>
              <Suspense fallback={null}>{isPainted && <StoryHost />}</Suspense>
            </MissingPart>
            <Suspense fallback={null}>{isPainted && <TimeHost />}</Suspense>
            <Page at={breakpoint} />
          </div>
          <Overlays theme={theme} />
        </>
      )}
    </LabContext.Provider>
  );
}
