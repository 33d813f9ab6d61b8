// The height that the keyboard on the screen leaves. Most browsers give it to the window (`interactive-widget` in index.html);
// Safari only says it, and lays the keyboard over the page: the frame then takes it from `--seen-height`.

/** px: less than any keyboard, more than the bars of a browser. */
const least = 120;

export function watchSeenHeight(): void {
  const view = window.visualViewport;
  if (view === null) return;
  view.addEventListener('resize', () => {
    // What is only magnified is no keyboard.
    const isCovered = view.scale === 1 && window.innerHeight - view.height > least;
    document.documentElement.style.setProperty('--seen-height', isCovered ? `${view.height}px` : '');
    if (!isCovered) return;
    window.scrollTo(0, 0);
    document.activeElement?.scrollIntoView({ block: 'nearest' });
  });
}
