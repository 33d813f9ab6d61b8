// Prediction form for nodes, one for each slot: radios, and the map chooses too.

import { type ReactNode, useEffect, useState } from 'react';
import { selectionStore } from '../../state/selection-store.ts';
import { useT } from '../i18n/i18n.ts';
import type { FormProps } from './form-props.ts';
import { wordsOf } from './words.ts';

export function NodesForm({ question, value, onChange }: FormProps<'nodes', readonly string[]>): ReactNode {
  const t = useT();
  const [slot, setSlot] = useState(0);
  const chosen = question.slots.map((_, i) => value?.[i] ?? '');
  const choose = (place: number, node: string): void => {
    onChange(chosen.map((before, i) => (i === place ? node : before)));
    if (place + 1 < question.slots.length) setSlot(place + 1);
  };
  // A node clicked on the map is the choice for the slot that is due.
  useEffect(() =>
    selectionStore.subscribe(({ subject }, before) => {
      if (subject?.kind !== 'node' || subject === before.subject) return;
      if (question.nodes.includes(subject.id)) choose(slot, subject.id);
    }),
  );
  return (
    <div className="flex flex-col gap-2">
      {question.slots.map(({ id, text }, place) => (
        <fieldset key={id} className="lesson-slot" data-on={slot === place} onFocus={() => setSlot(place)}>
          <legend className="mono">{wordsOf(text)}</legend>
          <div className="flex flex-wrap gap-1.5">
            {question.nodes.map((node) => (
              <label key={node} className="lesson-brush" data-on={chosen[place] === node}>
                <input
                  type="radio"
                  name={`lesson-slot-${id}`}
                  className="sr-only"
                  checked={chosen[place] === node}
                  onChange={() => choose(place, node)}
                />
                {node}
              </label>
            ))}
          </div>
        </fieldset>
      ))}
      <p className="text-[12px] text-muted">{t('lessons.clickNode')}</p>
    </div>
  );
}
