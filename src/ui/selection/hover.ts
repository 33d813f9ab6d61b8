// Hovered subject: an element names its subject in `data-hover`, one listener reads it. So an element that goes away under
// the pointer leaves nothing highlighted.

import { unreachable } from '../../base/assert.ts';
import { runStore } from '../../state/run-store.ts';
import { hover, type Subject } from '../../state/selection-store.ts';

/** What can be pointed at; names of nodes, groups and messages have no spaces. */
type Hoverable = Exclude<Subject, { kind: 'row' | 'trace' }>;

/** The subject as an attribute's value. */
export function hoverKey(subject: Hoverable): string {
  switch (subject.kind) {
    case 'node':
    case 'message':
    case 'group':
      return `${subject.kind} ${subject.id}`;
    case 'link':
      return `link ${subject.a} ${subject.b}`;
    case 'lsn':
      return `lsn ${subject.lsn}`;
    case 'mtr':
      return `mtr ${subject.first} ${subject.last}`;
    case 'page':
      return `page ${subject.group} ${subject.blockKey}`;
    case 'request':
      return `request ${subject.node} ${subject.id}`;
    case 'event':
      return `event ${subject.listed.index}`;
    default:
      return unreachable(subject);
  }
}

/** An event that the list has. */
function listedEvent(index: number): Subject | null {
  const listed = runStore.getState().picked.events.find((one) => one.index === index);
  return listed === undefined ? null : { kind: 'event', listed };
}

/** The subject that an attribute's value names; null for anything else. */
export function readHover(key: string): Subject | null {
  const [kind, a = '', b = ''] = key.split(' ');
  switch (kind) {
    case 'node':
    case 'message':
    case 'group':
      return { kind, id: a };
    case 'link':
      return { kind, a, b };
    case 'lsn':
      return { kind, lsn: Number(a) };
    case 'mtr':
      return { kind, first: Number(a), last: Number(b) };
    case 'page':
      return { kind, group: a, blockKey: Number(b) };
    case 'request':
      return { kind, node: a, id: b };
    case 'event':
      return listedEvent(Number(a));
    default:
      return null;
  }
}

function subjectUnder(target: EventTarget | null): Subject | null {
  const element = target instanceof Element ? target.closest('[data-hover]') : null;
  return readHover(element?.getAttribute('data-hover') ?? '');
}

/** Follows the pointer; returns what ends it. */
export function watchHover(root: Document): () => void {
  const onOver = ({ target, pointerType }: PointerEvent): void => {
    if (pointerType !== 'touch') hover(subjectUnder(target));
  };
  const onLeave = (): void => hover(null);
  root.addEventListener('pointerover', onOver);
  root.documentElement.addEventListener('pointerleave', onLeave);
  return () => {
    root.removeEventListener('pointerover', onOver);
    root.documentElement.removeEventListener('pointerleave', onLeave);
  };
}
