// Read-only map: events that would open a menu or act on the focused node are stopped before they reach it.

import type { KeyboardEvent, MouseEvent } from 'react';

/** Of the fault keys, and those of a context menu. */
const actingKeys: ReadonlySet<string> = new Set(['c', 'r', 'z', 'x', 'h', 'p', 'm', 'ContextMenu', 'F10']);

function stop(event: KeyboardEvent | MouseEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

/** For an element around the map. */
export const lookOnly = {
  onKeyDownCapture(event: KeyboardEvent): void {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!event.ctrlKey && !event.metaKey && actingKeys.has(key)) stop(event);
  },
  onContextMenuCapture: stop,
} as const;
