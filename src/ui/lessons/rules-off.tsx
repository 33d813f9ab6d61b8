// Planted bugs: one row a rule that can be broken on purpose, with the rule that catches it. They
// are a run's own (its tape's header), so choosing some begins a new run of the preset that is on; never the hook's.

import { FlaskConical } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Mutants } from '../../core/kernel/mutants.ts';
import { frameStore } from '../../state/frame-store.ts';
import { setPanel } from '../../state/selection-store.ts';
import { SidePanel } from '../dialogs/side-panel.tsx';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import { caughtBy, isHook, mutantTape, switchesOf } from './switches.ts';
import './lessons.css';
import './texts.ts';

export function RulesOffPanel({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useT();
  const lab = useLab();
  const frame = frameStore.getState().frame;
  const [chosen, setChosen] = useState<Mutants>(frame?.mutants ?? []);
  const preset = frame === null || isHook(frame.preset) ? 'cynosdb' : frame.preset;
  const begin = (): void => {
    void lab.startTape(mutantTape(preset, frame?.seed ?? 7, chosen), null);
    setPanel(null);
  };
  return (
    <SidePanel title={t('rulesOff.title')} onClose={onClose} onSubmit={begin}>
      <p className="mb-3 text-muted">
        <FlaskConical size={16} aria-hidden="true" className="mr-1 inline-block align-[-3px]" />
        {t('rulesOff.intro')}
      </p>
      {switchesOf(preset).map(({ name, label }) => (
        <label key={name} className="lesson-option mb-1.5">
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            onChange={(event) =>
              setChosen(event.target.checked ? [...chosen, name] : chosen.filter((one) => one !== name))
            }
          />
          <span>
            {t(label)}
            <span className="mono block text-[12px] leading-4 text-muted">
              {t('rulesOff.caughtBy', { rule: caughtBy(name) })}
            </span>
          </span>
        </label>
      ))}
      <div className="mt-1">
        <Button look="primary" type="submit">
          {chosen.length === 0 ? t('rulesOff.honest') : t('rulesOff.begin', { count: chosen.length })}
        </Button>
      </div>
    </SidePanel>
  );
}
