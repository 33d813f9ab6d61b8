// Pages by name for the palette: what the stores list and the writers hold in their buffers. Views have pages only while
// somebody asks for them, so the palette asks while it is open and takes the first picture in which all have answered.

import type { GroupId } from '../../base/ids.ts';
import { attachmentsOf } from '../../core/compute/compute-view.ts';
import type { TableView } from '../../core/engine/buffer-view.ts';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import type { Translate } from '../i18n/i18n.ts';
import { computeOf, storeOf } from '../model/node-facts.ts';
import { groupOfPage } from '../model/page-group.ts';
import { pageName } from '../model/page-name.ts';
import { clusterOf, volumeNames } from '../model/volumes.ts';

export interface KnownPage {
  /** Empty where the pages of a volume lie in files, and in no group. */
  readonly group: string;
  readonly blockKey: number;
  /** `accounts#3`; what no table is known for is named by its relation. */
  readonly name: string;
  /** Its group, with the volume where there are several: `v2 g3`. */
  readonly where: string;
  /** A group and its restored copy both have it: the name alone does not tell which is meant (WAL-45). */
  readonly isShared: boolean;
  /** Some node has it in its buffer. */
  readonly isBuffered: boolean;
}

/** The name by which one page is meant. */
export const fullName = ({ name, where, isShared }: KnownPage): string =>
  isShared ? `${name} (${where})` : name;

/** Pages in the list, the lowest keys first; a store lists its newest 256 of a group. */
export const PAGES_KNOWN = 2000;
/** Pages named in what was typed that have their faults listed. */
const PAGES_ASKED = 4;

/** Every node that is up has reported its pages. */
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
  const byId = Object.fromEntries(nodes.map((node) => [node.id, node]));
  const volumes = volumeNames(cluster, byId).map((volume) => clusterOf(cluster, byId, volume));
  const volumeOf = new Map(volumes.flatMap(({ volume, groups }) => groups.map(({ id }) => [id, volume])));
  const found = new Map<string, { readonly group: GroupId | ''; readonly blockKey: number }>();
  const buffered = new Set<number>();
  const take = (group: GroupId | '', blockKey: number): void => {
    found.set(`${group} ${blockKey}`, { group, blockKey });
  };
  const tables: TableView[] = [];
  for (const node of nodes) {
    for (const { group, blocks } of storeOf(node)?.groups ?? [])
      for (const { blockKey } of blocks?.blocks ?? []) take(group, blockKey);
    const compute = computeOf(node);
    for (const { volume, pages } of compute === null ? [] : attachmentsOf(compute)) {
      tables.push(...(pages?.tables ?? []));
      const written = volumes.find((one) => one.volume === volume);
      for (const { blockKey } of pages?.frames ?? []) {
        const spec = written === undefined ? null : groupOfPage(written, blockKey);
        if (spec === null && cluster.chunks === undefined) continue;
        take(spec?.id ?? '', blockKey);
        buffered.add(blockKey);
      }
    }
    // of a reader of files
    for (const { blockKey } of compute?.shared?.frames ?? []) take('', blockKey);
  }
  const having = new Map<number, number>();
  for (const { blockKey } of found.values()) having.set(blockKey, (having.get(blockKey) ?? 0) + 1);
  return [...found.values()]
    .sort((a, b) => a.blockKey - b.blockKey || (a.group < b.group ? -1 : 1))
    .slice(0, PAGES_KNOWN)
    .map(({ group, blockKey }) => ({
      group,
      blockKey,
      name: pageName(blockKey, tables, t),
      where: group === '' || volumes.length < 2 ? group : `${volumeOf.get(group) ?? ''} ${group}`.trim(),
      isShared: (having.get(blockKey) ?? 0) > 1,
      isBuffered: buffered.has(blockKey),
    }));
}

/** Pages that are named in full in what was typed, the longest names first. */
export function pagesIn(query: string, pages: readonly KnownPage[]): readonly KnownPage[] {
  const typed = ` ${query.toLowerCase()} `;
  const isNamed = ({ name, blockKey }: KnownPage): boolean =>
    [name.toLowerCase(), String(blockKey)].some((word) => typed.includes(` ${word} `));
  return pages.filter(isNamed).slice(0, PAGES_ASKED);
}
