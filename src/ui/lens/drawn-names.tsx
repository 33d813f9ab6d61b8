// The names that a drawing or a table's head has, as one stop of the keyboard: seen while it has the focus, arrow keys go from name to
// name, each explained as under the pointer. Parts of the drawing itself take no focus.

import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import type { Term } from '../rules/term.ts';
import { headOf } from '../rules/terms.ts';
import { drawnTerms } from './drawn-terms.ts';
import '../../words/lens/tools.en.json';

const steps: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowRight: (at, last) => (at === last ? 0 : at + 1),
  ArrowLeft: (at, last) => (at === 0 ? last : at - 1),
  Home: () => 0,
  End: (_at, last) => last,
};

export function DrawnNames({ section }: { readonly section: RefObject<HTMLElement | null> }): ReactNode {
  const t = useT();
  const language = currentLanguage() === 'zh-CN' ? 'zh' : 'en';
  const strip = useRef<HTMLSpanElement>(null);
  const [names, setNames] = useState<readonly Term[]>([]);
  const [chosen, setChosen] = useState(0);
  useEffect(() => {
    const element = section.current;
    if (element === null) return;
    // What is drawn when somebody comes by keyboard; it stays while they read.
    const onFocus = ({ target }: FocusEvent): void => {
      if (target instanceof Node && strip.current?.contains(target) !== true) setNames(drawnTerms(element));
    };
    element.addEventListener('focusin', onFocus);
    return () => element.removeEventListener('focusin', onFocus);
  }, [section]);
  if (names.length === 0) return null;
  const last = names.length - 1;
  const at = Math.min(chosen, last);
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = steps[event.key]?.(at, last);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    setChosen(next);
    strip.current?.querySelectorAll<HTMLElement>('dfn')[next]?.focus();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is of a form
    <span
      ref={strip}
      role="group"
      aria-label={t('lenses.names')}
      className="drawn-names"
      onKeyDown={onKeyDown}
    >
      {names.map((term, i) => (
        <dfn key={term.key} data-term={term.key} tabIndex={i === at ? 0 : -1}>
          {headOf(term, language)}
        </dfn>
      ))}
    </span>
  );
}
