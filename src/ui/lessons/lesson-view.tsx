// One lesson in its panel: goal, steps, what is said or asked now, and where it stands.

import {
  Check,
  ChevronsRight,
  Circle,
  CircleDot,
  GraduationCap,
  Pause,
  Presentation,
  RotateCcw,
  Target,
  TriangleAlert,
} from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { FreeStep } from '../../lessons/format.ts';
import { useFrame } from '../../state/frame-store.ts';
import { isLeft, type LessonSession, useLesson } from '../../state/lesson-store.ts';
import { useRun } from '../../state/run-store.ts';
import { select, selectionStore, selectLink, selectNode } from '../../state/selection-store.ts';
import { doLine } from '../faults/do-action.ts';
import { refusalOf } from '../faults/line-refusal.ts';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { Button, Chip, IconButton } from '../kit/button.tsx';
import { useEntrance } from '../kit/entrance.ts';
import { millis } from '../kit/format.ts';
import { useLab } from '../lab-context.ts';
import { glossedLesson } from '../story/gloss.ts';
import { WrongButton } from '../story/wrong-button.tsx';
import { WayBack } from '../time/run-pill.tsx';
import { ChallengeCard } from './challenge-card.tsx';
import { stepLines } from './describe.ts';
import type { LessonRun } from './lesson-run.ts';
import { CompareCard, PredictCard } from './predict-card.tsx';
import { showWhole } from './show-whole.ts';
import { spokenLsns } from './spoken-lsns.ts';
import type { StepState } from './step-items.ts';
import { type Elsewhere, isElsewhere } from './when-ready.ts';
import { WhyRule } from './why-rule.tsx';
import { wordsOf } from './words.ts';
import { saidOf, shownStep } from './wrong-step.ts';

const stepIcons = { done: Check, now: CircleDot, later: Circle } as const;
const stepHues: Readonly<Record<StepState, string>> = { done: 'text-ack', now: 'text-accent', later: '' };

