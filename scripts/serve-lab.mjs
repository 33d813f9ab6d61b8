// The lab at an address of this machine, and with it, where asked for, an address of PostgreSQL's protocol: `npm start`, `npx postdb-lab`.
import { listenForTab } from './pg-bridge.mjs';
import { servePreview } from './preview.mjs';

/** Where disks of earlier visits are found: they belong to an address. */
export const DEFAULT_PORT = 4173;
export const DEFAULT_PG_PORT = 5433;

/**
 * Prints the addresses. A port that is taken gives way to the next free one; that of the protocol does not.
 * @param {{port: number, host: string, pgPort: number | null, outDir?: string}} options `pgPort`: null where clients are not asked for
 * @returns {Promise<{address: string, close: () => Promise<void>}>} what a browser opens
 */
export async function serveLab({ port, host, pgPort, outDir = 'dist' }) {
  const server = await servePreview({ port, host, isPortStrict: false, outDir });
  if (port !== 0 && server.port !== port)
    console.log(`Port ${port} is taken. Disks belong to an address: labs kept there are not seen here.`);
  const bridge = pgPort === null ? null : await bridgeOf(server, pgPort);
  const address = bridge === null ? server.address : `${server.address}?pg=${bridge.token}`;
  console.log(`\n  PostDB Lab  ${address}`);
  if (bridge !== null) console.log(`  Clients     postgresql://postgres@127.0.0.1:${bridge.port}/lab`);
  console.log('\n  Ctrl C stops it.');
  return {
    address,
    async close() {
      bridge?.close();
      await server.close();
    },
  };
}

/**
 * @param {Awaited<ReturnType<typeof servePreview>>} server
 * @param {number} pgPort
 */
async function bridgeOf(server, pgPort) {
  try {
    return await listenForTab(server.http, pgPort);
  } catch (error) {
    await server.close();
    throw new Error(
      `127.0.0.1:${pgPort} cannot be listened on: ${error instanceof Error ? error.message : error}`,
    );
  }
}
