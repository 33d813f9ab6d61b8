// The deep run of the Raft explorer: every small world without a bug up to a number of distinct states, then every planted bug
// until its counterexample. For a command that has minutes.

import { type Exploration, explore } from './explore.ts';
import { plantedBugs, worlds } from './explore-worlds.ts';

function summarise(name: string, { states, depth, isComplete, violation, seen }: Exploration): string {
  const counts = Object.entries(seen).map(([what, count]) => `${what} ${count}`);
  const end = violation !== null ? violation.what : isComplete ? 'complete' : 'bound reached';
  return `${name}: ${states} states, depth ${depth}, ${end}; ${counts.join(', ')}`;
}

/**
 * Prints a line as each world ends. `maxStates` are shared by the clean worlds; a planted bug has as many as each of them.
 * Sound when no clean world breaks a rule and every planted bug is caught.
 */
export function exploreDeep(maxStates: number, print: (line: string) => void): boolean {
  let isSound = true;
  const share = Math.ceil(maxStates / worlds.length);
  for (const world of worlds) {
    const found = explore(world, share);
    print(summarise(world.name, found));
    isSound &&= found.violation === null;
  }
  for (const [bug, world] of plantedBugs) {
    const found = explore({ ...world, broken: [bug] }, share);
    print(summarise(bug, found));
    for (const line of found.violation?.trail ?? []) print(`  ${line}`);
    isSound &&= found.violation !== null;
  }
  return isSound;
}