function Steps({ session }: { readonly session: LessonSession }): ReactNode {
  const t = useT();
  const { next } = session;
  const list = useEntrance<HTMLOListElement>(next, '[data-state="now"]');
  const steps = stepLines(session, t);
  const words = { done: t('lessons.stepDone'), now: t('lessons.stepNow'), later: t('lessons.stepLater') };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what stands below it is another with each change of the session.
  useEffect(() => {
    const shown = list.current;
    if (shown === null) return undefined;
    const current = steps.findIndex(({ state }) => state === 'now');
    const show = (): void => showWhole(shown, current === -1 ? steps.length - 1 : current);
    show();
    const watch = new ResizeObserver(show);
    // Whatever takes the room beside it; the list itself becomes as high as is said here.
    const { parentElement: body } = shown;
    for (const part of body === null ? [] : [body, ...body.children]) if (part !== shown) watch.observe(part);
    return () => watch.disconnect();
  }, [list, next, session]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
    <ol ref={list} className="lesson-steps" aria-label={t('lessons.steps')} tabIndex={0}>
      {steps.map(({ id, state, text }) => {
        const Icon = stepIcons[state];
        return (
          <li key={id} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
            <Icon
              size={16}
              strokeWidth={1.75}
              aria-hidden="true"
              className={`mt-0.5 flex-none ${stepHues[state]}`}
            />
            <span className="min-w-0 flex-1">
              {text}
              <span className="sr-only"> ({words[state]})</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}

interface SuggestionProps {
  readonly text: string;
  readonly line: string;
}

/** What the cluster would refuse now is not offered, and says why. */
function Suggestion({ text, line }: SuggestionProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const frame = useFrame((state) => state.frame);
  const refusal = frame === null ? null : refusalOf(frame, line);
  return (
    <>
      <Button
        look="line"
        disabled={refusal !== null}
        onClick={() => {
          void doLine(lab, line).then((isDone) => {
            if (isDone) lab.play();
          });
        }}
      >
        {text}
      </Button>
      {refusal !== null && (
        <p className="text-[12px] text-muted">
          {t(`lessons.refused.${refusal.why}`, { node: refusal.node })}
        </p>
      )}
    </>
  );
}

function Free({ step }: { readonly step: FreeStep }): ReactNode {
  const t = useT();
  return (
    <section className="lesson-card" aria-label={t('lessons.freeStep')}>
      <p className="text-[14px] leading-[22px]">{wordsOf(step.text)}</p>
      <div className="mt-3 flex flex-col items-start gap-1.5">
        {step.suggest.map(({ text, line }) => (
          <Suggestion key={line} text={wordsOf(text)} line={line} />
        ))}
      </div>
    </section>
  );
}

/** The page shows something else than its own cluster: why the lesson waits, and the way back. */
function Waits({ mode }: { readonly mode: Elsewhere }): ReactNode {
  const t = useT();
  return (
    <div className="lesson-standing">
      <TriangleAlert size={16} aria-hidden="true" className="mt-0.5 flex-none text-hole" />
      <div>
        <p role="alert">{t(`lessons.waits.${mode}`)}</p>
        <p className="mt-2 flex flex-wrap gap-2">
          <WayBack mode={mode} />
        </p>
      </div>
    </div>
  );
}

/** What a trigger names: the kind of event, and whose it is. */
function awaited(claim: string): { readonly event: string; readonly node: string } {
  const [event = '', ...filters] = claim.split(' ');
  const whose = filters.find((one) => one.startsWith('node='));
  return { event, node: whose?.slice('node='.length) ?? 'rw-1' };
}

/** Where the lesson stands, in one sentence for everybody. */
function Standing({ session }: { readonly session: LessonSession }): ReactNode {
  const t = useT();
  const time = useRun((run) => run?.liveTime ?? 0);
  const isPlaying = useRun((run) => run?.mode === 'LIVE' && run.playing);
  const { phase, question, error } = session;
  if (phase === 'failed') {
    const text =
      error === 'missed'
        ? t('lessons.missed')
        : error === 'left'
          ? t('lessons.left')
          : t('lessons.failed', { error: error ?? '' });
    return (
      <p role="alert" className="lesson-standing">
        <TriangleAlert size={16} aria-hidden="true" className="mt-0.5 flex-none text-hole" />
        {text}
      </p>
    );
  }
  if (phase === 'loading')
    return isElsewhere(error) ? (
      <Waits mode={error} />
    ) : (
      <p className="lesson-standing">{t('lessons.loading')}</p>
    );
  if (phase === 'skipping') return <p className="lesson-standing">{t('lessons.skipping')}</p>;
  if (phase === 'running') return <p className="lesson-standing">{t('lessons.running')}</p>;
  if (phase === 'done') return null;
  // Who has pressed *Play* while the step waits sees the cluster run.
  if (isPlaying) return <p className="lesson-standing">{t('lessons.runsOn')}</p>;
  const trigger = question?.trigger;
  const text =
    trigger?.kind === 'before'
      ? t('lessons.pausedBefore', awaited(trigger.event))
      : t('lessons.standing', { time: `${millis(time)} ms` });
  return (
    <p className="lesson-standing">
      <Pause size={16} aria-hidden="true" className="mt-0.5 flex-none" />
      <span>{text}</span>
    </p>
  );
}

function Verdict({ session }: { readonly session: LessonSession }): ReactNode {
  const t = useT();
  const { passed, byScript, phase, lesson } = session;
  if (phase !== 'done' && passed !== true) return null;
  const text =
    passed === true
      ? byScript
        ? t('lessons.statusByScript')
        : t('lessons.statusPassed')
      : t('lessons.statusNot');
  return (
    <div className="lesson-verdict" data-passed={passed === true}>
      {passed === true ? (
        <Check size={20} aria-hidden="true" className="flex-none text-ack" />
      ) : (
        <CircleDot size={20} aria-hidden="true" className="flex-none text-hole" />
      )}
      <div>
        <p role="status" aria-label={t('lessons.status')} className="font-semibold">
          {text}
        </p>
        <p className="text-[12px] leading-4 text-muted">
          {t('lessons.passIs', { words: wordsOf(lesson.passWords) })}
        </p>
      </div>
    </div>
  );
}

interface ViewProps {
  readonly session: LessonSession;
  readonly run: LessonRun;
  readonly isLocked: boolean;
}

function Now({ session, run, isLocked }: ViewProps): ReactNode {
  const t = useT();
  const { said, asked, did, question, compared, free, phase, challenge } = session;
  if (isLeft(session)) return null;
  if (challenge !== null) return <ChallengeCard session={session} run={run} />;
  if (phase === 'done') return null;
  if (question !== null)
    return <PredictCard key={question.id} session={session} run={run} step={question} isLocked={isLocked} />;
  if (compared !== null) return <CompareCard key={compared.step.id} run={run} compared={compared} />;
  if (free !== null) return <Free step={free} />;
  if (asked?.ask != null)
    return (
      <section className="lesson-card" aria-label={t('lessons.yourTurn')}>
        <p className="lesson-ask mt-0">{wordsOf(asked.ask)}</p>
        <Button look="primary" className="mt-3 h-9 px-4" onClick={() => run.doAsked()}>
          {t('lessons.do')}
        </Button>
      </section>
    );
  if (did?.ask != null)
    return (
      <section className="lesson-card" aria-label={t('lessons.stepNow')}>
        <p className="flex gap-2 text-[14px] leading-[22px]">
          <Check size={16} aria-hidden="true" className="mt-[3px] flex-none text-ack" />
          <span>
            <span className="sr-only">{t('lessons.stepDone')} </span>
            {wordsOf(did.ask)}
          </span>
        </p>
      </section>
    );
  return said === null ? null : (
    <section className="lesson-card" aria-label={t('lessons.stepNow')}>
      <p className="text-[14px] leading-[22px]">{glossedLesson(wordsOf(said.text), said.id)}</p>
      <WhyRule key={said.id} name={said.rule} />
    </section>
  );
}

/** *Report a mistake*, beside what the step says. */
function WrongStep({ session, run }: Pick<ViewProps, 'session' | 'run'>): ReactNode {
  const shown = shownStep(session);
  if (shown === null || isLeft(session)) return null;
  const { index, part } = shown;
  return (
    <div className="mt-1 flex justify-end">
      <WrongButton said={async () => saidOf(session.lesson, index, part, await run.spoken(index, part))} />
    </div>
  );
}

function Foot({ session, run, isLocked }: ViewProps): ReactNode {
  const t = useT();
  const { phase, question, asked, free, challenge, lesson, passed, byScript } = session;
  const canGoOn = phase === 'standing' && question === null && asked === null && challenge === null;
  const isOver = phase === 'done' || challenge !== null;
  // Who has not passed by themselves is led to another try; the challenge can wait.
  const isMissed =
    isLeft(session) || (phase === 'done' && challenge === null && (passed !== true || byScript));
  return (
    <div className="lesson-foot">
      {!isMissed && (
        <IconButton
          icon={RotateCcw}
          look="line"
          label={t('lessons.restart')}
          disabled={phase === 'loading'}
          onClick={() => run.restart()}
        />
      )}
      <span className="flex-1" />
      {!isOver && !isLeft(session) && !isLocked && phase !== 'skipping' && (
        <Button icon={ChevronsRight} onClick={() => run.skip()} disabled={phase === 'loading'}>
          {t('lessons.skip')}
        </Button>
      )}
      {phase === 'done' && challenge === null && lesson.challenge !== null && (
        <Button look={isMissed ? 'line' : 'primary'} icon={Target} onClick={() => run.startChallenge()}>
          {t('lessons.takeChallenge')}
        </Button>
      )}
      {isMissed && (
        <Button look="primary" icon={RotateCcw} onClick={() => run.restart()}>
          {t('lessons.restart')}
        </Button>
      )}
      {!isOver && !isLeft(session) && (
        <Button look="primary" disabled={!canGoOn} onClick={() => run.next()}>
          {free === null ? t('lessons.next') : t('lessons.finish')}
        </Button>
      )}
    </div>
  );
}

/** What was pressed goes away with its step: who works by keyboard finds the focus on what comes next. */
function useFocusAlong(session: LessonSession): (element: HTMLDivElement | null) => void {
  const element = useRef<HTMLDivElement | null>(null);
  const isInside = useRef(false);
  useEffect(() => {
    const note = ({ target }: FocusEvent): void => {
      isInside.current = target instanceof Node && element.current?.contains(target) === true;
    };
    document.addEventListener('focusin', note);
    return () => document.removeEventListener('focusin', note);
  }, []);
  const { phase, question, asked, compared, said } = session;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new step is a reason to look where the focus is.
  useEffect(() => {
    if (phase !== 'standing' && phase !== 'done') return;
    const { activeElement } = document;
    const isLost = activeElement === document.body || activeElement?.matches(':disabled') === true;
    if (!isInside.current || !isLost) return;
    const next =
      element.current?.querySelector<HTMLElement>('.lesson-card :is(input, button):not(:disabled)') ?? null;
    const foot = element.current?.querySelector<HTMLElement>('.lesson-foot .btn-primary:not(:disabled)');
    (question === null && asked === null ? (foot ?? next) : next)?.focus();
  }, [phase, question, asked, compared, said]);
  return (found) => {
    element.current = found;
  };
}

/** What is spoken of is selected, as if by a click, and looked at: map, lens and inspector show it. */
function usePointing({ said, question, given, compared, free, challenge }: LessonSession): void {
  const focus = question?.focus ?? said?.focus ?? null;
  // While the truth is compared it is still the question's; who is on his own looks where he likes.
  const isOwn = free !== null || challenge !== null;
  const lsns = isOwn ? null : spokenLsns(question ?? compared?.step ?? null, said);
  const [first, last] = lsns ?? [null, null];
  useEffect(() => {
    selectionStore.setState({ lsns: first === null || last === null ? null : [first, last] });
  }, [first, last]);
  const asked = given === null ? question?.question : undefined;
  useEffect(() => {
    selectionStore.setState({ veiled: asked?.form === 'ranges' ? [asked.first, asked.last] : null });
  }, [asked]);
  useEffect(() => () => selectionStore.setState({ lsns: null, veiled: null }), []);
  useEffect(() => {
    if (focus?.kind === 'node') selectNode(focus.node);
    else if (focus?.kind === 'link') selectLink(focus.from, focus.to);
    else if (focus?.kind === 'page') select({ kind: 'page', group: '', blockKey: focus.blockKey });
  }, [focus]);
}

export function LessonView(props: ViewProps): ReactNode {
  const t = useT();
  const { session, run } = props;
  const along = useFocusAlong(session);
  usePointing(session);
  const { lesson, auto } = session;
  const best = useLesson(({ progress }) => progress[lesson.id]?.best ?? null);
  return (
    <div ref={along} className="flex min-h-0 flex-1 flex-col">
      <div className="lesson-body" lang={currentLanguage()}>
        <div className="flex flex-wrap gap-1.5">
          <Chip>{t('lessons.minutes', { n: lesson.minutes })}</Chip>
          <Chip>{t('lessons.level', { n: lesson.level })}</Chip>
          <Chip>{wordsOf(lesson.topic)}</Chip>
        </div>
        <p className="mt-3 text-[14px] leading-[22px]">
          <GraduationCap
            size={16}
            aria-hidden="true"
            className="mr-1.5 inline-block align-[-3px] text-accent"
          />
          {wordsOf(lesson.goal)}
        </p>
        {best !== null && <p className="mt-1 text-[12px] text-muted">{t('lessons.best', best)}</p>}
        {session.challenge === null && <Steps session={session} />}
        <Now {...props} />
        <WrongStep session={session} run={run} />
        <Verdict session={session} />
        <Standing session={session} />
        <label className="mt-3 flex items-center gap-2 text-[13px]">
          <input type="checkbox" checked={auto} onChange={(event) => run.setAuto(event.target.checked)} />
          {t('lessons.auto')}
        </label>
        {!props.isLocked && (
          <Button
            look="line"
            icon={Presentation}
            className="mt-3 self-start"
            disabled={session.phase === 'loading'}
            onClick={() => props.run.present()}
          >
            {t('lessons.present')}
          </Button>
        )}
        <p className="mt-2 text-[12px] text-muted">{t('lessons.kept')}</p>
      </div>
      <Foot {...props} />
    </div>
  );
}
