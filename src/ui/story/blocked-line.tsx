// What blocks progress now, at the strip: one sentence, a button for the way out, and behind it every wait with its causes.

import { OctagonPause } from 'lucide-react';
import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import { frameStore, useFrame } from '../../state/frame-store.ts';
import { lineWords } from '../faults/action-words.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { duration } from '../kit/format.ts';
import { showToast } from '../kit/toast.ts';
import { useLab } from '../lab-context.ts';
import {
  blockedOf,
  causesOf,
  obstacleText,
  saidWaits,
  waitsSentence,
  waitText,
  waysOut,
} from './wait-words.ts';
import { WrongButton } from './wrong-button.tsx';

export function BlockedLine(): ReactNode {
  const t = useT();
  const text = useFrame(({ frame }) => (frame === null ? '' : waitsSentence(saidWaits(frame), t)));
  const ways = useFrame(({ frame }) =>
    frame === null ? '' : waysOut(saidWaits(frame).slice(0, 1)).join('\n'),
  );
  if (text === '') return null;
  const lines = ways === '' ? [] : ways.split('\n');
  return (
    <section className="blocked" aria-label={t('waits.title')} data-blocked="">
      <OctagonPause size={18} strokeWidth={1.75} aria-hidden="true" className="flex-none text-hole" />
      <Popover.Root>
        <Popover.Trigger asChild>
          <button type="button" className="blocked-text" title={text}>
            {text}
          </button>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            className="menu max-h-[70vh] w-[420px] max-w-[92vw] overflow-y-auto p-4 text-[13px] leading-5"
            align="end"
            sideOffset={6}
            collisionPadding={8}
            aria-label={t('waits.title')}
          >
            <Waits />
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      <WaysOut lines={lines} />
    </section>
  );
}

/** A button that does what the tape lines say. */
export function WaysOut({ lines }: { readonly lines: readonly string[] }): ReactNode {
  const t = useT();
  const lab = useLab();
  const act = async (chosen: readonly string[]): Promise<void> => {
    for (const line of chosen) {
      const refused = await (await import('./send-line.ts')).sendLine(lab, line);
      if (refused !== null) return showToast({ kind: 'error', text: refused });
    }
  };
  const [first] = lines;
  if (first === undefined) return null;
  return (
    <Button small look="line" data-way-out="" onClick={() => void act(lines)}>
      {lines.length === 1 ? lineWords(first, t) : t('waits.all', { count: lines.length })}
    </Button>
  );
}

/** Every wait with its causes and its ways out. */
function Waits(): ReactNode {
  const t = useT();
  useFrame(({ frame }) => frame?.time);
  const { frame } = frameStore.getState();
  if (frame === null) return null;
  return (
    <ul className="flex flex-col gap-3">
      {saidWaits(frame).map((wait) => (
        <li key={wait.key} className="flex flex-col gap-1">
          <b className="font-semibold">{waitText(wait)}</b>
          {wait.sinceUs >= 0 && (
            <span className="text-muted">{t('waits.since', { time: duration(wait.sinceUs) })}</span>
          )}
          <ul className="list-disc pl-5">
            {causesOf(wait).map((one) => (
              <li key={`${one.kind} ${one.nodes.join(' ')} ${one.of}`}>{obstacleText(one)}</li>
            ))}
          </ul>
          <span className="flex flex-wrap gap-2">
            {waysOut([wait]).length === 0 ? (
              <span className="text-muted">{t('waits.noWay')}</span>
            ) : (
              waysOut([wait]).map((line) => <WaysOut key={line} lines={[line]} />)
            )}
            <WrongButton
              said={() => ({
                text: [waitText(wait), ...causesOf(wait).map(obstacleText)].join('; '),
                claims: wait.isBlocked ? [blockedOf(wait)] : [],
              })}
            />
          </span>
        </li>
      ))}
    </ul>
  );
}
