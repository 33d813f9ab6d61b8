// What the store does beside serving: page versions it builds now (WAL-32), and base images it gives or takes (WAL-71).

import type { ReactNode } from 'react';
import type { BaseImageView } from '../../../../../core/log-store/store-view.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { ProgressBar } from '../../../../kit/button.tsx';
import { bytesText } from '../../../../kit/format.ts';
import { Muted, Section } from '../../../../lens/section.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import type { BuildJob, ChainsModel } from './project.ts';
import '../../../../../words/cynosdb/chains.en.json';

/** Jobs listed; for more, their number. */
const jobsShown = 8;

interface JobsProps {
  readonly model: ChainsModel;
  readonly nameOf: (blockKey: number) => string;
}

/** `10 + 15 + 20 → base@20` */
const jobText = ({ from, takes, to }: BuildJob): string =>
  `${[...(from < 0 ? [] : [`@${from}`]), ...takes].join(' + ')} → base@${to}`;

function Jobs({ model, nameOf }: JobsProps): ReactNode {
  const t = useT();
  const { jobs, group, waiting, buildLimit } = model;
  return (
    <Section className="px-4 pb-3" title={t('chains.jobs')}>
      {jobs.length === 0 ? (
        <Muted>{t('chains.noJobs')}</Muted>
      ) : (
        <ul className="text-[12px] leading-5">
          {jobs.slice(0, jobsShown).map((job) => (
            <li
              key={job.blockKey}
              data-hover={hoverKey({ kind: 'page', group, blockKey: job.blockKey })}
              className="mono"
            >
              {`${nameOf(job.blockKey)}: ${jobText(job)}`}
            </li>
          ))}
          {jobs.length > jobsShown && <li>{t('chains.moreJobs', { count: jobs.length - jobsShown })}</li>}
        </ul>
      )}
      {waiting > 0 && <Muted>{t('chains.waitJobs', { count: waiting, limit: buildLimit })}</Muted>}
    </Section>
  );
}

function Image({ image, label }: { readonly image: BaseImageView; readonly label: string }): ReactNode {
  const t = useT();
  const words = t('chains.imagePages', {
    pages: image.pages,
    total: image.total,
    bytes: bytesText(image.bytes),
  });
  return (
    <li data-hover={hoverKey({ kind: 'node', id: image.peer })}>
      <span className="mono">{`${label} · ${words}`}</span>
      <ProgressBar label={label} done={image.pages} of={image.total} hue="hole" />
    </li>
  );
}

function Images({ model }: { readonly model: ChainsModel }): ReactNode {
  const t = useT();
  const { giving, taking } = model;
  return (
    <Section className="px-4 pb-3" title={t('chains.images')}>
      {giving.length + taking.length === 0 && <Muted>{t('chains.noImages')}</Muted>}
      <ul className="text-[12px] leading-5">
        {taking.map((image) => (
          <Image
            key={`from ${image.peer}`}
            image={image}
            label={t('chains.takes', { peer: image.peer, base: image.base })}
          />
        ))}
        {giving.map((image) => (
          <Image
            key={`to ${image.peer}`}
            image={image}
            label={t('chains.gives', { peer: image.peer, base: image.base })}
          />
        ))}
      </ul>
    </Section>
  );
}

export function StoreWork(props: JobsProps): ReactNode {
  return (
    <>
      <Jobs {...props} />
      <Images model={props.model} />
    </>
  );
}
