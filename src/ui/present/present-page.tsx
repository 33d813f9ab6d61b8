// `#/present`: the presenter's page, or the audience's in a window of its own.

import type { ReactNode } from 'react';
import { isAudienceRoute, useRoute } from '../../state/route-store.ts';
import { AudiencePage } from './audience-page.tsx';
import { PresenterPage } from './presenter-page.tsx';

export function PresentPage(): ReactNode {
  return useRoute(isAudienceRoute) ? <AudiencePage /> : <PresenterPage />;
}
