// Planted bugs: one row a rule that can be broken on purpose, with the rule that catches it. They
// are a run's own (its tape's header), so choosing some begins a new run of the preset that is on; never the hook's.

import { FlaskConical, Play } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { MutantName, Mutants } from '../../core/kernel/mutants.ts';
import { seenBreaking } from '../../incidents/see-it-break.ts';
import { isOwnCluster } from '../../sim/preset-names.ts';
import { stackOfPreset } from '../../stacks/preset-names.ts';
import { frameStore } from '../../state/frame-store.ts';
import { setPanel } from '../../state/selection-store.ts';
import { SidePanel } from '../dialogs/side-panel.tsx';
import { lineWords } from '../faults/action-words.ts';
import { useT } from '../i18n/i18n.ts';
import { playBreaking } from '../incidents/play-incident.ts';
import { Button } from '../kit/button.tsx';
import { useLab } from '../lab-context.ts';
import { caughtBy, isHook, mutantTape, switchesOf } from './switches.ts';
import './lessons.css';
import '../../words/lessons.en.json';

/** Actions of its tape that are said; the others are counted. */
const SAID = 3;

/** What has to happen for one bug to be seen, and a run in which it does. */
function SeeItBreak({ name, preset }: { readonly name: MutantName; readonly preset: string }): ReactNode {
  const t = useT();
  const lab = useLab();
  // what happens there is said by the names of its nodes: one's own cluster may have others
  const shown = seenBreaking(name, isOwnCluster(preset) ? (stackOfPreset(preset) ?? preset) : preset);
  const said = shown.actions.slice(0, SAID).map((line) => {
    const [at = '', ...rest] = line.split(' ');
    return t('rulesOff.step', { ms: Number(at), what: lineWords(rest.join(' '), t) });
  });
  const left = shown.actions.length - said.length;
  return (
    <details className="ml-7 text-[13px] leading-5">
      <summary className="min-h-6 cursor-pointer text-muted">{t('rulesOff.seeIt')}</summary>
      {said.length === 0 && <p>{t('rulesOff.byItself', { ms: shown.untilMs })}</p>}
      <ol className="list-decimal pl-5">
        {said.map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ol>
      {left > 0 && <p>{t('rulesOff.more', { count: left })}</p>}
      <p className="mono text-muted">{t('rulesOff.inRun', { preset: shown.cluster, seed: shown.seed })}</p>
      <Button
        look="line"
        small
        icon={Play}
        aria-label={t('rulesOff.doItOf', { name })}
        onClick={() => {
          void playBreaking(lab, shown);
          setPanel(null);
        }}
      >
        {t('rulesOff.doIt')}
      </Button>
    </details>
  );
}

export function RulesOffPanel({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useT();
  const lab = useLab();
  const frame = frameStore.getState().frame;
  const [chosen, setChosen] = useState<Mutants>(frame?.mutants ?? []);
  const preset = frame === null || isHook(frame.preset) ? 'cynosdb' : frame.preset;
  const begin = (): void => {
    void (async () => {
      const text = isOwnCluster(preset) ? await lab.liveTape() : null;
      await lab.startTape(mutantTape(preset, frame?.seed ?? 7, chosen, text), null);
    })();
    setPanel(null);
  };
  return (
    <SidePanel title={t('rulesOff.title')} onClose={onClose} onSubmit={begin}>
      <p className="mb-3 text-muted">
        <FlaskConical size={16} aria-hidden="true" className="mr-1 inline-block align-[-3px]" />
        {t('rulesOff.intro')}
      </p>
      {switchesOf(preset).map(({ name, label }) => (
        <div key={name} className="mb-1.5">
          <label className="lesson-option">
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
          <SeeItBreak name={name} preset={preset} />
        </div>
      ))}
      <div className="mt-1">
        <Button look="primary" type="submit">
          {chosen.length === 0 ? t('rulesOff.honest') : t('rulesOff.begin', { count: chosen.length })}
        </Button>
      </div>
    </SidePanel>
  );
}
