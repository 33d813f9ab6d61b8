// A link as a person sees it: two nodes, both directions together. The tape and the world know each direction alone.

import type { NodeId } from '../base/ids.ts';
import type { LinkFrame } from '../run-model/picture/frame.ts';

export interface LinkPair {
  /** `a|b` with a before b in the cluster's order. */
  readonly key: string;
  readonly a: NodeId;
  readonly b: NodeId;
  /** Direction a → b, and b → a. */
  readonly there: LinkFrame | null;
  readonly back: LinkFrame | null;
}

export type LinkShape =
  | 'normal'
  | 'cut'
  | 'cutThere'
  | 'cutBack'
  | 'held'
  | 'lossy'
  | 'delayed'
  | 'capped'
  | 'waiting';

export function linkShape(pair: LinkPair): LinkShape {
  const { there, back } = pair;
  if (there?.cut === true && back?.cut === true) return 'cut';
  if (there?.cut === true) return 'cutThere';
  if (back?.cut === true) return 'cutBack';
  const either = (test: (link: LinkFrame) => boolean): boolean =>
    (there !== null && test(there)) || (back !== null && test(back));
  if (either((link) => link.held)) return 'held';
  if (either((link) => link.lossPercent > 0 || link.corruptPercent > 0)) return 'lossy';
  if (either((link) => link.delayed)) return 'delayed';
  if (either((link) => link.bytesPerMs !== undefined)) return 'capped';
  if (either((link) => link.next !== undefined)) return 'waiting';
  return 'normal';
}

/** True when either direction differs from what the preset set. */
export function isImpaired(link: LinkFrame): boolean {
  return (
    link.cut ||
    link.held ||
    link.delayed ||
    link.bytesPerMs !== undefined ||
    link.next !== undefined ||
    link.lossPercent + link.duplicatePercent + link.reorderPercent + link.corruptPercent > 0
  );
}

/** Pairs the directed links, in the order of the cluster's nodes. */
export function pairLinks(links: readonly LinkFrame[], order: readonly NodeId[]): LinkPair[] {
  const rank = new Map(order.map((id, i) => [id, i]));
  const pairs = new Map<string, LinkPair>();
  for (const link of links) {
    const forward = (rank.get(link.from) ?? 0) <= (rank.get(link.to) ?? 0);
    const [a, b] = forward ? [link.from, link.to] : [link.to, link.from];
    const key = `${a}|${b}`;
    const known = pairs.get(key) ?? { key, a, b, there: null, back: null };
    pairs.set(key, forward ? { ...known, there: link } : { ...known, back: link });
  }
  return [...pairs.values()];
}
