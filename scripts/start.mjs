// `npm start`: builds the lab, serves it with its security headers, prints the address.
// PORT and HOST are respected; a port that is taken gives way to the next free one. `-- --pg [PORT]`: clients of PostgreSQL's protocol reach
// the open lab at 127.0.0.1.
import { build } from 'vite';
import { listenForTab } from './pg-bridge.mjs';
import { servePreview } from './preview.mjs';

const defaultPort = 4173;

function readPort() {
  const text = process.env.PORT;
  if (text === undefined || text === '') return defaultPort;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  console.error(`PORT=${text} is not a port number.`);
  process.exit(2);
}

/** The port of PostgreSQL's protocol; null: it is not asked for. */
function readPgPort() {
  const [option, text = '5433', ...rest] = process.argv.slice(2);
  if (option === undefined) return null;
  const port = Number(text);
  if (option === '--pg' && rest.length === 0 && Number.isInteger(port) && port >= 0 && port < 65_536)
    return port;
  console.error(`${process.argv.slice(2).join(' ')}: npm start takes --pg [PORT], and nothing else.`);
  process.exit(2);
}

const wantedPort = readPort();
const pgPort = readPgPort();
await build({ logLevel: 'warn' });
const server = await servePreview({
  port: wantedPort,
  host: process.env.HOST ?? '127.0.0.1',
  isPortStrict: false,
});
if (server.port !== wantedPort) {
  console.log(`Port ${wantedPort} is taken. Disks belong to an address: labs kept there are not seen here.`);
}
if (pgPort === null) console.log(`\n  PostDB Lab  ${server.address}\n\n  Ctrl C stops it.`);
else {
  const bridge = await listenForTab(server.http, pgPort).catch((error) => {
    console.error(`127.0.0.1:${pgPort} cannot be listened on: ${error.message}`);
    process.exit(2);
  });
  console.log(`\n  PostDB Lab  ${server.address}?pg=${bridge.token}`);
  console.log(`  Clients     postgresql://postgres@127.0.0.1:${bridge.port}/lab\n\n  Ctrl C stops it.`);
}
