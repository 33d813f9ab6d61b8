// A new run in place of the one that is there. Nothing is asked: the way back is offered. The same seed is the same run, as
// far as nobody acted on it.

import { isOwnCluster } from '../../sim/preset-names.ts';
import { stackOfPreset } from '../../stacks/preset-names.ts';
import { useFrame } from '../../state/frame-store.ts';
import { setSettings } from '../../state/settings-store.ts';
import { useT } from '../i18n/i18n.ts';
import { showToast } from '../kit/toast.ts';
import { useLab } from '../lab-context.ts';

export interface RunChoice {
  readonly preset?: string;
  readonly seed?: number;
}

export function useStartRun(): (next: RunChoice) => void {
  const t = useT();
  const lab = useLab();
  const preset = useFrame(({ frame }) => frame?.preset ?? 'hook-hole');
  const seed = useFrame(({ frame }) => frame?.seed ?? 7);
  return (next) => {
    const before = { preset, seed };
    void lab.startRun({ ...before, ...next });
    const isOther = stackOfPreset(next.preset ?? preset) !== stackOfPreset(preset);
    if (isOther) setSettings({ lens: null, rightTab: 'lens' });
    showToast({
      kind: 'note',
      text: t('toast.started', { preset, seed, ...next }),
      // a cluster of one's own is laid out by its run, which is kept in *Runs*
      ...(isOwnCluster(preset)
        ? {}
        : { action: { label: t('toast.backTo', before), run: () => void lab.startRun(before) } }),
    });
  };
}
