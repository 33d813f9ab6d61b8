// *Why?* in a lesson: the rule behind what is said, in the panel itself, so that it can be read beside the map.

import { CircleHelp } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { findRule } from '../rules/registry.ts';
import { RuleFacts } from '../story/why.tsx';

export function WhyRule({ name }: { readonly name: string | null }): ReactNode {
  const t = useT();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const rule = name === null ? undefined : findRule(name);
  if (rule === undefined) return null;
  return (
    <div className="mt-2">
      <Button
        small
        look="line"
        icon={CircleHelp}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {t('lessons.why')}
      </Button>
      <div id={id} hidden={!isOpen} className="mt-3">
        {isOpen && <RuleFacts rule={rule} />}
      </div>
    </div>
  );
}
