// Chinese gloss of a Latin term at its first use: `VDL（卷持久位点）`. A caption explains one term at most, for as long as it
// stands; a term that was explained so is not glossed again.

import { currentLanguage } from '../i18n/i18n.ts';
import { namesIn } from '../rules/terms.ts';

/** `id` says which caption a text is of: its numbers change while it stands. */
export function makeGloss(): (text: string, id: string) => string {
  const done = new Set<string>();
  let now: { readonly id: string; readonly term: string } | null = null;
  return (text, id) => {
    const names = namesIn(text).filter(({ first, last }) => /^[A-Z]{2}/.test(text.slice(first, last)));
    if (now !== null && now.id !== id) {
      done.add(now.term);
      now = null;
    }
    const wanted = now?.term;
    const found = names.find(({ term: { key } }) => (wanted === undefined ? !done.has(key) : key === wanted));
    if (found === undefined || text[found.last] === '（') return text;
    now = { id, term: found.term.key };
    return `${text.slice(0, found.last)}（${found.term.gloss}）${text.slice(found.last)}`;
  };
}

const ofCaptions = makeGloss();
const ofLessons = makeGloss();

/** English texts stay as they are. */
const inChinese = (gloss: typeof ofCaptions) => (text: string, id: string) =>
  currentLanguage() === 'zh-CN' ? gloss(text, id) : text;

export const glossedCaption: typeof ofCaptions = inChinese(ofCaptions);
export const glossedLesson: typeof ofCaptions = inChinese(ofLessons);
