// *Report a mistake*, beside a sentence that the lab says.

import { Flag } from 'lucide-react';
import type { ReactNode } from 'react';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import type { Said } from './wrong-report.ts';
import '../../words/story/alert.en.json';

export function WrongButton({ said }: { readonly said: () => Said | Promise<Said> }): ReactNode {
  const t = useT();
  const lab = useLab();
  const copy = async (): Promise<void> => {
    const { copyWrong } = await import('./copy-wrong.ts');
    await copyWrong(lab, await said());
  };
  return (
    <Button small icon={Flag} title={t('wrong.title')} onClick={() => void copy()}>
      {t('wrong.button')}
    </Button>
  );
}
