// News that nobody was told yet, and what came after them.

import type { News } from '../sim/news.ts';

/** Events kept for who is not there yet. */
const KEPT = 240;

export const noNews: News = { events: [], jumped: false };

/** A jump leaves nothing of what was before it. */
export const joinNews = (before: News, next: News): News => ({
  events: (next.jumped ? next.events : [...before.events, ...next.events]).slice(-KEPT),
  jumped: next.jumped || before.jumped,
});
