// What a crash can be aimed at: each moment with its name, and the roles that come to it.

import type { Role } from '../../core/kernel/door.ts';
import type { CrashMoment } from '../../sim/types.ts';
import type { PlainKey, Translate } from '../i18n/i18n.ts';
import { stackTables } from '../stacks/tables.ts';

export interface CrashMomentEntry {
  readonly moment: CrashMoment;
  readonly roles: readonly Role[];
  /** Null: a step of recovery, by its own name. */
  readonly label: PlainKey | null;
}

export const crashMoments: readonly CrashMomentEntry[] = stackTables.flatMap(
  ({ crashMoments: moments }) => moments ?? [],
);

export function momentText(moment: string, t: Translate): string {
  const label = crashMoments.find((one) => one.moment === moment)?.label ?? null;
  return label === null ? t('moment.recovery', { step: moment }) : t(label);
}
