// The metadata's nodes in a lesson on several of them: who leads, who votes, what everybody has applied.

import type { MetaView } from '../core/pcs/pcs-view.ts';
import type { LibraryLesson } from './format.ts';
import type { LessonState } from './lesson-state.ts';

export const pcsNodes = ['pcs-1', 'pcs-2', 'pcs-3'] as const;

/** Two clients move money through the writer while the metadata's nodes are disturbed. */
export const underLoad: LibraryLesson['start'] = {
  preset: 'cynosdb-pcs',
  tape: [
    '45.000 workload d1 kind=transfer rows=8 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true',
  ],
  ms: 100,
  lens: 'pcs',
  speed: 2000,
};

const viewOf = (s: LessonState, node: string): MetaView | null => s.node(node).metadata;

export const othersThan = (node: string | null): readonly string[] =>
  pcsNodes.filter((other) => other !== node);

export const termOf = (s: LessonState, node: string | null): number =>
  node === null ? -1 : (viewOf(s, node)?.term ?? -1);

/** Every voter is up, follows the same leader and has applied what is committed there. */
export function isWhole(s: LessonState): boolean {
  const leader = s.metadataLeader;
  const led = leader === null ? null : viewOf(s, leader);
  const agrees = led?.voters.every((node) => {
    const view = viewOf(s, node);
    return view?.leader === leader && view.applied === led.commit;
  });
  return agrees === true;
}
