// A binary heap as plain data (an array), ordered by a comparison the caller passes at each call.

/** Negative when `a` comes first. Must be a total order, or equal items come out in heap order. */
export type Compare<T> = (a: T, b: T) => number;

export function pushQueue<T>(heap: T[], item: T, compare: Compare<T>): void {
  let i = heap.length;
  heap.push(item);
  while (i > 0) {
    const parent = (i - 1) >> 1;
    const above = heap[parent] as T;
    if (compare(item, above) >= 0) break;
    heap[i] = above;
    i = parent;
  }
  heap[i] = item;
}

export function popQueue<T>(heap: T[], compare: Compare<T>): T | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (top === undefined || last === undefined || heap.length === 0) return top;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && compare(heap[child + 1] as T, heap[child] as T) < 0) child++;
    if (compare(heap[child] as T, last) >= 0) break;
    heap[i] = heap[child] as T;
    i = child;
  }
  heap[i] = last;
  return top;
}
