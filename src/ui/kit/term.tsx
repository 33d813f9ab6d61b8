// A name on the screen that is explained: by pointer, keyboard focus or touch (story/term-host.tsx, which finds it by
// `data-term`). `TermLabel` writes it in plain words or as the field says.

import { createContext, type MemoExoticComponent, memo, type ReactNode, useContext } from 'react';
import { useWording } from '../../state/wording.ts';
import { translateLoose, useT } from '../i18n/i18n.ts';

interface TermProps {
  /** Key in the glossary (rules/terms.ts); empty: what its text is called there. */
  readonly of: string;
  readonly children: ReactNode;
}

/** Whether Tab stops at names: on the map only at those of the card that has the focus. */
export const TermStops = createContext(true);

export function Term({ of, children }: TermProps): ReactNode {
  const isStop = useContext(TermStops);
  return (
    <dfn data-term={of} tabIndex={isStop ? 0 : undefined}>
      {children}
    </dfn>
  );
}

/** How a label is written now: `name` is the term as it stands on it, `rest` what its plain words are of: a group. */
export function useLabel(of: string, name: string, rest = ''): string {
  useT();
  const key = `plain.${of}`;
  const plain = useWording() === 'expert' ? key : translateLoose(key, {});
  if (plain === key) return name;
  return rest === '' ? plain : `${plain} ${rest}`;
}

interface LabelProps {
  readonly of: string;
  readonly name: string;
  readonly rest?: string | undefined;
}

export const TermLabel: MemoExoticComponent<(props: LabelProps) => ReactNode> = memo(function TermLabel({
  of,
  name,
  rest,
}: LabelProps): ReactNode {
  return <Term of={of}>{useLabel(of, name, rest)}</Term>;
});
