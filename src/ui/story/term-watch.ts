// What is explained now: the name under a resting pointer, the label that has the keyboard's focus, what a finger rests on.
// It listens to the document, so that a label needs no listener of its own. An explanation closes by Escape, when pointer or
// focus leave, and by any press; the pointer may go onto it.

import { type FoundTerm, findTerm, termOfElement } from './term-find.ts';

/** Wall ms that a pointer rests on a name, a finger on it, and until what was left closes. */
const hoverMs = 350;
const touchMs = 500;
const leaveMs = 200;
/** px that a resting finger may move. */
const steady = 10;

export const tooltipId = 'term-explained';

interface Timer {
  readonly set: (ms: number, then: () => void) => void;
  readonly stop: () => void;
}

function makeTimer(): Timer {
  let id: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => clearTimeout(id);
  return {
    stop,
    set: (ms, then) => {
      stop();
      id = setTimeout(then, ms);
    },
  };
}

type Options = AddEventListenerOptions;

interface Watch {
  shown: FoundTerm | null;
  /** Until what is under the pointer is explained, and until what it left closes. */
  readonly waits: Timer;
  readonly leaves: Timer;
  readonly set: (found: FoundTerm | null) => void;
  /** Closes it, and explains nothing that was waited for. */
  readonly cancel: () => void;
}

function makeWatch(show: (found: FoundTerm | null) => void): Watch {
  const watch: Watch = {
    shown: null,
    waits: makeTimer(),
    leaves: makeTimer(),
    cancel() {
      watch.waits.stop();
      watch.set(null);
    },
    set(found) {
      watch.leaves.stop();
      const { shown } = watch;
      if (found === shown) return;
      shown?.element.removeAttribute('aria-describedby');
      watch.shown = found;
      found?.element.setAttribute('aria-describedby', tooltipId);
      show(found);
    },
  };
  return watch;
}

function explainAt(watch: Watch, target: Element, x: number, y: number): void {
  if (!target.isConnected) return;
  const found = findTerm(target, x, y);
  const { shown } = watch;
  if (found !== null && !(shown?.element === found.element && shown.term === found.term)) watch.set(found);
}

const isIn = ({ left, right, top, bottom }: DOMRect, x: number, y: number): boolean =>
  x >= left && x <= right && y >= top && y <= bottom;

const isExplanation = (target: Element): boolean => target.closest(`#${tooltipId}`) !== null;

const isByKeyboard = ({ element }: FoundTerm): boolean => element.matches(':focus-visible');

function watchMouse(watch: Watch, on: Options): void {
  const { waits, leaves } = watch;
  const onMove = ({ target, clientX: x, clientY: y, buttons, pointerType }: PointerEvent): void => {
    if (pointerType === 'touch' || buttons !== 0 || !(target instanceof Element)) return;
    const { shown } = watch;
    waits.stop();
    if (isExplanation(target) || (shown !== null && isIn(shown.box, x, y))) {
      leaves.stop();
      return;
    }
    if (shown !== null && !isByKeyboard(shown)) leaves.set(leaveMs, () => watch.set(null));
    waits.set(hoverMs, () => explainAt(watch, target, x, y));
  };
  const onDown = ({ target, pointerType }: PointerEvent): void => {
    if (pointerType === 'touch' || (target instanceof Element && isExplanation(target))) return;
    watch.cancel();
  };
  document.addEventListener('pointermove', onMove, on);
  document.addEventListener('pointerdown', onDown, on);
}

/** Asks for the menu of what is at a point as a right click does; false where nothing has one. */
function askForMenu(target: Element, x: number, y: number): boolean {
  const asked = { bubbles: true, cancelable: true, clientX: x, clientY: y, button: 2 };
  return !target.dispatchEvent(new MouseEvent('contextmenu', asked));
}

const isText = (target: Element): boolean =>
  target.closest('input, textarea, select, [contenteditable="true"]') !== null;

/**
 * A long press is for the menu of what is pressed, where it has none for the name; a tap explains a marked name where a tap has
 * no other meaning. Not every browser asks for a menu by itself when a finger rests, and some do as well.
 */
