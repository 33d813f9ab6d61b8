// Context menu subject within a lens: the subject under the pointer, or of the row that has the focus, as something
// that can be done something to. The replica or store that a part of a lens is about stands in `data-node`.

import { frameStore } from '../../state/frame-store.ts';
import { findRecord, groupsOf } from '../../state/highlight.ts';
import { selectionStore } from '../../state/selection-store.ts';
import { type MenuSubject, type OpenMenu, openMenuAt } from '../faults/menu-store.ts';
import { readHover } from '../selection/hover.ts';

export function openLensMenu(target: Element, at: OpenMenu['at']): void {
  const subject = menuSubjectUnder(target);
  if (subject !== null) openMenuAt(subject, at);
}

function menuSubjectUnder(target: Element): MenuSubject | null {
  const element = target.closest('[data-hover]');
  const subject = readHover(element?.getAttribute('data-hover') ?? '');
  if (subject === null) return null;
  const node = element?.closest('[data-node]')?.getAttribute('data-node') ?? null;
  switch (subject.kind) {
    case 'node':
    case 'link':
    case 'message':
    case 'request':
    case 'group':
      return subject;
    case 'page':
      return { ...subject, node };
    case 'lsn':
      return recordsMenu(subject.lsn, subject.lsn + 1, node);
    case 'mtr':
      return recordsMenu(subject.first, subject.last, node);
    case 'event':
    case 'row':
    case 'trace':
      return null;
  }
}

/** Records of an MTR whose groups are looked up. */
const recordsSought = 64;

function recordsMenu(first: number, last: number, node: string | null): MenuSubject {
  const { frame } = frameStore.getState();
  const groups = new Set<string>();
  const among = frame === null ? null : groupsOf(frame, selectionStore.getState().volume);
  for (let lsn = first; frame !== null && lsn < Math.min(last, first + recordsSought); lsn++) {
    const record = findRecord(frame, lsn, among);
    if (record !== null) groups.add(record.group);
  }
  return { kind: 'records', groups: [...groups], first, last, node };
}
