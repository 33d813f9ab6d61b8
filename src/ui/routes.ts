// The address's fragment: `#/` the hook, `#/lab`, and `&name=value` behind it (`&r=1.…` a tape). Nothing of it is ever
// sent to a server.

export interface Route {
  readonly page: 'hook' | 'lab' | 'unknown';
  readonly params: ReadonlyMap<string, string>;
}

export function readRoute(hash: string): Route {
  const [path = '', ...rest] = hash.replace(/^#/, '').split('&');
  const params = new Map<string, string>();
  for (const part of rest) {
    const at = part.indexOf('=');
    if (at > 0) params.set(part.slice(0, at), part.slice(at + 1));
  }
  const page = path === '' || path === '/' ? 'hook' : path === '/lab' ? 'lab' : 'unknown';
  return { page, params };
}
