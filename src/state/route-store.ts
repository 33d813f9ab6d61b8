// The address's fragment: which page, and `&name=value` behind it (`&r=1.…` a tape). Nothing of it is ever sent to a
// server. Going to another page keeps the lab: only a shared tape starts the page anew.

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export interface Route {
  /** First part of the path: '' is the hook, `lab`, `about`, `cluster`, `compare`, `present`, `presets`, `lessons`, `runs`, `speed`. */
  readonly page: string;
  /** What follows it: the lesson of `#/lessons/H01`. */
  readonly rest: string;
  readonly params: ReadonlyMap<string, string>;
}

export function readRoute(hash: string): Route {
  const [path = '', ...rest] = hash.replace(/^#/, '').split('&');
  const params = new Map<string, string>();
  for (const part of rest) {
    const at = part.indexOf('=');
    if (at > 0) params.set(part.slice(0, at), part.slice(at + 1));
  }
  const [page = '', ...more] = path.replace(/^\//, '').split('/');
  return { page, rest: more.join('/'), params };
}

export const routeStore = createStore<Route>(() => readRoute(globalThis.location?.hash ?? ''));

/** Called by the page for every change of the fragment. */
export const followHash = (hash: string): void => routeStore.setState(readRoute(hash), true);

/** The window for a projector, which only watches. */
export const isAudienceRoute = ({ page, rest }: Route): boolean => page === 'present' && rest === 'audience';

/** Goes to a page by its path (`about`, `lessons/H01`); the lab runs on. */
export function goTo(path: string): void {
  globalThis.location.hash = `#/${path}`;
}

export function useRoute<T>(select: (route: Route) => T): T {
  return useStore(routeStore, select);
}
