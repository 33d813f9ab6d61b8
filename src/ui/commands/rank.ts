// Ranking of palette commands for what was typed, best first: what is called just that, then by the matcher's score,
// then what was chosen lately.

import { defaultFilter } from 'cmdk';
import type { Command } from './command.ts';

/** Lines drawn at once; typing narrows further. */
export const shownLimit = 60;

export interface Ranked {
  readonly shown: readonly Command[];
  /** How many match in all. */
  readonly total: number;
}

/** `lsn 100`, or the number alone. */
export function typedLsn(query: string): number | null {
  const lsn = Number(query.replace(/^>/, '').replace(/^\s*lsn\s*/i, ''));
  return Number.isInteger(lsn) && lsn > 0 ? lsn : null;
}

/** `event 1204`, `ev 1204`, or the number alone. */
export function typedEvent(query: string): number | null {
  const text = query.replace(/^>/, '').replace(/^\s*(?:event|ev|事件)\s*/i, '');
  const index = Number(text);
  return text.trim() !== '' && Number.isInteger(index) && index >= 0 ? index : null;
}

/** Numbers are meant as they were typed: their digits stand together. */
const hasNumbers = ({ label, keywords }: Command, wanted: string): boolean =>
  (wanted.match(/\d+/g) ?? []).every((digits) =>
    [label, ...(keywords ?? [])].some((text) => text.replace(/(?<=\d)\s(?=\d)/g, '').includes(digits)),
  );

/** `>` in front asks for places only. */
export function rankCommands(commands: readonly Command[], query: string, recent: readonly string[]): Ranked {
  const placesOnly = query.startsWith('>');
  const wanted = query.replace(/^>/, '').trim();
  const known = commands.filter(
    (command) => (!placesOnly || command.group === 'place') && hasNumbers(command, wanted),
  );
  const age = new Map(recent.map((id, i) => [id, i]));
  const scored = known.flatMap((command) => {
    const score =
      wanted === '' ? 1 : (defaultFilter?.(command.label, wanted, [...(command.keywords ?? [])]) ?? 0);
    const bonus = (recent.length - (age.get(command.id) ?? recent.length)) / 1000;
    const isNamed = command.label.toLowerCase() === wanted.toLowerCase();
    return score > 0 ? [{ command, score: score + bonus + (isNamed ? 1 : 0) }] : [];
  });
  scored.sort((a, b) => b.score - a.score);
  return { shown: scored.slice(0, shownLimit).map(({ command }) => command), total: scored.length };
}
