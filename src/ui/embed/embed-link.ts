// The address of an embed: everything that it shows stands behind the `#`, which no server sees. Its version stays readable: what
// a course page has today is opened by every later build, or refused in words. Pure, and without imports: it is read before the poster.

/** Of what stands behind the `#`. */
const EMBED_VERSION = '1';
/** Characters of a poster that a page is not asked to carry. */
export const POSTER_LIMIT = 24 * 1024;
/** The longest time of a run, virtual ms. */
const LATEST_MS = 86_400_000;

export interface EmbedLink {
  /** `map`, or a lens by its id. */
  readonly show: string;
  /** As in the `r` of a link (lab/share.ts); empty with a lesson, which brings its own. */
  readonly tape: string;
  /** A lesson of the catalogue by its id, shown from step to step. */
  readonly lesson: string | null;
  /** Where it begins, virtual ms. */
  readonly atMs: number;
  readonly language: 'en' | 'zh' | null;
  readonly theme: 'light' | 'dark' | null;
  /** Deflated SVG, base64url; empty: none. */
  readonly poster: string;
}

/** What the page asks of the run once it is there. */
export interface EmbedRun {
  show(isSeen: boolean): void;
}

type EmbedFault = 'version' | 'damaged';
export type ReadEmbed =
  | { readonly ok: true; readonly link: EmbedLink }
  | { readonly ok: false; readonly fault: EmbedFault };

const oneOf = <T extends string>(value: string | null, known: readonly T[]): T | null =>
  known.find((each) => each === value) ?? null;

export function readEmbedLink(hash: string): ReadEmbed {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  if (given.get('v') !== EMBED_VERSION) return { ok: false, fault: given.has('v') ? 'version' : 'damaged' };
  const tape = given.get('r') ?? '';
  const show = given.get('show') ?? 'map';
  const atMs = Number(given.get('at') ?? 0);
  const poster = given.get('p') ?? '';
  const lesson = given.get('lesson');
  const isRun = lesson === null ? /^\d+\.[\w-]+$/.test(tape) : /^[A-Z]\d\d$/.test(lesson) && tape === '';
  const isPlain = isRun && /^\w{1,40}$/.test(show) && /^[\w-]*$/.test(poster);
  const isInTime = Number.isFinite(atMs) && atMs >= 0 && atMs <= LATEST_MS;
  if (!isPlain || !isInTime || poster.length > POSTER_LIMIT) return { ok: false, fault: 'damaged' };
  const language = oneOf(given.get('lang'), ['en', 'zh']);
  return {
    ok: true,
    link: { show, tape, lesson, atMs, poster, language, theme: oneOf(given.get('theme'), ['light', 'dark']) },
  };
}

/** What stands behind `embed.html`. */
export function embedHash({ show, tape, lesson, atMs, language, theme, poster }: EmbedLink): string {
  const said = new URLSearchParams({ v: EMBED_VERSION, show, at: atMs.toFixed(3) });
  if (language !== null) said.set('lang', language);
  if (theme !== null) said.set('theme', theme);
  if (lesson === null) said.set('r', tape);
  else said.set('lesson', lesson);
  if (poster !== '' && poster.length <= POSTER_LIMIT) said.set('p', poster);
  return `#${said}`;
}

/** The tape goes on from where it begins: without the end at which it was shared. */
export const withoutEnd = (tape: string): string => tape.replace(/^end .*\n/m, '');

export interface Snippet {
  /** Of the page that has `embed.html` beside it. */
  readonly page: string;
  readonly hash: string;
  readonly title: string;
  readonly width: number;
  readonly height: number;
}

const attribute = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** What is put into a page of HTML or Markdown. The sandbox keeps the embed from leading the page around it elsewhere. */
export const snippetOf = ({ page, hash, title, width, height }: Snippet): string =>
  [
    `<iframe src="${attribute(new URL('embed.html', page).href + hash)}"`,
    `  title="${attribute(title)}" width="${width}" height="${height}" loading="lazy"`,
    '  style="border:1px solid #7A8594;border-radius:8px;max-width:100%"',
    '  sandbox="allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox"></iframe>',
  ].join('\n');
