// The poster of an embed: the picture that its link carries, or in its place the names of the run. By what every browser has, so that a
// page of many embeds loads next to nothing before one of them is seen.

/** Characters of a picture, and of the head of a tape, once they are unpacked. */
const PICTURE_LIMIT = 1024 * 1024;
const HEAD_LIMIT = 2048;

/** What `packed` (deflated, base64url) begins with, at most `limit` characters of it; null: it is damaged. */
async function unpack(packed: string, limit: number): Promise<string | null> {
  try {
    const binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const reader = new Blob([bytes])
      .stream()
      .pipeThrough(new DecompressionStream('deflate-raw'))
      .pipeThrough(new TextDecoderStream())
      .getReader();
    let text = '';
    while (text.length < limit) {
      const { done, value } = await reader.read();
      if (done) return text;
      text += value;
    }
    void reader.cancel();
    return text.slice(0, limit);
  } catch {
    return null;
  }
}

/** The picture as an image: nothing that stands in it runs or loads. Null: there is none. */
export async function readPicture(packed: string): Promise<HTMLImageElement | null> {
  if (packed === '') return null;
  const svg = await unpack(packed, PICTURE_LIMIT);
  if (svg === null || svg.length >= PICTURE_LIMIT || !svg.startsWith('<svg')) return null;
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  const isDrawn = await image.decode().then(
    () => true,
    () => false,
  );
  URL.revokeObjectURL(image.src);
  return isDrawn ? image : null;
}

/** `cynosdb · seed 7`, of the head of the link's tape; empty: it says neither. */
export async function readNames(tape: string): Promise<string> {
  const head = (await unpack(tape.slice(tape.indexOf('.') + 1), HEAD_LIMIT)) ?? '';
  const of = (name: string): string => new RegExp(`^${name} ([\\w-]+)$`, 'm').exec(head)?.[1] ?? '';
  const [preset, seed] = [of('preset'), of('seed')];
  return [preset, seed === '' ? '' : `seed ${seed}`].filter((part) => part !== '').join(' · ');
}
