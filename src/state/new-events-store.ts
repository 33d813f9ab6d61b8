// New events, handed on to subscribers as they come. Who subscribes late gets what came since the page opened, as far as it
// is kept: captions are drawn by code that loads after the first picture.

import { joinNews, noNews } from '../lab/join-news.ts';
import type { News } from '../sim/news.ts';

type Listener = (news: News) => void;

const listeners = new Set<Listener>();
let backlog = noNews;

export function takeNewEvents(news: News): void {
  if (news.events.length === 0 && !news.jumped) return;
  if (listeners.size === 0) backlog = joinNews(backlog, news);
  for (const listener of listeners) listener(news);
}

export function onNewEvents(listener: Listener): () => void {
  const missed = backlog;
  backlog = noNews;
  listeners.add(listener);
  if (missed.events.length > 0) listener(missed);
  return () => listeners.delete(listener);
}
