// What serializable transactions have read: rows, pages of indexes and of heaps, whole relations (PostgreSQL's SIREAD locks). They
// block nobody; a writer looks up whose it meets. So many in a page become one of the page, so many in a relation one of it.

import { tidBlock } from './key-codec.ts';

/** Row locks in a page before the page is locked, and locks of any kind in a relation before it is: PostgreSQL's defaults. */
const IN_PAGE = 2;
const IN_RELATION = 31;

/** A row, a page (`tid` −1) or a relation (`block` −1). */
export interface Target {
  readonly relation: number;
  readonly block: number;
  readonly tid: number;
}

interface Held {
  readonly targets: Map<string, Target>;
  /** Locks taken within a page or relation. */
  readonly within: Map<string, number>;
}

export interface PredicateLocks {
  readonly holders: Map<string, number[]>;
  readonly held: Map<number, Held>;
}

export const makePredicateLocks = (): PredicateLocks => ({ holders: new Map(), held: new Map() });

export const rowTarget = (relation: number, tid: number): Target => ({ relation, block: tidBlock(tid), tid });
export const pageTarget = (relation: number, block: number): Target => ({ relation, block, tid: -1 });
export const relationTarget = (relation: number): Target => ({ relation, block: -1, tid: -1 });

const keyOf = ({ relation, block, tid }: Target): string =>
  tid >= 0 ? `${relation} ${block} ${tid}` : block >= 0 ? `${relation} ${block}` : String(relation);

const parentOf = ({ relation, block, tid }: Target): Target | null =>
  tid >= 0 ? pageTarget(relation, block) : block >= 0 ? relationTarget(relation) : null;

export const lockRelation = (locks: PredicateLocks, owner: number, relation: number): void =>
  take(locks, owner, relationTarget(relation));
export const lockPage = (locks: PredicateLocks, owner: number, relation: number, block: number): void =>
  take(locks, owner, pageTarget(relation, block));
export const lockTuple = (locks: PredicateLocks, owner: number, relation: number, tid: number): void =>
  take(locks, owner, rowTarget(relation, tid));

function take(locks: PredicateLocks, owner: number, target: Target): void {
  const held = locks.held.get(owner) ?? {
    targets: new Map<string, Target>(),
    within: new Map<string, number>(),
  };
  locks.held.set(owner, held);
  for (let one: Target | null = target; one !== null; one = parentOf(one))
    if (held.targets.has(keyOf(one))) return;
  add(locks, held, owner, target);
  let wider: Target | null = null;
  for (let one = parentOf(target); one !== null; one = parentOf(one)) {
    const key = keyOf(one);
    const count = (held.within.get(key) ?? 0) + 1;
    held.within.set(key, count);
    if (count > (one.block >= 0 ? IN_PAGE : IN_RELATION)) wider = one;
  }
  if (wider !== null) widen(locks, held, owner, wider);
}

function add({ holders }: PredicateLocks, { targets }: Held, owner: number, target: Target): void {
  const key = keyOf(target);
  targets.set(key, target);
  const owners = holders.get(key);
  if (owners) owners.push(owner);
  else holders.set(key, [owner]);
}

/** One lock in the place of those within it. */
function widen(locks: PredicateLocks, held: Held, owner: number, target: Target): void {
  for (const [key, one] of [...held.targets]) {
    const isWithin = one.relation === target.relation && (target.block < 0 || one.block === target.block);
    if (!isWithin) continue;
    held.targets.delete(key);
    drop(locks, key, owner);
  }
  add(locks, held, owner, target);
}

function drop({ holders }: PredicateLocks, key: string, owner: number): void {
  const left = holders.get(key)?.filter((one) => one !== owner) ?? [];
  if (left.length > 0) holders.set(key, left);
  else holders.delete(key);
}

/** Whoever has read one of these, or the page or relation around it; each once, in the order of their begin. */
export function holdersOf({ holders }: PredicateLocks, targets: readonly Target[]): readonly number[] {
  const found = new Set<number>();
  for (const target of targets)
    for (let one: Target | null = target; one !== null; one = parentOf(one))
      for (const owner of holders.get(keyOf(one)) ?? []) found.add(owner);
  return [...found].sort((a, b) => a - b);
}

/** Whoever has read any part of the relation, in the order of their begin. */
export const readersOf = ({ held }: PredicateLocks, relation: number): readonly number[] =>
  [...held]
    .flatMap(([owner, { targets }]) => (hasWithin(targets, relation) ? [owner] : []))
    .sort((a, b) => a - b);

const hasWithin = (targets: Held['targets'], relation: number): boolean =>
  [...targets.values()].some((one) => one.relation === relation);

/** Whoever has read any part of one relation has read all of the other as well (TransferPredicateLocksToHeapRelation). */
export function promoteLocks(locks: PredicateLocks, from: number, to: number): void {
  for (const owner of readersOf(locks, from)) {
    const held = locks.held.get(owner);
    const whole = relationTarget(to);
    if (held !== undefined && !held.targets.has(keyOf(whole))) widen(locks, held, owner, whole);
  }
}

/** A page of an index was split: who has read it has read the new one as well. */
export function copyPageLocks(locks: PredicateLocks, relation: number, from: number, to: number): void {
  for (const owner of [...(locks.holders.get(keyOf(pageTarget(relation, from))) ?? [])])
    lockPage(locks, owner, relation, to);
}

export function releasePredicates(locks: PredicateLocks, owner: number): void {
  for (const key of locks.held.get(owner)?.targets.keys() ?? []) drop(locks, key, owner);
  locks.held.delete(owner);
}
