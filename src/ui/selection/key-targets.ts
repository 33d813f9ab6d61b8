// Target nodes of a keyboard command: the card that has the focus, else the selection, else the card that had it last.

import { selectionStore, type Target, targetOf } from '../../state/selection-store.ts';

/** Node of the map's card that has the keyboard's focus now. */
function focusedNode(): string | null {
  const { focus } = selectionStore.getState();
  const card = document.activeElement?.closest('[data-map-node]');
  return focus !== null && card?.getAttribute('data-map-node') === focus ? focus : null;
}

/** In this order; the first that a key means something for is meant. */
export function keyTargets(): readonly Target[] {
  const { subject, focus } = selectionStore.getState();
  const selected = targetOf(subject);
  const nodes = [focusedNode(), focus].map((id) => (id === null ? null : ({ kind: 'node', id } as const)));
  return [nodes[0], selected, nodes[1]].filter((target) => target !== null && target !== undefined);
}
