// The rows of a trace's waterfall: spans by cause, each below the one that led to it, by time.

import { lastOf, type Span, type SpanTrace } from '../../../run-model/spans/span.ts';
import { translateLoose } from '../../i18n/i18n.ts';
import type { Hue } from '../../kit/button.tsx';
import { filterOf } from '../../kit/filter.ts';
import '../../../words/lens/traces.en.json';

export interface WaterfallRow {
  readonly span: Span;
  readonly depth: number;
  /** Its last instant in the drawing: of what is open, the end of the trace. */
  readonly to: number;
}

export interface Waterfall {
  readonly rows: readonly WaterfallRow[];
  readonly from: number;
  readonly to: number;
  /** Rows beyond the limit, with those that the trace does not keep. */
  readonly left: number;
  readonly counts: Readonly<Record<'spans' | 'lost' | 'unanswered' | 'open' | 'nodes', number>>;
}

/** Rows drawn. */
const ROW_LIMIT = 300;

const pending: readonly Span['status'][] = ['open', 'held'];

/** `filter`: a part of a span's node, name or status. */
export function waterfallOf({ spans, left }: SpanTrace, filter = ''): Waterfall {
  const to = Math.max(...spans.map(lastOf), 1);
  const from = Math.min(...spans.map(({ start }) => start), to - 1);
  const below = new Map<string | null, Span[]>();
  for (const span of spans) below.set(span.parent, [...(below.get(span.parent) ?? []), span]);
  const rows: WaterfallRow[] = [];
  const visit = (parent: string | null, depth: number): void => {
    for (const span of [...(below.get(parent) ?? [])].sort((a, b) => a.start - b.start)) {
      rows.push({ span, depth, to: pending.includes(span.status) ? to : lastOf(span) });
      visit(span.id, depth + 1);
    }
  };
  visit(null, 0);
  const { matches } = filterOf(filter);
  const matching = rows.filter(({ span }) =>
    matches(`${span.node} ${span.from ?? ''} ${span.name} ${span.status} ${span.attributes.group ?? ''}`),
  );
  const count = (status: Span['status']): number => spans.filter((span) => span.status === status).length;
  return {
    rows: matching.slice(0, ROW_LIMIT),
    from,
    to,
    left: left + Math.max(0, matching.length - ROW_LIMIT),
    counts: {
      spans: spans.length,
      lost: count('lost'),
      unanswered: count('unanswered'),
      open: count('open') + count('held'),
      nodes: new Set(spans.map(({ node }) => node)).size,
    },
  };
}

/** By what it is: background work, the client's, the log's, a page's, a disk's, anything else. */
export function hueOf({ kind, name }: Span): Hue {
  if (kind === 'disk') return 'ack';
  if (kind === 'work') return 'ctl';
  if (kind !== 'call' || name.startsWith('Sql')) return 'client';
  if (name.includes('Page')) return 'reader';
  return name.includes('Hole') || name.includes('Fill') ? 'hole' : 'wal';
}

/** What a row is called: the message and to whom (its sender stands above), the disk's request, the statement. */
export function spanName({ kind, name, node, attributes }: Span): string {
  const { group, attempt } = attributes;
  const of = group === undefined ? '' : ` ${group}`;
  if (kind === 'call') return `→ ${node} ${name}${of}${Number(attempt ?? 1) > 1 ? ` ×${attempt}` : ''}`;
  if (kind === 'work') return `${node} ${workWords(name)}`;
  return kind === 'disk' ? `${node} ${name}${of}` : `${node} ${name}`;
}

/** A work by its name (background-work.ts) in the page's language; one that is a single event has the event's name. */
export function workWords(name: string): string {
  const key = `traces.does.${name}`;
  const words = translateLoose(key, {});
  return words === key ? name : words;
}

/** The newest of a list, of no kind more than `ofKind`: what comes often does not hide what is rare. In their order. */
export function newestOfEach<Item>(
  items: readonly Item[],
  kindOf: (item: Item) => string,
  { most, ofKind }: { readonly most: number; readonly ofKind: number },
): readonly Item[] {
  const counts = new Map<string, number>();
  const kept: Item[] = [];
  for (let i = items.length - 1; i >= 0 && kept.length < most; i--) {
    const item = items[i];
    if (item === undefined) continue;
    const kind = kindOf(item);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (count <= ofKind) kept.push(item);
  }
  return kept.reverse();
}
