// When a picture that was given to the page has been drawn, so that the next may be made.

/** After the browser has drawn what it was given; a hidden page draws nothing. Its timers are slow: `isRelayed`, another page draws at the usual pace. */
export function whenDrawn(then: () => void, isRelayed = false): void {
  if (document.visibilityState === 'hidden') isRelayed ? then() : setTimeout(then, 0);
  else requestAnimationFrame(() => setTimeout(then, 0));
}
