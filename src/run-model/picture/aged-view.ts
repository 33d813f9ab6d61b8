// A node's view is as of its last input; ages in it go on while the node does nothing. They are the fields by these names,
// in µs; null where nothing has begun.

import type { NodeView } from '../../core/kernel/view.ts';

const AGES: ReadonlySet<string> = new Set(['sinceUs', 'ageUs', 'agoUs']);

/** The view `us` later, by the node's clock. What has no age in it is the same object. */
export function agedView(view: NodeView, us: number): NodeView {
  return us <= 0 ? view : aged(view, us);
}

function aged<T>(value: T, us: number): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) {
    // Lists of numbers and of names are long, and none ages.
    if (typeof value[0] !== 'object') return value;
    const list: unknown[] = value.map((one) => aged(one, us));
    return list.some((one, i) => one !== value[i]) ? (list as T) : value;
  }
  const changed: [name: string, next: unknown][] = [];
  for (const [name, field] of Object.entries(value)) {
    const next = AGES.has(name) && typeof field === 'number' ? field + us : aged(field, us);
    if (next !== field) changed.push([name, next]);
  }
  return changed.length === 0 ? value : { ...value, ...Object.fromEntries(changed) };
}
