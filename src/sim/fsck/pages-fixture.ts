// The pages of an engine of the fixture as a structure check reads them: each as the log makes it at VDL.

import { type Fixture, pageAtVdl } from '../../core/engine/engine-fixture.ts';
import type { PageKey } from '../../core/page/page-key.ts';
import type { VolumePages } from './volume-pages.ts';

/** Copies, which a test may damage. */
export function volumePagesOf(f: Fixture): VolumePages & { readonly pages: Map<PageKey, Uint8Array> } {
  const pages = new Map<PageKey, Uint8Array>();
  for (const key of f.chains.keys()) {
    const page = pageAtVdl(f, key);
    if (page !== null) pages.set(key as PageKey, page.slice());
  }
  const spaces = new Map([...f.engine.space].map(([relation, { map }]) => [relation, structuredClone(map)]));
  const { pageBytes, limits } = f.engine.config;
  return { volume: 'v1', at: f.vdl, pageBytes, clientBlocks: limits.clientBlocks, pages, spaces };
}
