// Where builds of other engines lie on this site: the newest at its top, each older one below it, 0.20.0 in `v/0-20-0/` (scripts/site.mjs). What a tape
// of another engine makes is that engine's to play, so a link, a file or a saved run of one is sent to its folder, if it is kept.

import * as v from 'valibot';
import { ENGINE } from '../sim/engine.ts';

const engineName = v.pipe(v.string(), v.regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}$/));
const siteShape = v.object({ newest: engineName, kept: v.pipe(v.array(engineName), v.maxLength(1000)) });

export type Site = v.InferOutput<typeof siteShape>;

/** Null: it says none, or this one. Read before the tape is: another engine may know other lines. */
export function otherEngineOf(tape: string): string | null {
  const said = /^engine (\S+)$/m.exec(tape.slice(0, 4096))?.[1];
  return said === undefined || said === ENGINE || !v.is(engineName, said) ? null : said;
}

/** Without dots: a server may take what stands behind one for a file's ending, and list the folder. */
const folderOf = (engine: string): string => `v/${engine.replaceAll('.', '-')}/`;

/** Of a build by its page's address: its folder, and the top of the site that it lies in. */
export function foldersOf(address: string): { readonly here: string; readonly top: string } {
  const { origin, pathname } = new URL(address);
  const here = origin + pathname.slice(0, pathname.lastIndexOf('/') + 1);
  const own = folderOf(ENGINE);
  return { here, top: here.endsWith(`/${own}`) ? here.slice(0, -own.length) : here };
}

/** Folder of an engine's build, as the page at this address reaches it; null: it is not kept, or it is this folder. */
export function placeIn(site: Site, engine: string, address: string): string | null {
  const { here, top } = foldersOf(address);
  const isKept = site.newest === engine || site.kept.includes(engine);
  const place = site.newest === engine ? top : top + folderOf(engine);
  return !isKept || place === here ? null : place;
}

/** Null also where the site does not say what it keeps, or cannot be reached. */
export async function placeOf(engine: string): Promise<string | null> {
  try {
    const { top } = foldersOf(location.href);
    const answer = await fetch(`${top}engines.json`, { cache: 'no-cache' });
    const site = v.safeParse(siteShape, answer.ok ? await answer.json() : null);
    return site.success ? placeIn(site.output, engine, location.href) : null;
  } catch {
    return null;
  }
}

/**
 * Leaves for the build of the tape's engine, with all that the address says. Resolves where this page has to play it, with the engine that
 * is not kept; null: it is this one's.
 * @param page of that build
 */
export async function leaveForEngine(tape: string, page = ''): Promise<string | null> {
  const engine = otherEngineOf(tape);
  const place = engine === null ? null : await placeOf(engine);
  if (place === null) return engine;
  location.replace(`${place}${page}${location.search}${location.hash}`);
  // Nothing of this page begins while it is left.
  return await new Promise<never>(() => {});
}
