// The legend, made from the glyph table: what each shape is, how many are in flight, and each a switch. The funnel shows
// every family and the filters by LSN and by client request.

import { Funnel, X } from 'lucide-react';
import { memo, type ReactNode, useCallback, useState } from 'react';
import type { MessageFamily } from '../../core/kernel/message-label.ts';
import type { FlightView } from '../../sim/types.ts';
import { isFiltering, useFlightFilter } from '../../state/flight-filter.ts';
import { useFrame } from '../../state/frame-store.ts';
import { setMapView, toggleFamily } from '../../state/map-view.ts';
import { setSettings } from '../../state/settings-store.ts';
import { Glyph } from '../glyphs/glyph.tsx';
import { families, glyphs } from '../glyphs/glyph-shapes.ts';
import { type PlainKey, useT } from '../i18n/i18n.ts';
import { IconButton } from '../kit/button.tsx';
import { leadName, roleIcon } from '../model/role-cards.ts';
import { inFlight } from './flight-fate.ts';

function countFamilies(flights: readonly Pick<FlightView, 'label'>[]): string {
  const counts = new Map<MessageFamily, number>();
  for (const { label } of flights) counts.set(label.family, (counts.get(label.family) ?? 0) + 1);
  return families.map((family) => counts.get(family) ?? 0).join(',');
}

const usual: readonly MessageFamily[] = ['wal', 'ack', 'holeRequest', 'holeFill'];

interface RowProps {
  readonly family: MessageFamily;
  readonly count: number;
  readonly shown: boolean;
}

/** Counts change with every picture, most of them not. */
const Row = memo(function Row({ family, count, shown }: RowProps): ReactNode {
  const t = useT();
  const label = t(glyphs[family].label);
  return (
    <button
      type="button"
      aria-pressed={shown}
      aria-label={t('legend.shows', { family: label, count })}
      className="legend-row"
      onClick={() => (family === 'heartbeat' ? setSettings({ heartbeats: !shown }) : toggleFamily(family))}
    >
      <Glyph family={family} />
      <span className="flex-1 text-left whitespace-nowrap">{label}</span>
      <b className="mono pl-3">{count}</b>
    </button>
  );
});

interface HeadProps {
  readonly filtering: boolean;
  readonly wide: boolean;
  readonly onWiden: () => void;
}

const Head = memo(function Head({ filtering, wide, onWiden }: HeadProps): ReactNode {
  const t = useT();
  return (
    <div className="flex min-h-6 items-center gap-2">
      <b>{t('legend.title')}</b>
      <span className="kbd" aria-hidden="true">
        L
      </span>
      {filtering && <span className="chip chip-hue">{t('map.filtered')}</span>}
      <span className="flex-1" />
      <IconButton small icon={Funnel} label={t('legend.filter')} aria-expanded={wide} onClick={onWiden} />
      <IconButton small icon={X} label={t('close')} onClick={() => setSettings({ legend: false })} />
    </div>
  );
});

interface FieldProps {
  readonly label: PlainKey;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

function NumberField({ label, value, onChange }: FieldProps): ReactNode {
  const t = useT();
  return (
    <label className="mt-1 flex min-h-7 items-center gap-2">
      <span className="flex-1 text-muted">{t(label)}</span>
      <span className="field field-small">
        <input
          inputMode="numeric"
          className="mono w-16"
          aria-label={t(label)}
          value={value === null ? '' : String(value)}
          onChange={(event) => {
            const digits = event.target.value.replace(/\D/g, '').slice(0, 12);
            onChange(digits === '' ? null : Number(digits));
          }}
        />
      </span>
    </label>
  );
}

export function Legend(): ReactNode {
  const t = useT();
  const [wide, setWide] = useState(false);
  const widen = useCallback(() => setWide((before) => !before), []);
  const filter = useFlightFilter();
  const { heartbeats, hidden, onlyLsn, onlyTrace } = filter;
  const text = useFrame((state) => countFamilies(inFlight(state, null)));
  const counts = text.split(',').map(Number);
  const isShown = (family: MessageFamily): boolean =>
    family === 'heartbeat' ? heartbeats : !hidden.includes(family);
  const rows = families.filter(
    (family, i) =>
      wide ||
      usual.includes(family) ||
      hidden.includes(family) ||
      ((counts[i] ?? 0) > 0 && (family !== 'heartbeat' || heartbeats)),
  );
  const filtering = isFiltering(filter);
  return (
    <section className="legend absolute top-3 right-3 z-[5]" aria-label={t('legend.title')}>
      <Head filtering={filtering} wide={wide} onWiden={widen} />
      {wide && (
        <>
          <NumberField
            label="legend.onlyLsn"
            value={onlyLsn}
            onChange={(value) => setMapView({ onlyLsn: value })}
          />
          <NumberField
            label="legend.onlyTrace"
            value={onlyTrace}
            onChange={(value) => setMapView({ onlyTrace: value })}
          />
        </>
      )}
      {filtering && (
        <button
          type="button"
          className="field field-small my-1 w-full justify-center"
          onClick={() => setMapView({ hidden: [], onlyLsn: null, onlyTrace: null })}
        >
          {t('legend.everything')}
        </button>
      )}
      {rows.map((family) => (
        <Row
          key={family}
          family={family}
          count={counts[families.indexOf(family)] ?? 0}
          shown={isShown(family)}
        />
      ))}
      <Roles />
    </section>
  );
}

/** The icon of each role that the cluster has, by name: from far a card has the icon alone. */
function Roles(): ReactNode {
  const t = useT();
  const names = useFrame(({ nodes }) =>
    [...new Set(Object.values(nodes).map((node) => leadName(node, t)))].join('\n'),
  ).split('\n');
  return (
    <ul aria-label={t('legend.roles')} className="mt-1 border-t border-line pt-1">
      {names.map((name) => (
        <Role key={name} name={name} />
      ))}
    </ul>
  );
}

function Role({ name }: { readonly name: string }): ReactNode {
  const t = useT();
  const node = useFrame(({ nodes }) => Object.values(nodes).find((one) => leadName(one, t) === name));
  if (node === undefined) return null;
  const Icon = roleIcon(node);
  return (
    <li className="flex h-[26px] items-center gap-2 whitespace-nowrap">
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
      {name}
    </li>
  );
}
