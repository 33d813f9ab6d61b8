// The beats of the run that is shown, and where it stands among them.

import { useMemo } from 'react';
import type { Time } from '../../base/ids.ts';
import type { Lab } from '../../lab/api.ts';
import { type Beat, beatAt, makeBeat, printBeat, readBeat } from '../../sim/beat.ts';
import type { TapeMark } from '../../sim/tape.ts';
import { TAPE_LIMITS } from '../../sim/tape-limits.ts';
import { useFrame } from '../../state/frame-store.ts';
import { useRun } from '../../state/run-store.ts';
import { ofBoth } from '../i18n/both.ts';
import { currentLanguage, type Translate } from '../i18n/i18n.ts';

const noMarks: readonly TapeMark[] = [];

export interface Beats {
  readonly beats: readonly Beat[];
  /** Of the one at which the run stands, or which it has left last; -1: before the first. */
  readonly index: number;
  /** Those of a tape that was opened are its own. */
  readonly canChange: boolean;
}

export function useBeats(): Beats {
  const marks = useRun((run) => run?.marks ?? noMarks);
  const canChange = useRun((run) => run !== null && !run.isReplay && run.mode !== 'MIRROR');
  const index = useFrame(({ frame }) => beatAt(marks, frame?.time ?? 0));
  const beats = useMemo(() => marks.map(readBeat), [marks]);
  return { beats, index, canChange };
}

export const beatTitle = ({ title }: Beat, index: number, t: Translate): string =>
  ofBoth(title, currentLanguage()) || t('present.unnamed', { index: index + 1 });

const keep = (lab: Lab, marks: readonly TapeMark[]): void =>
  void lab.setMarks([...marks].sort((one, other) => one.at - other.at));

export function addBeatHere(lab: Lab): void {
  const { marks, isReplay, mode } = lab.run();
  const at = (lab.frame()?.time ?? 0) as Time;
  if (isReplay || mode === 'MIRROR' || marks.length >= TAPE_LIMITS.marks) return;
  if (!marks.some((mark) => mark.at === at)) keep(lab, [...marks, printBeat(makeBeat(at, {}))]);
}

export const removeBeat = (lab: Lab, { at }: Beat): void =>
  keep(
    lab,
    lab.run().marks.filter((mark) => mark.at !== at),
  );

export const changeBeat = (lab: Lab, beat: Beat): void =>
  keep(
    lab,
    lab.run().marks.map((mark) => (mark.at === beat.at ? printBeat(beat) : mark)),
  );
