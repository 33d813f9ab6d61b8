// What just happened, handed on as it comes. Who listens late gets what was told since the page opened, as far as it
// is kept: captions are drawn by code that loads after the first picture.

import type { News } from '../sim/news.ts';

type Listener = (news: News) => void;

/** Events kept for who is not there yet. */
const BACKLOG = 240;

const listeners = new Set<Listener>();
let backlog: News = { events: [], jumped: false };

export function takeNews(news: News): void {
  if (news.events.length === 0 && !news.jumped) return;
  if (listeners.size === 0)
    backlog = {
      events: (news.jumped ? news.events : [...backlog.events, ...news.events]).slice(-BACKLOG),
      jumped: news.jumped || backlog.jumped,
    };
  for (const listener of listeners) listener(news);
}

export function onNews(listener: Listener): () => void {
  const missed = backlog;
  backlog = { events: [], jumped: false };
  listeners.add(listener);
  if (missed.events.length > 0) listener(missed);
  return () => listeners.delete(listener);
}
