// What a chip does when it is followed: a line on the tape, or a way into another part of the lab.

import type { Lab } from '../../lab/api.ts';
import { type ChipId, coachStore, markSeen } from '../../state/coach-store.ts';
import { frameStore } from '../../state/frame-store.ts';
import { goTo } from '../../state/route-store.ts';
import { showToast } from '../kit/toast.ts';
import { showLens } from '../model/show-lens.ts';
import { coachLink, cutFromWriter } from './coach.ts';
import { sendLine } from './send-line.ts';

/** The writer stays down this long, virtual ms: long enough to see who waits, short enough to see it come back. */
const WHAT_IF_MS = 6;

type Line = (writer: string, replicas: readonly string[], cut: readonly string[]) => string;

const lines: Readonly<Partial<Record<ChipId, Line>>> = {
  cut: (writer, replicas) => `cut ${writer} | ${replicas.at(-1) ?? ''} for 6 ms`,
  cutBoth: (writer, replicas) => `cut ${writer} | ${replicas.join(' ')}`,
  heal: (writer, _replicas, cut) => `heal ${writer} | ${cut.join(' ')}`,
};

export async function followChip(lab: Lab, chip: ChipId): Promise<void> {
  const { frame } = frameStore.getState();
  if (frame === null) return;
  const { writer, replicas } = coachLink(frame);
  const line = lines[chip]?.(writer, replicas, cutFromWriter(frame));
  // Healing is offered as often as it is needed.
  if (chip === 'heal') coachStore.setState({ onLink: null });
  else markSeen(chip);
  if (chip === 'lesson') return goTo('lessons');
  if (chip === 'atHole') return void lab.runUntil('hole.open');
  if (chip === 'whatIf') return whatIf(lab, writer);
  if (line === undefined) return;
  const refused = await sendLine(lab, line);
  if (refused !== null) showToast({ kind: 'error', text: refused });
}

/** The same run goes on twice: here the writer dies and comes back, in a twin; the live one stands as it is. */
async function whatIf(lab: Lab, writer: string): Promise<void> {
  const forked = await lab.fork();
  if (!forked.ok) {
    showToast({ kind: 'error', text: forked.error });
    return;
  }
  showLens(null);
  const refused = await sendLine(lab, `crash ${writer} for ${WHAT_IF_MS} ms`);
  if (refused === null) lab.play();
  else showToast({ kind: 'error', text: refused });
}
