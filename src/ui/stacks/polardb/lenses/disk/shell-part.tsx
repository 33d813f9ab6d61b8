// The file shell in the lens "Shared disk": a line of input and what came of the lines before it, newest last.

import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { DevicePlace } from '../../../../../core/kernel/view-params.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { Button } from '../../../../kit/button.tsx';
import { Muted } from '../../../../lens/section.tsx';
import { runShell, type ShellAnswer, type ShellSource } from './shell.ts';

interface Said {
  readonly key: number;
  readonly prompt: string;
  readonly answer: ShellAnswer;
}

/** Lines that are kept. */
const kept = 40;

interface ShellProps {
  readonly source: ShellSource;
  readonly node: string;
  /** Bytes of the device that a call waits for, to be shown. */
  readonly onPlaces: (places: readonly DevicePlace[]) => void;
}

export function ShellPart({ source, node, onPlaces }: ShellProps): ReactNode {
  const t = useT();
  const [line, setLine] = useState('');
  const [past, setPast] = useState<readonly string[]>([]);
  const [said, setSaid] = useState<readonly Said[]>([]);
  const [pending, setPending] = useState<string | null>(null);
  const asked = useRef('');
  const end = useRef<HTMLDivElement>(null);
  const say = (text: string, answer: ShellAnswer): void =>
    setSaid((before) =>
      [...before, { key: (before.at(-1)?.key ?? 0) + 1, prompt: `${node}$ ${text}`, answer }].slice(-kept),
    );
  const begin = (text: string): void => {
    const answer = runShell(source, text);
    if (answer.kind === 'waits') {
      setPending(text);
      asked.current = JSON.stringify(answer.places);
      onPlaces(answer.places);
      return;
    }
    setPending(null);
    onPlaces([]);
    say(text, answer);
  };
  // With each picture the call that waits is made again: it ends once its bytes are shown.
  useEffect(() => {
    if (pending === null) return;
    const answer = runShell(source, pending);
    if (answer.kind === 'waits') {
      const text = JSON.stringify(answer.places);
      if (text !== asked.current) onPlaces(answer.places);
      asked.current = text;
      return;
    }
    setPending(null);
    onPlaces([]);
    say(pending, answer);
  });
  const count = said.length;
  useEffect(() => {
    if (count > 0) end.current?.scrollIntoView({ block: 'nearest' });
  }, [count]);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (line.trim() === '') return;
    setPast((before) => [...before.filter((one) => one !== line), line].slice(-kept));
    setLine('');
    begin(line);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    const at = past.indexOf(line);
    const to = event.key === 'ArrowUp' ? (at < 0 ? past.length : at) - 1 : at + 1;
    setLine(past[to] ?? '');
    event.preventDefault();
  };
  return (
    <div className="px-4 pt-2 pb-3">
      <Muted>{t('disk.shell.intro', { node })}</Muted>
      <div
        role="log"
        aria-label={t('disk.shell.output')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by arrow keys
        tabIndex={0}
        className="my-2 max-h-96 min-h-24 overflow-auto rounded-control border border-line bg-raised p-2"
      >
        {said.map(({ key, prompt, answer }) => (
          <pre key={key} className="mono text-[12px] leading-4 whitespace-pre">
            <b>{prompt}</b>
            {'\n'}
            {answer.kind === 'error' ? (
              <span className="text-fence">
                {answer.error}
                {answer.isChange && ` ${t('disk.shell.reads')}`}
              </span>
            ) : answer.kind === 'done' ? (
              answer.lines.join('\n')
            ) : (
              ''
            )}
          </pre>
        ))}
        {pending !== null && <p className="text-[12px] text-muted">{t('disk.shell.waits')}</p>}
        <div ref={end} />
      </div>
      <form className="flex items-center gap-2" onSubmit={onSubmit}>
        <label className="field flex-1">
          <span className="mono text-muted">{`${node}$`}</span>
          <input
            className="mono flex-1"
            aria-label={t('disk.shell.label')}
            value={line}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setLine(event.target.value)}
            onKeyDown={onKeyDown}
          />
        </label>
        <Button type="submit">{t('disk.shell.run')}</Button>
      </form>
    </div>
  );
}
