// Choice of the suggestion to show (coach), from what is true now. Pure: each chip has a moment of its own, so that one
// who cuts a link by hand is led on just the same.

import type { WorldFrame } from '../../run-model/picture/frame.ts';
import type { ChipId } from '../../state/coach-store.ts';
import { commitsWaiting, writerOf } from '../../state/role-views.ts';
import type { Story } from './story.ts';
import { lostQuorum } from './story.ts';

/** Wall ms of play before the first suggestion, and after which it no longer waits for a quiet instant. */
const FIRST_MS = 8000;
const PATIENCE_MS = 14_000;
/** Commits wait this long before healing is suggested, virtual µs: long enough to see that nothing moves. */
const STALL_US = 2500;

/** What happened since the page opened, whatever was looked at in between. */
export interface CoachMemory {
  readonly healed: boolean;
  readonly relieved: boolean;
}

export interface CoachInput {
  readonly frame: WorldFrame;
  readonly story: Story;
  readonly memory: CoachMemory;
  /** Wall ms that the run was seen playing. */
  readonly playedMs: number;
  /** The chip on the link now: it does not go because the quiet instant is over. */
  readonly shown: ChipId | null;
  readonly seen: readonly ChipId[];
}

export interface CoachAdvice {
  readonly onLink: ChipId | null;
  readonly inStrip: ChipId | null;
}

/** The link that the first minute is about: the writer and the last replica. */
export function coachLink(frame: WorldFrame): {
  readonly writer: string;
  readonly replicas: readonly string[];
} {
  return { writer: writerOf(frame) ?? '', replicas: frame.cluster.groups[0]?.replicas.slice(1) ?? [] };
}

/** Replicas whose link with the writer is cut now, one way at least. */
export function cutFromWriter(frame: WorldFrame): readonly string[] {
  const { writer } = coachLink(frame);
  const replicas = new Set(frame.cluster.groups.flatMap((group): readonly string[] => group.replicas));
  const cut = new Set<string>();
  for (const link of frame.links) {
    const other = link.from === writer ? link.to : link.to === writer ? link.from : null;
    if (link.cut && other !== null && replicas.has(other)) cut.add(other);
  }
  return [...cut];
}

const isCalm = ({ flights }: WorldFrame): boolean =>
  flights.every(({ label }) => label.family === 'heartbeat' || label.family === 'control');

/** Of a hole of the first minute a person sees little: it is over in a second and a half. While a replica is cut off, and before its hole opens, the lab offers to stand there. */
function stripChip({ frame, story, playedMs, seen }: CoachInput): ChipId | null {
  const hasHole = [...story.healing.values()].some(({ open }) => open.size > 0);
  // A link that stays cut makes no hole: who hears nothing does not know that something is missing.
  const endsByItself = frame.faults.some(({ until, text }) => until === null && text.includes(' for '));
  const isCut = cutFromWriter(frame).length === 1 && endsByItself && !story.stalled;
  if (isCut && !hasHole && !seen.includes('atHole')) return 'atHole';
  return playedMs >= FIRST_MS && !seen.includes('lesson') ? 'lesson' : null;
}

export function advise(input: CoachInput): CoachAdvice {
  const { frame, story, memory, playedMs, shown, seen } = input;
  const isOpen = (chip: ChipId): boolean => !seen.includes(chip);
  const isWhole =
    frame.faults.every(({ until }) => until !== null) &&
    [...story.healing.values()].every(({ open }) => open.size === 0);
  const inStrip = stripChip(input);
  const waits = commitsWaiting(frame);
  if (story.stalled && lostQuorum(story) !== null && cutFromWriter(frame).length > 0)
    return { inStrip, onLink: waits.count > 0 && waits.oldestUs >= STALL_US ? 'heal' : null };
  if (!isWhole || story.stalled || writerOf(frame) === null) return { inStrip, onLink: null };
  if (memory.relieved && isOpen('whatIf')) return { inStrip, onLink: 'whatIf' };
  if (memory.healed && isOpen('cutBoth')) return { inStrip, onLink: 'cutBoth' };
  const isFirst = isOpen('cut') && !memory.healed && !memory.relieved;
  const isTime = shown === 'cut' || playedMs >= PATIENCE_MS || (playedMs >= FIRST_MS && isCalm(frame));
  return { inStrip, onLink: isFirst && isTime ? 'cut' : null };
}
