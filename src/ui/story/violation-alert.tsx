// A violated rule: an alert that names it, with the way to the event, the rule in words, and everything a person needs to
// send it on. It stays until it is put aside; another violation opens it again.

import { OctagonX, X } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { useStore } from 'zustand';
import type { Lab } from '../../lab/api.ts';
import type { ViolationFrame } from '../../run-model/picture/frame.ts';
import { useFrame } from '../../state/frame-store.ts';
import { violationReproBundle } from '../dialogs/repro-bundle.ts';
import { writeClipboard } from '../export/clipboard.ts';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { Button, IconButton } from '../kit/button.tsx';
import { millis } from '../kit/format.ts';
import { showToast } from '../kit/toast.ts';
import { useLab } from '../lab-context.ts';
import { explain, goToViolation } from '../lens/checks/explain-store.ts';
import { namePages } from '../model/known-names.ts';
import { showLens } from '../model/show-lens.ts';
import { findRule } from '../rules/registry.ts';
import { storyStore } from './story-store.ts';
import { RuleFacts } from './why.tsx';
import '../../words/story/alert.en.json';

const titleOf = (rule: string): string =>
  findRule(rule)?.title[currentLanguage() === 'zh-CN' ? 'zh' : 'en'] ?? rule;

/** The monitor's own words are English: beside them what the rule claims, in the language of the screen. */
export const claimBeside = (rule: string, language: string): string | null =>
  language === 'zh-CN' ? (findRule(rule)?.text.zh ?? null) : null;

/** What broke the rule, and what that contradicts, are in the lens of the checkers. */
function showFacts(lab: Lab, violation: ViolationFrame): void {
  void explain(lab, violation);
  showLens('checks');
}

export function ViolationAlert(): ReactNode {
  const t = useT();
  const lab = useLab();
  const violations = useFrame(({ frame }) => frame?.violations) ?? [];
  const [aside, setAside] = useState('');
  const ahead = useStore(storyStore, (state) => state.ahead);
  const violation = violations[0] ?? ahead;
  const isAhead = violations.length === 0;
  const name = (isAhead && ahead !== null ? [ahead] : violations)
    .map(({ rule, at }) => `${rule} ${at}`)
    .join(' ');
  if (violation === null || name === aside) return null;
  const rule = findRule(violation.rule);
  const title = titleOf(violation.rule);
  const claim = claimBeside(violation.rule, currentLanguage());
  const further = violations.slice(1).map((one) => `${titleOf(one.rule)} (${one.rule})`);
  const copy = async (): Promise<void> => {
    try {
      await writeClipboard(await violationReproBundle(lab, violation));
      showToast({ kind: 'done', text: t('alert.copied') });
    } catch {
      showToast({ kind: 'error', text: t('alert.notCopied') });
    }
  };
  return (
    <div
      role="alert"
      className="banner"
      style={{ ['--hue' as string]: 'var(--fence)' }}
      data-violation={violation.rule}
    >
      <OctagonX size={18} strokeWidth={1.75} aria-hidden="true" className="flex-none text-fence" />
      <span className="min-w-0 flex-1 py-1.5">
        <b className="font-semibold">{t(isAhead ? 'alert.ahead' : 'alert.violation', { title })}</b>{' '}
        {claim !== null && <span>{claim} </span>}
        <span className="text-muted">
          {t('alert.at', {
            rule: violation.rule,
            time: millis(violation.at),
            message: namePages(violation.message),
          })}
        </span>
        {further.length > 0 && (
          <span className="block">{t('alert.further', { rules: further.join(t('list.comma')) })}</span>
        )}
      </span>
      <Button small look="line" onClick={() => void goToViolation(lab, violation)}>
        {t('alert.goTo')}
      </Button>
      {rule !== undefined && (
        <Popover.Root>
          <Popover.Trigger asChild>
            <Button small look="line">
              {t('alert.explain')}
            </Button>
          </Popover.Trigger>
          <Popover.Portal>
            <Popover.Content
              className="menu w-[420px] p-4 text-[13px] leading-5"
              aria-label={title}
              collisionPadding={8}
            >
              <RuleFacts rule={rule} />
              {!isAhead && (
                <Popover.Close asChild>
                  <Button small look="line" className="mt-2" onClick={() => showFacts(lab, violation)}>
                    {t('alert.facts')}
                  </Button>
                </Popover.Close>
              )}
            </Popover.Content>
          </Popover.Portal>
        </Popover.Root>
      )}
      <Button small look="line" onClick={() => void copy()}>
        {t('bundle.copy')}
      </Button>
      <IconButton small icon={X} label={t('close')} onClick={() => setAside(name)} />
    </div>
  );
}
