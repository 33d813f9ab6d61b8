// A draft: the objects as a transaction will leave them, above the metadata of the mount (docs/spec/polarfs.md FS-20, FS-51). It
// lives while one call is planned; what it changed becomes the transaction's entries, one for each object that differs.

import { isSame } from '../../base/same-plain.ts';
import { indexOf, numberOf, type ObjectType } from './geometry.ts';
import { findObject, freeCount, lowestFree, type Metadata, objectAt, putObject } from './metadata.ts';
import {
  type Blktag,
  type Direntry,
  freeObject,
  type Inode,
  type Objects,
  type PfsObject,
} from './objects.ts';

export interface Draft {
  readonly meta: Metadata;
  /** By type and number, in the order of the first change. */
  readonly changed: Map<string, PfsObject>;
  /** Numbers allocated by it. */
  readonly taken: { readonly [T in ObjectType]: Set<number> };
}

export const makeDraft = (meta: Metadata): Draft => ({
  meta,
  changed: new Map(),
  taken: { blktag: new Set(), direntry: new Set(), inode: new Set() },
});

const keyOf = (type: ObjectType, no: number): string => `${type}:${no}`;

export const get = <T extends ObjectType>(draft: Draft, type: T, no: number): Objects[T] =>
  (draft.changed.get(keyOf(type, no)) as Objects[T] | undefined) ?? objectAt(draft.meta, type, no);

export const put = (draft: Draft, object: PfsObject): void =>
  void draft.changed.set(keyOf(object.type, object.no), object);

/** What the transaction says: the after-image of every object that is not as it was (FS-51). */
export const changesOf = (draft: Draft): PfsObject[] =>
  [...draft.changed.values()].filter(
    (object) => !isSame(object, findObject(draft.meta, object.type, object.no)),
  );

/** Puts a committed or replayed transaction into the metadata. */
export const applyChanges = (meta: Metadata, changes: readonly PfsObject[]): void =>
  changes.forEach((object) => void putObject(meta, object));

/**
 * FS-20: a free object, from the chunk with most of them (the lowest chunk on a tie), there the lowest index; its number. Null:
 * none is free. What the draft itself freed is not free before it is committed.
 */
export function allocate(draft: Draft, type: ObjectType): number | null {
  const { meta, taken } = draft;
  let best = -1;
  let most = 0;
  for (const [chunk, { free }] of meta.room[type].entries()) {
    let left = free;
    for (const no of taken[type]) if (isOfChunk(meta, type, no, chunk)) left--;
    if (left > most) [best, most] = [chunk, left];
  }
  if (best < 0) return null;
  const no = numberOf(meta.geometry, type, best, lowestFree(meta, type, best, taken[type]));
  taken[type].add(no);
  return no;
}

const isOfChunk = (meta: Metadata, type: ObjectType, no: number, chunk: number): boolean =>
  no === numberOf(meta.geometry, type, chunk, indexOf(meta.geometry, type, no));

/** Free objects that the draft has not taken. */
export const freeLeft = ({ meta, taken }: Draft, type: ObjectType): number =>
  freeCount(meta, type) - taken[type].size;

export const release = (draft: Draft, type: ObjectType, no: number): void => put(draft, freeObject(type, no));

type Member = Direntry | Blktag;

/** FS-7, FS-22: at the end of the list of an inode. */
export function linkLast(draft: Draft, ino: number, member: Member): void {
  const inode = get(draft, 'inode', ino);
  const { tail } = inode;
  if (tail !== 0) put(draft, { ...get(draft, member.type, tail), next: member.no });
  put(draft, { ...member, prev: tail, next: 0 });
  put(draft, { ...inode, head: tail === 0 ? member.no : inode.head, tail: member.no });
}

/** Out of the list of an inode; the member itself stays as it is, for the caller to free or to link elsewhere. */
export function unlinkMember(draft: Draft, ino: number, member: Member): void {
  const { next, prev, type } = member;
  if (prev !== 0) put(draft, { ...get(draft, type, prev), next });
  if (next !== 0) put(draft, { ...get(draft, type, next), prev });
  const inode: Inode = get(draft, 'inode', ino);
  put(draft, {
    ...inode,
    head: prev === 0 ? next : inode.head,
    tail: next === 0 ? prev : inode.tail,
  });
}

/** Members of an inode's list, in order, as the draft has them. */
export function membersOf<T extends 'direntry' | 'blktag'>(
  draft: Draft,
  type: T,
  inode: Inode,
): Objects[T][] {
  const members: Objects[T][] = [];
  for (let no = inode.head; no !== 0; ) {
    const member: Objects[T] = get(draft, type, no);
    members.push(member);
    no = member.next;
  }
  return members;
}
