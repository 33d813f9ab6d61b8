// Before the journeys: serve dist/ with its headers on a free port, the build with failpoints on
// another, and find browsers; all reach the test processes through the environment. After them: stop.
import { existsSync } from 'node:fs';
import type { FullConfig } from '@playwright/test';
import { ensureBrowser } from '../../scripts/browser.mjs';
import { buildWithFailpoints } from '../../scripts/bundle.mjs';
import { type EngineName, howToInstall, isInstalled } from '../../scripts/engines.mjs';
import { findFreePort, servePreview } from '../../scripts/preview.mjs';

/** Projects of other engines that are to run, and cannot. */
function sayWhatIsMissing({ projects }: FullConfig): void {
  for (const engine of ['firefox', 'webkit'] satisfies EngineName[])
    if (projects.some(({ name }) => name === engine) && !isInstalled(engine))
      console.log(howToInstall(engine));
}

export default async function serveBuild(config: FullConfig): Promise<() => Promise<void>> {
  if (!existsSync('dist/index.html'))
    throw new Error('There is no dist/ to test: run `npm run build` first.');
  sayWhatIsMissing(config);
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
