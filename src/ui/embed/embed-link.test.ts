// The address of an embed.

import { expect, test } from 'vitest';
import {
  type EmbedLink,
  embedHash,
  POSTER_LIMIT,
  readEmbedLink,
  snippetOf,
  withoutEnd,
} from './embed-link.ts';

const link: EmbedLink = {
  show: 'spaceTime',
  tape: '1.AbC-_9',
  lesson: null,
  atMs: 12.5,
  language: 'zh',
  theme: 'dark',
  poster: 'PoS-t_r',
};

test('what is written is read', () => {
  expect(readEmbedLink(embedHash(link))).toEqual({ ok: true, link });
  const plain: EmbedLink = { ...link, language: null, theme: null, poster: '', show: 'map' };
  expect(readEmbedLink(embedHash(plain))).toEqual({ ok: true, link: plain });
});

test('a lesson stands in place of a tape', () => {
  const ofLesson: EmbedLink = { ...link, tape: '', lesson: 'H01', atMs: 0 };
  expect(embedHash(ofLesson)).toContain('lesson=H01');
  expect(readEmbedLink(embedHash(ofLesson))).toEqual({ ok: true, link: ofLesson });
});

test('a poster that is too large is left out', () => {
  const read = readEmbedLink(embedHash({ ...link, poster: 'x'.repeat(POSTER_LIMIT + 1) }));
  expect(read.ok && read.link.poster).toBe('');
});

test.each([
  ['nothing', '', 'damaged'],
  ['a later version', '#v=2&r=1.abc', 'version'],
  ['no tape', '#v=1&show=map', 'damaged'],
  ['a tape that is no base64url', '#v=1&r=1.%3Cscript%3E', 'damaged'],
  ['a lens that is no name', '#v=1&r=1.abc&show=../x', 'damaged'],
  ['a lesson and a tape', '#v=1&r=1.abc&lesson=H01', 'damaged'],
  ['a lesson that is no id', '#v=1&lesson=../x', 'damaged'],
  ['a time that is none', '#v=1&r=1.abc&at=soon', 'damaged'],
  ['a time before the run', '#v=1&r=1.abc&at=-1', 'damaged'],
  ['a poster that is no base64url', '#v=1&r=1.abc&p=%22%3E', 'damaged'],
])('%s is refused', (_what, hash, fault) => {
  expect(readEmbedLink(hash)).toEqual({ ok: false, fault });
});

test('a tape without its end goes on', () => {
  const tape = 'postdb-tape 1\nengine 0.1.0\npreset cynosdb\nend 12.500 abc\n\n1.000 crash store-1\n';
  expect(withoutEnd(tape)).toBe('postdb-tape 1\nengine 0.1.0\npreset cynosdb\n\n1.000 crash store-1\n');
});

test('the snippet names a page beside the lab, and nothing breaks out of its attributes', () => {
  const page = 'https://host.test/teaching/index.html?lab=x#/lab';
  const snippet = snippetOf({ page, hash: '#v=1&r=1.a', title: 'a "b" <c>', width: 720, height: 480 });
  expect(snippet).toContain('src="https://host.test/teaching/embed.html#v=1&#38;r=1.a"');
  expect(snippet).toContain('title="a &#34;b&#34; &#60;c&#62;"');
});
