// The keyboard table. Single keys work outside text
// fields only, and can be switched off or asked to come with Alt (WCAG 2.1.4); Ctrl and F6 always work. Shift is the
// shortcut's own business.

import { time } from '../../base/ids.ts';
import type { Lab } from '../../lab/api.ts';
import { atWork } from '../../state/at-work.ts';
import { branchStore } from '../../state/branch-store.ts';
import { keyText, meantKey } from '../../state/key-map.ts';
import { mapView, setMapView, togglePov } from '../../state/map-view.ts';
import { runStore } from '../../state/run-store.ts';
import { openRunUntil } from '../../state/run-until-store.ts';
import { clearSelection, selectionStore, setPanel } from '../../state/selection-store.ts';
import {
  type Breakpoint,
  isDockOpen,
  isRightOpen,
  resetSizes,
  type Settings,
  setSettings,
  settingsStore,
} from '../../state/settings-store.ts';
import { stepStore } from '../../state/step-size.ts';
import { isPlaying } from '../../state/view-clock.ts';
import type { FaultKey } from '../faults/entry.ts';
import { pressFaultKey } from '../faults/fault-key.ts';
import { openMenuAt, openMenuOf } from '../faults/menu-store.ts';
import type { PlainKey } from '../i18n/i18n.ts';
import { lensDigits, lensesNow } from '../lens/registry.ts';
import { showLens } from '../model/show-lens.ts';
import { keyTargets } from '../selection/key-targets.ts';
import { pressFork } from '../time/press-fork.ts';
import { nextSpeed } from './speed.ts';

export interface Shortcut {
  readonly keys: readonly string[];
  readonly label: PlainKey;
  readonly run: (lab: Lab, event: KeyboardEvent, breakpoint: Breakpoint) => void;
  /** With Ctrl (or Cmd): works in text fields too, as far as they do not use it themselves. */
  readonly ctrl?: boolean;
  /** Works in text fields too, and when single keys are off. */
  readonly always?: boolean;
}

const fault = (key: FaultKey, label: PlainKey): Shortcut => ({
  keys: [key.toLowerCase()],
  label,
  run: (lab) => pressFaultKey(lab, key),
});

function togglePlay(lab: Lab): void {
  if (isPlaying(runStore.getState().run)) lab.pause();
  else lab.play();
}

function changeSpeed(lab: Lab, direction: 1 | -1): void {
  const speed = runStore.getState().run?.speed ?? 1000;
  lab.setSpeed(nextSpeed(speed, direction));
}

function openFocusMenu(): void {
  const [target] = keyTargets();
  const element =
    target?.kind === 'node'
      ? document.querySelector(`[data-branch-map="shown"] [data-map-node="${CSS.escape(target.id)}"]`)
      : null;
  if (target === undefined)
    openMenuAt({ kind: 'world' }, { x: window.innerWidth / 2, y: window.innerHeight / 3 });
  else if (element !== null) openMenuOf(target, element);
  else openMenuAt(target, { x: window.innerWidth / 2, y: window.innerHeight / 3 });
}

const regions = [
  'toolbar',
  'lessons',
  'tree',
  'runs',
  'diff',
  'map',
  'lens',
  'lens2',
  'inspector',
  'dock',
] as const;

/** F6: to the first thing that can be focused in the next region that is on screen. */
export function goToRegion(direction: 1 | -1): void {
  const elements = regions.flatMap(
    (name) => document.querySelector<HTMLElement>(`[data-region="${name}"]`) ?? [],
  );
  if (elements.length === 0) return;
  const now = elements.findIndex((element) => element.contains(document.activeElement));
  const start = now === -1 && direction === -1 ? 0 : now;
  for (let i = 1; i <= elements.length; i++) {
    const element = elements[(start + direction * i + elements.length * 2) % elements.length];
    const target =
      element?.querySelector<HTMLElement>('[tabindex="0"]') ??
      element?.querySelector<HTMLElement>(
        'button:not(:disabled):not([tabindex="-1"]), select, input:not(:disabled), a[href]',
      );
    if (target) {
      target.focus();
      return;
    }
  }
}

