// Parts that load because somebody asked for them, and what stands in for them meanwhile.

import { Component, type ReactNode, Suspense, useEffect, useLayoutEffect, useState } from 'react';
import { beginWork } from '../../state/at-work.ts';
import { isMissingPart } from '../../state/missing-part.ts';

/** Stands where something is on its way. */
export function Coming({ children = null }: { readonly children?: ReactNode }): ReactNode {
  // With the picture that it stands in, not with the next.
  useLayoutEffect(beginWork, []);
  return children;
}

/** Wall ms between two looks whether a part has come. */
const lookMs = 100;

interface AwaitingProps {
  readonly onLook: () => void;
  readonly children: ReactNode;
}

function Awaiting({ onLook, children }: AwaitingProps): ReactNode {
  useEffect(() => {
    const timer = setInterval(onLook, lookMs);
    return () => clearInterval(timer);
  }, [onLook]);
  return <Coming>{children}</Coming>;
}

interface BoundaryProps {
  readonly children: ReactNode;
}

/** In place of a part that could not be loaded stands nothing: the bar about builds says what to do. */
export class MissingPart extends Component<BoundaryProps, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    if (!isMissingPart(error)) throw error;
    return null;
  }
}

interface LateProps {
  /** In its place meanwhile. */
  readonly fallback?: ReactNode;
  readonly children: ReactNode;
}

/**
 * A part that is made by `lazy`, drawn as soon as it has come. React draws what a Suspense has waited for once there is nothing else
 * to be drawn, which on a slow machine and beside a running cluster came late. What is looked for by an update of its own is drawn like
 * any other.
 */
export function Late({ fallback = null, children }: LateProps): ReactNode {
  const [, setLooks] = useState(0);
  const [look] = useState(() => () => setLooks((looks) => looks + 1));
  return (
    <MissingPart>
      <Suspense fallback={<Awaiting onLook={look}>{fallback}</Awaiting>}>{children}</Suspense>
    </MissingPart>
  );
}
