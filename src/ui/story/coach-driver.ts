// Runs the coach: counts how long the run was seen playing, follows the story, and puts the chip that is due where it
// belongs. Only on the hook, which is the run that the chips are about.

import { coachStore } from '../../state/coach-store.ts';
import { frameStore } from '../../state/frame-store.ts';
import { runStore } from '../../state/run-store.ts';
import { advise, type CoachAdvice, type CoachMemory, coachLink, cutFromWriter } from './coach.ts';
import { storyStore } from './story-store.ts';

const hookPreset = 'hook-hole';
/** A gap between two pictures longer than this is not time that anybody watched, wall ms. */
const GAP_MS = 500;

let started = false;
let memory: CoachMemory = { healed: false, relieved: false };
let playedMs = 0;
let lastAt = 0;

export function startCoach(): void {
  if (started) return;
  started = true;
  frameStore.subscribe(update);
  // While time stands no other picture comes after the new events of what was done.
  storyStore.subscribe(update);
}

function update(): void {
  const { frame } = frameStore.getState();
  const { run } = runStore.getState();
  const { flow } = storyStore.getState();
  const story = flow?.story ?? null;
  // A suggestion comes after the caption that it follows from.
  const lately = flow?.lately ?? [];
  const now = performance.now();
  if (run?.mode === 'LIVE') playedMs += Math.min(GAP_MS, now - lastAt);
  lastAt = now;
  const isHook = frame?.preset === hookPreset && (run?.mode === 'LIVE' || run?.mode === 'PAUSED');
  if (frame === null || story === null || !isHook) {
    place({ onLink: null, inStrip: null }, '');
    return;
  }
  memory = {
    healed: memory.healed || (story.healed > 0 && lately.includes('hole.closed')),
    relieved: memory.relieved || (story.relieved > 0 && lately.includes('commit.ack')),
  };
  const { seen, onLink } = coachStore.getState();
  const shown = onLink?.chip ?? null;
  const advice = advise({ frame, story, memory, playedMs, shown, seen });
  const { writer, replicas } = coachLink(frame);
  const healed = advice.onLink === 'heal' ? cutFromWriter(frame).at(-1) : undefined;
  place(advice, `${writer}|${healed ?? replicas.at(-1) ?? ''}`);
}

function place({ onLink, inStrip }: CoachAdvice, link: string): void {
  const now = coachStore.getState();
  const isSame = (now.onLink?.chip ?? null) === onLink && (onLink === null || now.onLink?.link === link);
  if (isSame && now.inStrip === inStrip) return;
  coachStore.setState({ inStrip, onLink: onLink === null ? null : { chip: onLink, link } });
}
