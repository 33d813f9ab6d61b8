// A stretch of time as WebM, GIF or single pictures: what is recorded, from when to when and how fast, progress, and the file, which is
// played before it is saved.

import { Download, Film } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { Lab } from '../../lab/api.ts';
import { frameStore } from '../../state/frame-store.ts';
import { useRun } from '../../state/run-store.ts';
import { mapSvg } from '../canvas/map-export.ts';
import type { PictureShape } from '../export/picture-shape.ts';
import { offeredPictures, type PictureSource } from '../export/picture-sources.ts';
import { exportName } from '../export/run-name.ts';
import { saveBlob } from '../export/save.ts';
import { t as say, useT } from '../i18n/i18n.ts';
import { Button, ProgressBar } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { bytesText, millis } from '../kit/format.ts';
import { Select } from '../kit/select.tsx';
import { useLab } from '../lab-context.ts';
import { canRecordVideo, endings } from './film.ts';
import {
  type FilmKind,
  type FilmPlan,
  type FilmWish,
  filmKinds,
  filmSpeeds,
  planFilm,
  type Stretch,
} from './film-plan.ts';
import { makeFilm } from './make-film.ts';
import '../../words/record.en.json';

/** Virtual µs before the moment that is shown, at first. */
const FIRST_US = 10_000;

type Phase =
  | { readonly kind: 'choosing'; readonly failed: string | null }
  | { readonly kind: 'recording'; readonly done: number; readonly of: number; readonly end: AbortController }
  | {
      readonly kind: 'ready';
      readonly name: string;
      readonly blob: Blob;
      readonly url: string;
      readonly film: FilmKind;
    };

const mapPicture = (): PictureSource => ({ id: 'map', title: say('map.title'), svg: mapSvg });

/** All of the run that can be gone to: of a live one up to now, of a tape up to its end, of a twin from its fork on. */
function mostOf(lab: Lab): Stretch {
  const { branches, shown, liveTime, mode } = lab.run();
  const fork = branches.find(({ id }) => id === shown)?.fork ?? null;
  const now = lab.frame()?.time ?? 0;
  return { from: fork?.at ?? 0, to: mode === 'TWIN' ? now : Math.max(liveTime, now) };
}

interface MsProps {
  readonly label: string;
  readonly us: number;
  readonly onChange: (us: number) => void;
}

function MsField({ label, us, onChange }: MsProps): ReactNode {
  return (
    <label className="flex items-center gap-2">
      {label}
      <input
        type="number"
        className="field mono w-28"
        min={0}
        step="any"
        defaultValue={us / 1000}
        onChange={({ target }) => onChange(Math.round(target.valueAsNumber * 1000))}
      />
    </label>
  );
}

interface ChoiceProps {
  readonly wish: FilmWish;
  readonly of: string;
  readonly pictures: readonly PictureSource[];
  readonly hasVideo: boolean;
  readonly onWish: (change: Partial<FilmWish>) => void;
  readonly onPicture: (of: string) => void;
}

function Choices({ wish, of, pictures, hasVideo, onWish, onPicture }: ChoiceProps): ReactNode {
  const t = useT();
  const { kind, shape, speed, stretch } = wish;
  return (
    <div className="mt-3 flex flex-wrap items-center gap-3">
      <Select
        label={t('record.what')}
        value={of}
        options={pictures.map(({ id, title }) => ({ value: id, label: title }))}
        onChange={onPicture}
      />
      <Select<PictureShape>
        label={t('record.shape')}
        value={shape}
        options={(['own', 'slide'] as const).map((value) => ({ value, label: t(`record.shape.${value}`) }))}
        onChange={(value) => onWish({ shape: value })}
      />
      <Select<FilmKind>
        label={t('record.kind')}
        value={kind}
        options={filmKinds
          .filter((value) => value !== 'webm' || hasVideo)
          .map((value) => ({ value, label: t(`record.kind.${value}`) }))}
        onChange={(value) => onWish({ kind: value })}
      />
      <Select
        label={t('record.speed')}
        value={String(speed)}
        options={filmSpeeds.map((value) => ({ value: String(value), label: `${value} ms` }))}
        onChange={(value) => onWish({ speed: Number(value) })}
      />
      <MsField
        label={t('record.from')}
        us={stretch.from}
        onChange={(from) => onWish({ stretch: { ...stretch, from } })}
      />
      <MsField
        label={t('record.to')}
        us={stretch.to}
        onChange={(to) => onWish({ stretch: { ...stretch, to } })}
      />
    </div>
  );
}

function PlanWords({ wish }: { readonly wish: FilmWish }): ReactNode {
  const t = useT();
  const planned = planFilm(wish);
  if (planned.ok) {
    const { instants, perSecond } = planned.plan;
    const seconds = (instants.length / perSecond).toFixed(1);
    return <p className="mt-3 text-muted">{t('record.plan', { pictures: instants.length, seconds })}</p>;
  }
  const words =
    planned.fault === 'tooLong'
      ? t('record.fault.tooLong', planned)
      : planned.fault === 'outside'
        ? t('record.fault.outside', { from: millis(wish.most.from), to: millis(wish.most.to) })
        : t('record.fault.order');
  return (
    <p className="mt-3 text-hole" role="status">
      {words}
    </p>
  );
}

