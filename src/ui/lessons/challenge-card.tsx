// A challenge: a goal, a budget, and what was used of it. Judged from the state of the run, never by hand.

import { Check, Target } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LessonSession } from '../../state/lesson-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import { verdictOf } from './challenge-verdict.ts';
import type { LessonRun } from './lesson-run.ts';
import { wordsOf } from './words.ts';

export function ChallengeCard({
  session,
  run,
}: {
  readonly session: LessonSession;
  readonly run: LessonRun;
}): ReactNode {
  const t = useT();
  const lab = useLab();
  const { challenge: on, lesson } = session;
  const { challenge } = lesson;
  if (on === null || challenge === null) return null;
  const { budget, hints } = challenge;
  const verdict = t(verdictOf(on, budget));
  const Icon = on.met ? Check : Target;
  return (
    <section className="lesson-card" aria-label={t('lessons.challenge')}>
      <div className="flex items-center gap-2">
        <Icon
          size={20}
          strokeWidth={1.75}
          aria-hidden="true"
          className={on.met ? 'text-ack' : 'text-accent'}
        />
        <h3 className="text-[14px] font-semibold">{t('lessons.challenge')}</h3>
        <span className="flex-1" />
        <span role="status" className="text-[12px] font-semibold">
          {verdict}
        </span>
      </div>
      <p className="lesson-ask">{wordsOf(challenge.goal)}</p>
      <dl className="facts">
        <dt>{t('lessons.faultsUsed')}</dt>
        <dd className="mono">{t('lessons.ofBudget', { n: on.faults, of: budget.faults })}</dd>
        <dt>{t('lessons.timeUsed')}</dt>
        <dd className="mono">
          {t('lessons.ofBudget', { n: `${on.ms.toFixed(1)} ms`, of: `${budget.ms} ms` })}
        </dd>
        <dt>{t('lessons.hintsUsed')}</dt>
        <dd className="mono">{on.hints}</dd>
      </dl>
      {hints.slice(0, on.hints).map((hint) => (
        <p key={hint.en} role="note" className="mt-2 text-muted">
          {wordsOf(hint)}
        </p>
      ))}
      <div className="mt-3 flex flex-wrap gap-2">
        {!on.met && (
          <Button look="primary" onClick={() => lab.play()}>
            {t('lessons.start')}
          </Button>
        )}
        {on.hints < hints.length && !on.met && (
          <Button look="line" onClick={() => run.hint()}>
            {t('lessons.nextHint')}
          </Button>
        )}
      </div>
    </section>
  );
}
