// The steps of the recovery that runs, below another lens.

import type { ReactNode } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { StepList } from './step-list.tsx';
import { useRecovery } from './use-recovery.ts';

export function RecoveryStrip(): ReactNode {
  const t = useT();
  const model = useRecovery();
  if (model?.attempt == null) return null;
  const title = t('recovery.of', { node: model.attempt.node });
  return (
    <section className="px-4" aria-label={title}>
      <h3 className="heading">{title}</h3>
      <StepList model={model} />
    </section>
  );
}
