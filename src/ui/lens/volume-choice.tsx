// Which volume a lens looks at; nothing while there is only one.

import type { ReactNode } from 'react';
import { useFrame } from '../../state/frame-store.ts';
import { lookAtVolume, useSelection } from '../../state/selection-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Select } from '../kit/select.tsx';
import { volumeNames } from '../model/volumes.ts';

export function VolumeChoice(): ReactNode {
  const t = useT();
  const chosen = useSelection((state) => state.volume);
  const names = useFrame(({ cluster, nodes }) =>
    cluster === null ? '' : volumeNames(cluster, nodes).join(' '),
  ).split(' ');
  if (names.length < 2) return null;
  return (
    <Select
      label={t('card.volume')}
      value={chosen !== null && names.includes(chosen) ? chosen : (names[0] ?? '')}
      options={names.map((name) => ({ value: name, label: name }))}
      onChange={lookAtVolume}
    />
  );
}
