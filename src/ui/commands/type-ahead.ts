// Keys that are typed while the palette is on its way: it takes them once its field has the focus. Enter is not among them:
// nothing was seen yet that it could mean.

let typed = '';
let stop: (() => void) | null = null;

function keep(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key.length === 1) typed += event.key;
  else if (event.key === 'Backspace') typed = typed.slice(0, -1);
  else if (event.key !== 'Enter') return;
  event.preventDefault();
  event.stopPropagation();
}

/** From now on, until they are taken or the returned function is called. */
export function holdKeys(): () => void {
  stop?.();
  typed = '';
  window.addEventListener('keydown', keep, { capture: true });
  const end = (): void => window.removeEventListener('keydown', keep, { capture: true });
  stop = end;
  return end;
}

export function takeKeys(): string {
  const taken = typed;
  typed = '';
  stop?.();
  stop = null;
  return taken;
}
