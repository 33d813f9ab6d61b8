// `fsck`: a structure check of all of a volume's pages at one read point (docs/checkers.md). Pure code over page images,
// which a harness takes from replicas (replica-pages.ts); it shares with the engine the forms of pages, rows and keys, and
// none of its access methods.

import type { FreeSpaceMap } from '../../core/engine/free-space.ts';
import { PAGE_HEADER_BYTES } from '../../core/page/page.ts';
import { blockKeyOf, blockOf, forkOf, relationOf } from '../../core/page/page-key.ts';
import { checkHeap } from './check-heap.ts';
import { checkIndex } from './check-index.ts';
import { checkLarge, collectParts, partsTable, valuesFrom } from './check-large.ts';
import { checkCatalog, checkClients, checkCommitLog, checkDefined, checkVolume } from './check-system.ts';
import { type Finding, type FsckReport, findingTexts } from './findings.ts';
import { checkBytes, checkSizes, type Fsck, report, type VolumePages } from './volume-pages.ts';

export function fsck(source: VolumePages): FsckReport {
  const check: Fsck = {
    source,
    sound: new Map(),
    xidLimit: 0,
    findings: [],
    counters: {
      at: source.at,
      pages: source.pages.size,
      tables: 0,
      rows: 0,
      entries: 0,
      large: 0,
      leaves: 0,
      emptyLeaves: 0,
      innerPages: 0,
      levels: 0,
      found: 0,
    },
  };
  checkBytes(check);
  if (checkVolume(check)) {
    checkCommitLog(check);
    checkClients(check);
    checkSizes(check);
    checkDefined(check, source.defined ?? []);
    for (const table of [...checkCatalog(check), ...(source.tables ?? [])]) {
      check.counters.tables++;
      const parts = partsTable(check, table);
      const heap = checkHeap(check, table, valuesFrom(collectParts(check, parts)));
      for (const index of table.indexes) checkIndex(check, heap, index);
      checkLarge(check, heap, parts);
    }
  }
  for (const [relation, map] of source.spaces) checkSpace(check, relation, map);
  return { ...check.counters, volume: source.volume, findings: check.findings };
}

/** Each node of the map is the greater of those below it, and no block has more room than a page. */
function checkSpace(check: Fsck, relation: number, { tree, learned }: FreeSpaceMap): void {
  const most = check.source.pageBytes - PAGE_HEADER_BYTES + 1;
  const capacity = tree.length / 2;
  let isWhole = learned >= 1 && (capacity & (capacity - 1)) === 0;
  for (let i = 1; i < tree.length && isWhole; i++) {
    const value = tree[i] ?? 0;
    isWhole =
      i < capacity ? value === Math.max(tree[2 * i] ?? 0, tree[2 * i + 1] ?? 0) : value >= 0 && value <= most;
    if (!isWhole) report(check, 'space.map', '', blockKeyOf(relation, 0), i, `${value}`);
  }
}

/** One line of English, for the command line and for a violation. */
export function findingLine({ kind, table, blockKey, place, detail }: Finding): string {
  const where = [
    ...(table === '' ? [] : [table]),
    `relation ${relationOf(blockKey)}`,
    ...(forkOf(blockKey) === 0 ? [] : [`fork ${forkOf(blockKey)}`]),
    `block ${blockOf(blockKey)}`,
    ...(place < 0 ? [] : [`place ${place}`]),
  ];
  return `${where.join(', ')}: ${findingTexts[`fsck.${kind}`][0]}${detail === '' ? '' : ` (${detail})`}`;
}
