// A page of another site: `127.0.0.1` is none of `localhost`, where the lab is served, while two ports of one name are one site.
import { createServer } from 'node:http';

export interface ForeignPage {
  readonly address: string;
  close(): void;
}

export async function serveForeignPage(body: string): Promise<ForeignPage> {
  const server = createServer((request, response) => {
    if (request.url !== '/') return void response.writeHead(204).end();
    const html = `<!doctype html><html lang="en"><title>A course page</title><body>${body}</body></html>`;
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
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
