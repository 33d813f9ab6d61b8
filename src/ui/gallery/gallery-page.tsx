// `#/presets`: a card for each preset, with its cluster in small, two sentences, what to do there first, and the lessons that
// play in it. The lab runs on behind it until one is opened.

import { ArrowLeft, Siren } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { goTo, useRoute } from '../../state/route-store.ts';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { IncidentCards, incidentsWith } from '../incidents/incident-cards.tsx';
import { Button } from '../kit/button.tsx';
import { ArchitecturePicture, architectures } from './architecture-pictures.tsx';
import { type GalleryCard, galleryCards, matches } from './gallery.ts';
import './gallery.css';
import '../../words/gallery.en.json';
import { showPicture } from '../lens/show-picture.ts';
import { OwnClusters } from './own-clusters.tsx';
import { type Dot, topologyOf } from './topology.ts';
import { useStartRun } from './use-start-run.ts';

const languageOf = (): 'en' | 'zh' => (currentLanguage() === 'zh-CN' ? 'zh' : 'en');

/** A node of a small picture, about its middle. */
function Mark({ layer, x, y, isWriter }: Omit<Dot, 'id'>): ReactNode {
  return (
    <rect
      x={x - 8}
      y={y - 7}
      width="16"
      height="14"
      rx={layer === 'client' ? 7 : 3}
      data-layer={layer}
      data-writer={isWriter}
    />
  );
}

function TopologyPicture({ card }: { readonly card: GalleryCard }): ReactNode {
  const t = useT();
  const { dots, links, width, height } = topologyOf(card.cluster);
  const { nodes } = card.cluster;
  const names = nodes.map(({ id }) => id).join(', ');
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      className="gallery-topology"
      role="img"
      aria-label={t('gallery.topology', { nodes: nodes.length, names })}
    >
      {links.map(({ from, to }) => (
        <line key={`${from.id}-${to.id}`} x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
      ))}
      {dots.map(({ id, layer, x, y, isWriter }) => (
        <Mark key={id} layer={layer} x={x} y={y} isWriter={isWriter} />
      ))}
    </svg>
  );
}

const marks = [
  { word: 'client', layer: 'client' },
  { word: 'control', layer: 'control' },
  { word: 'writer', layer: 'compute' },
  { word: 'compute', layer: 'compute' },
  { word: 'storage', layer: 'storage' },
  { word: 'archive', layer: 'archive' },
] as const;

/** What the marks of the small pictures are. */
function PictureKey(): ReactNode {
  const t = useT();
  return (
    <ul className="gallery-key" aria-label={t('gallery.key')}>
      {marks.map(({ word, layer }) => (
        <li key={word}>
          <svg viewBox="0 0 18 16" width="18" height="16" className="gallery-topology" aria-hidden="true">
            <Mark layer={layer} x={9} y={8} isWriter={word === 'writer'} />
          </svg>
          {t(`gallery.key.${word}`)}
        </li>
      ))}
    </ul>
  );
}

const titleOf = (line: string): string => line.charAt(0).toUpperCase() + line.slice(1);

interface FoldedProps {
  readonly title: string;
  readonly count: number;
  readonly children: ReactNode;
}

/** A list that is opened by its title; nothing where it is empty. */
function Folded({ title, count, children }: FoldedProps): ReactNode {
  if (count === 0) return null;
  return (
    <details>
      <summary>
        {title} <span className="mono">{count}</span>
      </summary>
      <ul>{children}</ul>
    </details>
  );
}

function Card({ card, isRunning }: { readonly card: GalleryCard; readonly isRunning: boolean }): ReactNode {
  const t = useT();
  const start = useStartRun();
  const language = languageOf();
  const { name, words, pictures, lessons } = card;
  const open = (): void => {
    if (!isRunning) start({ preset: name });
    goTo('lab');
  };
  return (
    <li className="gallery-card" aria-current={isRunning}>
      <TopologyPicture card={card} />
      <h3>
        {titleOf(words[language])} <small className="mono">{name}</small>
      </h3>
      <p>{words.about[language]}</p>
      <p>
        <b>{t('gallery.first')}</b> {words.first[language]}
      </p>
      <Folded title={t('gallery.pictures')} count={pictures.length}>
        {pictures.map((picture) => (
          <li key={picture.en}>
            <button
              type="button"
              onClick={() => {
                open();
                showPicture(picture);
              }}
            >
              {picture[language]}
            </button>
          </li>
        ))}
      </Folded>
      <Folded title={t('gallery.lessons')} count={lessons.length}>
        {lessons.map(({ id, title }) => (
          <li key={id}>
            <a href={`#/lessons/${id}`}>
              <span className="mono">{id}</span> {title[language]}
            </a>
          </li>
        ))}
      </Folded>
      <Button
        look={isRunning ? 'line' : 'primary'}
        aria-label={t('gallery.open', { preset: name })}
        onClick={open}
      >
        {isRunning ? t('gallery.runs') : t('gallery.open', { preset: name })}
      </Button>
      <a className="gallery-change" href={`#/cluster/preset/${name}`}>
        {t('gallery.change', { preset: name })}
      </a>
    </li>
  );
}

export function GalleryPage(): ReactNode {
  const t = useT();
  const [query, setQuery] = useState('');
  const running = useFrame(({ frame }) => frame?.preset ?? null);
  const shown = galleryCards().filter((card) => matches(card, query.trim()));
  const part = useRoute(({ rest }) => rest);
  useEffect(() => {
    if (part === 'incidents') document.getElementById('incidents')?.scrollIntoView();
  }, [part]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <main className="about gallery" data-region="about" tabIndex={0} aria-label={t('gallery.title')}>
      <div className="gallery-body">
        <div className="flex flex-wrap items-center gap-3">
          <Button look="line" icon={ArrowLeft} onClick={() => goTo('lab')}>
            {t('gallery.back')}
          </Button>
          <Button look="line" icon={Siren} onClick={() => goTo('presets/incidents')}>
            {t('incident.title')}
          </Button>
          <label className="field">
            <span className="text-muted">{t('gallery.filter')}</span>
            <input
              type="search"
              className="w-56 bg-transparent"
              value={query}
              onChange={(event) => setQuery(event.target.value)}
            />
          </label>
        </div>
        <h1 className="mt-5 text-[20px] leading-7 font-semibold">{t('gallery.title')}</h1>
        <p className="mt-2 max-w-[92ch]">{t('gallery.lead')}</p>
        <OwnClusters query={query.trim()} />
        <PictureKey />
        {shown.length === 0 && incidentsWith(query.trim()).length === 0 && (
          <p className="mt-5">{t('gallery.none')}</p>
        )}
        {architectures.map((stack) => {
          const cards = shown.filter((card) => card.stack === stack);
          if (cards.length === 0) return null;
          return (
            <section key={stack} aria-labelledby={`gallery-${stack}`}>
              <h2 id={`gallery-${stack}`} className="flex items-center gap-3">
                <ArchitecturePicture stack={stack} />
                {t('gallery.of', { name: t(`strip.${stack}`), of: t(`strip.${stack}.of`) })}
                <small>{t(`strip.${stack}.note`)}</small>
              </h2>
              <ul className="gallery-cards">
                {cards.map((card) => (
                  <Card key={card.name} card={card} isRunning={card.name === running} />
                ))}
              </ul>
            </section>
          );
        })}
        <IncidentCards query={query.trim()} />
      </div>
    </main>
  );
}
