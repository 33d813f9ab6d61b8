// `#/about`: what is modelled. The lab runs on behind it; `#/about/<rule>` stands at the row of that rule.

import { ArrowLeft, Copy } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { ENGINE } from '../../sim/engine.ts';
import { TAPE_VERSION } from '../../sim/tape-limits.ts';
import { useFrame } from '../../state/frame-store.ts';
import { goTo, useRoute } from '../../state/route-store.ts';
import { useRun } from '../../state/run-store.ts';
import { writeClipboard } from '../export/clipboard.ts';
import { currentLanguage, useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { showToast } from '../kit/toast.ts';
import type { ModelRow } from '../rules/model-row.ts';
import { ruleRegistry, specFileOf } from '../rules/registry.ts';
import { headOf, terms } from '../rules/terms.ts';
import { type AboutLanguage, aboutText, ruleRevision, type VersionLine } from './about-text.ts';
import { disagreements, knownLimits, modelRows, notProven, rowOfRule } from './content.ts';
import '../../words/about.en.json';

/** Of page, commands and package, by the build. */
declare const __VERSION__: string;

function useVersions(): readonly VersionLine[] {
  const t = useT();
  const runId = useRun((run) => run?.runId ?? '');
  const preset = useFrame(({ frame }) => frame?.preset ?? '');
  const seed = useFrame(({ frame }) => frame?.seed ?? 0);
  return [
    { name: 'PostDB Lab', value: __VERSION__ },
    { name: t('about.engine'), value: ENGINE },
    {
      name: t('about.ruleSet'),
      value: t('about.ruleSetValue', { count: ruleRegistry.length, revision: ruleRevision() }),
    },
    { name: t('about.tape'), value: String(TAPE_VERSION) },
    { name: t('about.run'), value: `${runId} ${preset} ${t('toolbar.seed')} ${seed}` },
    { name: t('about.browser'), value: navigator.userAgent },
  ];
}

function Ids({ ids }: { readonly ids: readonly string[] }): ReactNode {
  return (
    <span className="flex flex-wrap gap-x-2">
      {ids.map((id) => (
        <span key={id} className="mono text-[12px]" title={specFileOf(id)}>
          {id}
        </span>
      ))}
    </span>
  );
}

function Row({
  row,
  asked,
  language,
}: {
  readonly row: ModelRow;
  readonly asked: boolean;
  readonly language: AboutLanguage;
}): ReactNode {
  const own = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (asked) own.current?.scrollIntoView({ block: 'center' });
  }, [asked]);
  return (
    <tr
      ref={own}
      id={`about-${row.id}`}
      className={asked ? 'is-asked' : ''}
      {...(asked ? { 'aria-current': true } : {})}
    >
      <th scope="row" className="w-32 font-semibold">
        {row.part[language]}
      </th>
      <td>{row.real[language]}</td>
      <td>{row.simplified[language]}</td>
      <td>{row.absent[language]}</td>
      <td className="w-44">
        <Ids ids={row.ids} />
        <span className="mt-1 block text-[12px] text-muted">{row.source}</span>
      </td>
    </tr>
  );
}

