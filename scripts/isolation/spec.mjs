// Interleavings of connections in the form of PostgreSQL's isolation tester: sessions with steps, and permutations of them. A step that
// waits for a lock is shown as waiting, and its answer where it comes.

import { setTimeout } from 'node:timers/promises';

/**
 * @typedef {{name: string, sql: string}} Step
 * @typedef {{name: string, setup: string | null, teardown: string | null, steps: readonly Step[]}} SpecSession
 * @typedef {{setup: readonly string[], teardown: string | null, sessions: readonly SpecSession[], permutations: readonly (readonly string[])[]}} Spec
 * What a connection answers: rows as text (null: none were asked for), or an error's message.
 * @typedef {{names: readonly string[], rows: readonly (readonly (string | null)[])[]}} Rows
 * @typedef {{results: readonly Rows[], error: string | null, sqlstate: string | null}} Answer
 * @typedef {{ask: (session: string, sql: string) => Promise<Answer>, locked: () => Promise<number>, close: () => Promise<void>}} Connections
 */

const TOKEN = /\s+|#[^\n]*|\{([^}]*)\}|"([^"]*)"|(\w+)|(.)/gy;

/** @param {string} text @returns {{kind: 'block' | 'word', text: string}[]} */
function tokensOf(text) {
  const tokens = [];
  for (const [, block, quoted, word, other] of text.matchAll(TOKEN)) {
    if (other !== undefined) throw new Error(`a spec has ${other} where a word or a block is expected`);
    if (block !== undefined) tokens.push({ kind: /** @type {const} */ ('block'), text: block.trim() });
    else if (quoted !== undefined || word !== undefined)
      tokens.push({ kind: /** @type {const} */ ('word'), text: quoted ?? word ?? '' });
  }
  return tokens;
}

const KEYWORDS = new Set(['setup', 'teardown', 'session', 'step', 'permutation']);

/** Without permutations every order of the steps in which each session keeps its own is one. @param {string} text @returns {Spec} */
export function readSpec(text) {
  const tokens = tokensOf(text);
  /** @type {string[]} */
  const setup = [];
  /** @type {string | null} */
  let teardown = null;
  /** @type {{name: string, setup: string | null, teardown: string | null, steps: Step[]}[]} */
  const sessions = [];
  /** @type {string[][]} */
  const permutations = [];
  let at = 0;
  const next = () => {
    const token = tokens[at++];
    if (token === undefined) throw new Error('a spec ends in the middle');
    return token.text;
  };
  while (at < tokens.length) {
    const session = sessions.at(-1);
    const keyword = next();
    if (keyword === 'session') sessions.push({ name: next(), setup: null, teardown: null, steps: [] });
    else if (keyword === 'setup' && session) session.setup = next();
    else if (keyword === 'setup') setup.push(next());
    else if (keyword === 'teardown' && session) session.teardown = next();
    else if (keyword === 'teardown') teardown = next();
    else if (keyword === 'step' && session) session.steps.push({ name: next(), sql: next() });
    else if (keyword === 'permutation') {
      const steps = [];
      while (at < tokens.length && !KEYWORDS.has(tokens[at]?.text ?? '')) steps.push(next());
      permutations.push(steps);
    } else throw new Error(`a spec has ${keyword} where a keyword is expected`);
  }
  const known = sessions.flatMap(({ steps }) => steps.map(({ name }) => name));
  for (const name of permutations.flat())
    if (!known.includes(name)) throw new Error(`no step is called ${name}`);
  const all =
    permutations.length > 0 ? permutations : merges(sessions.map(({ steps }) => steps.map((s) => s.name)));
  return { setup, teardown, sessions, permutations: all };
}

/** @param {string[][]} lists @returns {string[][]} */
function merges(lists) {
  if (lists.every((list) => list.length === 0)) return [[]];
  return lists.flatMap(([first, ...rest], i) =>
    first === undefined
      ? []
      : merges(lists.map((list, j) => (j === i ? rest : list))).map((tail) => [first, ...tail]),
  );
}

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

/**
 * Plays every permutation, each on connections of its own; what came, line by line.
 * @param {Spec} spec
 * @param {() => Promise<Connections>} connect
 */
export async function playSpec(spec, connect) {
  const lines = [`${spec.sessions.length} sessions`];
  for (const permutation of spec.permutations) {
    const connections = await connect();
    lines.push('', `permutation: ${permutation.join(' ')}`);
    await playOne(spec, permutation, connections, lines);
    await connections.close();
  }
  return `${lines.join('\n')}\n`;
}

/** @param {Spec} spec @param {readonly string[]} permutation @param {Connections} connections @param {string[]} lines */
async function playOne(spec, permutation, { ask, locked }, lines) {
  /** @param {string} session @param {string | null} sql */
  const quietly = async (session, sql) => {
    const { error = null } = sql === null ? {} : await ask(session, sql);
    if (error !== null) throw new Error(`${sql}: ${error}`);
  };
  for (const sql of spec.setup) await quietly('control', sql);
  for (const { name, setup } of spec.sessions) await quietly(name, setup);
  /** @type {Map<string, {step: string, answer: Answer | null}>} */
  const open = new Map();
  for (const name of permutation) {
    const session = spec.sessions.find(({ steps }) => steps.some((one) => one.name === name));
    const step = session?.steps.find((one) => one.name === name);
    if (session === undefined || step === undefined) throw new Error(`no step is called ${name}`);
    while (open.has(session.name)) await settle(open, locked, lines, session.name);
    /** @type {{step: string, answer: Answer | null}} */
    const entry = { step: name, answer: null };
    open.set(session.name, entry);
    const answered = ask(session.name, step.sql).then((answer) => (entry.answer = answer));
    // most steps do not wait: only who takes longer is asked after
    await Promise.race([answered, setTimeout(SOON_MS)]);
    while (entry.answer === null && !(await isStill(open, locked)));
    const answer = /** @type {Answer | null} */ (entry.answer);
    lines.push(`step ${name}: ${step.sql.replaceAll(/\s+/g, ' ')}${answer === null ? ' <waiting>' : ''}`);
    if (answer !== null) {
      open.delete(session.name);
      lines.push(...show(answer));
    }
    await settle(open, locked, lines, null);
  }
  while (open.size > 0) await settle(open, locked, lines, [...open.keys()][0] ?? null);
  for (const { name, teardown } of spec.sessions) await quietly(name, teardown);
  await quietly('control', spec.teardown);
}

/** Every open step has ended or waits for a lock. @param {Map<string, {answer: Answer | null}>} open @param {() => Promise<number>} locked */
async function isStill(open, locked) {
  const waiting = await locked();
  return waiting === [...open.values()].filter(({ answer }) => answer === null).length;
}

/**
 * Shows what steps that waited have answered by now. `until`: the session that has to.
 * @param {Map<string, {step: string, answer: Answer | null}>} open
 * @param {() => Promise<number>} locked
 * @param {string[]} lines
 * @param {string | null} until
 */
async function settle(open, locked, lines, until) {
  for (;;) {
    if (open.size === 0) return;
    const isAtRest = await isStill(open, locked);
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
