// The steps of a volume recovery (WAL-53…: token, R1 to R7) with their evidence so far, as the writer reports them.

import { Check, Circle, LoaderCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RecoveryStep, RecoveryView } from '../../../../../core/quorum-log/log-view.ts';
import { recoverySteps } from '../../../../../state/recovery-store.ts';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { rangeText } from '../../../../kit/format.ts';

function evidence(step: RecoveryStep, { groups, ...view }: RecoveryView, t: Translate): string {
  const each = (list: (group: RecoveryView['groups'][number]) => readonly string[]): string =>
    groups.map((group) => `${group.group} ${list(group).length}`).join(', ');
  switch (step) {
    case 'token':
      return t('token.value', { token: view.token });
    case 'R1':
      return each((group) => group.tokens);
    case 'R2':
      return each((group) => group.infos);
    case 'R3':
      return view.vdlPrime === null ? '' : `VCL′ ${view.vclPrime ?? '–'}, VDL′ ${view.vdlPrime}`;
    case 'R4':
      return view.annulled === null
        ? ''
        : t('recovery.annuls', { range: rangeText(view.annulled[0], view.annulled[1]) });
    case 'R5':
      return each((group) => group.histories);
    case 'R6':
      return groups.map((group) => t('recovery.left', { group: group.group, count: group.left })).join(', ');
    case 'R7':
      return view.startLsn === null ? '' : `LSN ${view.startLsn}`;
  }
}

interface StepsProps {
  readonly recovery: RecoveryView;
  readonly writer: string;
}

export function RecoverySteps({ recovery, writer }: StepsProps): ReactNode {
  const t = useT();
  const now = recoverySteps.indexOf(recovery.step);
  return (
    <section className="px-4" aria-label={t('recovery.of', { node: writer })}>
      <h3 className="heading">{t('recovery.of', { node: writer })}</h3>
      <table className="data-table">
        <tbody>
          {recoverySteps.map((step, i) => (
            <tr key={step} className={i > now ? 'text-muted' : ''}>
              <td className="w-6">
                {i < now ? (
                  <Check size={16} className="text-ack" aria-label={t('recovery.stepDone')} />
                ) : i === now ? (
                  <LoaderCircle size={16} className="text-fence" aria-label={t('recovery.stepRunning')} />
                ) : (
                  <Circle size={16} aria-label={t('recovery.stepOpen')} />
                )}
              </td>
              <td className="font-semibold">{step === 'token' ? '' : step}</td>
              <td>{t(`recovery.${step}`)}</td>
              <td className="mono">{i <= now ? evidence(step, recovery, t) : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
