// Serves dist/ with the security headers: `npm start`, the e2e tests and the browser benches.
import { createServer } from 'node:net';
import { preview } from 'vite';

/** @returns {Promise<number>} a port that nobody listens on */
export async function findFreePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/**
 * @param {{port: number, host?: string, isPortStrict?: boolean, outDir?: string}} options
 * @returns {Promise<{address: string, port: number, http: import('node:http').Server, close: () => Promise<void>}>}
 */
export async function servePreview({ port, host = '127.0.0.1', isPortStrict = true, outDir }) {
  const server = await preview({
    logLevel: 'warn',
    ...(outDir === undefined ? {} : { build: { outDir } }),
    preview: { port, host, strictPort: isPortStrict, open: false },
  });
  const bound = server.httpServer.address();
  const actualPort = bound !== null && typeof bound === 'object' ? bound.port : port;
  return {
    address: `http://localhost:${actualPort}/`,
    port: actualPort,
    http: /** @type {import('node:http').Server} */ (server.httpServer),
    close: () => server.close(),
  };
}
