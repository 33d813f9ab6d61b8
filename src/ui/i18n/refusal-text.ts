// Why something was refused, in the language of the page.

import type { Refusal, RefusalValue } from '../../presets/refusals.ts';
import type { FactFault } from '../../run-model/facts/fault.ts';
import { currentLanguage, t, translateLoose } from './i18n.ts';
import { plainWords } from './texts.ts';
import '../../words/refusals.en.json';
import '../../words/story/until.en.json';

/** A part of a line has a name here, or is called as it is written: a field, an argument. */
function partText(name: string): string {
  const key = `refused.what.${name.replaceAll(' ', '-')}`;
  return plainWords('zh-CN', key) === undefined ? name : translateLoose(key, {});
}

function valueText(name: string, value: RefusalValue): string | number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return name === 'what' ? partText(value) : value;
  if ('kind' in value) return refusalText(value);
  return value.join(name === 'anyOf' || name === 'what' ? t('refused.or') : t('list.comma'));
}

export function refusalText({ kind, of, error }: Refusal): string {
  if (currentLanguage() === 'en') return error;
  const params = Object.entries(of).map(([name, value]) => [name, valueText(name, value)] as const);
  return translateLoose(`refused.${kind}`, Object.fromEntries(params));
}

const nothing = { limit: '', text: '', wanted: '', known: '', event: '', why: '' };

/** What is wrong with a condition. */
export const factFaultText = (fault: FactFault): string =>
  t(`until.fault.${fault.code}`, { ...nothing, ...fault });

export const faultText = ({ why }: { readonly why: Refusal | FactFault }): string =>
  'code' in why ? factFaultText(why) : refusalText(why);

export const lineFaultText = (fault: { readonly why: Refusal | FactFault; readonly line: number }): string =>
  t('refused.atLine', { line: fault.line, inner: faultText(fault) });

/** Why an action was not done. What a worker says without a code stands as it is. */
export const failureText = (failed: { readonly error: string; readonly why?: Refusal }): string =>
  failed.why === undefined ? failed.error : refusalText(failed.why);
