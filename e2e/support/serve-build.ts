// Before the journeys: serve dist/ with its headers on a free port and find a browser; both reach
// the test processes through the environment. After them: stop the server.
import { existsSync } from 'node:fs';
import { ensureBrowser } from '../../scripts/browser.mjs';
import { findFreePort, servePreview } from '../../scripts/preview.mjs';

export default async function serveBuild(): Promise<() => Promise<void>> {
  if (!existsSync('dist/index.html'))
    throw new Error('There is no dist/ to test: run `npm run build` first.');
  process.env.POSTDB_LAB_CHROMIUM = ensureBrowser();
  const server = await servePreview({ port: await findFreePort() });
  process.env.POSTDB_LAB_ADDRESS = server.address;
  return server.close;
}
