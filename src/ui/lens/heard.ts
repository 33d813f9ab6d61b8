// The table twin of a lens while it is not seen: it changes as fast as it can be listened to.

import { createElement, type ReactNode, useMemo } from 'react';
import { useHeard } from '../../state/heard.ts';

/** The table with the props that it was last told. */
export function asHeard<Props extends { readonly shown: boolean }>(
  Table: (props: Props) => ReactNode,
): (props: Props) => ReactNode {
  return function Heard(props) {
    const told = useHeard(props, props.shown);
    return useMemo(() => createElement(Table, told), [told]);
  };
}
