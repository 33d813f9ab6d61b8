// *Way*: the SQL of one statement, the rows before and after, and its way in sentences with times, with the line at which nothing that
// fails can lose it. It follows the newest commit, or shows the one that was chosen anywhere.

import { ArrowUpRight } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { statementsOf } from '../../../core/client/operation-statements.ts';
import type { Operation } from '../../../core/client/workload-kind.ts';
import { attachmentsOf } from '../../../core/compute/compute-view.ts';
import type { WorkloadKind } from '../../../core/kernel/workload-spec.ts';
import type { NodeFrame } from '../../../run-model/picture/frame.ts';
import {
  type Ask,
  newestWay,
  type Way,
  type WayVolume,
  wayKinds,
  wayOfEvent,
  wayOfRecord,
  waysOf,
} from '../../../run-model/ways/ways.ts';
import { useFrame } from '../../../state/frame-store.ts';
import { useMapView } from '../../../state/map-view.ts';
import { type SeenAt, seenNow, useOfRun } from '../../../state/of-run.ts';
import { keepSame } from '../../../state/same-value.ts';
import { type Subject, useSelection } from '../../../state/selection-store.ts';
import type { LensId } from '../../../state/settings-store.ts';
import { statementText } from '../../../state/statement-texts.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { named } from '../../i18n/sentence.ts';
import { Button, EmptyState, IconButton } from '../../kit/button.tsx';
import { millis } from '../../kit/format.ts';
import { Select } from '../../kit/select.tsx';
import { useLab } from '../../lab-context.ts';
import { computeOf, driverOf } from '../../model/node-facts.ts';
import { showLens } from '../../model/show-lens.ts';
import { TableBeside } from '../../plot/data-table.tsx';
import type { LensState } from '../define-lens.tsx';
import type { LensEntry } from '../lens-entry.ts';
import { useLensNeed } from '../lens-need.ts';
import { showPart } from '../lens-part.ts';
import { FollowButton } from '../section.tsx';
import { stackLenses } from '../stack-lenses.ts';
import { loadTrace, type TraceTarget } from '../traces/trace-store.ts';
import { type PastNeed, usePast } from '../use-past.ts';
import { type ChangedRow, changedRows, pagesOf } from './changed-rows.ts';
import { begunAt, keepReadOf, shortText, spanOf } from './kept-way.ts';
import { wayVolumes } from './place.ts';
import { stepsOf, type WayStep } from './steps.ts';
import '../../../words/lens/way.en.json';

const offered = 30;
const need: PastNeed = { minRank: 0, kinds: wayKinds, withMessages: false };
/** While another tab of the lens is open nothing is asked. */
const noNeed: PastNeed = { ...need, kinds: [] };

interface ChosenWay {
  readonly way: Way;
  readonly seen: SeenAt;
}

/** The way that a person has chosen, and in which run; null: the newest is followed. */
const wayStore = createStore<{ readonly chosen: ChosenWay | null }>(() => ({ chosen: null }));

const chooseWay = (way: Way | null): void =>
  wayStore.setState({ chosen: way === null ? null : { way, seen: seenNow() } });

/** The chosen one with the steps that came since. */
const keepChosen = (way: Way): void =>
  wayStore.setState(({ chosen }) => ({ chosen: chosen?.way.id === way.id ? { ...chosen, way } : chosen }));

/** What was chosen in another cluster is no statement of this one. */
function useChosen(): Way | null {
  const chosen = useStore(wayStore, (state) => state.chosen);
  return useOfRun(useMemo(() => (chosen === null ? [] : [chosen]), [chosen]))[0]?.way ?? null;
}

type Nodes = Readonly<Record<string, NodeFrame>>;

