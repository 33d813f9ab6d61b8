// What runs here and what else could: the product's name and one sentence, the three architectures as a switch with
// pictures, and the way to all presets.

import { LayoutGrid } from 'lucide-react';
import type { ReactNode } from 'react';
import { stackOfPreset } from '../../stacks/preset-names.ts';
import { useFrame } from '../../state/frame-store.ts';
import { goTo } from '../../state/route-store.ts';
import { ArchitecturePicture, architectures } from '../gallery/architecture-pictures.tsx';
import { useStartRun } from '../gallery/use-start-run.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';

export function RunStrip(): ReactNode {
  const t = useT();
  const preset = useFrame(({ frame }) => frame?.preset ?? 'hook-hole');
  const stack = stackOfPreset(preset);
  const start = useStartRun();
  return (
    <section className="run-strip" aria-label={t('strip.title')} data-region="run">
      <div>
        <h1>PostDB Lab</h1>
        <p className="run-strip-lead" title={t('strip.lead')}>
          {t('strip.lead')}
        </p>
        <fieldset className="run-switch" aria-label={t('strip.architectures')}>
          {architectures.map((id) => (
            <button
              key={id}
              type="button"
              aria-pressed={id === stack}
              title={t(`strip.${id}.note`)}
              onClick={() => {
                if (id !== stack) start({ preset: id });
              }}
            >
              <ArchitecturePicture stack={id} />
              <span>
                {t(`strip.${id}`)}
                <small>{t(`strip.${id}.of`)}</small>
              </span>
            </button>
          ))}
        </fieldset>
        <Button
          look="line"
          icon={LayoutGrid}
          data-control="presets"
          aria-label={t('strip.presets', { preset })}
          title={t('strip.presets', { preset })}
          onClick={() => goTo('presets')}
        >
          <span className="mono run-strip-preset">{preset}</span>
        </Button>
      </div>
    </section>
  );
}
