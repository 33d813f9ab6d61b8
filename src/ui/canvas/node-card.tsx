// A node's card in its four sizes. It subscribes to its own node.

import {
  Activity,
  Check,
  Clock,
  LoaderCircle,
  type LucideIcon,
  OctagonX,
  Power,
  Snowflake,
  TriangleAlert,
} from 'lucide-react';
import { lazy, memo, type ReactNode, Suspense, useContext } from 'react';
import type { NodeFrame } from '../../sim/frame.ts';
import { StrandContext, useFrame, useNode, useOpposite } from '../../state/frame-store.ts';
import { useMapView } from '../../state/map-view.ts';
import { CopyCapsule } from '../dialogs/copy-capsule.tsx';
import { type Translate, useT } from '../i18n/i18n.ts';
import { Chip, type Hue, hueStyle } from '../kit/button.tsx';
import { bytesText, duration, millis } from '../kit/format.ts';
import {
  cardMarks,
  computeOf,
  countHoles,
  driverOf,
  type Health,
  healthOf,
  healthText,
  metaOf,
  objectStoreOf,
  storeOf,
} from '../model/node-facts.ts';
import { roleIcon } from '../model/role-icon.ts';
import { NodeDiff, ValueDiff } from '../time/diff-note.tsx';
import type { ZoomLevel } from './adapter.ts';
import { MiniStrip } from './mini-strip.tsx';

const healthHue: Readonly<Record<Health, Hue>> = {
  up: 'ack',
  opening: 'hole',
  down: 'fence',
  frozen: 'wal',
  failed: 'fence',
  refusing: 'fence',
  fenced: 'fence',
  recovering: 'fence',
};

const healthIcon: Readonly<Record<Health, LucideIcon>> = {
  up: Check,
  opening: LoaderCircle,
  down: Power,
  frozen: Snowflake,
  failed: TriangleAlert,
  refusing: TriangleAlert,
  fenced: OctagonX,
  recovering: LoaderCircle,
};

/** A replica this many LSNs short of its group's PGCL is behind; less is a batch on its way. */
const behindLsns = 8;

function StoreChip({ node, t }: Pick<CardPart, 'node' | 't'>): ReactNode {
  const store = storeOf(node);
  const behind = useFrame(({ nodes }) =>
    Object.values(nodes).some((other) =>
      computeOf(other)?.groups.some(({ group, pgcl }) =>
        store?.groups.some((own) => own.group === group && own.scl + behindLsns < pgcl),
      ),
    ),
  );
  if (countHoles(store).holes > 0) return <Chip hue="hole">{t('chip.filling')}</Chip>;
  return behind ? <Chip hue="hole">{t('chip.behind')}</Chip> : <Chip>{t('chip.whole')}</Chip>;
}

function HealthChip({ node, health, t }: CardPart): ReactNode {
  if (health !== 'up')
    return (
      <Chip hue={healthHue[health]} solid={health === 'fenced'}>
        {health === 'frozen' && <Snowflake size={12} aria-hidden="true" />}
        {healthText(health, t)}
      </Chip>
    );
  const store = storeOf(node);
  if (store !== null) {
    if (store.groups.some((group) => group.mode === 'recovery'))
      return <Chip hue="fence">{t('chip.recovery')}</Chip>;
    return <StoreChip node={node} t={t} />;
  }
  const compute = computeOf(node);
  if (compute !== null) return <Chip>{compute.state === 'waiting' ? t('chip.spare') : 'rw'}</Chip>;
  if (objectStoreOf(node) !== null) return <Chip hue="ack">{t('outcome.ok')}</Chip>;
  if (metaOf(node) !== null) return <Chip hue="ctl">{t('chip.leader')}</Chip>;
  const driver = driverOf(node);
  if (driver === null) return null;
  return driver.retrying > 0 ? (
    <Chip hue="hole">{t('chip.retrying')}</Chip>
  ) : (
    <Chip>{t('clients.count', { count: driver.clients })}</Chip>
  );
}

interface CardPart {
  readonly node: NodeFrame;
  readonly health: Health;
  readonly t: Translate;
}

function Pair({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="flex justify-between gap-2">
      <span className="text-muted">{label}</span>
      <span className="mono">{children}</span>
    </div>
  );
}

function StoreBody({ node }: CardPart): ReactNode {
  const groups = [...(storeOf(node)?.groups ?? [])].reverse().slice(0, 2);
  return groups.map((group) => <MiniStrip key={group.group} group={group} />);
}

