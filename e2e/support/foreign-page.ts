// A page of another site: `127.0.0.1` is none of `localhost`, where the lab is served, while two ports of one name are one site.
import { createServer } from 'node:http';

export interface ForeignPage {
  readonly address: string;
  close(): void;
}

export interface ForeignFile {
  readonly type: string;
  readonly body: string | Buffer;
}

/** Serves what `find` has for a path, `/` too. */
export async function serveForeignSite(find: (path: string) => ForeignFile | null): Promise<ForeignPage> {
  const server = createServer((request, response) => {
    const file = find(new URL(request.url ?? '/', 'http://foreign.test').pathname);
    if (file === null) return void response.writeHead(204).end();
    response.writeHead(200, { 'Content-Type': file.type }).end(file.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the foreign page has no port');
  return {
    address: `http://127.0.0.1:${address.port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const html = 'text/html; charset=utf-8';

export const serveForeignPage = (body: string): Promise<ForeignPage> =>
  serveForeignSite((path) =>
    path === '/'
      ? {
          type: html,
          body: `<!doctype html><html lang="en"><title>A course page</title><body>${body}</body></html>`,
        }
      : null,
  );
