// Which lines a list shows that has no room for all of them: whole ones, with the one that is spoken of. Pure but for `showWhole`.

/** A line of the list: its edges, px from the list's first line. */
export interface LineBox {
  readonly top: number;
  readonly bottom: number;
}

/** From which px on to which: up to the current line, and as many before it as there is room for; at the beginning as many as there is room for. */
export function wholeLines(
  lines: readonly LineBox[],
  current: number,
  room: number,
): readonly [from: number, to: number] {
  const { bottom = 0 } = lines[current] ?? lines.at(-1) ?? {};
  if (bottom <= room) return [0, lines.findLast((line) => line.bottom <= room)?.bottom ?? bottom];
  const first = lines.slice(0, current + 1).find(({ top }) => bottom - top <= room);
  return [first?.top ?? lines[current]?.top ?? 0, bottom];
}

/** The list gets as high as the lines that it shows whole. */
export function showWhole(list: HTMLElement, current: number): void {
  list.style.minHeight = '';
  list.style.maxHeight = '';
  if (list.scrollHeight <= list.clientHeight + 1) return;
  const items = [...list.children].map((item) => item.getBoundingClientRect());
  const start = items[0]?.top ?? 0;
  const lines = items.map(({ top, bottom }) => ({ top: top - start, bottom: bottom - start }));
  const { paddingTop, borderTopWidth } = getComputedStyle(list);
  const padding = Number.parseFloat(paddingTop);
  const [from, to] = wholeLines(lines, current, list.clientHeight - padding);
  // Above a line that is not the first there is no room of its own.
  const above = from === 0 ? padding : 0;
  const height = `${to - from + above + Number.parseFloat(borderTopWidth)}px`;
  list.style.minHeight = height;
  list.style.maxHeight = height;
  list.scrollTop = from === 0 ? 0 : from + padding;
}
