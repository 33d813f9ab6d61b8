// Bar of branches: which one is shown, where the two compared first differ, and what may become of a twin.

import { Check, GitCompareArrows, Split, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Branch } from '../../lab/time-api.ts';
import { branchStore, useBranches } from '../../state/branch-store.ts';
import { useRun } from '../../state/run-store.ts';
import { selectNode } from '../../state/selection-store.ts';
import { openSide } from '../../state/side-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Button, IconButton, keyShortcut, useKeyText } from '../kit/button.tsx';
import { millis } from '../kit/format.ts';
import { showToast } from '../kit/toast.ts';
import { useLab } from '../lab-context.ts';
import { eventLine, eventWords } from '../story/event-words.ts';
import { branchName } from '../time/branch-names.ts';
import '../../words/time.en.json';

function BranchTab({ branch, isShown }: { readonly branch: Branch; readonly isShown: boolean }): ReactNode {
  const t = useT();
  const lab = useLab();
  return (
    <button
      type="button"
      aria-pressed={isShown}
      aria-label={t('twin.show', { name: branchName(branch.id, t) })}
      className="chip h-6"
      data-branch={branch.id}
      style={isShown ? { outline: '2px solid var(--accent)' } : undefined}
      onClick={() => void lab.showBranch(branch.id)}
    >
      <b>{branchName(branch.id, t)}</b>
      <span className="mono text-muted">{t('twin.at', { time: millis(branch.time) })}</span>
    </button>
  );
}

function FirstDifference(): ReactNode {
  const t = useT();
  const lab = useLab();
  const difference = useBranches(({ other }) => other?.difference ?? null);
  const time = useBranches(({ other }) => other?.frame.time ?? 0);
  const isCompared = useBranches(({ other }) => other !== null);
  const cluster = useBranches(({ other }) => other?.frame.cluster ?? null);
  const mutants = useBranches(({ other }) => other?.frame.mutants ?? null);
  if (!isCompared || cluster === null || mutants === null) return null;
  if (difference === null) return <span className="text-muted">{t('twin.unknown')}</span>;
  if (difference === 'none')
    return (
      <output aria-label={t('twin.difference')} aria-live="polite" className="text-muted">
        {t('twin.same', { time: millis(time) })}
      </output>
    );
  const event = difference.here ?? difference.there;
  if (event === null) return null;
  const where =
    difference.there === null ? t('twin.onlyHere') : difference.here === null ? t('twin.onlyThere') : '';
  const when = millis(difference.at);
  const words = eventWords(event, { cluster, mutants }, t);
  return (
    <span className="flex min-w-0 items-center gap-1">
      <span className="flex-none text-muted">{t('twin.difference')}</span>
      <output aria-label={t('twin.difference')} aria-live="polite" className="min-w-0 truncate">
        <button
          type="button"
          className="max-w-full truncate underline decoration-dotted"
          title={`${when} ${words}\n${eventLine(event)}`}
          onClick={() => {
            selectNode(event.node);
            void lab.seek(difference.at);
          }}
        >
          <span className="mono">{when}</span> {words}
        </button>
      </output>
      {where !== '' && <span className="chip flex-none">{where}</span>}
    </span>
  );
}

function TwinActions({ twin }: { readonly twin: Branch }): ReactNode {
  const t = useT();
  const lab = useLab();
  const name = branchName(twin.id, t);
  return (
    <>
      <Button
        small
        look="line"
        icon={Check}
        onClick={async () => {
          const made = await lab.makeLive();
          showToast(
            made.ok
              ? { kind: 'done', text: t('twin.madeLive') }
              : { kind: 'error', text: t('runs.failed', { error: made.error }) },
          );
        }}
      >
        {t('twin.makeLive')}
      </Button>
      <IconButton
        small
        icon={Trash2}
        label={t('twin.drop', { name })}
        onClick={() => void lab.dropTwin(twin.id)}
      />
    </>
  );
}

export function TwinBar(): ReactNode {
  const t = useT();
  const branches = useRun((run) => run?.branches) ?? [];
  const shown = useRun((run) => run?.shown ?? 'main');
  const mode = useRun((run) => run?.mode ?? 'BOOTING');
  const showsDiff = useBranches((state) => state.showsDiff);
  const isSplit = useBranches((state) => state.isSplit);
  const diffKey = useKeyText('d');
  if (branches.length < 2 || mode === 'MIRROR') return null;
  const isPast = mode === 'TWIN' || mode === 'REVIEW' || mode === 'REPLAY';
  const twin = branches.find(({ id }) => id === shown && id !== 'main');
  return (
    <section className="twin-bar" aria-label={t('twin.bar')}>
      {branches.map((branch) => (
        <BranchTab key={branch.id} branch={branch} isShown={isPast && branch.id === shown} />
      ))}
      {twin !== undefined && (
        <span className="text-muted">
          {twin.own.length === 0 ? t('twin.none') : t('twin.own', { count: twin.own.length })}
        </span>
      )}
      <FirstDifference />
      <span className="flex-1" />
      <Button
        small
        look="line"
        icon={GitCompareArrows}
        aria-pressed={showsDiff}
        {...keyShortcut(diffKey)}
        onClick={() => branchStore.setState({ showsDiff: !showsDiff })}
      >
        {t('twin.showDiff')}
      </Button>
      <Button
        small
        look="line"
        icon={Split}
        aria-pressed={isSplit}
        onClick={() => {
          branchStore.setState({ isSplit: !isSplit });
          openSide(isSplit ? null : 'diff');
        }}
      >
        {t('twin.split')}
      </Button>
      {twin !== undefined && <TwinActions twin={twin} />}
    </section>
  );
}
