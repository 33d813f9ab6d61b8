// Prints a tape and its actions, one line each (many of them packed), from their definitions. What it prints, `parseTape` reads back exactly.

import { printLayout } from './cluster-print.ts';
import type { Tape } from './tape.ts';
import type { TapeAction, TapeTables } from './tape-actions.ts';
import { packLines } from './tape-pack.ts';
import { printMs, printText } from './tape-tokens.ts';

/** The action's line without its time. */
export function printAction({ kinds, targets }: TapeTables, action: TapeAction): string {
  const kind = kinds[action.kind];
  const target = targets[kind.target];
  const fields = action as unknown as Readonly<Record<string, unknown>>;
  const args = Object.entries(kind.args).map(([name, arg]) => arg.print(fields[name]));
  const said = args.filter((part) => part !== null);
  const forUs = 'forUs' in action ? action.forUs : null;
  return [
    action.kind,
    target.print(action),
    said.length > 0 && target.isList ? ':' : null,
    ...said,
    forUs === null ? null : `for ${printMs(forUs)} ms`,
  ]
    .filter((part) => part !== null)
    .join(' ');
}

export const printLine = (tables: TapeTables, action: TapeAction): string =>
  `${printMs(action.at)} ${printAction(tables, action)}`;

export function printTape(tables: TapeTables, tape: Tape): string {
  const { header } = tape;
  const { own } = header;
  const lines = [`postdb-tape ${header.version}`, `engine ${header.engine}`];
  lines.push(...(own === undefined ? [`preset ${header.preset}`] : printLayout(tables.presets.kindsOf, own)));
  lines.push(`profile ${header.profile}`);
  for (const [name, value] of header.changes) lines.push(`set ${name} ${value}`);
  lines.push(`seed ${header.seed}`);
  for (const name of header.mutants) lines.push(`broken ${name}`);
  for (const mark of header.marks) lines.push(`mark ${printMs(mark.at)} ${printText(mark.text)}`);
  if (header.end !== null) {
    lines.push(`end ${printMs(header.end.at)}${header.end.hash === null ? '' : ` ${header.end.hash}`}`);
  }
  const actions = packLines(tape.actions.map((action) => printLine(tables, action)));
  return `${[...lines, '', ...actions].join('\n')}\n`;
}
