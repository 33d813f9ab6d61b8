// The keyboard table of product design §2, as far as this version has what the keys do. Single keys work outside text
// fields only and can be switched off; modifiers and F6 always work.

import { time } from '../../base/ids.ts';
import type { Lab } from '../../lab/api.ts';
import { runStore } from '../../state/run-store.ts';
import { clearSelection, selectionStore, setPanel } from '../../state/selection-store.ts';
import {
  type Breakpoint,
  isDockOpen,
  isRightOpen,
  resetSizes,
  setSettings,
  settingsStore,
} from '../../state/settings-store.ts';
import { isPlaying } from '../../state/view-clock.ts';
import { doFaultKey } from '../faults/do-fault.ts';
import { openMenuAt, openMenuOf } from '../faults/menu-store.ts';
import type { FaultKey } from '../faults/registry.ts';
import type { PlainKey } from '../i18n/i18n.ts';
import { showLens } from '../lens/lens-place.ts';
import { lenses } from '../lens/registry.ts';
import { nextSpeed } from './speed.ts';
import { stepStore } from './step-size.ts';

export interface Shortcut {
  readonly keys: readonly string[];
  readonly label: PlainKey;
  readonly run: (lab: Lab, event: KeyboardEvent, breakpoint: Breakpoint) => void;
  /** Works in text fields too, and when single keys are off. */
  readonly always?: boolean;
}

const fault = (key: FaultKey, label: PlainKey): Shortcut => ({
  keys: [key.toLowerCase()],
  label,
  run: (lab) => void doFaultKey(lab, key),
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
  const { subject, focus } = selectionStore.getState();
  const target = subject ?? (focus === null ? null : { kind: 'node' as const, id: focus });
  const element = focus === null ? null : document.querySelector(`[data-map-node="${CSS.escape(focus)}"]`);
  if (target === null) openMenuAt({ kind: 'world' }, { x: window.innerWidth / 2, y: window.innerHeight / 3 });
  else if (element !== null) openMenuOf(target, element);
  else openMenuAt(target, { x: window.innerWidth / 2, y: window.innerHeight / 3 });
}

const regions = ['toolbar', 'map', 'lens', 'inspector', 'dock'] as const;

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
    keys: lenses.map(({ digit }) => digit),
    label: 'keys.lens',
    run: (_lab, event) => {
      const lens = lenses.find(({ digit }) => digit === event.key);
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
  { keys: ['?'], label: 'keys.help', run: () => setPanel({ kind: 'keys' }) },
  { keys: ['Escape'], label: 'keys.escape', run: () => clearSelection() },
  {
    keys: ['F6'],
    label: 'keys.region',
    always: true,
    run: (_lab, event) => goToRegion(event.shiftKey ? -1 : 1),
  },
];

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

export function handleShortcut(lab: Lab, event: KeyboardEvent, breakpoint: Breakpoint): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const shortcut = shortcuts.find(({ keys }) => keys.includes(key));
  if (shortcut === undefined) return false;
  if (shortcut.always !== true) {
    if (!settingsStore.getState().singleKeys && key.length === 1) return false;
    if (isTyping(event.target) || ownsKey(event.target, key)) return false;
  }
  event.preventDefault();
  shortcut.run(lab, event, breakpoint);
  return true;
}
