// What is said of a term: its Chinese gloss or what the abbreviation stands for, one plain sentence, its rules, the lens where
// it is seen, of those that there are.

import type { ReactNode } from 'react';
import type { LensId } from '../../state/settings-store.ts';
import { currentLanguage, type PlainKey, useT } from '../i18n/i18n.ts';
import type { Term } from '../rules/term.ts';
import { headOf } from '../rules/terms.ts';
import '../../words/story/term.en.json';

interface WordsProps {
  readonly term: Term;
  readonly lenses: readonly { readonly id: LensId; readonly title: PlainKey; readonly digit: string }[];
}

export function TermWords({ term, lenses }: WordsProps): ReactNode {
  const { gloss, full, text, ids, lens } = term;
  const t = useT();
  const language = currentLanguage() === 'zh-CN' ? 'zh' : 'en';
  const seen = lenses.find(({ id }) => id === lens);
  return (
    <>
      {language === 'zh' && gloss !== headOf(term, language) && <b>{`${gloss}：`}</b>}
      {language === 'en' && full !== '' && <b>{`${full}: `}</b>}
      {text[language]}
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
