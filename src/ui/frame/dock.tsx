// The dock under the map: timeline, events, SQL, metrics, messages in flight, tape, workload. Each tab's content
// loads when it is first shown.

import { ChevronDown, ChevronsRight, ChevronUp } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { type ComponentType, lazy, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { useFlightFilter } from '../../state/flight-filter.ts';
import { useFrame } from '../../state/frame-store.ts';
import { type DockTab, setSettings, useSettings } from '../../state/settings-store.ts';
import { inFlight } from '../canvas/flight-fate.ts';
import { useT } from '../i18n/i18n.ts';
import { IconButton } from '../kit/button.tsx';
import { Late } from '../kit/late.tsx';
import { PartInstant } from '../model/part-instant.tsx';

const pane = (tab: DockTab, load: () => Promise<ComponentType>) => ({
  tab,
  Pane: lazy(async () => ({ default: await load() })),
});

const panes = [
  pane('timeline', async () => (await import('../dock/timeline.tsx')).Timeline),
  pane('events', async () => (await import('../dock/event-list.tsx')).EventList),
  pane('sql', async () => (await import('../dock/sql-console.tsx')).SqlConsole),
  pane('metrics', async () => (await import('../dock/metrics.tsx')).Metrics),
  pane('inFlight', async () => (await import('../dock/in-flight.tsx')).InFlight),
  pane('tape', async () => (await import('../dock/tape-view.tsx')).TapeView),
  pane('workload', async () => (await import('../dock/workload.tsx')).Workload),
];

function FlightCount(): ReactNode {
  const filter = useFlightFilter();
  const count = useFrame((state) => inFlight(state, filter).length);
  return <span className="count">{count}</span>;
}

/** Beside a panel not all tabs have room: a way to those that are out of sight. */
function MoreTabs({ list }: { readonly list: RefObject<HTMLDivElement | null> }): ReactNode {
  const t = useT();
  const [isCut, setCut] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: in another language the tabs have other widths
  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setCut(element.scrollWidth > element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [list, t]);
  const turn = (): void => {
    const element = list.current;
    if (element === null) return;
    const { scrollLeft, clientWidth, scrollWidth } = element;
    const isEnd = scrollLeft + clientWidth >= scrollWidth - 1;
    element.scrollTo({ left: isEnd ? 0 : scrollLeft + clientWidth / 2 });
  };
  return (
    isCut && <IconButton small tabIndex={-1} icon={ChevronsRight} label={t('dock.more')} onClick={turn} />
  );
}

export function Dock({ isOpen: dockOpen }: { readonly isOpen: boolean }): ReactNode {
  const t = useT();
  const dockTab = useSettings((settings) => settings.dockTab);
  const list = useRef<HTMLDivElement>(null);
  return (
    <Tabs.Root
      value={dockTab}
      onValueChange={(value) => {
        const pane = panes.find(({ tab }) => tab === value);
        if (pane !== undefined) setSettings({ dockTab: pane.tab, dockOpen: true });
      }}
      className="flex h-full min-h-0 flex-col bg-panel"
    >
      <div className="flex flex-none items-center border-b border-line pr-2">
        <Tabs.List ref={list} className="tabs min-w-0 flex-1 border-b-0" aria-label={t('dock.title')}>
          {panes.map(({ tab }) => (
            <Tabs.Trigger
              key={tab}
              value={tab}
              className="tab"
              // while it is folded there is no pane to point at
              {...(dockOpen ? {} : { 'aria-controls': undefined })}
            >
              {t(`dock.${tab}`)}
              {tab === 'inFlight' && <FlightCount />}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <MoreTabs list={list} />
        {dockOpen && <PartInstant />}
        <IconButton
          small
          className="dock-toggle"
          icon={dockOpen ? ChevronDown : ChevronUp}
          label={t('dock.toggle')}
          keys="b"
          aria-expanded={dockOpen}
          onClick={() => setSettings({ dockOpen: !dockOpen })}
        />
      </div>
      {dockOpen &&
        panes.map(({ tab, Pane }) => (
          <Tabs.Content key={tab} value={tab} className="@container relative min-h-0 flex-1 overflow-hidden">
            <Late fallback={<p className="p-4 text-muted">{t('loading')}</p>}>
              <Pane />
            </Late>
          </Tabs.Content>
        ))}
    </Tabs.Root>
  );
}
