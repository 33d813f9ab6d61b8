// The words of a fact, each with its place in the text: what is in braces is kept together, and so are the parentheses behind a name
// (`SCL(store-3, g2)`); parentheses that stand alone are words.

import { BadFact } from './fault.ts';

export interface Word {
  readonly text: string;
  readonly at: number;
}

/** Where the brace that is open at `from` ends. */
export function endOf(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  throw new BadFact(text, text.length, { code: 'expected', wanted: '}' });
}

const NAME = /^(?!(?:and|or)$)[A-Za-z][\w.-]*$/;

/** Between these places of the text. */
export function wordsOf(text: string, start = 0, stop: number = text.length): readonly Word[] {
  const words: Word[] = [];
  let from = -1;
  const end = (at: number): void => {
    if (from >= 0) words.push({ text: text.slice(from, at), at: from });
    from = -1;
  };
  for (let i = start; i < stop; i++) {
    const char = text[i] ?? '';
    if (/\s/.test(char)) end(i);
    else if (char === '}') throw new BadFact(text, i, { code: 'unexpected', text: char });
    else if (char === '{') {
      if (from < 0) from = i;
      i = endOf(text, i);
    } else if (char === ')') {
      end(i);
      words.push({ text: char, at: i });
    } else if (char === '(') {
      // Behind a name, with or without a space: of what the number is.
      const before = words.at(-1);
      if (from < 0 && before !== undefined && NAME.test(before.text)) {
        words.pop();
        from = before.at;
      }
      if (from < 0) words.push({ text: char, at: i });
      else {
        const close = text.indexOf(')', i);
        if (close < 0 || close >= stop) throw new BadFact(text, stop, { code: 'expected', wanted: ')' });
        i = close;
      }
    } else if (from < 0) from = i;
  }
  end(stop);
  return words;
}

const SIGN = /^[-+*/]$/;
const OPERATOR = /^(==|!=|<=|>=|=|<|>|~)([\s\S]*)$/;
const HEAD = /^([A-Za-z][\w.-]*(?:\s*\([^)]*\))?|-?\d+(?:\.\d+)?)((?:==|!=|<=|>=|=|<|>|~)[\s\S]*)$/;

export const isSign = (word: string): word is '+' | '-' | '*' | '/' => SIGN.test(word);

/** Comparisons that are written without spaces, apart: `VDL>=1000`. A filter, `page=7`, is never the first word of a fact. */
export function splitComparisons(words: readonly Word[]): readonly Word[] {
  const split: Word[] = [];
  let isFirst = true;
  for (const word of words) {
    const [, head, rest] = (isFirst ? HEAD.exec(word.text) : null) ?? [];
    const parts =
      head === undefined || rest === undefined
        ? [word]
        : [
            { text: head, at: word.at },
            { text: rest, at: word.at + head.length },
          ];
    for (const part of parts) {
      const [, operator, more = ''] = OPERATOR.exec(part.text) ?? [];
      if (operator === undefined) split.push(part);
      else {
        split.push({ text: operator === '==' ? '=' : operator, at: part.at });
        if (more !== '') split.push({ text: more, at: part.at + operator.length });
      }
    }
    const last = split.at(-1)?.text ?? '';
    isFirst = isSign(last) || OPERATOR.exec(last)?.[2] === '';
  }
  return split;
}
