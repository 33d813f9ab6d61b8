// What the lens looks at: group, how many LSNs, where, and whether it follows the newest; mode of the selected replica.

import { Check, ChevronLeft, ChevronRight, Minus, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { selectionStore } from '../../../state/selection-store.ts';
import { useT } from '../../i18n/i18n.ts';
import { Chip, IconButton } from '../../kit/button.tsx';
import { groupDigits } from '../../kit/format.ts';
import { Select } from '../../kit/select.tsx';
import { spanLimits, type WalModel } from './project.ts';

export interface LensScope {
  /** LSNs across; null: as many as the newest state needs. */
  readonly span: number | null;
  /** Exclusive end; null: follows. */
  readonly end: number | null;
}

interface ScopeBarProps {
  readonly model: WalModel;
  readonly scope: LensScope;
  readonly onScope: (change: Partial<LensScope>) => void;
}

export function ScopeBar({ model, scope, onScope }: ScopeBarProps): ReactNode {
  const t = useT();
  const { replicas, vw, vr } = model.quorum;
  const span = model.window[1] - model.window[0];
  const follows = scope.span === null && scope.end === null;
  return (
    <div className="scope-bar">
      <Select
        label={t('lens.group')}
        value={model.group}
        options={model.groups.map((group) => ({ value: group, label: group }))}
        onChange={(group) => selectionStore.setState({ group })}
      />
      <span className="mono text-muted @max-[520px]:hidden">{`${replicas}/${vw}/${vr}`}</span>
      <span className="flex items-center gap-1">
        <IconButton
          small
          look="line"
          icon={Minus}
          label={t('lens.wider')}
          disabled={span >= spanLimits.widest}
          onClick={() => onScope({ span: span * 2 })}
        />
        <span className="mono min-w-14 text-center">{t('lens.span', { count: span })}</span>
        <IconButton
          small
          look="line"
          icon={Plus}
          label={t('lens.narrower')}
          disabled={span <= 16}
          onClick={() => onScope({ span: Math.max(16, Math.floor(span / 2)) })}
        />
      </span>
      <span className="flex items-center gap-1">
        <IconButton
          small
          look="line"
          icon={ChevronLeft}
          label={t('lens.earlier')}
          disabled={model.window[0] === 0}
          onClick={() => onScope({ span, end: Math.max(span, model.window[1] - Math.ceil(span / 2)) })}
        />
        <IconButton
          small
          look="line"
          icon={ChevronRight}
          label={t('lens.later')}
          disabled={follows}
          onClick={() => {
            const end = model.window[1] + Math.ceil(span / 2);
            onScope(end > model.tail ? { span: null, end: null } : { span, end });
          }}
        />
      </span>
      <span className="flex-1" />
      {model.mode === null ? (
        <Chip>{t('lens.normal')}</Chip>
      ) : (
        <Chip hue="fence" solid>
          {t('lens.recoveryMode', { token: model.mode.token, maxNwl: groupDigits(model.mode.maxNwl ?? -1) })}
        </Chip>
      )}
      <button
        type="button"
        className="field field-small"
        aria-pressed={follows}
        onClick={() => onScope(follows ? { span, end: model.window[1] } : { span: null, end: null })}
      >
        <Check size={16} strokeWidth={1.75} aria-hidden="true" className={follows ? '' : 'invisible'} />
        {t('lens.follow')}
      </button>
    </div>
  );
}
