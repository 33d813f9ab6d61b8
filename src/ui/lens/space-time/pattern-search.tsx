// Search by pattern in lens 4.7: the field, what is wrong with it, how often it is found, and the next place.

import { type ReactNode, useMemo, useState } from 'react';
import type { ListedEvent } from '../../../run-model/picture/frame.ts';
import type { PastPicture } from '../../../run-model/recorder/past.ts';
import { useT } from '../../i18n/i18n.ts';
import { factFaultText } from '../../i18n/refusal-text.ts';
import { Button } from '../../kit/button.tsx';
import { findChains, readPattern } from './search.ts';
import '../../../words/lens/space-time.en.json';

interface SearchProps {
  readonly past: PastPicture;
  /** What stands behind the search. */
  readonly children: ReactNode;
  readonly onFound: (chain: readonly ListedEvent[]) => void;
}

export function PatternSearch({ past, children, onFound }: SearchProps): ReactNode {
  const t = useT();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const read = useMemo(() => (text.trim() === '' ? null : readPattern(text)), [text]);
  const chains = useMemo(() => (read?.ok === true ? findChains(past.events, read.value) : []), [read, past]);
  return (
    <form
      // What is found, and what is wrong, stands below the field: beside it there is room for a few letters.
      className="flex flex-wrap items-center gap-x-2 gap-y-1 px-4 py-1"
      onSubmit={(event) => {
        event.preventDefault();
        const chain = chains[at % Math.max(1, chains.length)];
        if (chain === undefined) return;
        onFound(chain);
        setAt(at + 1);
      }}
    >
      <input
        data-filter
        className="mono field field-small min-w-0 flex-[1_1_200px]"
        aria-label={t('spaceTime.pattern')}
        placeholder={t('spaceTime.pattern')}
        aria-invalid={read?.ok === false}
        spellCheck={false}
        value={text}
        // Empties the field; an empty one is left.
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          if (text === '') event.currentTarget.blur();
          setText('');
        }}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
      />
      {children}
      {read !== null && <span className="basis-full" />}
      {read?.ok === false && (
        <span role="alert" className="text-[12px] text-fence">
          {t('spaceTime.wrong', {
            at: read.position + 1,
            error: factFaultText(read.fault),
          })}
        </span>
      )}
      {read?.ok === true && (
        <>
          <output className="text-[12px] text-muted">{t('spaceTime.found', { count: chains.length })}</output>
          <Button small look="line" type="submit" disabled={chains.length === 0}>
            {t('spaceTime.next')}
          </Button>
        </>
      )}
    </form>
  );
}
