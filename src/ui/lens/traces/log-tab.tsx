// The log of all nodes (PCS-93): records in one order, by node, module, level and words; a level is set for what is chosen. A record of
// the open trace says of which span it is.

import { type ReactNode, useMemo, useState } from 'react';
import { type LogLevel, logLevels, logModules } from '../../../core/kernel/log-levels.ts';
import type { SpanTrace } from '../../../run-model/spans/span.ts';
import { useFrame } from '../../../state/frame-store.ts';
import { select } from '../../../state/selection-store.ts';
import { useT } from '../../i18n/i18n.ts';
import { Button, EmptyState } from '../../kit/button.tsx';
import { millis } from '../../kit/format.ts';
import { Select } from '../../kit/select.tsx';
import { eventText } from '../../model/event-text.ts';
import { DataTable } from '../../plot/data-table.tsx';
import { useLensNeed } from '../lens-need.ts';
import { type PastNeed, usePast } from '../use-past.ts';
import {
  configuredLevels,
  type LevelMap,
  type LogPlace,
  type LogRecord,
  levelFor,
  levelKey,
  logRecords,
} from './logs.ts';
import { chooseSpan, useTrace } from './trace-store.ts';
import '../../../words/lens/traces.en.json';

const need: PastNeed = { minRank: 0, kinds: null, withMessages: false };
const spans = ['2', '10', '50', '200', '1000'] as const;
type SpanText = (typeof spans)[number];
const shownConfiguration = { metadata: { node: null, at: null, base: null } } as const;
/** Rows drawn: the newest. */
const rowLimit = 300;

const hues: Readonly<Record<LogLevel, string>> = {
  TRACE: 'text-muted',
  DEBUG: 'text-muted',
  INFO: '',
  WARN: 'text-hole',
  ERROR: 'text-fence',
};

/** An event of a span is known by its time, its node and its kind. */
function placesOf(trace: SpanTrace | null): ReadonlyMap<string, LogPlace> {
  const places = new Map<string, LogPlace>();
  const [traceId] = trace?.traceIds ?? [];
  for (const { id, events } of trace?.spans ?? [])
    for (const { at, node, name } of events)
      if (traceId !== undefined) places.set(`${at} ${node} ${name}`, { traceId, spanId: id });
  return places;
}

export function LogTab({
  text,
  onTrace,
}: {
  readonly text: string;
  readonly onTrace: () => void;
}): ReactNode {
  const t = useT();
  const nodes = useFrame((state) => state.cluster?.nodes);
  const trace = useTrace((state) => state.trace);
  const [span, setSpan] = useState<SpanText>('10');
  const [node, setNode] = useState('');
  const [module, setModule] = useState('');
  const [levels, setLevels] = useState<LevelMap>({});
  // agents show their configuration where the metadata is asked for
  useLensNeed(shownConfiguration);
  const frames = useFrame((state) => state.nodes);
  const configured = useMemo(() => configuredLevels(Object.values(frames)), [frames]);
  const past = usePast(Number(span) * 1000, null, need);
  const places = useMemo(() => placesOf(trace), [trace]);
  const records = useMemo(
    () =>
      logRecords(past?.events ?? [], { node, module, levels, configured, text }, ({ at, node: of, event }) =>
        places.get(`${at} ${of} ${event.kind}`),
      ),
    [past, node, module, levels, configured, text, places],
  );
  const all = { value: '', label: t('logs.all') };
  const spanOf = ({ traceId, spanId }: LogRecord): ReactNode =>
    spanId === undefined ? null : (
      <button
        type="button"
        className="mono underline-offset-2 hover:underline"
        onClick={() => {
          chooseSpan(spanId);
          onTrace();
        }}
      >
        {traceId}
      </button>
    );
  return (
    <>
      <div className="scope-bar flex-wrap">
        <Select
          label={t('logs.stretch')}
          value={span}
          options={spans.map((value) => ({ value, label: `${value} ms` }))}
          onChange={setSpan}
        />
        <Select
          label={t('lenses.node')}
          value={node}
          options={[all, ...(nodes ?? []).map(({ id }) => ({ value: String(id), label: id }))]}
          onChange={setNode}
        />
        <Select
          label={t('logs.module')}
          value={module}
          options={[all, ...logModules.map((value) => ({ value, label: value }))]}
          onChange={setModule}
        />
        <Select
          label={t('logs.level')}
          value={levelFor(levels, configured, node, module)}
          options={logLevels.map((value) => ({ value, label: value }))}
          onChange={(level) => setLevels({ ...levels, [levelKey(node, module)]: level })}
        />
        {Object.keys(levels).length > 0 && (
          <Button small look="line" onClick={() => setLevels({})}>
            {t('logs.reset')}
          </Button>
        )}
      </div>
      {Object.keys(configured).length > 0 && (
        <p className="px-4 py-1 text-[12px] leading-4 text-muted">
          {t('logs.configured', {
            levels: Object.entries(configured)
              .map(([of, level]) => `${of} ${level}`)
              .join(', '),
          })}
        </p>
      )}
      {records.length === 0 ? (
        <EmptyState>{t('logs.empty', { span })}</EmptyState>
      ) : (
        <div className="overflow-x-auto px-4">
          <DataTable<LogRecord>
            isExported
            label={t('logs.title')}
            caption={(count) => t('logs.rows', { count, of: records.length })}
            rows={records.slice(-rowLimit)}
            keyOf={({ listed }) => listed.index}
            attributes={({ node: of }) => ({ 'data-hover': `node ${of}` })}
            columns={[
              [t('logs.time'), ({ t: at }) => millis(at), 'n'],
              [t('logs.level'), ({ level }) => level, ({ level }) => `mono ${hues[level]}`],
              [t('lenses.node'), ({ node: of }) => of],
              [t('logs.module'), (record) => record.module],
              [
                t('logs.event'),
                ({ event, listed }) => (
                  <button
                    type="button"
                    className="mono underline-offset-2 hover:underline"
                    onClick={() => select({ kind: 'event', listed })}
                  >
                    {event}
                  </button>
                ),
              ],
              [t('logs.trace'), spanOf],
              [
                t('logs.fields'),
                ({ listed }) => {
                  const text = eventText(listed.event);
                  return (
                    <div className="max-w-[260px] truncate" title={text}>
                      {text}
                    </div>
                  );
                },
                'mono text-muted',
              ],
            ]}
          />
        </div>
      )}
    </>
  );
}
