// The page as plain text, for a report or a mail; and the revision of the rules it speaks of. Pure.

import { hashHex, hashText, makeHash } from '../../base/hash.ts';
import type { Both } from '../i18n/both.ts';
import type { Translate } from '../i18n/i18n.ts';
import { named } from '../i18n/sentence.ts';
import { ruleRegistry } from '../rules/registry.ts';
import { disagreements, knownLimits, modelRows, notProven } from './content.ts';

export type AboutLanguage = keyof Both;

/** Changes whenever a rule's sentences or words do, whoever brings it. */
export function ruleRevision(): string {
  const hash = makeHash();
  const inOrder = ruleRegistry.toSorted((a, b) => (a.slug < b.slug ? -1 : 1));
  for (const { slug, ids, text } of inOrder) hashText(hash, `${slug} ${ids.join(' ')} ${text.en}\n`);
  return hashHex(hash).slice(0, 8);
}

export interface VersionLine {
  readonly name: string;
  readonly value: string;
}

export function aboutText(versions: readonly VersionLine[], language: AboutLanguage, t: Translate): string {
  const lines = [
    `PostDB Lab – ${t('about.title')}`,
    '',
    ...versions.map(({ name, value }) => `${name}: ${value}`),
    '',
  ];
  for (const row of modelRows) {
    lines.push(row.part[language]);
    lines.push(`  ${named(t('about.real'), row.real[language], t)}`);
    lines.push(`  ${named(t('about.simplified'), row.simplified[language], t)}`);
    lines.push(`  ${named(t('about.absent'), row.absent[language], t)}`);
    lines.push(`  ${named(t('about.rules'), [row.ids.join(', '), row.source].join(t('list.semicolon')), t)}`);
  }
  lines.push('', t('about.disagree'), ...disagreements.map(({ id, text }) => `  ${id}: ${text[language]}`));
  lines.push('', t('about.limits'), ...knownLimits.map((limit) => `  ${limit[language]}`));
  lines.push('', t('about.notProven'), `  ${notProven[language]}`, '');
  return lines.join('\n');
}
