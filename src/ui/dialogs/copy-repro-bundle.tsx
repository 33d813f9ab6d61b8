// *Copy repro bundle*: on the card of a node whose engine stopped, in its inspector and in the banner.

import { Package } from 'lucide-react';
import type { ReactNode } from 'react';
import { messageOf } from '../../base/thrown.ts';
import { t as text, useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { showToast } from '../kit/toast.ts';
import { useLab } from '../lab-context.ts';

export function CopyReproBundle({
  node,
  detail,
}: {
  readonly node: string;
  readonly detail: string;
}): ReactNode {
  const t = useT();
  const lab = useLab();
  const copy = async (): Promise<void> => {
    try {
      const { engineReproBundle } = await import('./repro-bundle.ts');
      const { writeClipboard } = await import('../export/clipboard.ts');
      await writeClipboard(await engineReproBundle(lab, node, detail));
      showToast({ kind: 'done', text: text('bundle.copied') });
    } catch (error) {
      showToast({ kind: 'error', text: text('bundle.notCopied', { detail: messageOf(error) }) });
    }
  };
  return (
    <Button
      small
      look="line"
      icon={Package}
      className="nodrag nopan"
      onClick={(event) => {
        event.stopPropagation();
        void copy();
      }}
    >
      {t('bundle.copy')}
    </Button>
  );
}
