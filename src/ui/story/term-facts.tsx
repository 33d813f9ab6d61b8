// What is said of a term: its Chinese gloss, one plain sentence, its rules, the lens where it is seen.

import type { ReactNode } from 'react';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { useLenses } from '../lens/registry.ts';
import type { Term } from '../rules/term.ts';
import './term-texts.ts';

export function TermFacts({ term: { gloss, text, ids, lens } }: { readonly term: Term }): ReactNode {
  const t = useT();
  const isChinese = currentLanguage() === 'zh-CN';
  const seen = useLenses().find(({ id }) => id === lens);
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
