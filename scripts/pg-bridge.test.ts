// The server of `npm start -- --pg` with sockets of its own: who gets the bridge, what it carries, and how a client is refused without one.

import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { listenForTab } from './pg-bridge.mjs';

let http: Server;
let bridge: Awaited<ReturnType<typeof listenForTab>>;
let host = '';

beforeEach(async () => {
  http = createServer();
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  host = `localhost:${(http.address() as AddressInfo).port}`;
  bridge = await listenForTab(http, 0);
});
afterEach(() => {
  bridge.close();
  http.close();
});

/** The status that an upgrade is answered with. */
const statusOf = (path: string, headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const [, port] = host.split(':');
    const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
    const key = { 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==' };
    const asked = request({
      host: '127.0.0.1',
      port,
      path,
      headers: { Host: host, ...upgrade, ...key, ...headers },
    });
    asked.on('error', reject);
    asked.on('response', ({ statusCode }) => resolve(statusCode));
    asked.on('upgrade', ({ statusCode }, socket) => {
      socket.destroy();
      resolve(statusCode);
    });
    asked.end();
  });

test('a page of another origin, without the token, or under a name that is not of this machine gets no bridge', async () => {
  const path = `/pg-bridge?token=${bridge.token}`;
  const Origin = `http://${host}`;
  expect(await statusOf(path, { Origin })).toBe(101);
  expect(await statusOf(path, { Origin: 'http://evil.test' })).toBe(403);
  expect(await statusOf(path, {})).toBe(403);
  expect(await statusOf(path, { Origin: 'http://evil.test', Host: 'evil.test' })).toBe(403);
  expect(await statusOf('/pg-bridge', { Origin })).toBe(403);
  expect(await statusOf(`/pg-bridge?token=${'A'.repeat(bridge.token.length)}`, { Origin })).toBe(403);
  expect(await statusOf(`/other?token=${bridge.token}`, { Origin })).toBe(403);
});

interface Page {
  readonly socket: WebSocket;
  /** Connection, kind and bytes of the next message. */
  next(): Promise<readonly [id: number, kind: number, bytes: string]>;
  tell(id: number, kind: number, bytes: Buffer): void;
}

async function openPage(): Promise<Page> {
  const socket = new WebSocket(`ws://${host}/pg-bridge?token=${bridge.token}`, { origin: `http://${host}` });
  const messages: Buffer[] = [];
  socket.on('message', (message: Buffer) => messages.push(message));
  await once(socket, 'open');
  return {
    socket,
    async next() {
      await expect.poll(() => messages.length).toBeGreaterThan(0);
      const message = messages.shift() ?? Buffer.alloc(5);
      return [message.readUInt32BE(0), message[4] ?? -1, message.toString('latin1', 5)];
    },
    tell(id, kind, bytes) {
      const head = Buffer.alloc(5);
      head.writeUInt32BE(id);
      head[4] = kind;
      socket.send(Buffer.concat([head, bytes]));
    },
  };
}

async function openClient(): Promise<Socket> {
  const client = connect(bridge.port, '127.0.0.1');
  await once(client, 'connect');
  return client;
}

test('without a lab a client is refused, in a whole message', async () => {
  const client = await openClient();
  client.write('anything');
  const [bytes] = (await once(client, 'data')) as [Buffer];
  expect([bytes.toString('latin1', 0, 1), bytes.readInt32BE(1)]).toEqual(['E', bytes.length - 1]);
  expect(bytes.toString('latin1', 5)).toMatch(/^SFATAL\0VFATAL\0C57P03\0Mno lab is open[^\0]*\0\0$/);
  await once(client, 'close');
});

test('bytes go both ways; either end ends a connection; a newer page takes the place of the one before', async () => {
  const page = await openPage();
  const [none, port, number] = await page.next();
  expect([none, port, Buffer.from(number, 'latin1').readUInt32BE(0)]).toEqual([0, 6, bridge.port]);
  const client = await openClient();
  client.write('to the lab');
  expect(await page.next()).toEqual([1, 0, '']);
  expect(await page.next()).toEqual([1, 1, 'to the lab']);
  page.tell(1, 1, Buffer.from('to the client'));
  expect(String((await once(client, 'data'))[0])).toBe('to the client');
  page.tell(1, 2, Buffer.from('the last'));
  expect(String((await once(client, 'data'))[0])).toBe('the last');
  client.end();
  expect(await page.next()).toEqual([1, 2, '']);
  page.tell(77, 1, Buffer.from('nobody'));
  page.tell(1, 9, Buffer.from('nothing'));
  page.socket.send(Buffer.from([1]));

  const second = await openClient();
  expect(await page.next()).toEqual([2, 0, '']);
  const ended = once(second, 'close');
  second.on('error', () => undefined);
  const newer = await openPage();
  await ended;
  await newer.next();
  await openClient();
  expect(await newer.next()).toEqual([3, 0, '']);
});

test('a page that does not work off what comes is sent little of it', async () => {
  const page = await openPage();
  await page.next();
  const client = await openClient();
  await page.next();
  client.write(Buffer.alloc(4_000_000, 'x'));
  let got = 0;
  while (got <= 256 * 1024) got += (await page.next())[2].length;
  // However much the machine's sockets hold, nothing more comes to a page that says nothing.
  const more = page.next();
  const silence = new Promise<null>((resolve) => setTimeout(() => resolve(null), 50));
  expect(await Promise.race([more, silence])).toBeNull();
  // It says what it has worked off, and the rest comes.
  const count = Buffer.alloc(4);
  let acknowledged = 0;
  let next = more;
  while (got < 4_000_000) {
    count.writeUInt32BE(got - acknowledged);
    acknowledged = got;
    page.tell(1, 3, count);
    got += (await next)[2].length;
    next = page.next();
  }
  expect(got).toBe(4_000_000);
  client.destroy();
});
