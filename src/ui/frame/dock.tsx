// The dock under the map: timeline, events, SQL, metrics, messages in flight, tape, workload. Each tab's content
// loads when it is first shown.

import { ChevronDown, ChevronUp } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { lazy, type ReactNode, Suspense } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import {
  type Breakpoint,
  type DockTab,
  isDockOpen,
  setSettings,
  useSettings,
} from '../../state/settings-store.ts';
import { isHeartbeat } from '../glyphs/flight-text.ts';
import { type PlainKey, useT } from '../i18n/i18n.ts';
import { IconButton } from '../kit/button.tsx';

const panes: readonly {
  readonly tab: DockTab;
  readonly label: PlainKey;
  readonly Pane: React.ComponentType;
}[] = [
  {
    tab: 'timeline',
    label: 'dock.timeline',
    Pane: lazy(async () => ({ default: (await import('../dock/timeline.tsx')).Timeline })),
  },
  {
    tab: 'events',
    label: 'dock.events',
    Pane: lazy(async () => ({ default: (await import('../dock/event-list.tsx')).EventList })),
  },
  {
    tab: 'sql',
    label: 'dock.sql',
    Pane: lazy(async () => ({ default: (await import('../dock/sql-console.tsx')).SqlConsole })),
  },
  {
    tab: 'metrics',
    label: 'dock.metrics',
    Pane: lazy(async () => ({ default: (await import('../dock/metrics.tsx')).Metrics })),
  },
  {
    tab: 'inFlight',
    label: 'dock.inFlight',
    Pane: lazy(async () => ({ default: (await import('../dock/in-flight.tsx')).InFlight })),
  },
  {
    tab: 'tape',
    label: 'dock.tape',
    Pane: lazy(async () => ({ default: (await import('../dock/tape-view.tsx')).TapeView })),
  },
  {
    tab: 'workload',
    label: 'dock.workload',
    Pane: lazy(async () => ({ default: (await import('../dock/workload.tsx')).Workload })),
  },
];

function FlightCount(): ReactNode {
  const heartbeats = useSettings((settings) => settings.heartbeats);
  const count = useFrame(
    ({ frame }) => (frame?.flights ?? []).filter((flight) => heartbeats || !isHeartbeat(flight)).length,
  );
  return <span className="count">{count}</span>;
}

export function Dock({ at }: { readonly at: Breakpoint }): ReactNode {
  const t = useT();
  const dockTab = useSettings((settings) => settings.dockTab);
  const dockOpen = useSettings((settings) => isDockOpen(settings, at));
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
        <Tabs.List className="tabs min-w-0 flex-1 border-b-0" aria-label={t('dock.title')}>
          {panes.map(({ tab, label: key }) => (
            <Tabs.Trigger key={tab} value={tab} className="tab">
              {t(key)}
              {tab === 'inFlight' && <FlightCount />}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <IconButton
          small
          icon={dockOpen ? ChevronDown : ChevronUp}
          label={t('dock.toggle')}
          keys="B"
          aria-expanded={dockOpen}
          onClick={() => setSettings({ dockOpen: !dockOpen })}
        />
      </div>
      {dockOpen &&
        panes.map(({ tab, Pane }) => (
          <Tabs.Content key={tab} value={tab} className="relative min-h-0 flex-1 overflow-hidden">
            <Suspense fallback={<p className="p-4 text-muted">{t('loading')}</p>}>
              <Pane />
            </Suspense>
          </Tabs.Content>
        ))}
    </Tabs.Root>
  );
}
