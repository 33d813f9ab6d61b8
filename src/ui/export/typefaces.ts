// The page's typefaces inside a drawing that leaves it: a picture asks for no file, and nobody else has the two.

/** A data URL of each file that was asked for. */
const files = new Map<string, Promise<string>>();

async function readFile(url: string): Promise<string> {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return `data:font/woff2;base64,${btoa(text)}`;
}

function fileOf(url: string): Promise<string> {
  const file = files.get(url) ?? readFile(url);
  files.set(url, file);
  return file;
}

/** The page's own `@font-face` rules: families of a file, without those that the system has. */
const ownFaces = (): readonly CSSFontFaceRule[] =>
  [...document.styleSheets]
    .flatMap(({ cssRules }) => [...cssRules])
    .filter((rule) => rule instanceof CSSFontFaceRule)
    .filter(({ style }) => style.getPropertyValue('src').includes('url('));

async function faceText({ style, parentStyleSheet }: CSSFontFaceRule): Promise<string> {
  const [, address = ''] = /url\("?([^")]+)"?\)/.exec(style.getPropertyValue('src')) ?? [];
  const file = await fileOf(new URL(address, parentStyleSheet?.href ?? document.baseURI).href);
  const family = style.getPropertyValue('font-family');
  const weight = style.getPropertyValue('font-weight');
  return `@font-face{font-family:${family};font-weight:${weight};src:url(${file})}`;
}

/** A file that cannot be had is no reason to have no picture: it names the families all the same. */
export async function withTypefaces(svg: string): Promise<string> {
  const faces = await Promise.all(ownFaces().map((face) => faceText(face).catch(() => '')));
  return svg.replace(/^<svg[^>]*>/, (head) => `${head}<style>${faces.join('')}</style>`);
}
