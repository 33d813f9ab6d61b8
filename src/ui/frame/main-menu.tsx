// The menu behind the three lines: tapes, view, language, keys, and the way to forget everything.

import {
  ChevronsRight,
  Columns3,
  Download,
  Film,
  Flag,
  FlaskConical,
  FolderOpen,
  Gauge,
  GraduationCap,
  Info,
  Keyboard,
  Languages,
  LayoutDashboard,
  Menu,
  Moon,
  Plus,
  Presentation,
  Settings,
  StepForward,
  Sun,
  SunMoon,
  Trash2,
  Wrench,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { goTo } from '../../state/route-store.ts';
import { useRun } from '../../state/run-store.ts';
import { setPanel } from '../../state/selection-store.ts';
import { resetSizes, setSettings, useSettings } from '../../state/settings-store.ts';
import { downloadRun, downloadTape } from '../dialogs/download.ts';
import { currentLanguage, setLanguage, useT } from '../i18n/i18n.ts';
import { IconButton, useKeyText } from '../kit/button.tsx';
import '../../words/commands/commands.en.json';
import '../../words/cluster-entry.en.json';
import '../../words/compare.en.json';
import '../../words/present.en.json';
import '../../words/record.en.json';
import '../../words/speed.en.json';
import '../../words/story/alert.en.json';
import '../../words/story/story.en.json';
import { useBreakpoint } from '../../state/breakpoint.ts';
import { setStepSize, stepSizes, useStepSize } from '../../state/step-size.ts';
import { DropMenu, type MenuSection } from '../kit/menu.tsx';
import { useLab } from '../lab-context.ts';

export function MainMenu({ defaultOpen }: { readonly defaultOpen?: boolean }): ReactNode {
  const t = useT();
  const lab = useLab();
  const settings = useSettings((state) => state);
  const breakpoint = useBreakpoint();
  const resetKey = useKeyText('\\');
  const helpKey = useKeyText('?');
  const language = currentLanguage();
  const stepSize = useStepSize();
  const skipQuiet = useRun((run) => run?.skipQuiet ?? true);
  const themes = [
    { id: 'system', label: t('theme.system'), icon: SunMoon },
    { id: 'light', label: t('theme.light'), icon: Sun },
    { id: 'dark', label: t('theme.dark'), icon: Moon },
  ] as const;
  const sections: readonly MenuSection[] = [
    {
      id: 'tape',
      title: t('menu.tape'),
      entries: [
        {
          id: 'import',
          label: t('menu.import'),
          icon: FolderOpen,
          onSelect: () => setPanel({ kind: 'import' }),
        },
        { id: 'export', label: t('menu.export'), icon: Download, onSelect: () => void downloadTape(lab) },
        {
          id: 'exportTrace',
          label: t('menu.exportTrace'),
          icon: Download,
          onSelect: () => void downloadRun(lab, 'trace'),
        },
        {
          id: 'exportEdn',
          label: t('menu.exportEdn'),
          icon: Download,
          onSelect: () => void downloadRun(lab, 'edn'),
        },
        {
          id: 'exportHistory',
          label: t('menu.exportHistory'),
          icon: Download,
          onSelect: () => void downloadRun(lab, 'history'),
        },
        {
          id: 'wrong',
          label: t('wrong.all'),
          icon: Flag,
          onSelect: () => void import('../story/copy-screen.ts').then(({ copyScreen }) => copyScreen(lab)),
        },
      ],
    },
    {
      id: 'lab',
      title: t('menu.lab'),
      entries: [
        {
          id: 'newCluster',
          label: t('cluster.new'),
          icon: Plus,
          onSelect: () => goTo('cluster/new'),
        },
        {
          id: 'makeMine',
          label: t('cluster.makeMine'),
          icon: Wrench,
          onSelect: () => goTo('cluster/mine'),
        },
        {
          id: 'rulesOff',
          label: t('menu.rulesOff'),
          icon: FlaskConical,
          onSelect: () => setPanel({ kind: 'rulesOff' }),
        },
        {
          id: 'lessons',
          label: t('rail.lessons'),
          icon: GraduationCap,
          onSelect: () => goTo('lessons'),
        },
        {
          id: 'compare',
          label: t('compare.title'),
          icon: Columns3,
          onSelect: () => goTo('compare'),
        },
        {
          id: 'speed',
          label: t('speed.title'),
          icon: Gauge,
          onSelect: () => goTo('speed'),
        },
        {
          id: 'present',
          label: t('present.title'),
          icon: Presentation,
          onSelect: () => goTo('present'),
        },
        {
          id: 'record',
          label: t('record.title'),
          icon: Film,
          onSelect: () => setPanel({ kind: 'record', of: 'map' }),
        },
      ],
    },
    {
      id: 'run',
      title: t('menu.run'),
      entries: [
        {
          id: 'skipQuiet',
          label: t('menu.skipQuiet'),
          icon: ChevronsRight,
          checked: skipQuiet,
          onSelect: () => lab.setSkipQuiet(!skipQuiet),
        },
        {
          id: 'stepSize',
          label: t('toolbar.stepSize'),
          icon: StepForward,
          entries: stepSizes.map((size) => ({
            id: size,
            label: t(`step.${size}`),
            checked: stepSize === size,
            onSelect: () => setStepSize(size),
          })),
        },
      ],
    },
    {
      id: 'theme',
      title: t('menu.theme'),
      entries: themes.map(({ id, label, icon }) => ({
        id,
        label,
        icon,
        checked: settings.theme === id,
        onSelect: () => setSettings({ theme: id }),
      })),
    },
    {
      id: 'language',
      title: t('menu.language'),
      entries: (['en', 'zh-CN'] as const).map((id) => ({
        id,
        label: id === 'en' ? 'English' : '中文',
        icon: Languages,
        checked: language === id,
        onSelect: () => {
          void setLanguage(id);
          setSettings({ language: id });
        },
      })),
    },
    {
      id: 'view',
      entries: [
        {
          id: 'reset',
          label: t('menu.resetLayout'),
          icon: LayoutDashboard,
          keys: resetKey ?? undefined,
          onSelect: () => resetSizes(breakpoint),
        },
        {
          id: 'settings',
          label: t('menu.settings'),
          icon: Settings,
          onSelect: () => setPanel({ kind: 'settings' }),
        },
        { id: 'about', label: t('story.modelled'), icon: Info, onSelect: () => goTo('about') },
        {
          id: 'keys',
          label: t('menu.keys'),
          icon: Keyboard,
          keys: helpKey ?? undefined,
          onSelect: () => setPanel({ kind: 'keys' }),
        },
      ],
    },
    {
      id: 'end',
      entries: [
        { id: 'forget', label: t('menu.forget'), icon: Trash2, onSelect: () => setPanel({ kind: 'forget' }) },
      ],
    },
  ];
  return (
    <DropMenu
      label={t('toolbar.menu')}
      sections={sections}
      defaultOpen={defaultOpen === true}
      trigger={<IconButton icon={Menu} label={t('toolbar.menu')} />}
    />
  );
}
