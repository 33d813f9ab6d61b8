// What a lesson file writes as one short text, and what it stands for. Each form has a pattern, which the published schema has too; a
// text that does not fit it is none of that form.

import { blockKeyOf } from '../core/page/page-key.ts';
import type { DrawnRange, Focus, MessageAction, RangeType, Trigger } from './format.ts';

// #region forms
// A trigger:
//   next                                     at once
//   at 41 ms                                 at this virtual time
//   on hole.open node=store-3                right after such an event, since the step before; on nth 2 hole.open: the second
//   before wal.receive node=store-3          just before it
//   when holes = 0                           once the claim is so; { "when": […] }: once all of them are
//
// A line of an action, beside those of the tape without their time and with facts in braces; also hold, release, duplicate:
//   dropMessages wal rw-1 > store-3 group=g1 lsn=[108,112)
//
// A focus: a node, a link, a page by its relation and block, positions in the log:
//   store-3     rw-1 > store-3     page 9/1     lsns [108, 112)
//
// A drawing, as the fact `store-3 list.g1` has it:
//   data:104-108,hole:108-112
// #endregion

export const FORMS = {
  trigger: /^(?:next|at \d+(?:\.\d+)? ms|(?:on|before) (?:nth [1-9]\d* )?[a-z].*|when .+)$/,
  focus: /^(?:[a-z][\w-]*(?: > [a-z][\w-]*)?|page \d+\/\d+|lsns \[\d+, \d+\))$/,
  messages:
    /^(drop|hold|release|duplicate)Messages ([a-zA-Z]+) (.+?) > (.+?)(?: group=([\w-]+))?(?: lsn=\[(\d+),(\d+)\))?$/,
  ranges: /^(?:data|hole|sent):\d+-\d+(?:,(?:data|hole|sent):\d+-\d+)*$/,
} as const;

export type WrittenTrigger = string | { readonly when: readonly string[] };

export function triggerOf(written: WrittenTrigger): Trigger {
  if (typeof written !== 'string') return { kind: 'when', claims: written.when };
  const [word = '', ...rest] = written.split(' ');
  switch (word) {
    case 'at':
      return { kind: 'ms', ms: Number(rest[0]) };
    case 'when':
      return { kind: 'when', claims: [rest.join(' ')] };
    case 'on':
    case 'before':
      return rest[0] === 'nth'
        ? { kind: word, event: rest.slice(2).join(' '), nth: Number(rest[1]) }
        : { kind: word, event: rest.join(' '), nth: 1 };
    default:
      return { kind: 'next' };
  }
}

export function focusOf(written: string): Focus {
  const numbers = (written.match(/\d+/g) ?? []).map(Number);
  const [first = 0, last = 0] = numbers;
  if (written.startsWith('page ')) return { kind: 'page', blockKey: blockKeyOf(first, last) };
  if (written.startsWith('lsns ')) return { kind: 'lsns', first, last };
  const [from = '', to] = written.split(' > ');
  return to === undefined ? { kind: 'node', node: from } : { kind: 'link', from, to };
}

/** Null: it is a line of the tape. */
export function messageActionOf(written: string): MessageAction | null {
  const [, message, family = '', from = '', to = '', group, first, last] = FORMS.messages.exec(written) ?? [];
  if (message === undefined) return null;
  return {
    message: message as MessageAction['message'],
    family: family as MessageAction['family'],
    from,
    to,
    ...(group === undefined ? {} : { group }),
    ...(first === undefined ? {} : { lsn: [Number(first), Number(last)] }),
  };
}

const isType = (text: string): text is RangeType => text === 'data' || text === 'hole' || text === 'sent';

export function rangesOf(written: string): readonly DrawnRange[] {
  return written.split(',').flatMap((one): readonly DrawnRange[] => {
    const [, type = '', first, last] = /^(\w+):(\d+)-(\d+)$/.exec(one) ?? [];
    return isType(type) ? [{ first: Number(first), last: Number(last), type }] : [];
  });
}
