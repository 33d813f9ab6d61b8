// Serves a build with its security headers: `npm start`, `npx postdb-lab`, the e2e tests and the browser benches.
import { createServer } from 'node:http';
import sirv from 'sirv';
import { cacheControlOf, headersOf } from './security-headers.mjs';

/** @returns {Promise<number>} a port that nobody listens on */
export async function findFreePort() {
  const probe = createServer();
  const port = await listen(probe, 0, '127.0.0.1');
  await new Promise((closed) => probe.close(closed));
  return port;
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port
 * @param {string} host
 * @returns {Promise<number>} the port that it listens on
 */
function listen(server, port, host) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port the first one that is tried
 * @param {string} host
 * @returns {Promise<number>}
 */
async function listenFrom(server, port, host) {
  for (let next = port; ; next++)
    try {
      return await listen(server, next, host);
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!isTaken || next === 65_535) throw error;
    }
}

/**
 * @param {{port: number, host?: string, isPortStrict?: boolean, outDir?: string}} options
 * @returns {Promise<{address: string, port: number, http: import('node:http').Server, close: () => Promise<void>}>}
 */
export async function servePreview({ port, host = '127.0.0.1', isPortStrict = true, outDir = 'dist' }) {
  const files = sirv(outDir, { etag: true });
  const http = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1);
    // With every answer: WebKit refuses a worker whose 304 lacks them.
    for (const [name, value] of Object.entries(headersOf(path))) response.setHeader(name, value);
    files(request, response, () => {
      // What is not there today may be there tomorrow.
      response.setHeader('Cache-Control', cacheControlOf(''));
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' });
      response.end(`${path} is not here\n`);
    });
  });
  const bound = await (isPortStrict ? listen(http, port, host) : listenFrom(http, port, host));
  return {
    address: `http://localhost:${bound}/`,
    port: bound,
    http,
    close: () =>
      new Promise((closed) => {
        http.close(() => closed());
        http.closeAllConnections();
      }),
  };
}
