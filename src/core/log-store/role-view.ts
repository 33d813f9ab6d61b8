// What a storage node shows of itself (kernel/view.ts): its replicas with the state of their scrubs, and the base images it takes.

import type { NodeId, Range } from '../../base/ids.ts';
import type { ViewParams } from '../kernel/view-params.ts';
import type { BaseImport } from './base/base-state.ts';
import type { Group, StoreState } from './replica/state.ts';
import { replicaView } from './replica/view.ts';
import { makeScrub, type Scrub } from './scrub/scrub-state.ts';
import type { BaseImageView, ScrubView, StoreGroupView, StoreView } from './store-view.ts';

export function storeView(state: StoreState, params: ViewParams): StoreView {
  const groups: StoreGroupView[] = [];
  for (const group of state.groups.values()) {
    if (params.group !== null && params.group !== group.id) continue;
    const view = replicaView(group, state, params);
    const scrub = state.scrubs.get(group.id) ?? makeScrub();
    groups.push(params.detail ? { ...view, scrub: scrubView(group, scrub) } : view);
  }
  const importing = [...state.imports.values()]
    .filter(({ base, descriptor }) => base !== -1 && (params.group ?? descriptor.group) === descriptor.group)
    .map(importView);
  return { role: 'store', bootEpoch: state.bootEpoch, groups, importing };
}

const importView = ({ descriptor, donors, donor, base, pages, total, bytes }: BaseImport): BaseImageView => ({
  group: descriptor.group,
  peer: donors[donor] as NodeId,
  base,
  pages: pages.length,
  total,
  bytes,
});

const scrubView = ({ pages }: Group, scrub: Scrub): ScrubView => ({
  checked: scrub.checked,
  found: scrub.found,
  repaired: scrub.repaired,
  looksAt: scrub.cursor.part,
  left: scrub.queue.length,
  lost: scrub.lost.map(
    ({ records }): Range => [records[0]?.lsn ?? 0, (records[records.length - 1]?.lsn ?? -1) + 1],
  ),
  lostPages: pages.lost.map(({ blockKey, lsn }) => ({ blockKey, lsn })),
  asks: scrub.fetch?.peer ?? null,
});