function Ready({
  ready,
  onAgain,
}: {
  readonly ready: Phase & { kind: 'ready' };
  onAgain: () => void;
}): ReactNode {
  const t = useT();
  const { name, blob, url, film } = ready;
  return (
    <>
      {film === 'webm' && (
        // biome-ignore lint/a11y/useMediaCaption: nothing is spoken in it
        <video className="mt-3 w-full" src={url} controls loop aria-label={name} />
      )}
      {film === 'gif' && <img className="mt-3 w-full" src={url} alt={name} />}
      <p className="mt-3" role="status">
        {t('record.ready', { name, size: bytesText(blob.size) })}
      </p>
      <div className="mt-4 flex justify-end gap-2">
        <Button look="line" onClick={onAgain}>
          {t('record.again')}
        </Button>
        <Button look="primary" icon={Download} onClick={() => saveBlob(name, blob)}>
          {t('record.save')}
        </Button>
      </div>
    </>
  );
}

function Going({ done, of, end }: Phase & { kind: 'recording' }): ReactNode {
  const t = useT();
  return (
    <>
      <p className="mt-3" role="status">
        {done === of ? t('record.ending') : `${done} / ${of}`}
      </p>
      <ProgressBar label={t('record.progress')} done={done} of={of} hue="accent" className="mt-2 w-full" />
      <div className="mt-4 flex justify-end">
        <Button look="line" onClick={() => end.abort()}>
          {t('cancel')}
        </Button>
      </div>
    </>
  );
}

/** Null until it is known. */
function useVideo(): boolean | null {
  const [hasVideo, setVideo] = useState<boolean | null>(null);
  useEffect(() => {
    canRecordVideo().then(setVideo, () => setVideo(false));
  }, []);
  return hasVideo;
}

interface MakerProps {
  readonly of: string;
  readonly hasVideo: boolean;
  readonly phase: Phase;
  readonly onPhase: (phase: Phase) => void;
}

function Maker({ of: first, hasVideo, phase, onPhase }: MakerProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const [pictures] = useState(() => [mapPicture(), ...offeredPictures()]);
  const [of, setOf] = useState(pictures.some(({ id }) => id === first) ? first : 'map');
  const [wish, setWish] = useState<FilmWish>(() => {
    const most = mostOf(lab);
    const to = frameStore.getState().frame?.time ?? most.to;
    const stretch = { from: Math.max(most.from, to - FIRST_US), to };
    return { kind: hasVideo ? 'webm' : 'gif', shape: 'own', speed: 1, stretch, most };
  });
  const planned = planFilm(wish);
  const record = async (plan: FilmPlan, source: PictureSource): Promise<void> => {
    const end = new AbortController();
    const tell = (done: number): void => onPhase({ kind: 'recording', done, of: plan.instants.length, end });
    tell(0);
    const name = `${exportName(source.id)}${plan.shape === 'slide' ? '-16x9' : ''}.${endings[plan.kind]}`;
    try {
      const blob = await makeFilm({ lab, plan, source, signal: end.signal, onProgress: tell });
      onPhase(
        blob === null
          ? { kind: 'choosing', failed: null }
          : { kind: 'ready', name, blob, url: URL.createObjectURL(blob), film: plan.kind },
      );
    } catch (error) {
      onPhase({ kind: 'choosing', failed: error instanceof Error ? error.message : String(error) });
    }
  };
  if (phase.kind === 'ready')
    return <Ready ready={phase} onAgain={() => onPhase({ kind: 'choosing', failed: null })} />;
  if (phase.kind === 'recording') return <Going {...phase} />;
  return (
    <>
      <Choices
        wish={wish}
        of={of}
        pictures={pictures}
        hasVideo={hasVideo}
        onWish={(change) => setWish({ ...wish, ...change })}
        onPicture={setOf}
      />
      {!hasVideo && <p className="mt-3">{t('record.noVideo')}</p>}
      <PlanWords wish={wish} />
      {phase.failed !== null && (
        <p className="mt-3 text-fence" role="alert">
          {t('record.failed', { why: phase.failed })}
        </p>
      )}
      <div className="mt-4 flex justify-end">
        <Button
          look="primary"
          icon={Film}
          disabled={!planned.ok}
          onClick={() => {
            const source = pictures.find(({ id }) => id === of);
            if (planned.ok && source !== undefined) void record(planned.plan, source);
          }}
        >
          {t('record.begin')}
        </Button>
      </div>
    </>
  );
}

export function RecordDialog({
  of,
  onClose,
}: {
  readonly of: string;
  readonly onClose: () => void;
}): ReactNode {
  const t = useT();
  const hasVideo = useVideo();
  const isWatching = useRun((run) => run?.mode === 'MIRROR');
  const [phase, setPhase] = useState<Phase>({ kind: 'choosing', failed: null });
  useEffect(() => {
    if (phase.kind !== 'ready') return undefined;
    const { url } = phase;
    return () => URL.revokeObjectURL(url);
  }, [phase]);
  const close = (): void => {
    if (phase.kind === 'recording') phase.end.abort();
    onClose();
  };
  return (
    <Dialog title={t('record.title')} onClose={close}>
      <p className="text-muted">{t('record.text')}</p>
      {isWatching ? (
        <p className="mt-3">{t('record.watching')}</p>
      ) : hasVideo === null ? (
        <p className="mt-3 text-muted">{t('loading')}</p>
      ) : (
        <Maker of={of} hasVideo={hasVideo} phase={phase} onPhase={setPhase} />
      )}
    </Dialog>
  );
}
