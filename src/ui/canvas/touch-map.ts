// Fingers on the map. One of them taps, and takes the nearest target within its reach; two pan and pinch. One pans as well,
// but where the page is scrolled by it (one column) or the select tool draws a box.

import { mapView } from '../../state/map-view.ts';
import { isByFinger } from '../../state/pointer.ts';
import { fingerReach } from './flight-geometry.ts';

/** What is pressed on the map besides messages, which have no element (flight-overlay.tsx). */
const targets = '[data-hover], [data-map-node], button, a, select, label, .overview';

interface Spot {
  readonly element: Element;
  readonly x: number;
  readonly y: number;
}

const steps = 4;
const directions = 16;

/** The nearest target to a point, by rings round it, and where it is met. */
export function nearestTarget(
  x: number,
  y: number,
  at: (x: number, y: number) => Element | null,
): Spot | null {
  for (let ring = 0; ring <= steps; ring++) {
    const radius = (fingerReach * ring) / steps;
    for (let i = 0; i < (ring === 0 ? 1 : directions); i++) {
      const angle = (2 * Math.PI * i) / directions;
      const spot = { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle) };
      const element = at(spot.x, spot.y)?.closest(targets) ?? null;
      if (element !== null) return { element, ...spot };
    }
  }
  return null;
}

/** A press that fell beside what it meant goes there. */
function redirect(surface: HTMLElement, event: MouseEvent): void {
  if (!isByFinger() || event.detail > 1) return;
  const { target, clientX, clientY, type } = event;
  if (target instanceof Element && target.closest(targets) !== null) return;
  const spot = nearestTarget(clientX, clientY, (x, y) => {
    const found = document.elementFromPoint(x, y);
    return found !== null && surface.contains(found) ? found : null;
  });
  if (spot === null) return;
  event.stopPropagation();
  const again = new MouseEvent(type, {
    bubbles: true,
    cancelable: true,
    clientX: spot.x,
    clientY: spot.y,
    button: event.button,
  });
  if (!spot.element.dispatchEvent(again)) event.preventDefault();
}

/** Links take no part in panning by a mouse. A finger on one may be one of two: the pane gets it as if it were beside the link. */
function passOn(surface: HTMLElement, event: TouchEvent): void {
  event.stopPropagation();
  const touch = {
    bubbles: true,
    cancelable: true,
    touches: [...event.touches],
    targetTouches: [...event.targetTouches],
    changedTouches: [...event.changedTouches],
  };
  surface.querySelector('.react-flow__pane')?.dispatchEvent(new TouchEvent('touchstart', touch));
}

/** Returns what ends it. */
export function watchMapTouch(surface: HTMLElement): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const onTouch = (event: TouchEvent): void => {
    const target = event.target instanceof Element ? event.target : null;
    const isPage = getComputedStyle(surface).touchAction === 'pan-y';
    if (event.touches.length === 1 && (isPage || mapView.getState().tool === 'select')) {
      // The select tool moves cards.
      if (target?.closest('.react-flow__node.draggable') == null) event.stopPropagation();
    } else if (target?.closest('.nopan') != null) passOn(surface, event);
  };
  const onPress = (event: MouseEvent): void => redirect(surface, event);
  surface.addEventListener('touchstart', onTouch, { capture: true, passive: true, signal });
  surface.addEventListener('click', onPress, { signal });
  surface.addEventListener('contextmenu', onPress, { signal });
  return () => stop.abort();
}
