// What `npm start -- --pg` serves, of the build that is there: a process of its own, since the server that it uses does not start within the
// journeys' runner. Says where in one line of JSON.
import { listenForTab } from '../../scripts/pg-bridge.mjs';
import { findFreePort, servePreview } from '../../scripts/preview.mjs';

const preview = await servePreview({ port: await findFreePort() });
const { token, port } = await listenForTab(preview.http, 0);
console.log(JSON.stringify({ address: preview.address, token, port }));
process.once('SIGTERM', () => process.exit());
