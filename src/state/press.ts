// Whether a control is held down, or what a press or a key changed is still to be drawn. Meanwhile the parts of the screen keep their
// picture: what grows above a button would move it from under the pointer between press and release, and the browser then reports no
// click to anybody; and a press is drawn without waiting for them.

import { whenDrawn } from '../lab/when-drawn.ts';

const controls = 'button, a, summary, [role=button], [role=tab], [role=radio], [role=option]';

let isHeld = false;
let isPointer = false;

/** Whether the newest press was one of a pointer, not of a key. */
export const isPressedByPointer = (): boolean => isPointer;

/** From a press on a control, or a key, until what it changed has been drawn, in a frame of its own. */
export const isPressed = (): boolean => isHeld;

/** Once for a page. */
export function watchPresses(page: Window): void {
  let last = 0;
  const release = (): void => {
    const own = ++last;
    // The click follows its `pointerup` in the same task; what it changes is drawn in the next frame, alone.
    setTimeout(
      () =>
        whenDrawn(() => {
          if (own === last) isHeld = false;
        }),
      0,
    );
  };
  page.addEventListener(
    'pointerdown',
    ({ target }) => {
      isPointer = true;
      last++;
      isHeld = target instanceof Element && target.closest(controls) !== null;
    },
    { capture: true },
  );
  page.addEventListener(
    'keydown',
    ({ repeat }) => {
      isPointer = false;
      if (repeat || isHeld) return;
      isHeld = true;
      release();
    },
    { capture: true },
  );
  for (const end of ['pointerup', 'pointercancel']) page.addEventListener(end, release, { capture: true });
  // Of the window alone: what had the focus loses it with every press, and an element's `blur` passes here in the capture phase only.
  page.addEventListener('blur', release);
}
