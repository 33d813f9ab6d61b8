// `npx postdb-lab`: serves the lab that the package carries, and opens it in a browser.
import { existsSync } from 'node:fs';
import open from 'open';
import { DEFAULT_PG_PORT, DEFAULT_PORT, serveLab } from './serve-lab.mjs';

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

export const OPEN_ARGUMENTS = /** @type {const} */ ({
  port: { type: 'string', default: String(DEFAULT_PORT) },
  host: { type: 'string', default: '127.0.0.1' },
  'reachable-by-others': { type: 'boolean' },
  pg: { type: 'string' },
  'no-open': { type: 'boolean' },
});

/** @typedef {{port: string, host: string, 'reachable-by-others'?: boolean, pg?: string, 'no-open'?: boolean}} OpenOptions */

/**
 * `--pg` stands for itself with the usual port.
 * @param {readonly string[]} args
 */
export const withPgPort = (args) =>
  args.flatMap((arg, i) =>
    arg === '--pg' && !/^[-\d]\d*$/.test(args[i + 1] ?? '') ? [arg, String(DEFAULT_PG_PORT)] : [arg],
  );

/** @param {string} text */
const isPort = (text) => /^\d+$/.test(text) && Number(text) < 65_536;

/**
 * What is wrong with the options, or null.
 * @param {OpenOptions} options
 * @returns {string | null}
 */
export function refusalOf({ port, pg, host, ...options }) {
  if (!isPort(port)) return `--port ${port} is not a port number`;
  if (pg !== undefined && !isPort(pg)) return `--pg ${pg} is not a port number`;
  if (LOOPBACK.includes(host) || options['reachable-by-others'] === true) return null;
  return `--host ${host} is reached from other machines; --reachable-by-others says that this is meant. Only the page is: clients of PostgreSQL's protocol stay on 127.0.0.1`;
}

/** @param {unknown} error */
const complain = (error) => console.error(error instanceof Error ? error.message : error);

/**
 * Until it is interrupted.
 * @param {OpenOptions} options
 * @param {string} outDir the built lab
 * @returns {Promise<number>} 0, or 2 where it cannot be served as asked
 */
export async function openLab(options, outDir) {
  const refusal = refusalOf(options);
  if (refusal !== null || !existsSync(outDir)) {
    console.error(refusal ?? `${outDir} is not there: the package was not built whole`);
    return 2;
  }
  const { host, pg } = options;
  try {
    const pgPort = pg === undefined ? null : Number(pg);
    const { address, close } = await serveLab({ port: Number(options.port), host, pgPort, outDir });
    if (options['no-open'] !== true) await open(address).catch(complain);
    await new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, resolve);
    });
    await close();
    return 0;
  } catch (error) {
    complain(error);
    return 2;
  }
}
