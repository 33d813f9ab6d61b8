// Raw tab: the picture's own data of what is selected, as JSON, to read or to copy.

import { Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import { copyText } from '../dialogs/download.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import '../../words/inspector.en.json';

/** Text drawn at most; the copy has all of it. */
const shownLimit = 40_000;

export const rawText = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (part instanceof Map ? Object.fromEntries(part) : part), 2);

export function RawTab({ name, value }: { readonly name: string; readonly value: unknown }): ReactNode {
  const t = useT();
  const text = rawText(value);
  return (
    <>
      <Button small look="line" icon={Copy} onClick={() => void copyText(rawText(value))}>
        {t('raw.copy')}
      </Button>
      <section
        aria-label={t('raw.label', { name })}
        className="mono mt-2 text-[12px] leading-4 whitespace-pre-wrap"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long text must be reachable by keyboard
        tabIndex={0}
      >
        {text.slice(0, shownLimit)}
      </section>
    </>
  );
}
