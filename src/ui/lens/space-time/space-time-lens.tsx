// Lens 4.7: what happened before what. Lanes, cones of the chosen event, the relation of two, search by pattern.

import { ChevronDown, ChevronUp, EyeOff } from 'lucide-react';
import { memo, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { MessageFamily } from '../../../core/kernel/message-label.ts';
import type { ListedEvent } from '../../../run-model/picture/frame.ts';
import type { PastPicture } from '../../../run-model/recorder/past.ts';
import { useAnnounced } from '../../../state/announced.ts';
import { takeClock } from '../../../state/clock-store.ts';
import { useFrame } from '../../../state/frame-store.ts';
import { useRun } from '../../../state/run-store.ts';
import { select, selectMessage, useSelection } from '../../../state/selection-store.ts';
import { setSettings, useSettings } from '../../../state/settings-store.ts';
import { isPlaying } from '../../../state/view-clock.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { Button, EmptyState, IconButton } from '../../kit/button.tsx';
import { millis } from '../../kit/format.ts';
import { Select } from '../../kit/select.tsx';
import { useLab } from '../../lab-context.ts';
import { eventText } from '../../model/event-text.ts';

import { useFaults } from '../../model/use-faults.ts';
import { TableBeside } from '../../plot/data-table.tsx';
import { useBox } from '../../plot/use-size.ts';
import { defineLens, type LensParts, type LensState } from '../define-lens.tsx';
import type { LegendEntry } from '../legend.ts';
import { FollowButton } from '../section.tsx';
import { type PastNeed, usePast } from '../use-past.ts';
import { describeSpaceTime } from './describe.ts';
import { EventFacts } from './event-facts.tsx';
import { FamilyTools } from './family-tools.tsx';
import { lanesRoom, moveLane } from './lane-order.ts';
import type { Cone, SpaceTimeModel } from './model.ts';
import { PatternSearch } from './pattern-search.tsx';
import { makeProjector } from './project.ts';
import { axisHeight, footHeight } from './shapes.ts';
import { SpaceTimePlot, SpaceTimeStill } from './space-time-plot.tsx';
import '../../../words/lens/space-time.en.json';

/** Events of every rank carry the order, those that are drawn or not. */
const need: PastNeed = { minRank: 0, kinds: null, withMessages: true };
const loadLegend = async (): Promise<readonly LegendEntry[]> => (await import('./legend.ts')).spaceTimeLegend;

const spans = ['2', '5', '10', '20', '50', '200', '1000'] as const;
const ranks = ['0', '1', '2', '3'] as const;
type RankText = (typeof ranks)[number];
/** Rows of the table: the newest; fewer while it is not seen and the run plays. */
const rowLimit = 300;
const announcedRowLimit = 40;

interface LaneToolsProps {
  readonly lanes: readonly string[];
  readonly hidden: readonly string[];
  readonly onLanes: (lanes: readonly string[]) => void;
  readonly onHidden: (hidden: readonly string[]) => void;
}

const LaneTools = memo(function LaneTools({ lanes, hidden, onLanes, onHidden }: LaneToolsProps): ReactNode {
  const t = useT();
  const move = (node: string, by: -1 | 1): void => {
    const at = lanes.indexOf(node);
    const next = [...lanes];
    const other = next[at + by];
    if (other === undefined) return;
    next[at] = other;
    next[at + by] = node;
    onLanes(next);
  };
  return (
    <details className="px-4 text-[12px]">
      <summary className="text-muted">{lanes.filter((node) => !hidden.includes(node)).join(' · ')}</summary>
      <ul className="py-1">
        {lanes.map((node) => (
          <li key={node} className="flex h-7 items-center gap-1" aria-label={t('spaceTime.lane', { node })}>
            <span className={`w-24 truncate ${hidden.includes(node) ? 'text-muted line-through' : ''}`}>
              {node}
            </span>
            <IconButton
              small
              icon={ChevronUp}
              label={t('spaceTime.up', { node })}
              onClick={() => move(node, -1)}
            />
            <IconButton
              small
              icon={ChevronDown}
              label={t('spaceTime.down', { node })}
              onClick={() => move(node, 1)}
            />
            <IconButton
              small
              icon={EyeOff}
              label={t(hidden.includes(node) ? 'spaceTime.show' : 'spaceTime.hide', { node })}
              aria-pressed={hidden.includes(node)}
              onClick={() =>
                onHidden(hidden.includes(node) ? hidden.filter((one) => one !== node) : [...hidden, node])
              }
            />
          </li>
        ))}
      </ul>
    </details>
  );
});

/** The newest events that are drawn, oldest first. */
function newestDrawn({ events, isDrawn }: SpaceTimeModel, limit: number): readonly ListedEvent[] {
  const rows: ListedEvent[] = [];
  for (let i = events.length - 1; i >= 0 && rows.length < limit; i--) {
    const event = events[i];
    if (event !== undefined && isDrawn(event)) rows.push(event);
  }
  return rows.reverse();
}

const coneWord = (cone: Cone, t: Translate): string => (cone === 'none' ? '' : t(`spaceTime.${cone}`));

interface EventTableProps {
  readonly model: SpaceTimeModel;
  readonly shown: boolean;
  readonly onChoose: (event: ListedEvent, isSecond: boolean) => void;
}

function EventTable({ model, shown, onChoose }: EventTableProps): ReactNode {
  const t = useT();
  const playing = useRun(isPlaying);
  const limit = shown || !playing ? rowLimit : announcedRowLimit;
  const kind = (event: ListedEvent): ReactNode => (
    <button
      type="button"
      tabIndex={shown ? 0 : -1}
      className="mono underline-offset-2 hover:underline"
      onClick={(click) => onChoose(event, click.shiftKey)}
    >
      {event.event.kind}
    </button>
  );
  return (
    <TableBeside<ListedEvent>
      label={t('lens.spaceTime')}
      caption={(count) => t('spaceTime.rows', { count, of: model.drawnCount })}
      shown={shown}
      box="flex-none overflow-x-auto px-4"
      rows={() => newestDrawn(model, limit)}
      // The newest rows move on; their words change, not the rows.
      keyOf={(_event, at) => at}
      columns={[
        [t('spaceTime.time'), ({ at }) => millis(at), 'n'],
        [t('spaceTime.node'), ({ node }) => node],
        [t('spaceTime.event'), kind],
        [t('spaceTime.cone'), (event) => coneWord(model.coneOf(event), t)],
        [t('spaceTime.facts'), ({ event }) => eventText(event), 'mono max-w-[220px] truncate text-muted'],
      ]}
    />
  );
}

/** The plot takes the height that is left, as far as its lanes can use it. */
function roomFor(lanes: number): { readonly minHeight: number; readonly maxHeight: number } {
  const [least, most] = lanesRoom(lanes);
  const rest = axisHeight + footHeight;
  return { minHeight: least + rest, maxHeight: most + rest };
}

/** An event that is chosen outside of the stretch brings the stretch to it, once. */
function useStretchTo(
  chosen: ListedEvent | null,
  past: PastPicture | null,
  show: (at: number) => void,
): void {
  const sought = useRef(-1);
  const isKnown = past !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it is chosen, and not when the stretch moves on
  useEffect(() => {
    if (past === null || chosen === null || sought.current === chosen.index) return;
    sought.current = chosen.index;
    if (chosen.at < past.from || chosen.at > past.to) show(chosen.at);
  }, [chosen, isKnown]);
}

function useSpaceTime({ table, frozenPane, isFrozen }: LensState<SpaceTimeModel>): LensParts<SpaceTimeModel> {
  const t = useT();
  const lab = useLab();
  const nodes = useFrame((state) => state.cluster?.nodes);
  const faults = useFaults();
  const heartbeats = useSettings((settings) => settings.heartbeats);
  const subject = useSelection((state) => (state.subject?.kind === 'event' ? state.subject.listed : null));
  const chosen = subject?.index ?? null;
  const scope = useSelection((state) => state.scope);
  const [other, setOther] = useState<number | null>(null);
  const [span, setSpan] = useState(10_000);
  const [end, setEnd] = useState<number | null>(null);
  const [rank, setRank] = useState<RankText>('1');
  const [order, setOrder] = useState<readonly string[] | null>(null);
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const [families, setFamilies] = useState<readonly MessageFamily[]>([]);
  const [mergeLocal, setMergeLocal] = useState(false);
  const [isExported, setExported] = useState(false);
  const [ref, { width, height }] = useBox();
  const past = usePast(span, end, need);
  const lanes = useMemo(() => order ?? nodes?.map(({ id }) => id) ?? [], [order, nodes]);
  const unseen = useMemo(
    (): readonly MessageFamily[] => (heartbeats ? families : [...families, 'heartbeat']),
    [families, heartbeats],
  );
  const toggleFamily = useCallback(
    (family: MessageFamily): void => {
      if (family === 'heartbeat') setSettings({ heartbeats: !heartbeats });
      else
        setFamilies((before) =>
          before.includes(family) ? before.filter((one) => one !== family) : [...before, family],
        );
    },
    [heartbeats],
  );
  const showFamilies = useCallback((): void => {
    setFamilies([]);
    setSettings({ heartbeats: true });
  }, []);
  const projector = useMemo(
    () =>
      makeProjector({
        lanes,
        hidden,
        families: unseen,
        chosen,
        other,
        minRank: Number(rank),
        // Marks nearer than about 4 px are one.
        mergeUs: (span / Math.max(200, width)) * 4,
        mergeLocal,
        spanUs: span,
        scope,
      }),
    [lanes, hidden, unseen, chosen, other, rank, mergeLocal, span, width, scope],
  );
  const model = useMemo(
    () => (past === null ? null : projector.project(past, faults)),
    [projector, past, faults],
  );
  useEffect(() => {
    const { event, clock } = model?.chosen ?? {};
    if (event !== undefined && clock !== undefined) takeClock({ of: event.index, places: clock });
  }, [model]);
  useStretchTo(subject, past, (at) => {
    const now = lab.frame()?.time ?? 0;
    const next = Math.round(at + span / 2);
    setEnd(next >= now ? null : next);
  });
  const description = model === null ? t('loading') : describeSpaceTime(model, t);
  const announced = useAnnounced(description, chosen !== null);
  const choose = (listed: ListedEvent | null, isSecond: boolean): void => {
    if (isSecond) setOther(listed?.index ?? null);
    else if (listed !== null) {
      setOther(null);
      select({ kind: 'event', listed });
    }
  };
  const pan = (byUs: number): void => {
    const now = lab.frame()?.time ?? 0;
    const next = Math.round((end ?? now) + byUs);
    setEnd(next >= now ? null : Math.max(span / 10, next));
  };
  const zoom = (factor: number): void =>
    setSpan(Math.min(1_000_000, Math.max(200, Math.round(span * factor))));
  const body = (
    <>
      <div className="scope-bar">
        <Select
          label={t('spaceTime.span')}
          value={String(span / 1000)}
          options={[...new Set([...spans, String(span / 1000)])].map((value) => ({
            value,
            label: `${value} ms`,
          }))}
          onChange={(value) => setSpan(Number(value) * 1000)}
        />
        <Select
          label={t('spaceTime.rank')}
          value={rank}
          options={ranks.map((value) => ({ value, label: t(`rank.${value}`) }))}
          onChange={setRank}
        />
        <span className="flex-1" />
        <FollowButton
          on={end === null}
          onToggle={() => setEnd(end === null ? (lab.frame()?.time ?? 0) : null)}
        />
      </div>
      {past !== null && (
        <PatternSearch
          past={past}
          onFound={(chain) => {
            choose(chain.at(-1) ?? null, false);
            if (chain.length > 1) setOther(chain[0]?.index ?? null);
          }}
        >
          <button
            type="button"
            className="field field-small"
            aria-pressed={mergeLocal}
            title={t('spaceTime.mergeHint')}
            onClick={() => setMergeLocal(!mergeLocal)}
          >
            {t('spaceTime.merge')}
          </button>
        </PatternSearch>
      )}
      <FamilyTools hidden={unseen} onToggle={toggleFamily} onAll={showFamilies} />
      <LaneTools lanes={lanes} hidden={hidden} onLanes={setOrder} onHidden={setHidden} />
      {!table && (
        <div className="relative mt-1 flex-[1_1_0]" style={roomFor(model?.lanes.length ?? 0)}>
          <div ref={ref} className="absolute inset-x-4 inset-y-0">
            {model !== null && (
              <SpaceTimePlot
                model={model}
                projector={projector}
                width={width}
                room={height}
                label={announced}
                isExported={isExported}
                onChoose={choose}
                onMessage={selectMessage}
                onPan={pan}
                onZoom={zoom}
                onLane={(node, place) => setOrder(moveLane(lanes, hidden, node, place))}
              />
            )}
          </div>
        </div>
      )}
      {model !== null && model.marks.length === 0 && (
        <EmptyState action={<Button onClick={() => void lab.step('meaningful')}>{t('toolbar.step')}</Button>}>
          {t('spaceTime.empty', { span: span / 1000 })}
        </EmptyState>
      )}
      {isFrozen && (
        <div className="flex-none px-4">
          {frozenPane((kept) => (
            <SpaceTimeStill model={kept} width={width} label={describeSpaceTime(kept, t)} />
          ))}
        </div>
      )}
      {model !== null && <EventFacts model={model} />}
      {model !== null && <EventTable model={model} shown={table} onChoose={choose} />}
    </>
  );
  return {
    keep: () => model,
    description: announced,
    without: ['filter'],
    onExport: (isOn) => flushSync(() => setExported(isOn)),
    body,
  };
}

export const SpaceTimeLens = defineLens<SpaceTimeModel>({ legend: loadLegend, useParts: useSpaceTime });
