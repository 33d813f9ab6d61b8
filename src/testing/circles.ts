// Circles of imports: files of which each reaches each. Pure.

/** Strongly connected parts with more than one file (Tarjan), the largest first. `importsOf`: the files that a file imports. */
export function circlesOf(importsOf: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const isOpen = new Set<string>();
  const circles: string[][] = [];
  const lower = (file: string, to: number | undefined): void => {
    lowest.set(file, Math.min(lowest.get(file) ?? 0, to ?? 0));
  };
  const close = (file: string): void => {
    const circle: string[] = [];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      isOpen.delete(next);
      circle.push(next);
      if (next === file) break;
    }
    if (circle.length > 1) circles.push(circle.sort());
  };
  /** By a stack of its own: the chains of imports are long. */
  const visit = (root: string): void => {
    const work: { readonly file: string; next: number }[] = [];
    const enter = (file: string): void => {
      order.set(file, order.size);
      lowest.set(file, order.size - 1);
      stack.push(file);
      isOpen.add(file);
      work.push({ file, next: 0 });
    };
    enter(root);
    for (let step = work.at(-1); step !== undefined; step = work.at(-1)) {
      const { file } = step;
      const target = importsOf.get(file)?.[step.next++];
      if (target === undefined) {
        work.pop();
        if (lowest.get(file) === order.get(file)) close(file);
        const above = work.at(-1);
        if (above !== undefined) lower(above.file, lowest.get(file));
      } else if (!order.has(target)) enter(target);
      else if (isOpen.has(target)) lower(file, order.get(target));
    }
  };
  for (const file of importsOf.keys()) if (!order.has(file)) visit(file);
  return circles.sort((a, b) => b.length - a.length);
}
