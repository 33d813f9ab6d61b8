// What the page and the replay worker say to each other: one tape at a time, shown at any of its times.

import type { ViewParams } from '../core/door.ts';
import type { ListedEvent, WorldFrame } from '../sim/frame.ts';
import type { News } from '../sim/news.ts';
import type { PastQuery } from '../sim/past.ts';

export type ReplayRequest =
  /** `verify`: compare with the tape's end hash when its end is reached. */
  | {
      readonly kind: 'load';
      readonly id: number;
      readonly text: string;
      readonly seek: number | null;
      readonly verify: boolean;
    }
  | { readonly kind: 'seek'; readonly id: number; readonly time: number }
  | { readonly kind: 'step'; readonly id: number; readonly minRank: number }
  | { readonly kind: 'back'; readonly id: number; readonly minRank: number }
  | { readonly kind: 'until'; readonly id: number; readonly condition: string }
  | { readonly kind: 'play'; readonly speed: number | null }
  | { readonly kind: 'pause' }
  | { readonly kind: 'view'; readonly params: ViewParams }
  /** The last picture was drawn: the next may come. */
  | { readonly kind: 'drawn' }
  | { readonly kind: 'pick'; readonly minRank: number; readonly limit: number }
  | { readonly kind: 'past'; readonly id: number; readonly query: PastQuery }
  | { readonly kind: 'digest'; readonly id: number };

export type ReplayEvent =
  | { readonly kind: 'frame'; readonly frame: WorldFrame }
  | {
      readonly kind: 'events';
      readonly events: readonly ListedEvent[];
      readonly total: number;
      readonly news: News;
    }
  /** Re-simulation on its way: virtual µs done of those wanted. */
  | { readonly kind: 'progress'; readonly done: number; readonly of: number }
  | {
      readonly kind: 'state';
      readonly playing: boolean;
      readonly time: number;
      readonly end: number;
      readonly atEnd: boolean;
    }
  | { readonly kind: 'diverged'; readonly detail: string }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly error: string };
