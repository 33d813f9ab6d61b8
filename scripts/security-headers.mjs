// What the lab tells browsers about itself: one list, used by the served preview, by dist/_headers
// (static hosts that read one) and by the <meta> tag of the built page. docs/browsers.md says what a host owes.

/** Scripts come from this origin only; `wasm-unsafe-eval` compiles the SQL parser; UI libraries insert styles. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "object-src 'none'",
];

/** `frame-ancestors` is ignored in a <meta> tag, with a console warning, so the tag goes without it. */
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

/** @type {Record<string, string>} */
export const securityHeaders = {
  'Content-Security-Policy': [...policy, "frame-ancestors 'none'"].join('; '),
  'X-Frame-Options': 'DENY',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': deniedFeatures.map((feature) => `${feature}=()`).join(', '),
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
 * The text of `_headers`, as static hosts read it. They join what two rules say of one header, so no file falls under two
 * rules about caching.
 * @param {readonly string[]} files of the build
 */
export function headersFile(files) {
  const rule = (/** @type {string} */ path, /** @type {Record<string, string>} */ headers) =>
    [path, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`), ''].join('\n');
  const unhashed = files.filter((file) => cacheControlOf(file) === askedAgain).sort();
  return [
    rule('/*', securityHeaders),
    rule(`/${hashedFolder}/*`, { 'Cache-Control': forAYear }),
    ...['', ...unhashed].map((file) => rule(`/${file}`, { 'Cache-Control': askedAgain })),
  ].join('');
}
