// One event in words, in the language of the page: what the tape did, the words of its caption, or what an ordinary one
// is. The event's own line is the same everywhere, and stays to be read beside them. Pure.

import type { ListedEvent, WorldFrame } from '../../run-model/picture/frame.ts';
import { lineWords } from '../faults/action-words.ts';
import { type Translate, translateLoose } from '../i18n/i18n.ts';
import { eventText } from '../model/event-text.ts';
import { captionOf, describeCaption, hasCaption } from './captions.ts';
import { newStory } from './story.ts';
import '../../words/story/kind.en.json';

/** Node, kind and fields, as the trace has them. */
export function eventLine({ node, event }: ListedEvent): string {
  const text = eventText(event);
  return text === '' ? `${node} ${event.kind}` : `${node} ${event.kind} · ${text}`;
}

/** Of the run that the event is of. */
type RunPart = Pick<WorldFrame, 'cluster' | 'mutants'>;

export function eventWords(listed: ListedEvent, frame: RunPart, t: Translate): string {
  const { event, node } = listed;
  if (event.kind === 'world.action' && event.hadEffect && !event.isUndo) return lineWords(event.text, t);
  const caption = hasCaption(event.kind)
    ? captionOf([{ listed, story: newStory(frame.cluster, frame.mutants.length > 0) }])
    : null;
  return caption === null ? translateLoose(`kind.${event.kind}`, { node }) : describeCaption(caption, t);
}
