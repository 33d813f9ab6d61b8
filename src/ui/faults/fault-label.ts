// The words of a registry entry, with the names of what it is done to; of what an operator orders also what it would do, or why not now.

import type { MessageFamily } from '../../core/kernel/message-label.ts';
import { families, glyphs } from '../glyphs/glyph-shapes.ts';
import { type Translate, translateLoose } from '../i18n/i18n.ts';
import { momentText } from './crash-moments.ts';
import type { FaultContext, FaultEntry, Refusal } from './entry.ts';
import '../../words/faults/operation.en.json';

const isFamily = (family: string): family is MessageFamily => families.some((known) => known === family);

export function faultLabel(entry: FaultEntry, context: FaultContext, t: Translate): string {
  const names: Record<string, string | number> = { ...entry.names?.(context) };
  if (typeof names.moment === 'string') names.moment = momentText(names.moment, t);
  if (typeof names.family === 'string' && isFamily(names.family)) {
    names.letter = glyphs[names.family].letter;
    names.family = t(glyphs[names.family].label);
  }
  return translateLoose(entry.label, names);
}

/** Why it is not offered, else what it would do; null: its label says all. */
export function faultNote(entry: FaultEntry, context: FaultContext): string | null {
  const refusal = entry.refusal?.(context) ?? null;
  if (refusal !== null) return refusalText(refusal);
  return entry.does === undefined ? null : translateLoose(entry.does, { ...entry.names?.(context) });
}

export const refusalText = ({ key, names = {} }: Refusal): string => translateLoose(key, names);
