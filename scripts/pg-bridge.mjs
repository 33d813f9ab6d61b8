// `npm start -- --pg`: an address of PostgreSQL's protocol on 127.0.0.1 whose connections the open lab answers. Their bytes go over one
// WebSocket of the page's own origin, each message with the number of its connection and what it is; the protocol itself is the page's
// (src/host/pg-bridge-worker.ts).
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:net';
import { WebSocketServer } from 'ws';

/** What a message is, after the number of its connection (4 bytes). */
const OPEN = 0;
const DATA = 1;
const END = 2;
/** From the page: it has worked off so many bytes (4 bytes). */
const TAKEN = 3;
/** To the page: the client does not take what is sent to it, and takes it again. */
const FULL = 4;
const ROOM = 5;
/** To the page, of no connection: the port (4 bytes). */
const PORT = 6;
/** Bytes of a connection on their way to the page; above it its socket is not read. */
const WAY_MAX = 256 * 1024;
/** Longest message of the page, bytes: one that sends more is cut off. */
const MESSAGE_MAX = 64 * 1024 * 1024;
/** Connections at a time. */
const CONNECTIONS_MAX = 1000;

const path = '/pg-bridge';
const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/**
 * Listens beside the served page. Rejects when the port is taken.
 * @param {import('node:http').Server} http of the page
 * @param {number} port 0: any
 * @returns {Promise<{port: number, token: string, close: () => void}>} `token`: what a page has to bring
 */
export async function listenForTab(http, port) {
  const token = randomBytes(16).toString('base64url');
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_MAX, perMessageDeflate: false });
  /** The open lab. @type {import('ws').WebSocket | null} */
  let page = null;
  /** @type {Map<number, {socket: import('node:net').Socket, onWay: number}>} */
  const clients = new Map();
  let lastId = 0;

  const endAll = () => {
    for (const { socket } of clients.values()) socket.destroy();
    clients.clear();
  };
  const tell = (/** @type {number} */ id, /** @type {number} */ kind, bytes = Buffer.alloc(0)) => {
    const head = Buffer.alloc(5);
    head.writeUInt32BE(id);
    head[4] = kind;
    page?.send(Buffer.concat([head, bytes]));
  };

  const onMessage = (/** @type {Buffer} */ message) => {
    const id = message.length < 5 ? 0 : message.readUInt32BE(0);
    const client = clients.get(id);
    if (client === undefined) return;
    const rest = message.subarray(5);
    if (message[4] === DATA) {
      if (!client.socket.write(rest)) tell(id, FULL);
    } else if (message[4] === END) client.socket.end(rest);
    else if (message[4] === TAKEN && rest.length === 4) {
      client.onWay -= rest.readUInt32BE(0);
      if (client.onWay <= WAY_MAX) client.socket.resume();
    }
  };

  const isOwn = (/** @type {import('node:http').IncomingMessage} */ request) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const { host = '', origin = '' } = request.headers;
    const [given, wanted] = [searchParams.get('token') ?? '', token].map((text) => Buffer.from(text));
    return (
      pathname === path &&
      loopback.test(host) &&
      origin === `http://${host}` &&
      given?.length === wanted?.length &&
      timingSafeEqual(given ?? Buffer.alloc(0), wanted ?? Buffer.alloc(0))
    );
  };

  http.on('upgrade', (request, socket, head) => {
    if (!isOwn(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (mine) => {
      // A page that is loaded anew, or opened beside: the newest is the open lab.
      page?.close();
      endAll();
      page = mine;
      mine.on('message', (/** @type {Buffer} */ message) => page === mine && onMessage(message));
      mine.on('error', () => mine.terminate());
      mine.on('close', () => {
        if (page !== mine) return;
        page = null;
        endAll();
      });
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(listening());
      tell(0, PORT, bytes);
    });
  });

  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    if (page === null)
      return refuse(socket, '57P03', 'no lab is open: open the address that npm start has printed');
    if (clients.size >= CONNECTIONS_MAX)
      return refuse(socket, '53300', `sorry, too many clients already: ${CONNECTIONS_MAX}`);
    const id = ++lastId;
    const client = { socket, onWay: 0 };
    clients.set(id, client);
    tell(id, OPEN);
    socket.on('data', (bytes) => {
      client.onWay += bytes.length;
      if (client.onWay > WAY_MAX) socket.pause();
      tell(id, DATA, bytes);
    });
    socket.on('drain', () => tell(id, ROOM));
    socket.on('close', () => {
      if (clients.delete(id)) tell(id, END);
    });
  });
  const listening = () => {
    const address = server.address();
    return address !== null && typeof address === 'object' ? address.port : port;
  };
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(null));
  });
  return {
    token,
    port: listening(),
    close() {
      endAll();
      page?.terminate();
      sockets.close();
      server.close();
    },
  };
}

/**
 * An error of the protocol, once the client has said something.
 * @param {import('node:net').Socket} socket
 * @param {string} sqlstate
 * @param {string} message
 */
function refuse(socket, sqlstate, message) {
  // Each field ends with a zero, and so does their list: clients read on for ever without.
  const fields = ['SFATAL', 'VFATAL', `C${sqlstate}`, `M${message}`];
  const body = Buffer.from(`${fields.join('\0')}\0\0`);
  const head = Buffer.from('E\0\0\0\0');
  head.writeInt32BE(body.length + 4, 1);
  socket.once('data', () => socket.end(Buffer.concat([head, body])));
}
