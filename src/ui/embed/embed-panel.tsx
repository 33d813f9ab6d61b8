// The part of the share dialog that makes an embed: what it shows, how large, and the snippet for the page that it is put into.

import { Copy } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { encodeTape } from '../../lab/share.ts';
import { lessonEntries } from '../../lessons/catalogue.ts';
import { frameStore } from '../../state/frame-store.ts';
import { isLeft, useLesson } from '../../state/lesson-store.ts';
import { settingsStore } from '../../state/settings-store.ts';
import { mapSvg } from '../canvas/map-export.ts';
import { copyText } from '../dialogs/download.ts';
import { exportCaption } from '../export/run-name.ts';
import { standaloneSvg } from '../export/standalone-svg.ts';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { bytesText, millis } from '../kit/format.ts';
import { useLab } from '../lab-context.ts';
import { useLenses } from '../lens/registry.ts';
import { wordsOf } from '../lessons/words.ts';
import { embedHash, POSTER_LIMIT, snippetOf, withoutEnd } from './embed-link.ts';
import '../../words/embed.en.json';

/** The moment on the screen when the part was opened: tape, time and picture belong together. */
interface Moment {
  readonly tape: string;
  readonly atMs: number;
  /** Of the map. */
  readonly poster: string;
}

const sizes = { width: { from: 320, to: 2000 }, height: { from: 240, to: 1200 } } as const;

/** As a link carries a text: deflated, without the version of tapes. */
const packed = (text: string): string => encodeTape(text).replace(/^\d+\./, '');

/** The picture of what is shown, as a link carries it; empty: it is not on the screen, or too large. */
function posterOf(show: string, title: string): string {
  const plot = document.querySelector<SVGSVGElement>('[data-region="lens"] svg[data-plot]');
  const isShown = settingsStore.getState().lens === show;
  const svg =
    show === 'map' ? mapSvg() : plot !== null && isShown ? standaloneSvg(plot, exportCaption(title)) : '';
  const poster = svg === '' ? '' : packed(svg);
  return poster.length > POSTER_LIMIT ? '' : poster;
}

interface SizeProps {
  readonly of: keyof typeof sizes;
  readonly value: number;
  readonly onSize: (value: number) => void;
}

function Size({ of, value, onSize }: SizeProps): ReactNode {
  const t = useT();
  const { from, to } = sizes[of];
  return (
    <label className="flex items-center gap-2">
      {t(`embed.${of}`)}
      <input
        type="number"
        className="field mono w-20"
        min={from}
        max={to}
        defaultValue={value}
        onChange={({ target }) => {
          const given = Math.round(Number(target.value));
          if (given >= from && given <= to) onSize(given);
        }}
      />
    </label>
  );
}

function Maker({ moment }: { readonly moment: Moment }): ReactNode {
  const t = useT();
  const lenses = useLenses();
  const [show, setShow] = useState('map');
  const [width, setWidth] = useState(720);
  const [height, setHeight] = useState(480);
  const [isOfLesson, setOfLesson] = useState(false);
  const offered = useLesson(({ session }) => (session === null || isLeft(session) ? null : session.lesson));
  const lesson = lessonEntries.find(({ id }) => id === offered?.id) ?? null;
  const embedded = isOfLesson ? lesson : null;
  const lens = lenses.find(({ id }) => id === show);
  const what = lens === undefined ? t('map.title') : t(lens.title);
  const [poster, setPoster] = useState(moment.poster);
  const hash = embedHash({
    show,
    tape: embedded === null ? moment.tape : '',
    lesson: embedded?.id ?? null,
    atMs: embedded === null ? moment.atMs : 0,
    language: currentLanguage() === 'en' ? 'en' : 'zh',
    theme: null,
    poster,
  });
  const preset = frameStore.getState().frame?.preset ?? '';
  const title =
    embedded === null
      ? `PostDB Lab: ${what}, ${preset}, ${moment.atMs.toFixed(3)} ms`
      : `PostDB Lab: ${wordsOf(embedded.title)}`;
  const snippet = snippetOf({ page: location.href, hash, title, width, height });
  return (
    <>
      <p className="mt-2 text-muted">{t('embed.text', { time: millis(moment.atMs * 1000) })}</p>
      <div className="mt-2 flex flex-wrap items-center gap-3">
        <label className="flex items-center gap-2">
          {t('embed.show')}
          <select
            className="field"
            value={show}
            onChange={({ target }) => {
              setShow(target.value);
              setPoster(posterOf(target.value, target.selectedOptions[0]?.text ?? ''));
            }}
          >
            <option value="map">{t('map.title')}</option>
            {lenses.map(({ id, title: name }) => (
              <option key={id} value={id}>
                {t(name)}
              </option>
            ))}
          </select>
        </label>
        <Size of="width" value={width} onSize={setWidth} />
        <Size of="height" value={height} onSize={setHeight} />
      </div>
      {lesson !== null && (
        <label className="mt-2 flex items-center gap-2">
          <input
            type="checkbox"
            checked={isOfLesson}
            onChange={({ target }) => setOfLesson(target.checked)}
          />
          {t('embed.lesson', { name: `${lesson.id} ${wordsOf(lesson.title)}` })}
        </label>
      )}
      {poster === '' && <p className="mt-2 text-hole">{t('embed.noPoster')}</p>}
      <label className="heading mt-2 block" htmlFor="embed-snippet">
        {t('embed.snippet', { size: bytesText(snippet.length) })}
      </label>
      <textarea
        id="embed-snippet"
        readOnly
        rows={4}
        className="field mono w-full text-[12px] leading-4"
        value={snippet}
        onFocus={({ target }) => target.select()}
      />
      <div className="mt-2 flex justify-end">
        <Button look="line" icon={Copy} onClick={() => void copyText(snippet)}>
          {t('embed.copy')}
        </Button>
      </div>
    </>
  );
}

export function EmbedPanel(): ReactNode {
  const t = useT();
  const lab = useLab();
  const [moment, setMoment] = useState<Moment | null>(null);
  const open = async (isOpen: boolean): Promise<void> => {
    if (!isOpen || moment !== null) return;
    const atMs = (frameStore.getState().frame?.time ?? 0) / 1000;
    const poster = posterOf('map', t('map.title'));
    setMoment({ tape: encodeTape(withoutEnd(await lab.exportTape())), atMs, poster });
  };
  return (
    <details className="mt-3" onToggle={({ currentTarget }) => void open(currentTarget.open)}>
      <summary className="cursor-pointer">{t('embed.title')}</summary>
      {moment !== null && <Maker moment={moment} />}
    </details>
  );
}