function Watched({ language }: { readonly language: AboutLanguage }): ReactNode {
  const t = useT();
  return (
    <>
      <h2>{t('about.watched')}</h2>
      <table>
        <tbody>
          {ruleRegistry
            .filter(({ isMonitored }) => isMonitored)
            .map(({ slug, ids, title, text }) => (
              <tr key={slug}>
                <th scope="row" className="w-56 font-semibold">
                  {title[language]}
                  <span className="mono block text-[12px] font-normal text-muted">{slug}</span>
                </th>
                <td>{text[language]}</td>
                <td className="w-44">
                  <Ids ids={ids} />
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </>
  );
}

function Glossary({ language }: { readonly language: AboutLanguage }): ReactNode {
  const t = useT();
  return (
    <>
      <h2 id="glossary">{t('about.glossary')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('about.term')}</th>
            <th scope="col">{t('about.meaning')}</th>
            <th scope="col">{t('about.source')}</th>
          </tr>
        </thead>
        <tbody>
          {terms.map((term) => (
            <tr key={term.key}>
              <th scope="row" className="w-56 font-semibold">
                {headOf(term, language)}
                {headOf(term, language) !== term.gloss && <span lang="zh-CN">（{term.gloss}）</span>}
              </th>
              <td>
                {language === 'en' && term.full !== '' && `${term.full}: `}
                {term.text[language]}
              </td>
              <td className="w-44 text-muted">{term.source}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Model({ language }: { readonly language: AboutLanguage }): ReactNode {
  const t = useT();
  const asked = useRoute(({ rest }) => rest);
  const askedRow = modelRows.find(({ id }) => id === asked)?.id ?? rowOfRule(asked)?.id;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: where it is wider than the page the keyboard scrolls it
    <section className="overflow-x-auto" tabIndex={0} aria-label={t('about.part')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('about.part')}</th>
            <th scope="col">{t('about.real')}</th>
            <th scope="col">{t('about.simplified')}</th>
            <th scope="col">{t('about.absent')}</th>
            <th scope="col">{t('about.rules')}</th>
          </tr>
        </thead>
        <tbody>
          {modelRows.map((row) => (
            <Row key={row.id} row={row} language={language} asked={row.id === askedRow} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function AboutPage(): ReactNode {
  const t = useT();
  const language = currentLanguage() === 'zh-CN' ? 'zh' : 'en';
  const versions = useVersions();
  const copy = (): void => {
    writeClipboard(aboutText(versions, language, t)).then(
      () => showToast({ kind: 'done', text: t('about.copied') }),
      () => showToast({ kind: 'error', text: t('about.notCopied') }),
    );
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <main className="about" data-region="about" tabIndex={0} aria-label={t('about.title')}>
      <div className="about-body">
        <div className="flex items-center gap-2">
          <Button look="line" icon={ArrowLeft} onClick={() => goTo('lab')}>
            {t('about.back')}
          </Button>
          <span className="flex-1" />
          <Button look="line" icon={Copy} onClick={copy}>
            {t('about.copy')}
          </Button>
        </div>
        <h1 className="mt-5 text-[20px] leading-7 font-semibold">{t('about.title')}</h1>
        <p className="mt-2 max-w-[76ch]">{t('about.lead')}</p>
        <Model language={language} />
        <p className="mt-2 text-[12px] text-muted">{t('about.sources')}</p>
        <h2>{t('about.disagree')}</h2>
        <ul className="mt-2 list-none space-y-1.5">
          {disagreements.map(({ id, text }) => (
            <li key={id} className="flex gap-3">
              <span className="w-20 flex-none">
                <Ids ids={[id]} />
              </span>
              {text[language]}
            </li>
          ))}
        </ul>
        <h2>{t('about.notProven')}</h2>
        <p className="mt-2 max-w-[76ch]">{notProven[language]}</p>
        <h2>{t('about.numbers')}</h2>
        <p className="mt-2 max-w-[76ch]">{t('about.numbersText')}</p>
        <Watched language={language} />
        <Glossary language={language} />
        <h2>{t('about.limits')}</h2>
        <ul className="mt-2 list-disc space-y-1 pl-5">
          {knownLimits.map((limit) => (
            <li key={limit.en}>{limit[language]}</li>
          ))}
        </ul>
        <h2>{t('about.versions')}</h2>
        <dl className="mt-2 grid grid-cols-[120px_1fr] gap-y-1">
          {versions.map(({ name, value }) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="mono break-words">{value}</dd>
            </div>
          ))}
        </dl>
        <p className="mt-2">
          <a className="underline" href="./licences.txt" target="_blank" rel="noopener noreferrer">
            {t('about.licences')}
          </a>
        </p>
      </div>
    </main>
  );
}
