// Before the journeys: serve dist/ with its headers on a free port, the build with failpoints on
// another, and find a browser; all reach the test processes through the environment. After them: stop.
import { existsSync } from 'node:fs';
import { ensureBrowser } from '../../scripts/browser.mjs';
import { buildWithFailpoints } from '../../scripts/bundle.mjs';
import { findFreePort, servePreview } from '../../scripts/preview.mjs';

export default async function serveBuild(): Promise<() => Promise<void>> {
  if (!existsSync('dist/index.html'))
    throw new Error('There is no dist/ to test: run `npm run build` first.');
  process.env.POSTDB_LAB_CHROMIUM = ensureBrowser();
  const shipped = await servePreview({ port: await findFreePort() });
  const outDir = await buildWithFailpoints();
  const failpoints = await servePreview({ port: await findFreePort(), outDir });
  process.env.POSTDB_LAB_ADDRESS = shipped.address;
  process.env.POSTDB_LAB_FAILPOINTS_ADDRESS = failpoints.address;
  return async () => {
    await shipped.close();
    await failpoints.close();
  };
}
