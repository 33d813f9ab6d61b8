// T1 to T5 of the chosen page on screen: the steps over virtual time, by arrow keys; the run again with one mechanism off or on.

import { ToggleLeft, ToggleRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { time } from '../../../../../base/ids.ts';
import { has } from '../../../../../core/kernel/mutants.ts';
import { useFrame } from '../../../../../state/frame-store.ts';
import { PageTileIcon } from '../../../../glyphs/page-tile.tsx';
import { useT } from '../../../../i18n/i18n.ts';
import { Button } from '../../../../kit/button.tsx';
import { millis } from '../../../../kit/format.ts';
import { useLab } from '../../../../lab-context.ts';
import { type LensState, PlotArea } from '../../../../lens/define-lens.tsx';
import { PlaceSlider } from '../../../../lens/place-slider.tsx';
import { Muted, Section } from '../../../../lens/section.tsx';
import { PlotSvg } from '../../../../plot/lsn-plot.tsx';
import { setApart, timeTicks } from '../../../../plot/ticks.ts';
import { hoverKey } from '../../../../selection/hover.ts';
import { stepText, verdictText } from './describe.ts';
import type { SharedModel } from './project.ts';
import type { PageStep, StepKind } from './steps.ts';
import {
  type AxisStep,
  type Mechanism,
  mechanisms,
  storageLane,
  type TimeAxis,
  tapeWithSwitch,
} from './time-axis.ts';

const labelWidth = 76;
const laneHeight = 46;
const head = 22;
const markWidth = 30;

const hues: Readonly<Record<StepKind, string>> = {
  changed: 'wal',
  learned: 'reader',
  read: 'ack',
  past: 'fence',
  ahead: 'fence',
  future: 'hole',
  blocked: 'hole',
  lost: 'hole',
  stored: 'wal',
};

interface MarkProps {
  readonly one: AxisStep;
  readonly x: number;
  readonly drawnX: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Mark({ one: { step, lane }, x, drawnX, isChosen, onChoose }: MarkProps): ReactNode {
  const y = head + lane * laneHeight;
  const hue = `var(--${hues[step.kind]})`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hidden from the accessibility tree; the slider around it has the keys
    <g onClick={onChoose} className="cursor-pointer">
      <path d={`M${x} ${y + 42}L${drawnX} ${y + 32}`} stroke={hue} />
      <circle cx={x} cy={y + 42} r={2.5} fill={hue} />
      <rect
        x={drawnX - markWidth / 2 + 1}
        y={y + 4}
        width={markWidth - 2}
        height={28}
        rx={3}
        fill={isChosen ? 'var(--bg-2)' : 'var(--bg-1)'}
        stroke={isChosen ? 'var(--accent)' : hue}
        strokeWidth={isChosen ? 2.5 : 1}
      />
      <text x={drawnX} y={y + 16} fontSize={12} fontWeight={700} textAnchor="middle" fill={hue}>
        {step.mark === '' ? '·' : step.mark}
      </text>
      <text x={drawnX} y={y + 28} fontSize={12} textAnchor="middle" className="mono" fill="var(--text)">
        {step.lsn % 10_000}
      </text>
    </g>
  );
}

interface AxisProps {
  readonly axis: TimeAxis;
  readonly width: number;
  readonly chosen: PageStep | null;
  readonly onChoose: (at: number) => void;
}

function AxisPlot({ axis, width, chosen, onChoose }: AxisProps): ReactNode {
  const t = useT();
  const { lanes, steps, from, to } = axis;
  const right = Math.max(labelWidth + 200, width - 8);
  const span = Math.max(1, to - from);
  const x = (at: number): number => labelWidth + ((at - from) / span) * (right - labelWidth);
  const ticks = timeTicks(from, to, Math.max(2, Math.floor((right - labelWidth) / 90)));
  const drawn = new Map<AxisStep, number>();
  for (const lane of lanes.keys()) {
    const own = steps.filter((one) => one.lane === lane);
    const places = setApart(
      own.map(({ step }) => x(step.at)),
      markWidth,
      right - markWidth / 2,
    );
    for (const [i, one] of own.entries()) drawn.set(one, places[i] ?? 0);
  }
  return (
    <PlotSvg width={right + 8} height={head + lanes.length * laneHeight + 6}>
      {ticks.map((at) => (
        <g key={at}>
          <path d={`M${x(at)} ${head - 4}V${head + lanes.length * laneHeight}`} stroke="var(--line)" />
          <text x={x(at)} y={12} fontSize={12} textAnchor="middle" className="mono" fill="var(--text-muted)">
            {at / 1000}
          </text>
        </g>
      ))}
      {lanes.map((lane, i) => (
        <g
          key={lane}
          {...(lane === storageLane ? {} : { 'data-hover': hoverKey({ kind: 'node', id: lane }) })}
        >
          <path d={`M${labelWidth} ${head + i * laneHeight + 42}H${right}`} stroke="var(--border-control)" />
          <text x={0} y={head + i * laneHeight + 24} fontSize={13} fontWeight={600} fill="var(--text)">
            {lane === storageLane ? t('shared.storage') : lane}
          </text>
        </g>
      ))}
      {steps.map((one, i) => (
        <Mark
          key={one.step.key}
          one={one}
          x={x(one.step.at)}
          drawnX={Math.max(labelWidth + markWidth / 2, drawn.get(one) ?? 0)}
          isChosen={one.step.key === chosen?.key}
          onChoose={() => onChoose(i)}
        />
      ))}
    </PlotSvg>
  );
}

function Switches(): ReactNode {
  const t = useT();
  const lab = useLab();
  const mutants = useFrame(({ frame }) => frame?.mutants);
  const now = useFrame(({ frame }) => frame?.time ?? 0);
  const again = async (name: Mechanism, isOff: boolean): Promise<void> => {
    await lab.startTape(tapeWithSwitch(await lab.exportTape(), name, isOff), time(now));
  };
  return (
    <Section title={t('shared.time.switches')}>
      <div className="flex flex-wrap gap-2 py-1">
        {mechanisms.map((name) => {
          const isOn = !has(mutants ?? [], name);
          return (
            <Button
              key={name}
              small
              look="line"
              role="switch"
              aria-checked={isOn}
              icon={isOn ? ToggleRight : ToggleLeft}
              onClick={() => void again(name, isOn)}
            >
              {t(`shared.switch.${name}`)}
            </Button>
          );
        })}
      </div>
      <Muted>{t('shared.time.switchesText')}</Muted>
    </Section>
  );
}

interface TimePartProps {
  readonly lens: LensState<SharedModel>;
  readonly axis: TimeAxis;
  readonly page: string;
  readonly nameOf: (blockKey: number) => string;
}

export function TimePart({ lens, axis, page, nameOf }: TimePartProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const [key, setKey] = useState<string | null>(null);
  const { steps, wrong } = axis;
  const found = steps.findIndex(({ step }) => step.key === key);
  const at = found < 0 ? steps.length - 1 : found;
  const chosen = steps[at]?.step ?? null;
  const onChoose = (to: number): void => setKey(steps[to]?.step.key ?? null);
  const plot = <AxisPlot axis={axis} width={lens.width} chosen={chosen} onChoose={onChoose} />;
  const said = (step: PageStep): string => `${step.mark} ${step.node}: ${stepText(step, t, nameOf)}`.trim();
  return (
    <>
      <PlotArea
        state={lens}
        className="overflow-x-auto px-4 pt-1.5 pb-2"
        drawing={
          <PlaceSlider
            label={t('shared.time.axis', { page })}
            text={chosen === null ? '–' : said(chosen)}
            at={at + 1}
            first={1}
            last={steps.length}
            onChoose={(to) => onChoose(to - 1)}
          >
            {plot}
          </PlaceSlider>
        }
        still={() => plot}
      >
        {chosen !== null && (
          <p className="flex flex-wrap items-center gap-2 text-[13px] leading-5">
            <span className="mono">{millis(chosen.at)} ms</span>
            {said(chosen)}
            <Button small look="line" onClick={() => void lab.seek(time(chosen.at + 1))}>
              {t(chosen.mark === '' ? 'shared.time.goThere' : 'shared.time.go', {
                mark: chosen.mark,
                ms: millis(chosen.at),
              })}
            </Button>
          </p>
        )}
        {steps.length > 0 && (
          <output
            aria-live="off"
            aria-label={t('shared.time.name', { page })}
            className={`my-1 flex items-center gap-2 border-l-[3px] px-2 text-[13px] leading-5 ${wrong === null ? 'border-line text-muted' : 'border-fence bg-raised'}`}
          >
            <PageTileIcon state={wrong === null ? 'current' : wrong.kind === 'past' ? 'past' : 'future'} />
            {verdictText(axis, t, nameOf)}
          </output>
        )}
      </PlotArea>
      <Switches />
    </>
  );
}
