// `npm start`: builds the lab, serves it with its security headers, prints the address.
// PORT and HOST are respected; a port that is taken gives way to the next free one.
import { build } from 'vite';
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

const wantedPort = readPort();
await build({ logLevel: 'warn' });
const server = await servePreview({
  port: wantedPort,
  host: process.env.HOST ?? '127.0.0.1',
  isPortStrict: false,
});
if (server.port !== wantedPort) {
  console.log(`Port ${wantedPort} is taken. Disks belong to an address: labs kept there are not seen here.`);
}
console.log(`\n  PostDB Lab  ${server.address}\n\n  Ctrl C stops it.`);
