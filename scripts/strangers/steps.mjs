// Steps of a program: each has a name and passes or fails by itself, so that one that fails hides none behind it.

/**
 * @typedef {{url: string, into: string | undefined, load: (name: string) => any}} World
 * @typedef {(name: string, run: () => unknown) => Promise<void>} Step
 * @typedef {(step: Step, world: World) => Promise<void>} Program
 */

/** Longest time that a step may take, ms. */
const LIMIT_MS = 60_000;

/**
 * @param {string} name
 * @param {Program} program
 * @param {World} world
 * @param {boolean} isQuiet
 */
export async function runSteps(name, program, world, isQuiet) {
  const counts = { passed: 0, failed: 0 };
  /** @param {string} step @param {unknown} error */
  const note = (step, error) => {
    counts[error === null ? 'passed' : 'failed']++;
    if (error === null && !isQuiet) console.log(`ok   ${name}: ${step}`);
    if (error !== null) console.log(`FAIL ${name}: ${step}: ${shown(error)}`);
  };
  /** @type {Step} */
  const step = async (what, run) => {
    try {
      await within(run);
      note(what, null);
    } catch (error) {
      note(what, error);
    }
  };
  try {
    await program(step, world);
  } catch (error) {
    note('ends', error);
  }
  return counts;
}

/** @param {unknown} error */
const shown = (error) => {
  const { code, message, parent } = /** @type {any} */ (error);
  return `${code ?? parent?.code ?? ''} ${String(message || error)
    .replace(/\s+/g, ' ')
    .slice(0, 400)}`;
};

/** @param {() => unknown} run */
async function within(run) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took more than ${LIMIT_MS} ms`)), LIMIT_MS);
  });
  try {
    await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}