/** The statements of a request: of a load's client by its operation, of a session as it was sent. */
function textOf({ operation, session, request }: Ask, nodes: Nodes): readonly string[] | null {
  const drivers = Object.values(nodes).flatMap((node) => driverOf(node) ?? []);
  if (operation === null) {
    const waiting = drivers.flatMap((driver) => driver.waiting).find((one) => one.session === session);
    const text = (request === null ? undefined : statementText(request)) ?? waiting?.text;
    return text === undefined ? null : [text];
  }
  const name = session.slice(0, session.lastIndexOf('/'));
  const kind = drivers.flatMap(({ workloads }) => workloads).find((one) => one.name === name)?.kind;
  return kind === undefined ? null : statementsOf(kind as WorkloadKind, operation as Operation);
}

/** ms since the statement was sent. */
const sinceText = ({ mark }: WayStep, from: number): string =>
  mark === null ? '…' : ((mark.at - from) / 1000).toFixed(2);

const useStackLenses = (): readonly LensEntry[] => stackLenses(useFrame(({ frame }) => frame?.preset ?? ''));

/** What a session was given to send is told by its text, which this page has of those that it sent itself. */
const labelOf = (way: Way, t: Translate): string => {
  const { asks, change } = way;
  const [ask] = asks;
  const what = ask?.operation ?? null;
  const at = millis(begunAt(way));
  if (what !== null) return `${at} ${what.kind} ${what.key}`;
  const text = asks.flatMap(({ request }) => (request === null ? [] : (statementText(request) ?? [])));
  return text.length > 0
    ? `${at} ${shortText(text.join('; '))}`
    : `${at} ${ask === undefined ? t('way.ownWork', { node: change?.writer ?? '–' }) : t('way.statementOf', { session: ask.session })}`;
};

/** An event, a record or a mini-transaction that is selected leads to the statement that it is of. */
function wayOfSubject(subject: Subject | null, ways: readonly Way[], volume: string): Way | undefined {
  switch (subject?.kind) {
    case 'event':
      return wayOfEvent(ways, subject.listed.index);
    case 'lsn':
      return wayOfRecord(ways, volume, subject.lsn);
    case 'mtr':
      return wayOfRecord(ways, volume, subject.first);
    default:
      return undefined;
  }
}

interface WayModel {
  readonly ways: readonly Way[];
  readonly way: Way | null;
  readonly steps: readonly WayStep[];
  readonly text: readonly string[] | null;
  readonly rows: readonly ChangedRow[];
}

/** `isShown`: the way is what the lens shows. */
export function useWay(isShown: boolean): WayModel {
  const t = useT();
  const cluster = useFrame((state) => state.cluster);
  const nodes = useFrame((state) => state.nodes);
  const links = useFrame((state) => state.frame?.links);
  const chosen = useChosen();
  const selected = useSelection((state) => state.subject);
  const spanUs = useFrame(({ frame }) => spanOf(chosen, frame?.time ?? 0));
  const past = usePast(spanUs, null, isShown ? need : noNeed);
  // The same from picture to picture, so that ways are made anew only when events came.
  const keptVolumes = useRef<readonly WayVolume[]>([]);
  keptVolumes.current = keepSame(keptVolumes.current, cluster === null ? [] : wayVolumes(cluster, nodes));
  const volumes = keptVolumes.current;
  const volumeShown = useSelection((state) => state.volume) ?? cluster?.volume ?? '';
  const ways = useMemo(() => waysOf(past?.events ?? [], volumes), [past, volumes]);
  useEffect(() => {
    const found = wayOfSubject(selected, ways, volumeShown);
    if (found !== undefined) chooseWay(found);
  }, [selected, ways, volumeShown]);
  const followed = chosen === null ? undefined : ways.find(({ id }) => id === chosen.id);
  // Once it began before the stretch it is as it was seen last.
  useEffect(() => {
    if (followed !== undefined) keepChosen(followed);
  }, [followed]);
  const way = (chosen === null ? newestWay(ways) : (followed ?? chosen)) ?? null;
  const writer = way?.change ? nodes[way.change.writer] : undefined;
  const compute = computeOf(writer);
  const view =
    compute === null
      ? null
      : (attachmentsOf(compute).find(({ volume }) => volume === way?.change?.volume) ?? null);
  const wanted =
    way?.change && view?.pages
      ? pagesOf(way.change, view.pages).map((blockKey) => ({ blockKey, at: null }))
      : [];
  useLensNeed(isShown ? { pages: true, wanted } : {});
  const read =
    way === null
      ? null
      : keepReadOf(seenNow().run, way, {
          rows: way.change && writer?.status === 'up' ? changedRows(way.change, view) : [],
          text: way.asks.flatMap((ask) => textOf(ask, nodes) ?? []),
          life: writer?.life ?? 0,
        });
  const steps = useMemo(
    () =>
      way === null
        ? []
        : stepsOf(
            way,
            { volume: volumes.find(({ name }) => name === way.change?.volume), nodes, links: links ?? [] },
            t,
          ),
    [way, volumes, nodes, links, t],
  );
  return { ways, way, steps, text: read?.text.length ? read.text : null, rows: read?.rows ?? [] };
}

