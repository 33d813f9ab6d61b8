// The tables of a run's stack, for what loads after the first picture.

import { present } from '../../base/assert.ts';
import { stackOf } from '../../stacks/preset-names.ts';
import { currentLanguage } from '../i18n/i18n.ts';
import type { StackTables } from '../stacks/stack-tables.ts';
import { stackTables } from '../stacks/tables.ts';
import { presetLineOf } from './preset-line.ts';

export const tablesOf = (preset: string): StackTables =>
  present(
    stackTables.find(({ id }) => id === stackOf({ preset })),
    `the tables of the stack of ${preset}`,
  );

/** What the preset is, in one plain line of the screen's language; null: it is not offered. */
export function presetLine(preset: string): string | null {
  const line = presetLineOf(preset);
  if (line === undefined) return null;
  return currentLanguage() === 'zh-CN' ? line.zh : line.en;
}
