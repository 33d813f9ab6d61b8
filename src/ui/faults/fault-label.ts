// The words of a registry entry, with the names of what it is done to.

import { type Translate, translateLoose } from '../i18n/i18n.ts';
import type { FaultContext, FaultEntry } from './registry.ts';

export function faultLabel(entry: FaultEntry, context: FaultContext, _t: Translate): string {
  return translateLoose(entry.label, entry.names?.(context) ?? {});
}