export const shortcuts: readonly Shortcut[] = [
  { keys: [' '], label: 'keys.play', run: togglePlay },
  {
    keys: ['.', '>'],
    label: 'keys.step',
    run: (lab, event) => void lab.step(event.shiftKey ? 'every' : stepStore.getState().size),
  },
  {
    keys: [',', '<'],
    label: 'keys.back',
    run: (lab, event) => void lab.back(event.shiftKey ? 'every' : stepStore.getState().size),
  },
  {
    keys: ['f'],
    label: 'keys.fork',
    run: pressFork,
  },
  {
    keys: ['d'],
    label: 'keys.diff',
    run: () => branchStore.setState(({ showsDiff }) => ({ showsDiff: !showsDiff })),
  },
  { keys: ['['], label: 'keys.slower', run: (lab) => changeSpeed(lab, -1) },
  { keys: [']'], label: 'keys.faster', run: (lab) => changeSpeed(lab, 1) },
  { keys: ['Home'], label: 'keys.first', run: (lab) => void lab.seek(time(0)) },
  { keys: ['End'], label: 'keys.live', run: (lab) => lab.returnToLive() },
  fault('C', 'keys.crash'),
  fault('R', 'keys.restart'),
  fault('Z', 'keys.freeze'),
  fault('X', 'keys.cut'),
  fault('H', 'keys.heal'),
  fault('P', 'keys.partition'),
  { keys: ['m'], label: 'keys.menu', run: openFocusMenu },
  {
    keys: ['v'],
    label: 'keys.select',
    run: () => setMapView({ tool: mapView.getState().tool === 'select' ? 'pan' : 'select' }),
  },
  { keys: ['o'], label: 'keys.pov', run: () => togglePov(selectionStore.getState().focus) },
  {
    keys: lensDigits,
    label: 'keys.lens',
    run: (_lab, event) => {
      const lens = lensesNow().find(({ digit }) => digit === event.key);
      if (lens !== undefined) showLens(lens.id);
    },
  },
  {
    keys: ['b'],
    label: 'keys.dock',
    run: (_lab, _event, breakpoint) =>
      setSettings({ dockOpen: !isDockOpen(settingsStore.getState(), breakpoint) }),
  },
  {
    keys: ['i'],
    label: 'keys.inspector',
    run: (_lab, _event, breakpoint) => {
      const settings = settingsStore.getState();
      const shown = isRightOpen(settings, breakpoint) && settings.rightTab === 'inspector';
      setSettings({ rightTab: shown ? 'lens' : 'inspector', rightOpen: true });
    },
  },
  { keys: ['l'], label: 'keys.legend', run: () => setSettings({ legend: !settingsStore.getState().legend }) },
  { keys: ['\\'], label: 'keys.reset', run: (_lab, _event, breakpoint) => resetSizes(breakpoint) },
  { keys: ['k'], label: 'keys.palette', ctrl: true, run: () => setPanel({ kind: 'palette', query: '' }) },
  {
    keys: ['z'],
    label: 'keys.undo',
    ctrl: true,
    run: (lab, event) =>
      void atWork(
        import('../time/undo.ts').then(({ undoLast, redoLast }) =>
          event.shiftKey ? redoLast(lab) : undoLast(lab),
        ),
      ),
  },
  { keys: ['g'], label: 'keys.goTo', run: () => setPanel({ kind: 'palette', query: '>' }) },
  { keys: ['/'], label: 'keys.filter', run: focusFilter },
  { keys: ['u'], label: 'keys.runUntil', run: openRunUntil },
  {
    keys: ['n'],
    label: 'keys.narration',
    run: () => void import('../story/narration-level.ts').then(({ cycleNarration }) => cycleNarration()),
  },
  { keys: ['?'], label: 'keys.help', run: () => setPanel({ kind: 'keys' }) },
  {
    keys: ['Escape'],
    label: 'keys.escape',
    run: () => {
      // What is selected first; then the neighbourhood that is shown alone.
      const { subjects, panel } = selectionStore.getState();
      if (subjects.length === 0 && panel === null) setMapView({ alone: null });
      setMapView({ tool: 'pan' });
      clearSelection();
    },
  },
  {
    keys: ['F6'],
    label: 'keys.region',
    always: true,
    run: (_lab, event) => goToRegion(event.shiftKey ? -1 : 1),
  },
];