function CardBody(part: CardPart): ReactNode {
  const { node, t } = part;
  if (node.error !== null)
    return (
      <div className="flex items-center gap-2">
        <span
          className="line-clamp-2 min-w-0 flex-1 whitespace-normal text-fence leading-4"
          title={node.error}
        >
          {node.error}
        </span>
        <CopyCapsule node={node.id} detail={node.error} />
      </div>
    );
  const failed = storeOf(node)?.groups.find((group) => group.failed !== null);
  if (failed !== undefined) return <span className="text-fence">{`${failed.group}: ${failed.failed}`}</span>;
  if (storeOf(node) !== null) return <StoreBody {...part} />;
  const compute = computeOf(node);
  if (compute?.recovery)
    return (
      <Pair label={t('recovery.stepShort', { step: compute.recovery.step })}>
        {compute.recovery.vdlPrime === null ? '' : `VDL′ ${compute.recovery.vdlPrime}`}
      </Pair>
    );
  if (compute !== null) {
    const used = Math.max(0, compute.tail - compute.vdl);
    return (
      <>
        <Pair label={t('card.lalWindow')}>{`${used} / ${compute.lal}`}</Pair>
        <div className="bar mt-0.5" style={hueStyle('wal')}>
          <i style={{ width: `${Math.min(100, (used / Math.max(1, compute.lal)) * 100)}%` }} />
        </div>
      </>
    );
  }
  const meta = metaOf(node);
  if (meta !== null)
    return (
      <>
        <Pair label={t('card.volume')}>{`${meta.volumeState}(${meta.token})`}</Pair>
        <Pair label={t('card.writer')}>{meta.writer ?? '–'}</Pair>
      </>
    );
  const archive = objectStoreOf(node);
  if (archive !== null) {
    const [first, last] = archive.backups[0]?.restorable.at(-1) ?? [0, 0];
    return (
      <>
        <Pair label={t('archive.cardObjects')}>{`${archive.objects} · ${bytesText(archive.bytes)}`}</Pair>
        <Pair label={t('archive.cardRestorable')}>{last > first ? `${first} – ${last - 1}` : '–'}</Pair>
      </>
    );
  }
  const waiting = driverOf(node)?.waiting ?? [];
  const oldest = waiting[0];
  if (oldest === undefined) return <span className="text-muted">{t('card.nothingWaits')}</span>;
  return (
    <>
      <div className="flex items-center gap-1.5">
        <Clock size={16} strokeWidth={1.75} aria-hidden="true" />
        <span>{t('statements.waiting', { count: waiting.length })}</span>
        <span className="mono text-muted">{duration(oldest.sinceUs)}</span>
      </div>
      <div className="mono truncate text-muted">{oldest.text}</div>
    </>
  );
}

function CardFoot({ node, health, t }: CardPart): ReactNode {
  if (node.armed !== undefined) return <span className="truncate text-fence">{node.armed}</span>;
  const store = storeOf(node);
  if (health === 'down')
    return (
      <>
        <span>{t('card.downSince', { time: millis(node.since) })}</span>
        <span className="flex-1" />
        {store !== null && <span>{t('card.boot', { epoch: store.bootEpoch })}</span>}
      </>
    );
  if (health === 'frozen') return <span>{t('card.frozenSince', { time: millis(node.since) })}</span>;
  const compute = computeOf(node);
  if (compute !== null)
    return (
      <>
        <span>{t('card.txActive', { count: compute.activeTransactions })}</span>
        <span>{t('card.logBuffer', { count: compute.logBuffer })}</span>
        <span className="flex-1" />
        <Activity size={16} strokeWidth={1.75} aria-hidden="true" />
      </>
    );
  if (store !== null) {
    const { holes, asked } = countHoles(store);
    const disk = node.disk;
    return (
      <>
        {holes > 0 ? (
          <span className="text-hole">{t('holes.countAsked', { count: holes, asked })}</span>
        ) : (
          <span>{t('card.diskPending', { count: disk?.pending ?? 0 })}</span>
        )}
        {(disk?.volatileWrites ?? 0) > 0 && (
          <span className="text-wal">{t('card.volatile', { count: disk?.volatileWrites ?? 0 })}</span>
        )}
        <span className="flex-1" />
        <span>{t('card.boot', { epoch: store.bootEpoch })}</span>
      </>
    );
  }
  const meta = metaOf(node);
  if (meta !== null)
    return (
      <>
        <span>{t('card.nodesUp', { count: meta.nodes.filter(({ up }) => up).length })}</span>
        <span className="flex-1" />
        <span>{t('card.mapVersion', { version: meta.mapVersion })}</span>
      </>
    );
  const archive = objectStoreOf(node);
  if (archive !== null)
    return archive.bad.length > 0 ? (
      <span className="text-fence">{t('archive.cardBad', { count: archive.bad.length })}</span>
    ) : (
      <span>{t('archive.cardUploads', { count: archive.uploads })}</span>
    );
  const driver = driverOf(node);
  if (driver === null) return null;
  const first = driver.workloads[0];
  return (
    <>
      <span>{t('card.mapVersion', { version: driver.mapVersion })}</span>
      <span className="flex-1" />
      {first !== undefined && <span>{t('card.think', { time: duration(first.thinkUs) })}</span>}
    </>
  );
}

