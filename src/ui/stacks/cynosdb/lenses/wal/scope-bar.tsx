// What the lens looks at: group, how many LSNs, where, and whether it follows the newest; mode of the selected replica.

import { memo, type ReactNode } from 'react';
import { useFrame } from '../../../../../state/frame-store.ts';
import { setMapView, useMapView } from '../../../../../state/map-view.ts';
import { selectionStore } from '../../../../../state/selection-store.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { Chip } from '../../../../kit/button.tsx';
import { Select } from '../../../../kit/select.tsx';
import { FollowButton, SegmentChoice, WindowButtons } from '../../../../lens/section.tsx';
import { VolumeChoice } from '../../../../lens/volume-choice.tsx';
import { modeText } from './describe.ts';
import type { WalModel } from './model.ts';
import { ownLsns, type PlotAxis } from './plot-scale.ts';
import { spanLimits } from './project.ts';

export interface LensScope {
  /** LSNs across; null: as many as the newest state needs. */
  readonly span: number | null;
  /** Exclusive end; null: follows. */
  readonly end: number | null;
  readonly axis: PlotAxis;
}

interface ScopeBarProps {
  readonly model: WalModel;
  readonly scope: LensScope;
  readonly onScope: (change: Partial<LensScope>) => void;
}

const axes: readonly PlotAxis[] = ['group', 'volume'];

/** LSNs of the volume, or only the group's records: those are known while the stores still keep them. */
function AxisChoice({ model, scope, onScope }: ScopeBarProps): ReactNode {
  const t = useT();
  const canGroup = ownLsns(model).length > 0;
  return (
    <SegmentChoice
      label={t('lens.axis')}
      values={axes}
      value={scope.axis}
      nameOf={(axis) => t(axis === 'group' ? 'lens.axisGroup' : 'lens.axisVolume')}
      isDisabled={(axis) => axis === 'group' && !canGroup}
      onChange={(axis) => onScope({ axis })}
    />
  );
}

/** Whose knowledge is drawn: the same choice as on the map. */
const PovChoice = memo(function PovChoice(): ReactNode {
  const t = useT();
  const pov = useMapView((view) => view.pov);
  const cluster = useFrame((state) => state.cluster);
  return (
    <Select
      label={t('lens.pov')}
      value={pov ?? ''}
      options={[
        { value: '', label: t('lens.truth') },
        ...(cluster?.nodes ?? []).map(({ id }) => ({ value: id as string, label: id as string })),
      ]}
      onChange={(node) => setMapView({ pov: node === '' ? null : node })}
    />
  );
});

/** Half as many LSNs, with the chosen one in the middle where one is chosen. */
export function narrower(
  [from, to]: readonly [number, number],
  chosen: number | null,
): Partial<Pick<LensScope, 'span' | 'end'>> {
  const span = Math.max(spanLimits.single, Math.floor((to - from) / 2));
  return chosen === null || chosen < from || chosen >= to
    ? { span }
    : { span, end: Math.max(span, chosen + Math.ceil(span / 2)) };
}

/** How many LSNs are shown, and where. */
export function WindowTool({
  model,
  scope,
  onScope,
  chosen,
}: ScopeBarProps & { readonly chosen: number | null }): ReactNode {
  const t = useT();
  const span = model.window[1] - model.window[0];
  const follows = scope.span === null && scope.end === null;
  return (
    <span className="flex items-center gap-1 text-[12px]">
      <WindowButtons
        isWide
        span={span}
        limits={[spanLimits.single, spanLimits.widest]}
        names={[t('lens.wider'), t('lens.narrower'), t('lens.earlier'), t('lens.later')]}
        isFirst={model.window[0] === 0}
        isNewest={follows}
        onWider={() => onScope({ span: span * 2 })}
        onNarrower={() => onScope(narrower(model.window, chosen))}
        onEarlier={() => onScope({ span, end: Math.max(span, model.window[1] - Math.ceil(span / 2)) })}
        onLater={() => {
          const end = model.window[1] + Math.ceil(span / 2);
          onScope(end > model.tail ? { span: null, end: null } : { span, end });
        }}
      />
    </span>
  );
}

export function ScopeBar({ model, scope, onScope }: ScopeBarProps): ReactNode {
  const t = useT();
  const { replicas, vw, vr } = model.quorum;
  const span = model.window[1] - model.window[0];
  const follows = scope.span === null && scope.end === null;
  return (
    <div className="scope-bar">
      <VolumeChoice />
      <Select
        label={t('lens.group')}
        value={model.group}
        options={model.groups.map((group) => ({ value: group, label: group }))}
        onChange={(group) => selectionStore.setState({ group })}
      />
      <span className="mono text-muted @max-[520px]:hidden">{`${replicas}/${vw}/${vr}`}</span>
      <AxisChoice model={model} scope={scope} onScope={onScope} />
      <PovChoice />
      {model.members.sets.length > 1 && <Chip hue="ctl">{t('lens.joint')}</Chip>}
      <span className="flex-1" />
      {model.mode !== null && (
        <Chip
          {...(model.mode.kind === 'normal' ? {} : { hue: 'fence' as const })}
          solid={model.mode.kind !== 'normal'}
        >
          {modeText(model.mode, t)}
        </Chip>
      )}
      <FollowButton
        on={follows}
        onToggle={() => onScope(follows ? { span, end: model.window[1] } : { span: null, end: null })}
      />
    </div>
  );
}
