// What a chip does when it is followed: a line on the tape, or a way into another part of the lab.

import type { Lab } from '../../lab/api.ts';
import { type ChipId, coachStore, markSeen } from '../../state/coach-store.ts';
import { frameStore } from '../../state/frame-store.ts';
import { openSide } from '../../state/side-store.ts';
import type { PlainKey } from '../i18n/i18n.ts';
import { showToast } from '../kit/toast.ts';
import { coachLink } from './coach.ts';

/** A fork is suggested from the day that there is one. */
export const hasForks = (): boolean => false;

const lines: Readonly<Partial<Record<ChipId, (writer: string, replicas: readonly string[]) => string>>> = {
  cut: (writer, replicas) => `cut ${writer} | ${replicas.at(-1) ?? ''} for 6 ms`,
  cutBoth: (writer, replicas) => `cut ${writer} | ${replicas.join(' ')}`,
  heal: (writer, replicas) => `heal ${writer} | ${replicas.join(' ')}`,
};

export async function followChip(lab: Lab, chip: ChipId): Promise<void> {
  const { frame } = frameStore.getState();
  if (frame === null) return;
  const { writer, replicas } = coachLink(frame);
  const line = lines[chip]?.(writer, replicas);
  // Healing is offered as often as it is needed.
  if (chip === 'heal') coachStore.setState({ onLink: null });
  else markSeen(chip);
  if (chip === 'lesson') return openSide('lessons');
  if (line === undefined) return;
  const result = await lab.act(line);
  if (!result.ok) showToast({ kind: 'error', text: result.error });
}

export const chipLabels = {
  cut: 'coach.cut',
  cutBoth: 'coach.cutBoth',
  heal: 'coach.heal',
  lesson: 'coach.lesson',
} as const satisfies Partial<Record<ChipId, PlainKey>>;
