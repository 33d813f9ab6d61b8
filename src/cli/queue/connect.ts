// The connection with the queue's server. A server that is away is waited for, and a line says so: every command stands until it is
// back, none fails.

import { Redis } from 'ioredis';
import { RETRY_MS } from './limits.ts';

/** The server's place without the password. */
export function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port === '' ? '6379' : port}${pathname === '/' ? '' : pathname}`;
}

/** What is wrong with a queue's URL, or null. */
export function faultOfUrl(url: string): string | null {
  if (!URL.canParse(url)) return `--queue ${url} is no URL`;
  return ['redis:', 'rediss:'].includes(new URL(url).protocol)
    ? null
    : '--queue is redis://… or, over TLS, rediss://…';
}

const waiting = {
  // Whatever is asked waits until the server is there.
  maxRetriesPerRequest: null,
  retryStrategy: (times: number) => Math.min(100 * times, RETRY_MS),
  // Loading its file it is not yet back.
  enableReadyCheck: true,
};

/** For BullMQ, which opens and closes connections of its own. */
export const connectionOf = (url: string) => ({ url, ...waiting });

/**
 * @param say prints a line: that the server is away, and that it is back
 * @param onBack after the server was away: what it had acknowledged last may be lost
 */
export function connect(url: string, say: (line: string) => void, onBack: () => void = () => {}): Redis {
  const redis = new Redis(url, waiting);
  let isAway = false;
  redis.on('error', (error: Error & { readonly code?: string }) => {
    if (!isAway)
      say(`the queue's server at ${placeOf(url)} is away (${error.code ?? error.message}): waiting`);
    isAway = true;
  });
  redis.on('close', () => {
    if (!isAway && redis.status !== 'end') say(`the queue's server at ${placeOf(url)} is away: waiting`);
    isAway = true;
  });
  redis.on('ready', () => {
    if (!isAway) return;
    isAway = false;
    say(`the queue's server at ${placeOf(url)} is back`);
    onBack();
  });
  return redis;
}
