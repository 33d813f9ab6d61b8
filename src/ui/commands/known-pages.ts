// Pages by name for the palette: what the stores list and the writers hold in their buffers. Views have pages only while
// somebody asks for them, so the palette asks while it is open and takes the first picture in which all have answered.

import type { TableView } from '../../core/compute-view.ts';
import type { WorldFrame } from '../../sim/frame.ts';
import { computeOf, storeOf } from '../canvas/node-facts.ts';
import type { Translate } from '../i18n/i18n.ts';
import { groupOfPage } from '../lens/page-group.ts';
import { pageName } from '../lens/page-name.ts';

export interface KnownPage {
  readonly group: string;
  readonly blockKey: number;
  /** `accounts#3`; what no table is known for is named by its relation. */
  readonly name: string;
}

/** Pages in the list, the lowest keys first; a store lists its newest 256 of a group. */
export const PAGES_KNOWN = 2000;
/** Pages named in what was typed that have their faults listed. */
const PAGES_ASKED = 4;

/** Every node that is up has told of its pages. */
export const hasPages = ({ nodes }: WorldFrame): boolean =>
  nodes.every((node) => {
    if (node.status !== 'up') return true;
    const compute = computeOf(node);
    const groups = storeOf(node)?.groups ?? [];
    return (
      (compute === null || compute.state !== 'open' || compute.pages !== undefined) &&
      groups.every(({ blocks }) => blocks !== undefined)
    );
  });

export function knownPages({ cluster, nodes }: WorldFrame, t: Translate): readonly KnownPage[] {
  const groupOf = new Map<number, string>();
  const tables: TableView[] = [];
  for (const node of nodes) {
    for (const { group, blocks } of storeOf(node)?.groups ?? [])
      for (const { blockKey } of blocks?.blocks ?? []) groupOf.set(blockKey, group);
    const pages = computeOf(node)?.pages;
    tables.push(...(pages?.tables ?? []));
    for (const { blockKey } of pages?.frames ?? []) {
      const spec = groupOfPage(cluster, blockKey);
      if (!groupOf.has(blockKey) && spec !== null) groupOf.set(blockKey, spec.id);
    }
  }
  return [...groupOf]
    .sort(([a], [b]) => a - b)
    .slice(0, PAGES_KNOWN)
    .map(([blockKey, group]) => ({ group, blockKey, name: pageName(blockKey, tables, t) }));
}

/** Pages that are named in full in what was typed, the longest names first. */
export function pagesIn(query: string, pages: readonly KnownPage[]): readonly KnownPage[] {
  const typed = ` ${query.toLowerCase()} `;
  const isNamed = ({ name, blockKey }: KnownPage): boolean =>
    [name.toLowerCase(), String(blockKey)].some((word) => typed.includes(` ${word} `));
  return pages.filter(isNamed).slice(0, PAGES_ASKED);
}