function watchTouch(watch: Watch, on: Options): void {
  let from: { readonly x: number; readonly y: number } | null = null;
  let isHeld = false;
  const onDown = ({ target, clientX: x, clientY: y, pointerType, isPrimary }: PointerEvent): void => {
    isHeld = false;
    if (pointerType !== 'touch' || !(target instanceof Element) || isExplanation(target)) return;
    watch.cancel();
    // A second finger pinches.
    from = isPrimary && !isText(target) ? { x, y } : null;
    if (from === null) return;
    watch.waits.set(touchMs, () => {
      // Meanwhile another element may stand there.
      const pressed = document.elementFromPoint(x, y) ?? target;
      isHeld = askForMenu(pressed, x, y);
      if (isHeld) return;
      explainAt(watch, pressed, x, y);
      isHeld = watch.shown !== null;
    });
  };
  const onMove = ({ clientX: x, clientY: y }: PointerEvent): void => {
    if (from !== null && Math.hypot(x - from.x, y - from.y) > steady) watch.waits.stop();
  };
  const onUp = (): void => {
    if (from !== null) watch.waits.stop();
    from = null;
  };
  const onClick = (event: MouseEvent): void => {
    // The press that was held has had its effect.
    if (isHeld && event.detail > 0) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const marked = event.target instanceof Element ? event.target.closest('[data-term]') : null;
    if (marked === null || watch.shown !== null) return;
    if (marked.closest('button, a, label, [role="button"], [data-map-node]') !== null) return;
    const { left, top } = marked.getBoundingClientRect();
    explainAt(watch, marked, left, top);
  };
  /** The browser's own, before or after ours. */
  const onMenu = (event: MouseEvent): void => {
    if (!event.isTrusted) return;
    if (isHeld) {
      event.preventDefault();
      event.stopPropagation();
    } else if (from !== null) {
      watch.waits.stop();
      isHeld = true;
    }
  };
  document.addEventListener('pointerdown', onDown, on);
  document.addEventListener('pointermove', onMove, on);
  document.addEventListener('pointerup', onUp, on);
  document.addEventListener('pointercancel', onUp, on);
  // The finger that goes up makes no mouse's press of it, which would take the focus from the menu.
  const onLift = (event: TouchEvent): void => {
    if (isHeld && event.cancelable) event.preventDefault();
  };
  document.addEventListener('touchend', onLift, { ...on, passive: false });
  document.addEventListener('click', onClick, on);
  document.addEventListener('contextmenu', onMenu, on);
}

function watchKeyboard(watch: Watch, on: Options): void {
  const onFocus = ({ target }: FocusEvent): void => {
    if (!(target instanceof Element) || !target.matches('[data-term]:focus-visible')) return;
    const term = termOfElement(target);
    if (term !== null) watch.set({ term, element: target, box: target.getBoundingClientRect() });
  };
  const onBlur = ({ target }: FocusEvent): void => {
    if (watch.shown !== null && watch.shown.element === target) watch.set(null);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    watch.waits.stop();
    if (watch.shown === null) return;
    // Who reads by keyboard closes the explanation, and nothing else with it.
    if (isByKeyboard(watch.shown)) event.stopPropagation();
    watch.cancel();
  };
  document.addEventListener('focusin', onFocus, on);
  document.addEventListener('focusout', onBlur, on);
  document.addEventListener('keydown', onKey, on);
}

/** `show` gets what is to be explained, null when nothing is any more. */
export function watchTerms(show: (found: FoundTerm | null) => void): () => void {
  const watch = makeWatch(show);
  const stop = new AbortController();
  const on: Options = { signal: stop.signal, capture: true };
  watchMouse(watch, on);
  watchTouch(watch, on);
  watchKeyboard(watch, on);
  const onScroll = ({ target }: Event): void => {
    if (target instanceof Node && watch.shown !== null && target.contains(watch.shown.element))
      watch.cancel();
  };
  document.addEventListener('scroll', onScroll, on);
  return () => {
    watch.cancel();
    stop.abort();
  };
}
