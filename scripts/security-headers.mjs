// What the lab tells browsers about itself: one list, used by the served preview, by dist/_headers
// (static hosts that read one) and by the <meta> tag of the built page. docs/browsers.md says what a host owes.

/** Scripts come from this origin only; `wasm-unsafe-eval` compiles the SQL parser; UI libraries insert styles; a film that was made is played. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  'media-src blob:',
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "object-src 'none'",
];

/** As the pages themselves say it, in a <meta> tag. Who may frame them is ignored there, with a warning: that is a header's. */
export const metaPolicy = policy.join('; ');

const deniedFeatures = [
  'accelerometer',
  'autoplay',
  'camera',
  'display-capture',
  'encrypted-media',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
  'xr-spatial-tracking',
];

/** @typedef {Readonly<Record<string, string>>} Headers */

/** @type {Headers} */
const ofEveryFile = {
  'Content-Security-Policy': metaPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Permissions-Policy': deniedFeatures.map((feature) => `${feature}=()`).join(', '),
};

const ownSite = { 'Cross-Origin-Resource-Policy': 'same-origin' };

/**
 * The lab itself is framed by nobody; what is made for that is framed by everybody. A header cannot see what stands behind the `#`
 * of an address, so the two are files of their own.
 * @type {Headers}
 */
const unframed = {
  ...ownSite,
  'Content-Security-Policy': "frame-ancestors 'none'",
  'X-Frame-Options': 'DENY',
};

/** @type {Headers} */
const framedByAnyone = {
  'Content-Security-Policy': 'frame-ancestors *',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** Where the build puts what has a hash of its content in its name, and nothing else. */
const hashedFolder = 'assets';
const forAYear = 'public, max-age=31536000, immutable';
const askedAgain = 'no-cache';

/**
 * What never changes under its name is not asked for again; the page itself always is.
 * @param {string} path of a file in the build, without a leading slash
 */
export const cacheControlOf = (path) => (path.startsWith(`${hashedFolder}/`) ? forAYear : askedAgain);

/**
 * What is said of a file beside what holds for all.
 * @param {string} path
 * @returns {Headers}
 */
const ownHeaders = (path) => ({
  ...(path === '' || path === 'index.html' ? unframed : path === 'embed.html' ? framedByAnyone : ownSite),
  'Cache-Control': cacheControlOf(path),
});

/**
 * What a file is served with. A host joins what two rules say of one header, and a browser heeds each of two policies.
 * @param {string} path of a file in the build, without a leading slash
 * @returns {Headers}
 */
export function headersOf(path) {
  const own = ownHeaders(path);
  const joined = Object.entries(ofEveryFile).map(([name, value]) => {
    const further = own[name];
    return [name, further === undefined ? value : `${value}, ${further}`];
  });
  return { ...own, ...Object.fromEntries(joined) };
}

/**
 * The text of `_headers`, as static hosts read it. They join what two rules say of one header, so no file falls under two
 * rules about caching or about who may load it.
 * @param {readonly string[]} files of the build
 */
export function headersFile(files) {
  const rule = (/** @type {string} */ path, /** @type {Headers} */ headers) =>
    [path, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`), ''].join('\n');
  const unhashed = files.filter((file) => cacheControlOf(file) === askedAgain).sort();
  return [
    rule('/*', ofEveryFile),
    rule(`/${hashedFolder}/*`, ownHeaders(`${hashedFolder}/`)),
    ...['', ...unhashed].map((file) => rule(`/${file}`, ownHeaders(file))),
  ].join('');
}
