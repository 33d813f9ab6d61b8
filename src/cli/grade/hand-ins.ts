// What was handed in: a file for each student, or a folder with one file, as course platforms pack them.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of a tape that is read. */
const MOST_BYTES = 8 * 1024 * 1024;

export type Found =
  | { readonly name: string; readonly path: string; readonly text: string }
  | { readonly name: string; readonly path: string; readonly error: string };

const nameOf = (file: string): string => file.replace(/\.(?:tape|txt)$/i, '');
const isShown = (name: string): boolean => !name.startsWith('.') && name !== '__MACOSX';

/** By name. What cannot be read is there with its reason. */
export function handInsOf(folder: string): readonly Found[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => isShown(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry): Found => {
      const path = join(folder, entry.name);
      if (entry.isFile()) return readFile(nameOf(entry.name), path);
      if (!entry.isDirectory()) return { name: entry.name, path, error: 'neither a file nor a folder' };
      const inside = readdirSync(path).filter(isShown);
      const [only] = inside;
      return only !== undefined && inside.length === 1
        ? readFile(entry.name, join(path, only))
        : { name: entry.name, path, error: `the folder has ${inside.length} files, one is expected` };
    });
}

function readFile(name: string, path: string): Found {
  const { size } = statSync(path);
  if (size > MOST_BYTES) {
    const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
    return { name, path, error: `the file has ${mib(size)} MiB, at most ${mib(MOST_BYTES)} are read` };
  }
  try {
    return { name, path, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) };
  } catch {
    return { name, path, error: 'the file is not UTF-8 text' };
  }
}
