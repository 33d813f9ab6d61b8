// A host that knows nothing of the lab: serves dist/ under a sub-path, without its headers.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

export interface StaticHost {
  readonly address: string;
  close(): void;
}

/** Answers what is served in a file's place; null is 404. A browser's own tools do not reach workers of workers. */
export type Alter = (name: string, text: Buffer) => Buffer | string | null;

export async function serveStatically(
  folder: string,
  subPath: string,
  alter: Alter = (_name, text) => text,
): Promise<StaticHost> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const isInside = path.startsWith(subPath) && !path.includes('..');
    const name = path.endsWith('/') ? `${path.slice(subPath.length)}index.html` : path.slice(subPath.length);
    const missing = (): void => void response.writeHead(404).end();
    if (!isInside) return missing();
    readFile(join(folder, normalize(name))).then((bytes) => {
      const body = alter(name, bytes);
      if (body === null) return missing();
      const type = types[extname(name)] ?? 'text/plain';
      response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body);
    }, missing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the static host has no port');
  return {
    address: `http://localhost:${address.port}${subPath}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
