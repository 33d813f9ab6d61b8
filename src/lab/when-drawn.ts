// When a picture that was given to the page has been drawn, so that the next may be made.

/** After the browser has drawn what it was given; a hidden page draws nothing. */
export function whenDrawn(then: () => void): void {
  if (document.visibilityState === 'hidden') setTimeout(then, 0);
  else requestAnimationFrame(() => setTimeout(then, 0));
}
