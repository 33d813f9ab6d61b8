// Which families of messages are drawn: a switch for each, as in the legend.

import { memo, type ReactNode } from 'react';
import type { MessageFamily } from '../../../core/kernel/message-label.ts';
import { Glyph } from '../../glyphs/glyph.tsx';
import { families, glyphs } from '../../glyphs/glyph-shapes.ts';
import { useT } from '../../i18n/i18n.ts';
import { Button } from '../../kit/button.tsx';
import '../../../words/lens/space-time.en.json';

interface ToolsProps {
  readonly hidden: readonly MessageFamily[];
  readonly onToggle: (family: MessageFamily) => void;
  readonly onAll: () => void;
}

export const FamilyTools = memo(function FamilyTools({ hidden, onToggle, onAll }: ToolsProps): ReactNode {
  const t = useT();
  const shown = families.length - hidden.length;
  return (
    <details className="px-4 text-[12px]">
      <summary className="text-muted">{t('spaceTime.families', { shown, of: families.length })}</summary>
      <fieldset
        className="grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] gap-x-4 py-1"
        aria-label={t('spaceTime.familiesTitle')}
      >
        {families.map((family) => (
          <button
            key={family}
            type="button"
            className="flex h-[26px] items-center gap-2 rounded-control px-1 hover:bg-raised aria-[pressed=false]:text-muted aria-[pressed=false]:line-through"
            aria-pressed={!hidden.includes(family)}
            onClick={() => onToggle(family)}
          >
            <Glyph family={family} size={18} />
            <span className="flex-1 truncate text-left">{t(glyphs[family].label)}</span>
          </button>
        ))}
      </fieldset>
      {hidden.length > 0 && (
        <Button small look="line" onClick={onAll}>
          {t('legend.everything')}
        </Button>
      )}
    </details>
  );
});
