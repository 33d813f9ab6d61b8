// A new run in place of the one that is there. Nothing is asked: the way back is offered. The same seed is the same run, as
// far as nobody acted on it.

import { stackOfPreset } from '../../stacks/presets.ts';
import { useFrame } from '../../state/frame-store.ts';
import { type LensId, setSettings } from '../../state/settings-store.ts';
import { useT } from '../i18n/i18n.ts';
import { showToast } from '../kit/toast.ts';
import { useLab } from '../lab-context.ts';

export interface RunChoice {
  readonly preset?: string;
  readonly seed?: number;
}

/** The lens that shows what an architecture is about, where it is not its first. */
const lensOf: Readonly<Record<string, LensId>> = { 'postdb-v4': 'placement' };

export function useStartRun(): (next: RunChoice) => void {
  const t = useT();
  const lab = useLab();
  const preset = useFrame(({ frame }) => frame?.preset ?? 'hook-hole');
  const seed = useFrame(({ frame }) => frame?.seed ?? 7);
  return (next) => {
    const before = { preset, seed };
    void lab.startRun({ ...before, ...next });
    const stack = stackOfPreset(next.preset ?? preset);
    if (stack !== stackOfPreset(preset)) setSettings({ lens: lensOf[stack ?? ''] ?? null, rightTab: 'lens' });
    showToast({
      kind: 'note',
      text: t('toast.started', { preset, seed, ...next }),
      action: { label: t('toast.backTo', before), run: () => void lab.startRun(before) },
    });
  };
}
