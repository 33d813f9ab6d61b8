// A part of a card that loads with the first picture that has such a card: the first load has the cards' heads only.

import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { MissingPart } from '../kit/late.tsx';

/** `load` is called when it is drawn first. */
export function late<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => ReactNode {
  const Loaded = lazy(async () => ({ default: (await load()) as ComponentType<object> }));
  return (props) => (
    <MissingPart>
      <Suspense fallback={null}>
        <Loaded {...props} />
      </Suspense>
    </MissingPart>
  );
}
