// The one open context menu: on what, and where on the screen. `world` is the pane, `zone` a zone's frame; records,
// requests, pages and groups are what the lenses show.

import { createStore } from 'zustand/vanilla';
import type { Target } from '../../state/selection-store.ts';

export type MenuSubject =
  | Target
  | { readonly kind: 'zone'; readonly id: string }
  /** Records `[first, last)` of these groups; `node`: on the replica where they were pointed at. */
  | {
      readonly kind: 'records';
      readonly groups: readonly string[];
      readonly first: number;
      readonly last: number;
      readonly node: string | null;
    }
  | { readonly kind: 'request'; readonly node: string; readonly id: string }
  | {
      readonly kind: 'page';
      readonly group: string;
      readonly blockKey: number;
      readonly node: string | null;
    }
  | { readonly kind: 'group'; readonly id: string }
  | { readonly kind: 'world' };

export interface OpenMenu {
  readonly subject: MenuSubject;
  readonly at: { readonly x: number; readonly y: number };
  /** What had the focus before, to give it back. */
  readonly opener: Element | null;
}

export const menuStore = createStore<{ readonly menu: OpenMenu | null }>(() => ({ menu: null }));

export function openMenuAt(subject: MenuSubject, at: OpenMenu['at']): void {
  menuStore.setState({ menu: { subject, at, opener: document.activeElement } });
}

/** Opens the menu of what is focused, beside it. */
export function openMenuOf(subject: MenuSubject, element: Element): void {
  const box = element.getBoundingClientRect();
  openMenuAt(subject, { x: box.left + Math.min(box.width, 48), y: box.top + Math.min(box.height, 40) });
}

export function closeMenu(): void {
  const { menu } = menuStore.getState();
  menuStore.setState({ menu: null });
  if (menu?.opener instanceof HTMLElement || menu?.opener instanceof SVGElement) menu.opener.focus();
}
