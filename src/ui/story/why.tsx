// Explanation of a caption (Why?): the rule in words with its sentence in docs/spec and where it comes from, and the
// event that the caption describes, field by field. While it is open it keeps to the caption it was opened on.

import { Popover } from 'radix-ui';
import { Fragment, type ReactElement, type ReactNode, useState } from 'react';
import { goTo } from '../../state/route-store.ts';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { Button, Chip } from '../kit/button.tsx';
import { groupDigits, millis } from '../kit/format.ts';
import { useLab } from '../lab-context.ts';
import { lensOfRule, showPartOf } from '../lens/lens-of-kind.ts';
import { useLenses } from '../lens/registry.ts';
import { pageText } from '../model/known-names.ts';
import { showLens } from '../model/show-lens.ts';
import { findRule, type Rule, specFileOf } from '../rules/registry.ts';
import { headOf, termsIn } from '../rules/terms.ts';
import { type Caption, claimOf, describeCaption } from './captions.ts';
import { useCaption } from './story-store.ts';
import { WrongButton } from './wrong-button.tsx';

interface PopoverProps {
  readonly caption: Caption;
  readonly trigger: ReactElement;
  readonly onClose: () => void;
}

function Shell({
  trigger,
  onClose,
  label,
  children,
}: Omit<PopoverProps, 'caption'> & { readonly label: string; readonly children: ReactNode }): ReactNode {
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="menu max-h-[70vh] w-[420px] max-w-[92vw] overflow-y-auto p-4 text-[13px] leading-5"
          aria-label={label}
          align="start"
          sideOffset={6}
          collisionPadding={8}
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** A rule in words, its sentences and source, and the ways on from it. */
export function RuleFacts({
  rule,
  onLeave,
}: {
  readonly rule: Rule;
  readonly onLeave?: () => void;
}): ReactNode {
  const t = useT();
  const language = currentLanguage() === 'zh-CN' ? 'zh' : 'en';
  const lens = lensOfRule(rule, useLenses());
  return (
    <>
      <h3 className="text-[14px] leading-5 font-semibold">{rule.title[language]}</h3>
      <p className="mt-1">{rule.text[language]}</p>
      <dl className="mt-3 grid grid-cols-[64px_1fr] gap-x-3 gap-y-1.5">
        <dt className="text-muted">{t('story.rules')}</dt>
        <dd className="flex flex-wrap items-baseline gap-x-2">
          {rule.ids.map((id) => (
            <span key={id} className="mono text-[12px]" title={specFileOf(id)}>
              {id}
            </span>
          ))}
          <span className="mono text-[12px] text-muted">{specFileOf(rule.ids[0] ?? '')}</span>
        </dd>
        <dt className="text-muted">{t('story.source')}</dt>
        <dd>{rule.source}</dd>
      </dl>
      {rule.isMonitored && (
        <p className="mt-2">
          <Chip hue="ack">{rule.slug}</Chip> <span className="text-muted">{t('story.monitored')}</span>
        </p>
      )}
      <div className="mt-3 flex flex-wrap gap-2">
        {lens !== undefined && (
          <Button
            small
            look="line"
            onClick={() => {
              showPartOf(rule.slug, lens.id);
              showLens(lens.id);
              onLeave?.();
            }}
          >
            {t('story.openLens', { lens: t(lens.title) })}
          </Button>
        )}
        <Button
          small
          look="line"
          onClick={() => {
            goTo(`about/${rule.slug}`);
            onLeave?.();
          }}
        >
          {t('story.modelled')}
        </Button>
      </div>
    </>
  );
}

/** The short names of a text, each in one line. */
function Names({ text }: { readonly text: string }): ReactNode {
  const language = currentLanguage() === 'zh-CN' ? 'zh' : 'en';
  const named = termsIn(text, language);
  if (named.length === 0) return null;
  return (
    <dl className="mt-3 grid grid-cols-[64px_1fr] gap-x-3 gap-y-1 border-t border-line pt-3 text-[12px]">
      {named.map((term) => (
        <Fragment key={term.key}>
          <dt className="font-semibold">{headOf(term, language)}</dt>
          <dd>{term.text[language]}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

export function WhyPopover({ caption, trigger, onClose }: PopoverProps): ReactNode {
  const t = useT();
  const newest = useCaption();
  const [kept, setKept] = useState(caption);
  const rule = findRule(kept.rule);
  const said = describeCaption(kept, t);
  const because = rule?.text[currentLanguage() === 'zh-CN' ? 'zh' : 'en'] ?? '';
  return (
    <Shell trigger={trigger} onClose={onClose} label={t('story.why')}>
      <p className="mb-3 border-b border-line pb-3 text-[14px] font-medium">
        {said} <span className="mono text-[12px] text-muted">{millis(kept.moment.listed.at)}</span>
      </p>
      {newest !== null && newest !== kept && (
        <p className="mb-3 flex items-center gap-2 text-[12px] text-muted">
          <span className="flex-1">{t('story.whyMovedOn')}</span>
          <Button small look="line" onClick={() => setKept(newest)}>
            {t('story.whyNewest')}
          </Button>
        </p>
      )}
      {rule !== undefined && <RuleFacts rule={rule} onLeave={onClose} />}
      <Names text={`${said} ${because}`} />
      <div className="mt-3 flex justify-end border-t border-line pt-2">
        <WrongButton said={() => ({ text: said, claims: [claimOf(kept)] })} />
      </div>
    </Shell>
  );
}

const fieldText = (value: unknown): string => {
  if (Array.isArray(value)) return value.length > 24 ? `${value.slice(0, 24).join(' ')} …` : value.join(' ');
  return typeof value === 'number' ? groupDigits(value) : value === '' ? '–' : String(value);
};

export function RawPopover({ caption, trigger, onClose }: PopoverProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const [{ moment }] = useState(caption);
  const { listed } = moment;
  const cause = listed.causeNode === null ? '–' : `${listed.causeNode} #${listed.causeOrdinal}`;
  const facts: readonly (readonly [string, string])[] = [
    [t('story.field.time'), millis(listed.at)],
    [t('story.field.event'), groupDigits(listed.index)],
    [t('story.field.node'), listed.node],
    [t('story.field.cause'), cause],
  ];
  const fields = Object.entries(listed.event).filter(([name]) => name !== 'kind');
  return (
    <Shell trigger={trigger} onClose={onClose} label={t('story.rawTitle')}>
      <h3 className="text-[14px] leading-5 font-semibold">{t('story.rawTitle')}</h3>
      <p className="mono mt-1 font-semibold">{listed.event.kind}</p>
      <table className="data-table mt-2">
        <tbody>
          {[
            ...facts,
            ...fields.map(
              ([name, value]) =>
                [name, name === 'blockKey' ? pageText(Number(value)) : fieldText(value)] as const,
            ),
          ].map(([name, value]) => (
            <tr key={name}>
              <th scope="row" className="w-36 text-left font-normal text-muted">
                {name}
              </th>
              <td className="mono whitespace-normal">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-2 text-[12px] text-muted">{t('story.rawNumbers')}</p>
      <Button
        small
        look="line"
        className="mt-3"
        onClick={() => {
          void lab.seek(listed.at);
          onClose();
        }}
      >
        {t('story.goTo')}
      </Button>
    </Shell>
  );
}
