// What is said of a term, where the lenses of the page are not at hand.

import type { ReactNode } from 'react';
import { useLenses } from '../lens/registry.ts';
import type { Term } from '../rules/term.ts';
import { TermWords } from './term-words.tsx';

export const TermFacts = ({ term }: { readonly term: Term }): ReactNode => (
  <TermWords term={term} lenses={useLenses()} />
);
