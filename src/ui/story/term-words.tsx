// What is said of a term: its Chinese gloss, one plain sentence, its rules, the lens where it is seen, of those that there are.

import type { ReactNode } from 'react';
import type { LensId } from '../../state/settings-store.ts';
import { currentLanguage, type PlainKey, useT } from '../i18n/i18n.ts';
import type { Term } from '../rules/term.ts';
import './term-texts.ts';

interface WordsProps {
  readonly term: Term;
  readonly lenses: readonly { readonly id: LensId; readonly title: PlainKey; readonly digit: string }[];
}

export function TermWords({ term: { gloss, text, ids, lens }, lenses }: WordsProps): ReactNode {
  const t = useT();
  const isChinese = currentLanguage() === 'zh-CN';
  const seen = lenses.find(({ id }) => id === lens);
  return (
    <>
      {isChinese && <b>{`${gloss}：`}</b>}
      {text[isChinese ? 'zh' : 'en']}
      <span className="block text-[12px] leading-4 text-muted">
        <span className="mono">{ids.join(', ')}</span>
        {' · '}
        {seen === undefined
          ? t('term.anywhere')
          : t('term.seenIn', { lens: t(seen.title), digit: seen.digit })}
      </span>
    </>
  );
}
