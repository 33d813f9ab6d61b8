// `npm start`: builds the lab, serves it with its security headers, prints the address.
// PORT and HOST are respected; a port that is taken gives way to the next free one. `-- --pg [PORT]`: clients of PostgreSQL's protocol reach
// the open lab at 127.0.0.1.
import { build } from 'vite';
import { DEFAULT_PG_PORT, DEFAULT_PORT, serveLab } from './serve-lab.mjs';

function readPort() {
  const text = process.env.PORT;
  if (text === undefined || text === '') return DEFAULT_PORT;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  console.error(`PORT=${text} is not a port number.`);
  process.exit(2);
}

/** The port of PostgreSQL's protocol; null: it is not asked for. */
function readPgPort() {
  const [option, text = String(DEFAULT_PG_PORT), ...rest] = process.argv.slice(2);
  if (option === undefined) return null;
  const port = Number(text);
  if (option === '--pg' && rest.length === 0 && Number.isInteger(port) && port >= 0 && port < 65_536)
    return port;
  console.error(`${process.argv.slice(2).join(' ')}: npm start takes --pg [PORT], and nothing else.`);
  process.exit(2);
}

const port = readPort();
const pgPort = readPgPort();
await build({ logLevel: 'warn' });
await serveLab({ port, host: process.env.HOST ?? '127.0.0.1', pgPort }).catch((error) => {
  console.error(error.message);
  process.exit(2);
});
