// Carries out what was chosen: one action through the lab, answered by a toast; or the panel that asks for the rest.

import type { Lab } from '../../lab/api.ts';
import { frameStore } from '../../state/frame-store.ts';
import { selectionStore, setPanel } from '../../state/selection-store.ts';
import { keyTargets } from '../selection/key-targets.ts';
import { doAction, doActions } from './do-action.ts';
import type { MenuSubject } from './menu-store.ts';
import { entryForKey, type FaultContext, type FaultEntry, type FaultKey } from './registry.ts';

export function contextOf(subject: MenuSubject): FaultContext | null {
  const { frame } = frameStore.getState();
  return frame === null ? null : { frame, subject, selection: selectionStore.getState().nodes };
}

export function doFault(lab: Lab, entry: FaultEntry, context: FaultContext): void {
  const effect = entry.effect(context);
  if (effect.kind === 'panel') setPanel(effect.panel);
  else if (effect.kind === 'run') effect.run(lab);
  else if (effect.kind === 'actions') void doActions(lab, effect.actions);
  else void doAction(lab, effect.action);
}

/** A fault key acts on what is focused, else on what is selected, else on the whole world. */
export function doFaultKey(lab: Lab, key: FaultKey): boolean {
  const subjects: MenuSubject[] = [...keyTargets(), { kind: 'world' }];
  if (key === 'H') subjects.reverse();
  for (const candidate of subjects) {
    const context = contextOf(candidate);
    const entry = context === null ? null : entryForKey(key, context);
    if (context === null || entry === null) continue;
    doFault(lab, entry, context);
    return true;
  }
  return false;
}
