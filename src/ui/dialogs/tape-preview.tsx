// What a tape contains, before it is shared or opened.

import type { ReactNode } from 'react';
import type { TapePreview } from '../../lab/api.ts';
import { useT } from '../i18n/i18n.ts';
import '../../words/dialogs/tape.en.json';

export function TapePreviewFacts({ preview }: { readonly preview: TapePreview }): ReactNode {
  const t = useT();
  const facts: readonly (readonly [string, string])[] = [
    [t('toolbar.preset'), preview.preset],
    [t('toolbar.seed'), String(preview.seed)],
    [t('preview.actions'), String(preview.actions)],
    [t('preview.sql'), String(preview.sqlStatements)],
    [t('preview.duration'), `${preview.durationMs} ms`],
    [t('preview.hash'), preview.endHash ?? t('preview.noHash')],
  ];
  return (
    <dl className="facts">
      {facts.map(([label, value]) => (
        <div key={label} className="contents">
          <dt>{label}</dt>
          <dd className="mono">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
