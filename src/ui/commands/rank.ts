// Ranking of palette commands for what was typed, best first: by how well its words are found, then what was chosen lately.
// And the list as it stands under the hand: what comes late goes below what is already seen.

import type { Command } from './command.ts';
import { scoreOf } from './match.ts';

/** Lines drawn at once; typing narrows further. */
export const shownLimit = 60;

export interface Ranked {
  readonly shown: readonly Command[];
  /** How many match in all. */
  readonly total: number;
}

/** The number behind these words or alone. */
function typedNumber(query: string, words: RegExp): number | null {
  const text = query
    .replace(/^>/, '')
    .replace(/^\s*(?:go\s*to|goto|to|转到|跳到)?\s*/i, '')
    .replace(words, '')
    .replace(/(?<=\d)[\s,](?=\d{3}(?!\d))/g, '')
    .trim();
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** `lsn 100`, `go to LSN 1,268`, or the number alone. */
export function typedLsn(query: string): number | null {
  const lsn = typedNumber(query, /^lsn\s*/i);
  return lsn === 0 ? null : lsn;
}

/** `event 1204`, `ev 1204`, or the number alone. */
export const typedEvent = (query: string): number | null => typedNumber(query, /^(?:event|ev|事件)\s*/i);

/** `>` in front asks for places only. */
export function rankCommands(commands: readonly Command[], query: string, recent: readonly string[]): Ranked {
  const placesOnly = query.startsWith('>');
  const wanted = query.replace(/^>/, '').trim();
  const age = new Map(recent.map((id, i) => [id, i]));
  const scored = commands.flatMap((command) => {
    if (placesOnly && command.group !== 'place') return [];
    const score = wanted === '' ? 1 : scoreOf(command, wanted);
    const bonus = (recent.length - (age.get(command.id) ?? recent.length)) / 1000;
    return score > 0 ? [{ command, score: score + bonus }] : [];
  });
  scored.sort((a, b) => b.score - a.score);
  return { shown: scored.slice(0, shownLimit).map(({ command }) => command), total: scored.length };
}

/** The lines of one search: those that were there at once, and below them those that came while it stood. */
export interface Listed {
  readonly query: string;
  readonly first: readonly Command[];
  readonly late: readonly Command[];
}

export const noneListed: Listed = { query: '', first: [], late: [] };

/**
 * What is seen for a search keeps its place for as long as it stands: pages that are known only a moment later would
 * otherwise come between the finger and its line.
 */
export function listFor(before: Listed, query: string, shown: readonly Command[]): Listed {
  if (before.query !== query || before.first.length === 0)
    return before.query === query && shown.length === 0 ? before : { query, first: shown, late: [] };
  const seen = new Set([...before.first, ...before.late].map(({ id }) => id));
  const fresh = shown.filter(({ id }) => !seen.has(id));
  return fresh.length === 0 ? before : { ...before, late: [...before.late, ...fresh] };
}