function WayChoice({ ways, way }: Pick<WayModel, 'ways' | 'way'>): ReactNode {
  const t = useT();
  const chosen = useChosen();
  const options = ways
    .slice(-offered)
    .toReversed()
    .map((one) => ({ value: String(one.id), label: labelOf(one, t) }));
  return (
    <div className="scope-bar flex-wrap">
      <Select
        label={t('way.choose')}
        value={chosen === null ? '' : String(chosen.id)}
        options={[
          { value: '', label: t('way.newest') },
          ...(chosen === null || options.some(({ value }) => value === String(chosen.id))
            ? []
            : [{ value: String(chosen.id), label: labelOf(chosen, t) }]),
          ...options,
        ]}
        onChange={(value) => chooseWay(ways.find(({ id }) => String(id) === value) ?? null)}
      />
      <FollowButton on={chosen === null} onToggle={() => chooseWay(chosen === null ? way : null)} />
    </div>
  );
}

function Statement({ way, text }: { readonly way: Way; readonly text: readonly string[] | null }): ReactNode {
  const t = useT();
  const [ask] = way.asks;
  const said =
    text ??
    (ask === undefined
      ? []
      : [
          ask.operation === null
            ? t('way.statementOf', { session: ask.session })
            : `${ask.operation.kind} ${ask.operation.key} ${ask.operation.value}`.trim(),
        ]);
  return said.length === 0 ? null : <pre className="way-sql mono">{said.join(';\n')}</pre>;
}

