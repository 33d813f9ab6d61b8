// Lens and inspector: stacked from 1920 px, in columns from 2560, as tabs below, in a drawer on a tablet. From 1920 px
// a second lens may stand in the inspector's place until something is inspected.

import { X } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { lazy, type ReactNode } from 'react';
import { useWindowSize } from '../../state/breakpoint.ts';
import { ScreenPartContext } from '../../state/frame-store.ts';
import {
  type Breakpoint,
  type RightTab,
  setSettings,
  setSizes,
  sizesAt,
  useSettings,
} from '../../state/settings-store.ts';
import { useT } from '../i18n/i18n.ts';
import { IconButton } from '../kit/button.tsx';
import { Late } from '../kit/late.tsx';
import { Splitter } from '../kit/splitter.tsx';
import { LensHost } from '../lens/lens-host.tsx';
import { useLensAt } from '../lens/lens-place.ts';
import { lensAt, useLenses } from '../lens/registry.ts';
import { loadRoleDetails } from '../model/role-cards.ts';

const Inspector = lazy(async () => {
  const [{ Inspector: component }] = await Promise.all([
    import('../inspector/inspector.tsx'),
    loadRoleDetails(),
  ]);
  return { default: component };
});

function InspectorPane(): ReactNode {
  return (
    <ScreenPartContext value="inspector">
      <Late>
        <Inspector />
      </Late>
    </ScreenPartContext>
  );
}

/** The second lens while nothing is inspected, else the inspector. */
function LowerPane(): ReactNode {
  const second = useLensAt('second') !== null;
  const inspects = useSettings((settings) => settings.rightTab === 'inspector');
  return second && !inspects ? <LensHost place="second" /> : <InspectorPane />;
}

function Stacked({ at }: { readonly at: Breakpoint }): ReactNode {
  const t = useT();
  const { inspector } = useSettings((settings) => sizesAt(settings, at));
  const { height } = useWindowSize();
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="min-h-0 flex-1">
        <LensHost place="first" />
      </div>
      <Splitter
        label={t('split.inspector')}
        orientation="horizontal"
        size={inspector}
        min={160}
        max={Math.max(200, height - 420)}
        controls="inspector-pane"
        onSize={(size) => setSizes(at, { inspector: size })}
      />
      <div id="inspector-pane" className="min-h-0 flex-none" style={{ height: inspector }}>
        <LowerPane />
      </div>
    </div>
  );
}

function Columns(): ReactNode {
  const second = useLensAt('second') !== null;
  return (
    <div className="flex h-full min-h-0">
      <div className="min-w-0 flex-1 border-r border-line">
        <LensHost place="first" />
      </div>
      <div className="flex min-w-0 flex-1 flex-col">
        {second && (
          <div className="min-h-0 flex-1 border-b border-line">
            <LensHost place="second" />
          </div>
        )}
        <div className="min-h-0 flex-1">
          <InspectorPane />
        </div>
      </div>
    </div>
  );
}

function Tabbed({ closable }: { readonly closable: boolean }): ReactNode {
  const t = useT();
  const tab = useSettings((settings) => settings.rightTab);
  const lens = useLensAt('first');
  const lenses = useLenses();
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(value) => setSettings({ rightTab: value as RightTab })}
      className="flex h-full min-h-0 flex-col"
    >
      <div className="flex items-center border-b border-line pr-2">
        <Tabs.List className="tabs flex-1 border-b-0" aria-label={t('right.title')}>
          <Tabs.Trigger value="lens" className="tab">
            {t(lensAt(lenses, lens ?? '')?.title ?? 'loading')}
          </Tabs.Trigger>
          <Tabs.Trigger value="inspector" className="tab">
            {t('inspector.title')}
          </Tabs.Trigger>
        </Tabs.List>
        {closable && (
          <IconButton small icon={X} label={t('close')} onClick={() => setSettings({ rightOpen: false })} />
        )}
      </div>
      <Tabs.Content value="lens" className="min-h-0 flex-1">
        <LensHost place="first" />
      </Tabs.Content>
      <Tabs.Content value="inspector" className="min-h-0 flex-1">
        <InspectorPane />
      </Tabs.Content>
    </Tabs.Root>
  );
}

export function RightColumn({ at }: { readonly at: Breakpoint }): ReactNode {
  if (at === 'wide') return <Columns />;
  if (at === 'desktop') return <Stacked at={at} />;
  return <Tabbed closable={at === 'tablet'} />;
}
