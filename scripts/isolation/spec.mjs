// Interleavings of connections in the form of PostgreSQL's isolation tester: sessions with steps, and permutations of them. A step that
// waits for a lock is shown as waiting, and its answer where it comes. Played again with commits that stay pending, nothing becomes durable
// for a drawn number of steps: who commits meanwhile waits, and nobody else may take it for committed.

import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

/**
 * @typedef {import('../../src/ui/dock/read-spec.mjs').Spec} Spec
 * What a connection answers: rows as text (null: none were asked for), or an error's message.
 * @typedef {{names: readonly string[], rows: readonly (readonly (string | null)[])[]}} Rows
 * @typedef {{results: readonly Rows[], error: string | null, sqlstate: string | null}} Answer
 * @typedef {object} Connections
 * @property {(session: string, sql: string) => Promise<Answer>} ask
 * @property {() => Promise<number>} waiting How many sessions wait for a lock, or for what they commit to be durable while that is held.
 * @property {(isHeld: boolean) => Promise<void>} hold From here on nothing becomes durable, or again.
 * @property {() => Promise<void>} close
 */

/** Wall ms within which most answers come. */
const SOON_MS = 30;

/** @param {Answer} answer */
function show({ results, error }) {
  const lines = results.flatMap(({ names, rows }) => [
    names.join('|'),
    ...rows.map((row) => row.map((value) => value ?? '').join('|')),
    `(${rows.length} row${rows.length === 1 ? '' : 's'})`,
  ]);
  if (error !== null) lines.push(`ERROR:  ${error}`);
  return lines.map((line) => `  ${line}`.trimEnd());
}

/** What a spec is expected to answer. @param {string} file @param {boolean} isPending */
export const expectedAt = (file, isPending) =>
  new URL(`expected/${file.replace('.spec', isPending ? '.pending.out' : '.out')}`, import.meta.url);

/**
 * Plays every permutation, each on connections of its own; what came, line by line.
 * @param {Spec} spec
 * @param {() => Promise<Connections>} connect
 * @param {{isPending?: boolean}} [how] `isPending`: commits stay pending for a drawn number of steps.
 */
export async function playSpec(spec, connect, { isPending = false } = {}) {
  const lines = [`${spec.sessions.length} sessions`];
  for (const permutation of spec.permutations) {
    const connections = await connect();
    lines.push('', `permutation: ${permutation.join(' ')}`);
    await playOne(spec, permutation, connections, lines, isPending ? holdsOf(spec, permutation) : new Map());
    await connections.close();
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Before which steps durability is held, and for how many: before two of three that commit, drawn from the permutation's own words.
 * @param {Spec} spec
 * @param {readonly string[]} permutation
 * @returns {ReadonlyMap<number, number>}
 */
function holdsOf({ sessions }, permutation) {
  const steps = sessions.flatMap((session) => session.steps);
  const commits = new Set(steps.filter(({ sql }) => /\bcommit\b/.test(sql)).map(({ name }) => name));
  const drawn = createHash('sha256').update(permutation.join(' ')).digest();
  /** @type {Map<number, number>} */
  const holds = new Map();
  for (let at = 0; at < permutation.length; at++) {
    const byte = drawn.readUInt8(at % drawn.length);
    if (!commits.has(permutation[at] ?? '') || byte % 3 === 0) continue;
    const count = 1 + ((byte >> 2) % 4);
    holds.set(at, count);
    at += count - 1;
  }
  return holds;
}

/**
 * @param {Spec} spec
 * @param {readonly string[]} permutation
 * @param {Connections} connections
 * @param {string[]} lines
 * @param {ReadonlyMap<number, number>} holds
 */
async function playOne(spec, permutation, { ask, waiting, hold }, lines, holds) {
  /** @param {string} session @param {string | null} sql */
  const quietly = async (session, sql) => {
    const { error = null } = sql === null ? {} : await ask(session, sql);
    if (error !== null) throw new Error(`${sql}: ${error}`);
  };
  for (const sql of spec.setup) await quietly('control', sql);
  for (const { name, setup } of spec.sessions) await quietly(name, setup);
  /** @type {Map<string, {step: string, answer: Answer | null}>} */
  const open = new Map();
  let heldFor = 0;
  const letGo = async () => {
    heldFor = 0;
    lines.push('durable again');
    await hold(false);
    await settle(open, waiting, lines, null);
  };
  for (const [at, name] of permutation.entries()) {
    const session = spec.sessions.find(({ steps }) => steps.some((one) => one.name === name));
    const step = session?.steps.find((one) => one.name === name);
    if (session === undefined || step === undefined) throw new Error(`no step is called ${name}`);
    // a session takes its next step when it has the answer to the one before
    if (heldFor > 0 && open.has(session.name)) await letGo();
    while (open.has(session.name)) await settle(open, waiting, lines, session.name);
    if (heldFor === 0 && holds.has(at)) {
      heldFor = holds.get(at) ?? 0;
      lines.push('nothing becomes durable');
      await hold(true);
    }
    /** @type {{step: string, answer: Answer | null}} */
    const entry = { step: name, answer: null };
    open.set(session.name, entry);
    const answered = ask(session.name, step.sql).then((answer) => (entry.answer = answer));
    // most steps do not wait: only who takes longer is asked after
    if (heldFor === 0) await Promise.race([answered, setTimeout(SOON_MS)]);
    while (entry.answer === null && !(await isStill(open, waiting)));
    const answer = /** @type {Answer | null} */ (entry.answer);
    lines.push(`step ${name}: ${step.sql.replaceAll(/\s+/g, ' ')}${answer === null ? ' <waiting>' : ''}`);
    if (answer !== null) {
      open.delete(session.name);
      lines.push(...show(answer));
    }
    await settle(open, waiting, lines, null);
    if (heldFor > 0 && --heldFor === 0) await letGo();
  }
  if (heldFor > 0) await letGo();
  while (open.size > 0) await settle(open, waiting, lines, [...open.keys()][0] ?? null);
  for (const { name, teardown } of spec.sessions) await quietly(name, teardown);
  await quietly('control', spec.teardown);
}

/** Every open step has ended or waits. @param {Map<string, {answer: Answer | null}>} open @param {() => Promise<number>} waiting */
async function isStill(open, waiting) {
  const count = await waiting();
  return count === [...open.values()].filter(({ answer }) => answer === null).length;
}

/**
 * Shows what steps that waited have answered by now. `until`: the session that has to.
 * @param {Map<string, {step: string, answer: Answer | null}>} open
 * @param {() => Promise<number>} waiting
 * @param {string[]} lines
 * @param {string | null} until
 */
async function settle(open, waiting, lines, until) {
  for (;;) {
    if (open.size === 0) return;
    const isAtRest = await isStill(open, waiting);
    for (const [session, { step, answer }] of [...open]) {
      if (answer === null) continue;
      open.delete(session);
      lines.push(`step ${step}: <completed>`, ...show(answer));
    }
    if (until === null ? isAtRest : !open.has(until)) return;
    if (until !== null && isAtRest && open.size > 0 && open.get(until)?.answer === null)
      throw new Error(`the step ${open.get(until)?.step} waits for what never comes`);
  }
}