/** `/`: to the filter of the region that has the focus, else to the first there is. */
function focusFilter(): void {
  const region = document.activeElement?.closest('[data-region]');
  const filter =
    region?.querySelector<HTMLElement>('[data-filter]') ??
    document.querySelector<HTMLElement>('[data-region="lens"] [data-filter]') ??
    document.querySelector<HTMLElement>('[data-filter]');
  filter?.focus();
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest('input:not([type="range"]), textarea, select, .cm-editor') !== null
  );
}

/** Space and Enter belong to the control that has the focus. */
function ownsKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[role="menu"], [role="dialog"]') !== null) return true;
  if (key === ' ') return target.closest('button, a[href], [role="tab"], input, summary') !== null;
  return key === 'Home' || key === 'End'
    ? target.closest('input, [role="tab"], [role="separator"], [role="tree"], [role="listbox"]') !== null
    : false;
}

/** Whether this press is this shortcut's, by its modifiers and the person's settings. */
function isMeant(shortcut: Shortcut, event: KeyboardEvent, key: string): boolean {
  const ctrl = event.ctrlKey || event.metaKey;
  if (shortcut.ctrl === true) return ctrl && !event.altKey;
  if (ctrl) return false;
  if (shortcut.always === true) return !event.altKey;
  const { singleKeys } = settingsStore.getState();
  if (key.length === 1 && singleKeys === 'off') return false;
  return event.altKey === (key.length === 1 && singleKeys === 'alt');
}

export function handleShortcut(lab: Lab, event: KeyboardEvent, breakpoint: Breakpoint): boolean {
  if (event.defaultPrevented) return false;
  const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const single = meantKey(pressed, settingsStore.getState().keyMap);
  const shortcut = shortcuts.find((one) => {
    const key = isMovable(one) ? single : pressed;
    return key !== null && one.keys.includes(key) && isMeant(one, event, pressed);
  });
  if (shortcut === undefined) return false;
  // What is typed while the palette is still loading is meant for it.
  const isPalette = selectionStore.getState().panel?.kind === 'palette';
  if (isPalette && shortcut.always !== true && shortcut.ctrl !== true && pressed !== 'Escape') return false;
  if (shortcut.always !== true) {
    const isText = isTyping(event.target);
    // Undo and the like are the text field's own; the palette opens from everywhere.
    if (isText && !(shortcut.ctrl === true && pressed === 'k')) return false;
    if (shortcut.ctrl !== true && ownsKey(event.target, pressed)) return false;
  }
  event.preventDefault();
  shortcut.run(lab, event, breakpoint);
  return true;
}

/** Whether a person may give it another key: what needs Ctrl keeps its own, and so do the digits, which name lenses. */
export const isMovable = ({ keys: [key = ''], ctrl, always, label }: Shortcut): boolean =>
  key.length === 1 && ctrl !== true && always !== true && label !== 'keys.lens';

type KeySettings = Pick<Settings, 'singleKeys' | 'keyMap'>;

/** How a shortcut is written: `Ctrl K`, `Space`, `C`, with Alt where the settings ask for it; null: it is switched off. */
export function shortcutText(shortcut: Shortcut, { singleKeys, keyMap }: KeySettings): string | null {
  const [key = ''] = shortcut.keys;
  if (shortcut.ctrl === true) return `Ctrl ${key.toUpperCase()}`;
  return keyText(key, singleKeys, isMovable(shortcut) ? keyMap : {});
}
