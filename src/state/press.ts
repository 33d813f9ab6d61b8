// Whether a control is held down. Meanwhile the parts of the screen keep their picture: what grows above a button would move it
// from under the pointer between press and release, and the browser then reports no click to anybody.

const controls = 'button, a, summary, [role=button], [role=tab], [role=radio], [role=option]';

let isHeld = false;

/** From a press on a control until the event loop has delivered its click. */
export const isPressed = (): boolean => isHeld;

/** Once for a page. */
export function watchPresses(page: Window): void {
  const release = (): void => {
    // The click follows its `pointerup` in the same task.
    setTimeout(() => {
      isHeld = false;
    }, 0);
  };
  page.addEventListener(
    'pointerdown',
    ({ target }) => {
      isHeld = target instanceof Element && target.closest(controls) !== null;
    },
    { capture: true },
  );
  for (const end of ['pointerup', 'pointercancel']) page.addEventListener(end, release, { capture: true });
  // Of the window alone: what had the focus loses it with every press, and an element's `blur` passes here in the capture phase only.
  page.addEventListener('blur', release);
}
