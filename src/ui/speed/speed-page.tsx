// `#/speed`: the lab measured in this browser, as bars, with PGlite beside it, and as a text to take away.

import { ArrowLeft, Clipboard, Gauge, Square } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { type Figure, type MeasureId, measures } from '../../lab/speed/measures.ts';
import { goTo } from '../../state/route-store.ts';
import { writeClipboard } from '../export/clipboard.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import { type Measured, measureSpeed, stopMeasuring, useSpeed } from './speed-store.ts';
import { machineOf, type SpeedLine, shareOf, speedText, wholeOf } from './speed-text.ts';
import './speed.css';
import '../../words/speed.en.json';

type Unit = (typeof measures)[number]['unit'];
type AllMeasured = ReturnType<typeof useSpeed>['measured'];

const groups = [
  { id: 'waits', unit: 'ms' },
  { id: 'commits', unit: '/s' },
  { id: 'screen', unit: 'fps' },
] as const;

const figureOf = (one: Measured | undefined): Figure | null => (one?.kind === 'figure' ? one.figure : null);

/** A screen that keeps up with most displays. */
const FULL_FPS = 60;

function useLine(measured: AllMeasured): (id: MeasureId, unit: Unit) => SpeedLine {
  const t = useT();
  const more = (id: MeasureId, figure: Figure): string | null => {
    const reference = figureOf(measured.pglite)?.value ?? null;
    if ((id === 'commits64' || id === 'commits256') && reference !== null)
      return t('speed.times', { times: wholeOf(figure.value / reference) });
    if (figure.worst === null) return null;
    return t(id === 'frames' ? 'speed.worstFrame' : 'speed.slowest', { worst: wholeOf(figure.worst) });
  };
  return (id, unit) => {
    const one = measured[id];
    const figure = figureOf(one);
    const label = t(`speed.${id}`);
    if (figure === null) return { label, one, value: '–', more: null };
    const value =
      unit === 'fps' ? t('speed.fps', { value: wholeOf(figure.value) }) : `${wholeOf(figure.value)} ${unit}`;
    return { label, one, value, more: more(id, figure) };
  };
}

function Meaning({ id, figure }: { readonly id: MeasureId; readonly figure: Figure | null }): ReactNode {
  const t = useT();
  if (id !== 'frames') return t(`speed.${id}Text`);
  return figure?.of == null ? t('speed.framesBefore') : t('speed.framesText', { of: wholeOf(figure.of) });
}

function Row({
  id,
  line,
  share,
}: {
  readonly id: MeasureId;
  readonly line: SpeedLine;
  readonly share: number;
}): ReactNode {
  const t = useT();
  const { one, label, value, more } = line;
  return (
    <tr>
      <th scope="row">
        {label}
        <span className="block text-[12px] font-normal text-muted">
          <Meaning id={id} figure={figureOf(one)} />
        </span>
      </th>
      <td>
        <span
          className="speed-bar"
          data-reference={id === 'pglite'}
          style={{ inlineSize: `${share * 100}%` }}
        />
        <span className="speed-value">
          <b>{one?.kind === 'runs' ? t('speed.runs') : value}</b>
          {more !== null && <span className="text-muted"> {more}</span>}
          {one?.kind === 'without' && (
            <span className="text-bad"> {t('speed.without', { error: one.error })}</span>
          )}
        </span>
      </td>
    </tr>
  );
}

function CopyButton({ lines }: { readonly lines: readonly SpeedLine[] }): ReactNode {
  const t = useT();
  const [isCopied, setCopied] = useState(false);
  return (
    <Button
      icon={Clipboard}
      onClick={() => void writeClipboard(speedText(machineOf(navigator), lines)).then(() => setCopied(true))}
    >
      {t(isCopied ? 'speed.copied' : 'speed.copy')}
    </Button>
  );
}

export function SpeedPage(): ReactNode {
  const t = useT();
  const lab = useLab();
  const { isRunning, measured, ended } = useSpeed();
  const lineOf = useLine(measured);
  const hasFigures = Object.values(measured).some(({ kind }) => kind === 'figure');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <main className="about" data-region="about" tabIndex={0} aria-label={t('speed.title')}>
      <div className="about-body">
        <Button look="line" icon={ArrowLeft} onClick={() => goTo('lab')}>
          {t('speed.back')}
        </Button>
        <h1 className="mt-5 text-[20px] leading-7 font-semibold">{t('speed.title')}</h1>
        <p className="mt-2 max-w-[92ch]">{t('speed.lead')}</p>
        <div className="mt-4 flex flex-wrap items-center gap-2">
          {isRunning ? (
            <Button icon={Square} onClick={stopMeasuring}>
              {t('speed.stop')}
            </Button>
          ) : (
            <Button look="primary" icon={Gauge} onClick={() => measureSpeed(lab)}>
              {t(hasFigures ? 'speed.again' : 'speed.run')}
            </Button>
          )}
          {hasFigures && !isRunning && (
            <CopyButton lines={measures.map(({ id, unit }) => lineOf(id, unit))} />
          )}
        </div>
        <p role="status" className="mt-2 text-bad">
          {ended === null ? '' : t(`speed.${ended}`)}
        </p>
        {groups.map((group) => {
          const ids = measures.flatMap(({ id, unit }) => (unit === group.unit ? [id] : []));
          const values = ids.flatMap((id) => figureOf(measured[id])?.value ?? []);
          return (
            <section key={group.id} aria-label={t(`speed.group.${group.id}`)}>
              <h2>{t(`speed.group.${group.id}`)}</h2>
              <table className="speed-table">
                <tbody>
                  {ids.map((id) => (
                    <Row
                      key={id}
                      id={id}
                      line={lineOf(id, group.unit)}
                      share={shareOf(
                        figureOf(measured[id])?.value ?? 0,
                        group.unit === 'fps' ? [FULL_FPS, ...values] : values,
                      )}
                    />
                  ))}
                </tbody>
              </table>
            </section>
          );
        })}
      </div>
    </main>
  );
}