function Rows({ rows }: { readonly rows: readonly ChangedRow[] }): ReactNode {
  const t = useT();
  if (rows.length === 0) return null;
  const tables = [...new Set(rows.map(({ table }) => table))];
  return tables.map((table) => {
    const own = rows.filter((row) => row.table === table);
    return (
      <table key={table} className="data-table way-rows" aria-label={named(t('way.rows'), table, t)}>
        <thead>
          <tr>
            {own[0]?.columns.map((column) => (
              <th key={column}>{column}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {own.map(({ key, columns, before, after }) => (
            <tr key={key}>
              {columns.map((column, i) => (
                <td key={column} className="mono">
                  <Cell
                    before={before === null ? undefined : before[i]}
                    after={after === null ? undefined : after[i]}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    );
  });
}

const shown = (value: string | null): string => value ?? 'NULL';

/** `undefined`: there is no such version of the row. */
function Cell({
  before,
  after,
}: {
  readonly before: string | null | undefined;
  readonly after: string | null | undefined;
}): ReactNode {
  const t = useT();
  if (before === after) return shown(after ?? null);
  if (before === undefined) return <b className="way-new">{shown(after ?? null)}</b>;
  if (after === undefined) return <s>{shown(before)}</s>;
  return (
    <span title={t('way.becomes', { before: shown(before), after: shown(after) })}>
      {shown(before)} → <b className="way-new">{shown(after)}</b>
    </span>
  );
}

/** Under the point of view of a node. */
function OwnSteps(): ReactNode {
  const t = useT();
  const node = useMapView((view) => view.pov);
  return node === null ? null : (
    <p className="pt-2 text-[12px] leading-4 text-muted">{t('way.ownSteps', { node })}</p>
  );
}

function Steps({ steps, from }: { readonly steps: readonly WayStep[]; readonly from: number }): ReactNode {
  const t = useT();
  const pov = useMapView((view) => view.pov);
  const lenses = useStackLenses();
  const titleOf = (id: LensId | null): string | null => {
    const lens = lenses.find((one) => one.id === id);
    return lens === undefined ? null : t(lens.title);
  };
  return (
    <ol className="way-steps" aria-label={t('way.steps')}>
      {steps.map((step) => {
        const { key, mark, state, words, lens } = step;
        const title = titleOf(lens);
        return (
          <li
            key={key}
            data-state={state}
            data-node={mark?.node}
            data-elsewhere={(pov !== null && mark?.node !== pov) || undefined}
          >
            <span className="way-time mono">{sinceText(step, from)}</span>
            <span className="way-dot" aria-hidden="true" />
            <span className="way-words">{words}</span>
            {title !== null && lens !== null && (
              <IconButton label={title} icon={ArrowUpRight} small onClick={() => showLens(lens)} />
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** Its trace; null where nobody asked for it. */
export const targetOf = ({ asks }: Way): TraceTarget | null => {
  const ask = asks.at(-1);
  if (ask === undefined) return null;
  const { mark, op, request, session } = ask;
  if (op !== null) return { target: { kind: 'operation', client: session, op }, at: mark.at };
  return request === null ? null : { target: { kind: 'request', request }, at: mark.at };
};

function Closer({ way, steps }: { readonly way: Way; readonly steps: readonly WayStep[] }): ReactNode {
  const t = useT();
  const lab = useLab();
  const lenses = useStackLenses();
  const ids = [...new Set(steps.flatMap(({ lens }) => lens ?? []))];
  const target = targetOf(way);
  return (
    <p className="way-closer">
      <span>{t('way.closer')}</span>
      {target !== null && (
        <Button
          small
          look="line"
          onClick={() => {
            showPart('traces', 'trace');
            void loadTrace(lab, target);
          }}
        >
          {t('way.messages')}
        </Button>
      )}
      {lenses
        .filter(({ id }) => ids.includes(id))
        .map(({ id, title }) => (
          <Button key={id} small look="line" onClick={() => showLens(id)}>
            {t(title)}
          </Button>
        ))}
    </p>
  );
}

export const describeWay = ({ way, steps }: WayModel, t: Translate): string =>
  way === null
    ? t('way.empty')
    : t('way.describe', { title: t('way.title'), steps: steps.map(({ words }) => words).join(' ') });

export function WayPart({
  model,
  state,
}: {
  readonly model: WayModel;
  readonly state: LensState<unknown>;
}): ReactNode {
  const t = useT();
  const { ways, way, steps, text, rows } = model;
  const from = way === null ? 0 : begunAt(way);
  return (
    <>
      <WayChoice ways={ways} way={way} />
      {way === null ? (
        <EmptyState>{t('way.empty')}</EmptyState>
      ) : (
        <div className="px-4 pt-3 pb-3">
          <Statement way={way} text={text} />
          <Rows rows={rows} />
          <OwnSteps />
          {!state.table && <Steps steps={steps} from={from} />}
          <TableBeside
            label={t('way.steps')}
            shown={state.table}
            rows={() => steps}
            keyOf={({ key }) => key}
            columns={[
              [t('way.time'), (step) => sinceText(step, from), 'n'],
              [t('way.where'), ({ mark }) => mark?.node ?? '–'],
              [t('way.what'), ({ words }) => words],
            ]}
          />
          <Closer way={way} steps={steps} />
        </div>
      )}
    </>
  );
}
