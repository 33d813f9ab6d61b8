// The steps at which a crash can be aimed (sim/crash-points.ts) in words.

import type { PlainKey, Translate } from '../i18n/i18n.ts';
import { stackTables } from '../stacks/tables.ts';

const labels: Readonly<Record<string, PlainKey>> = Object.assign(
  {},
  ...stackTables.map(({ crashMoments }) => crashMoments),
);

/** A step of recovery goes by its own name. */
export function momentText(moment: string, t: Translate): string {
  const label = labels[moment];
  return label === undefined ? t('moment.recovery', { step: moment }) : t(label);
}
