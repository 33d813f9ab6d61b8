// The line of the followed page, for cards that are in the page from the start: it is loaded with the first page that is followed.

import { createElement, lazy, type ReactNode, Suspense } from 'react';
import { useStore } from 'zustand';
import { followedPage } from '../model/followed-page.ts';

const PageLine = lazy(async () => ({ default: (await import('./page-line.tsx')).PageLine }));

interface LineProps {
  readonly holder: string;
  readonly groups?: readonly string[];
}

export function FollowedLine(props: LineProps): ReactNode {
  const isFollowed = useStore(followedPage, ({ page }) => page !== null);
  return isFollowed ? createElement(Suspense, { fallback: null }, createElement(PageLine, props)) : null;
}
