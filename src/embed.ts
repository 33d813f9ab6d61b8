// Composition root of a page that stands in another's: shows the poster of its link, and loads and plays the run, in memory, once it is
// seen. Where it stands out of sight it stands still. It keeps nothing, and listens to no message.

import { type EmbedLink, type EmbedRun, readEmbedLink } from './ui/embed/embed-link.ts';
import { readNames, readPicture } from './ui/embed/poster.ts';
import { posterWords } from './ui/embed/poster-words.ts';

const page = document.getElementById('embed');
const read = readEmbedLink(location.hash);
const given = read.ok ? read.link.language : null;
const language = given ?? (navigator.languages[0]?.startsWith('zh') === true ? 'zh' : 'en');
const say = (word: keyof typeof posterWords): string => posterWords[word][language];
const asksForStillness = matchMedia('(prefers-reduced-motion: reduce)').matches;

function prepare(link: EmbedLink | null): void {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.dataset.theme = link?.theme ?? dark;
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  // Another moment or run in this frame: the page begins anew.
  addEventListener('hashchange', () => location.reload());
}

const element = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  text = '',
): HTMLElementTagNameMap[Tag] => {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
};

function sayOnly(host: Element, text: string): void {
  const said = element('p', '', text);
  said.setAttribute('role', 'alert');
  said.style.padding = '0 16px';
  host.replaceChildren(said);
}

/** The poster with its bar; `onPlay` is called by a press. */
async function drawPoster(link: EmbedLink, host: Element, onPlay: () => void): Promise<HTMLButtonElement> {
  const picture = element('div', 'poster');
  const bar = element('div', 'bar');
  const play = element('button', '', say('play'));
  play.type = 'button';
  play.addEventListener('click', onPlay);
  bar.append(play);
  host.replaceChildren(picture, bar);
  const image = await readPicture(link.poster);
  const names = image === null ? (link.lesson ?? (await readNames(link.tape))) : '';
  if (image !== null) {
    image.alt = document.title;
    picture.append(image);
  } else
    picture.append(
      element(
        'p',
        '',
        ['PostDB Lab', names, link.lesson === null ? `${link.atMs} ms` : ''].filter(Boolean).join(' · '),
      ),
    );
  return play;
}

async function start(link: EmbedLink, host: HTMLElement, play: HTMLButtonElement): Promise<EmbedRun | null> {
  play.disabled = true;
  play.textContent = say('starting');
  try {
    const { openEmbed } = await import('./ui/embed/embed-app.tsx');
    return await openEmbed(link, host);
  } catch (error) {
    sayOnly(host, `${say('failed')} ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

async function show(link: EmbedLink, host: HTMLElement): Promise<void> {
  let run: Promise<EmbedRun | null> | null = null;
  let isSeen = false;
  const begin = (): void => {
    run ??= start(link, host, play);
    void run.then((started) => started?.show(isSeen));
  };
  const play = await drawPoster(link, host, begin);
  new IntersectionObserver(
    ([entry]) => {
      isSeen = entry?.isIntersecting === true;
      if (isSeen && !asksForStillness) begin();
      else void run?.then((started) => started?.show(isSeen));
    },
    { threshold: 0.3 },
  ).observe(host);
}

prepare(read.ok ? read.link : null);
if (page !== null) {
  if (read.ok) void show(read.link, page);
  else sayOnly(page, say(read.fault));
}
