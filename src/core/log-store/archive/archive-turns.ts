// Whose turn it is to change the manifest (docs/spec/wal.md WAL-42). Groups of a volume share one manifest, replaced by compare-and-set:
// who has lost reads it whole before it tries again, and an archiver that is always due would always be there first. So one that has
// changed it several times while another group's part stayed as it was leaves it alone for as long as that takes.

import type { GroupId, Time } from '../../../base/ids.ts';
import type { Manifest, ManifestGroup } from '../../object-store/objects.ts';
import type { Archiver } from './archiver-state.ts';

/** Own changes while a group's part stays as it was, before its archiver is given a turn. */
const CHANGES_IN_A_ROW = 3;
/**
 * Times that a change takes here, from the first part of the manifest to its answer: another archiver loses one that it is about,
 * reads the manifest, and makes its own.
 */
const TURN_CHANGES = 4;

/** Another group's part at this archiver's last change, and how many of its changes have left it so. */
interface Waiting {
  readonly part: string;
  changes: number;
}

export interface Turns {
  /** When the change that is under way was begun. */
  begunAt: Time;
  /** Until then the manifest is left alone. */
  until: Time;
  readonly waiting: Map<GroupId, Waiting>;
}

export const noTurns = (): Turns => ({ begunAt: 0 as Time, until: 0 as Time, waiting: new Map() });

const partOf = ({ appointment, archivedTo, bases, gaps }: ManifestGroup): string =>
  `${appointment} ${archivedTo} ${bases.at(-1)?.base} ${gaps.length}`;

/** This archiver's change stands: another's turn is next, where one has had none for long. `mostUs`: no longer than this. */
export function noteChange(
  { turns }: Archiver,
  own: GroupId,
  manifest: Manifest,
  now: Time,
  mostUs: number,
): void {
  let isWaiting = false;
  for (const group of manifest.groups) {
    if (group.group === own) continue;
    const part = partOf(group);
    const known = turns.waiting.get(group.group);
    const changes = known?.part === part ? known.changes + 1 : 0;
    isWaiting ||= changes >= CHANGES_IN_A_ROW;
    turns.waiting.set(group.group, { part, changes });
  }
  if (!isWaiting) return;
  for (const waiting of turns.waiting.values()) waiting.changes = 0;
  turns.until = (now + Math.min(mostUs, TURN_CHANGES * (now - turns.begunAt))) as Time;
}
