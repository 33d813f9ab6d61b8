// The bars of long work in the strip: recoveries, holes being filled, groups that move, and what the lab itself is doing.

import { Fragment, type ReactNode, useRef } from 'react';
import { recoverySteps } from '../../core/quorum-log/log-view.ts';
import type { Progress } from '../../lab/api.ts';
import { frameStore, useFrame } from '../../state/frame-store.ts';
import { useRecoveries } from '../../state/recovery-store.ts';
import { useRun } from '../../state/run-store.ts';
import { translateLoose, useT } from '../i18n/i18n.ts';
import { Button, ProgressBar } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import { TruthChip } from '../model/truth-note.tsx';
import { groupMoves, holeFills } from './cluster-work.ts';
import { type Begun, secondsLeft } from './time-left.ts';

interface BarProps {
  readonly label: string;
  readonly note: string;
  readonly done: number;
  readonly of: number;
  readonly hue?: 'fence' | 'hole' | 'accent';
  /** Gives way to the caption where the strip is narrow. */
  readonly isMinor?: boolean;
  /** In place of the label where the strip is narrow. */
  readonly short?: string | undefined;
}

function Bar({ label, note, done, of, hue = 'accent', isMinor = false, short }: BarProps): ReactNode {
  const width = short !== undefined ? 'w-40 max-[1600px]:w-14' : isMinor ? 'w-24' : 'w-40';
  return (
    <div
      className={`work-bar flex flex-none items-center gap-2 text-[13px] leading-5 ${isMinor ? 'max-[1600px]:hidden' : ''}`}
    >
      <b className={`font-semibold ${short === undefined ? '' : 'max-[1600px]:hidden'}`}>{label}</b>
      {short !== undefined && (
        <b className="hidden font-semibold max-[1600px]:inline" title={label}>
          {short}
        </b>
      )}
      <span className="mono text-muted">{note}</span>
      <ProgressBar label={label} done={done} of={of} hue={hue} className={width} />
    </div>
  );
}

/** A finished recovery stays for this many frames' worth of reading: wall ms. */
const lingerMs = 4000;

function Recoveries(): ReactNode {
  const t = useT();
  const recoveries = useRecoveries();
  const finishedAt = useRef(new Map<string, number>());
  const now = performance.now();
  const shown = recoveries.filter((recovery) => {
    const key = `${recovery.node} ${recovery.life}`;
    if (!recovery.finished) {
      finishedAt.current.delete(key);
      return true;
    }
    const at = finishedAt.current.get(key) ?? now;
    finishedAt.current.set(key, at);
    return now - at < lingerMs;
  });
  return shown.slice(0, 3).map((recovery) => {
    const percent = recovery.of === 0 ? 0 : Math.floor((recovery.done / recovery.of) * 100);
    const note = recovery.finished
      ? t('recovery.complete')
      : recovery.kind === 'writer'
        ? recovery.step === 'token' || recovery.step === null
          ? t('recovery.token')
          : t('recovery.stepOf', { step: recovery.step, last: recoverySteps.at(-1) ?? '' })
        : `${percent} %`;
    // A store that lost nothing is done the moment it is up: a whole bar, never an empty one.
    const of = Math.max(1, recovery.of);
    const done = recovery.finished ? of : recovery.done;
    return (
      <Bar
        key={recovery.node}
        label={t('recovery.of', { node: recovery.node })}
        note={note}
        done={done}
        of={of}
        hue={recovery.finished ? 'accent' : recovery.kind === 'writer' ? 'fence' : 'hole'}
        short={shown.length > 1 ? recovery.node : undefined}
      />
    );
  });
}

/** Three bars at most: beyond that they say less than the map. */
const SHOWN_BARS = 3;

function ClusterWork(): ReactNode {
  const t = useT();
  // Rebuilt only when a number of it changes.
  const key = useFrame(({ frame }) =>
    frame === null ? '' : JSON.stringify([holeFills(frame), groupMoves(frame)]),
  );
  const { frame } = frameStore.getState();
  if (frame === null || key === '' || key === '[[],[]]') return null;
  const note = (done: number, of: number): string => (of > 0 ? t('work.lsns', { done, of }) : '');
  const moving = groupMoves(frame);
  const [move] = moving;
  const done = moving.reduce((sum, one) => sum + one.done, 0);
  const of = moving.reduce((sum, one) => sum + one.of, 0);
  // Several are one bar: the caption beside it has to stay readable, and the lens has each.
  const moves =
    move === undefined
      ? []
      : [
          <Bar
            key="moves"
            label={
              moving.length === 1 ? t('work.move', { ...move }) : t('work.moves', { count: moving.length })
            }
            note={note(done, of)}
            done={done}
            of={of}
            hue="accent"
            short={move.group}
          />,
        ];
  const fills = holeFills(frame).map(({ node, done, of }) => (
    <Bar
      key={`fill ${node}`}
      label={t('work.fill', { node })}
      note={note(done, of)}
      done={done}
      of={of}
      hue="hole"
      isMinor
    />
  ));
  return [...moves, ...fills].slice(0, SHOWN_BARS);
}

/** Of work of which little is counted the count, of other work how long it will still take. */
const COUNTED = 100;

function useNotes(progress: readonly Progress[]): (work: Progress) => string {
  const t = useT();
  const begun = useRef(new Map<string, Begun & { readonly label: string }>());
  const now = performance.now();
  for (const { id, label, done } of progress) {
    const known = begun.current.get(id);
    if (known?.label !== label || done < known.done) begun.current.set(id, { at: now, done, label });
  }
  for (const id of begun.current.keys())
    if (!progress.some((work) => work.id === id)) begun.current.delete(id);
  return ({ id, done, of }) => {
    if (of <= 0) return '';
    if (of <= COUNTED) return `${done} / ${of}`;
    const from = begun.current.get(id);
    const seconds = from === undefined ? null : secondsLeft(from, now, done, of);
    if (seconds === null) return `${Math.floor((done / of) * 100)} %`;
    return t('work.secondsLeft', { seconds });
  };
}

function LabWork(): ReactNode {
  const t = useT();
  const lab = useLab();
  const progress = useRun((run) => run?.progress) ?? [];
  const noteOf = useNotes(progress);
  return progress.slice(0, 2).map((work) => (
    <Fragment key={work.id}>
      <Bar
        label={translateLoose(work.label, work.params)}
        note={noteOf(work)}
        done={work.done}
        of={work.of}
      />
      {work.cancellable && (
        <Button
          small
          look="line"
          onClick={() => (work.id === 'until' ? lab.pause() : lab.cancelWork(work.id))}
        >
          {t('cancel')}
        </Button>
      )}
    </Fragment>
  ));
}

export function WorkBars(): ReactNode {
  return (
    <>
      <TruthChip />
      <Recoveries />
      <ClusterWork />
      <LabWork />
    </>
  );
}
