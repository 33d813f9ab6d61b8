// *Copy capsule*: on the card of a node whose engine stopped, in its inspector and in the banner.

import { Package } from 'lucide-react';
import type { ReactNode } from 'react';
import { messageOf } from '../../base/thrown.ts';
import { t as text, useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { showToast } from '../kit/toast.ts';
import { useLab } from '../lab-context.ts';

export function CopyCapsule({ node, detail }: { readonly node: string; readonly detail: string }): ReactNode {
  const t = useT();
  const lab = useLab();
  const copy = async (): Promise<void> => {
    try {
      const { engineCapsule } = await import('./capsule.ts');
      await navigator.clipboard.writeText(await engineCapsule(lab, node, detail));
      showToast({ kind: 'done', text: text('capsule.copied') });
    } catch (error) {
      showToast({ kind: 'error', text: text('capsule.notCopied', { detail: messageOf(error) }) });
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
      {t('capsule.copy')}
    </Button>
  );
}