function CardAlert({ node }: CardPart): ReactNode {
  const { holes } = countHoles(storeOf(node));
  if (holes > 0)
    return (
      <span className="flex items-center gap-1 text-hole">
        <TriangleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
        <b>{holes}</b>
      </span>
    );
  const compute = computeOf(node);
  return compute === null ? null : (
    <span className="mono text-[12px] text-muted">{`token ${compute.token}`}</span>
  );
}

function DetailCard(part: CardPart): ReactNode {
  const { node, health, t } = part;
  const other = useOpposite(({ nodes }) => nodes[node.id]);
  const otherMarks = other === undefined ? null : cardMarks(other, t);
  const Icon = roleIcon(node);
  return (
    <div className="card" data-health={health} data-alert={countHoles(storeOf(node)).holes > 0}>
      <div className="card-head">
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
        <span className="card-id">{node.id}</span>
        <NodeDiff id={node.id} />
        <HealthChip {...part} />
        <span className="flex-1" />
        <CardAlert {...part} />
      </div>
      <div className="card-marks">
        {cardMarks(node, t).map(({ label, value, alert }) => (
          <div key={label}>
            <u>{label}</u>
            <span className={alert === true ? 'text-hole' : ''}>{value}</span>
            <ValueDiff value={value} there={otherMarks?.find((mark) => mark.label === label)?.value} />
          </div>
        ))}
      </div>
      <div className="card-body">
        <CardBody {...part} />
      </div>
      {health === 'down' && <div className="card-hatch" />}
      <div className="card-foot">
        <CardFoot {...part} />
      </div>
    </div>
  );
}

interface CardProps {
  readonly id: string;
  readonly level: ZoomLevel;
}

/** Most nodes whose dots have room for their names. */
const namedDots = 12;

/** Far away a card says health, and in a small cluster who it is, and nothing else: it subscribes to that, not to its node. */
function FarCard({ id, level }: CardProps): ReactNode {
  const health = useFrame(({ nodes }) => (nodes[id] === undefined ? null : healthOf(nodes[id])));
  const Icon = useFrame(({ nodes }) => (nodes[id] === undefined ? null : roleIcon(nodes[id])));
  const hasHoles = useFrame(({ nodes }) => countHoles(storeOf(nodes[id])).holes > 0);
  const isNamed = useFrame(({ cluster }) => (cluster?.nodes.length ?? 0) <= namedDots);
  if (health === null || Icon === null) return null;
  const Glyph = hasHoles && health === 'up' ? TriangleAlert : healthIcon[health];
  const hue: Hue = hasHoles && health === 'up' ? 'hole' : healthHue[health];
  if (level === 'dot')
    return (
      <div className="card-dot" style={hueStyle(hue)}>
        <Glyph size={16} strokeWidth={2} aria-hidden="true" />
        {isNamed && <span className="card-dot-name">{id}</span>}
      </div>
    );
  return (
    <div className="card-small">
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
      <span>{id}</span>
      <NodeDiff id={id} />
      <Glyph size={16} strokeWidth={2} aria-hidden="true" style={{ color: `var(--${hue})` }} />
    </div>
  );
}

function MidCard(part: CardPart): ReactNode {
  const { node, health, t } = part;
  const Icon = roleIcon(node);
  const [mark] = cardMarks(node, t);
  return (
    <div className="card-mid" data-health={health}>
      {health === 'down' && <div className="card-hatch" />}
      <div className="flex items-center gap-1.5 whitespace-nowrap">
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
        <span className="flex-1 text-[14px] leading-5 font-semibold">
          {node.id} <NodeDiff id={node.id} />
        </span>
        <HealthChip {...part} />
      </div>
      <div className="mt-2 flex justify-between text-[12px] leading-4 text-muted">
        <span>{mark?.label}</span>
        <span className={`mono font-semibold ${mark?.alert === true ? 'text-hole' : 'text-text'}`}>
          {mark?.value}
        </span>
      </div>
    </div>
  );
}

const KnownCard = lazy(async () => ({ default: (await import('./known-card.tsx')).KnownCard }));

/** A card that can be read. */
function NearCard({ id, level }: CardProps): ReactNode {
  const t = useT();
  const node = useNode(id);
  if (node === undefined) return null;
  const part: CardPart = { node, health: healthOf(node), t };
  return level === 'detail' ? <DetailCard {...part} /> : <MidCard {...part} />;
}

export const NodeCard = memo(function NodeCard({ id, level }: CardProps) {
  const pov = useMapView((view) => view.pov);
  const isOther = useContext(StrandContext) === 'other';
  const isNear = level === 'detail' || level === 'mid';
  const own = isNear ? <NearCard id={id} level={level} /> : <FarCard id={id} level={level} />;
  // What a node knows is asked of the shown strand.
  if (pov === null || pov === id || isOther) return own;
  return (
    <Suspense fallback={own}>
      <KnownCard id={id} pov={pov} level={level} />
    </Suspense>
  );
});
