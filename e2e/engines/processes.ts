// Processes that a browser has started, as Linux tells of them: a browser that is killed is gone when all of them are.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

interface Process {
  readonly id: number;
  readonly parent: number;
}

function readProcess(id: number): readonly Process[] {
  try {
    // `12 (a name) S 7 …`; a zombie is gone but for its entry.
    const [, state, parent] = /^\d+ \(.*\) (\S) (\d+)/s.exec(readFileSync(`/proc/${id}/stat`, 'utf8')) ?? [];
    return state === undefined || state === 'Z' ? [] : [{ id, parent: Number(parent) }];
  } catch {
    return [];
  }
}

const allProcesses = (): readonly Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)));

/** Those that this process has started, and theirs. */
function descendantsOf(id: number, all: readonly Process[] = allProcesses()): readonly Process[] {
  return all.filter(({ parent }) => parent === id).flatMap((one) => [one, ...descendantsOf(one.id, all)]);
}

const isAlive = (id: number): boolean => readProcess(id).length > 0;

/** SIGKILL to this one; resolves when it and all that it had started are gone. */
export async function killWhole(id: number): Promise<void> {
  const theirs = descendantsOf(id).map((one) => one.id);
  process.kill(id, 'SIGKILL');
  while ([id, ...theirs].some(isAlive)) await sleep(20);
}

/** Whatever state they are in: this one and all that it has started are gone afterwards. */
export async function endWhole(id: number | undefined): Promise<void> {
  if (id === undefined) return;
  const all = [...descendantsOf(id).map((one) => one.id), id].filter(isAlive);
  for (const one of all) process.kill(one, 'SIGKILL');
  while (all.some(isAlive)) await sleep(20);
}

/** These and all that they have started stand still for so long. */
export async function suspend(ids: readonly number[], ms: number): Promise<void> {
  const all = ids.flatMap((id) => [id, ...descendantsOf(id).map((one) => one.id)]).filter(isAlive);
  for (const one of all) process.kill(one, 'SIGSTOP');
  await sleep(ms);
  for (const one of all.toReversed()) if (isAlive(one)) process.kill(one, 'SIGCONT');
}
