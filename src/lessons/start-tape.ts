// The tape that a lesson begins with.

import type { Mutants } from '../core/kernel/mutants.ts';
import { ENGINE } from '../sim/engine.ts';
import type { Lesson } from './format.ts';

export function startTape({ start }: Pick<Lesson, 'start'>, mutants: Mutants = []): string {
  if (start.head !== undefined) return `${[...start.head, '', ...start.tape].join('\n')}\n`;
  const head = ['postdb-tape 1', `engine ${ENGINE}`, `preset ${start.preset}`, 'profile demo'];
  for (const [name, value] of Object.entries(start.config ?? {})) head.push(`set ${name} ${value}`);
  head.push(`seed ${start.seed}`, ...mutants.map((name) => `broken ${name}`), '');
  return `${[...head, ...start.tape].join('\n')}\n`;
}
