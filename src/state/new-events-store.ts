// New events, handed on to subscribers as they come. Who subscribes late gets what came since the page opened, as far as it
// is kept: captions are drawn by code that loads after the first picture.

import { joinNewEvents, noNewEvents } from '../lab/join-new-events.ts';
import type { NewEvents } from '../run-model/recorder/new-events.ts';

type Listener = (news: NewEvents) => void;

const listeners = new Set<Listener>();
let backlog = noNewEvents;

export function takeNewEvents(news: NewEvents): void {
  if (news.events.length === 0 && !news.jumped) return;
  if (listeners.size === 0) backlog = joinNewEvents(backlog, news);
  for (const listener of listeners) listener(news);
}

export function onNewEvents(listener: Listener): () => void {
  const missed = backlog;
  backlog = noNewEvents;
  listeners.add(listener);
  if (missed.events.length > 0) listener(missed);
  return () => listeners.delete(listener);
}
