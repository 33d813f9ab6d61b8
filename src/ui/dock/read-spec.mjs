// The form of PostgreSQL's isolation tester: sessions with steps, and permutations of them. Read by the tests of this folder and by the
// lab's console.

/** @typedef {import('./read-spec.d.mts').Spec} Spec */
/** @typedef {import('./read-spec.d.mts').Step} Step */

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

/**
 * Without permutations every order of the steps in which each session keeps its own is one.
 * @param {string} text
 * @param {number} [ordersMost] of which it may be made
 * @returns {Spec}
 */
export function readSpec(text, ordersMost = Number.POSITIVE_INFINITY) {
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
  const count =
    permutations.length > 0 ? permutations.length : mergesOf(sessions.map(({ steps }) => steps.length));
  if (count > ordersMost)
    throw new Error(
      `a spec has ${count} orders of its steps, at most ${ordersMost} are played; name some as permutations`,
    );
  const all =
    permutations.length > 0 ? permutations : merges(sessions.map(({ steps }) => steps.map((s) => s.name)));
  return { setup, teardown, sessions, permutations: all };
}

/** How many orders lists of these lengths have. @param {readonly number[]} lengths */
function mergesOf(lengths) {
  let count = 1;
  let placed = 0;
  for (const length of lengths)
    for (let i = 1; i <= length; i++) {
      placed++;
      count = (count * placed) / i;
    }
  return Math.round(count);
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
