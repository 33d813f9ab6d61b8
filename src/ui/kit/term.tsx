// A name on the screen that is explained: by pointer, keyboard focus or touch (story/term-host.tsx, which finds it by
// `data-term`). `TermLabel` writes it in plain words or as the field says.

import { createContext, type MemoExoticComponent, memo, type ReactNode, useContext } from 'react';
import { wordingNow } from '../../state/wording.ts';
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

/** How a label is written now: `name` is the term as it stands on it, `of` what its plain words are of: a group. */
export function labelOf(key: string, name: string, of = ''): string {
  const plain = `plain.${key}${of && '.of'}`;
  const said = wordingNow() === 'expert' ? plain : translateLoose(plain, { of });
  return said === plain ? name : said;
}

/** A text of the field's names and their numbers as it is written now: `SCL g1` is `has g1 up to`. */
export const worded = (text: string): string =>
  text.replace(
    /\b(VDL|VCL|tail|SCL|NCL|NWL|PGCL|SGCL|PGMRPL|MRPL|\w+Lsn)\b(?!′)(?: ([gv]\d+))?/g,
    (whole, name: string, of?: string) =>
      labelOf(name.endsWith('Lsn') ? name : name.toLowerCase(), whole, of),
  );

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
  useT();
  return <Term of={of}>{labelOf(of, name, rest)}</Term>;
});
