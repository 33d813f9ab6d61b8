// Holds of a node's commits, in the build made for them (src/host/failpoint.ts): how a journey asks for one and waits for it.
import { expect, type Page } from '@playwright/test';

/** Before the page is opened: it will bear the name of the node that is held. */
export async function watchHolds(page: Page): Promise<void> {
  await page.addInitScript(() => {
    new BroadcastChannel('postdb-lab/failpoint').onmessage = ({ data }) =>
      document.documentElement.setAttribute('data-held', String(data));
  });
}

/** From now on no commit of this node completes. */
export const holdCommits = (page: Page, node: string): Promise<void> =>
  page.evaluate((name) => new BroadcastChannel('postdb-lab/failpoint/hold').postMessage(name), node);

export const expectHeld = (page: Page, node: string): Promise<void> =>
  expect(page.locator('html')).toHaveAttribute('data-held', node);
