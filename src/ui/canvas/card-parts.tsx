// What the forms of a node's card share: its health as an icon and a colour, chips of its roles, why its engine stopped.

import {
  Check,
  LoaderCircle,
  type LucideIcon,
  OctagonX,
  Power,
  Snowflake,
  TriangleAlert,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { CopyReproBundle } from '../dialogs/copy-repro-bundle.tsx';
import type { Translate } from '../i18n/i18n.ts';
import { Chip, type Hue } from '../kit/button.tsx';
import { type Health, healthText } from '../model/node-facts.ts';
import { type ReportedRole, reportedRoles } from '../model/role-cards.ts';

export const healthHue: Readonly<Record<Health, Hue>> = {
  up: 'ack',
  opening: 'hole',
  down: 'fence',
  frozen: 'wal',
  failed: 'fence',
  refusing: 'fence',
  fenced: 'fence',
  recovering: 'fence',
};

export const healthIcon: Readonly<Record<Health, LucideIcon>> = {
  up: Check,
  opening: LoaderCircle,
  down: Power,
  frozen: Snowflake,
  failed: TriangleAlert,
  refusing: TriangleAlert,
  fenced: OctagonX,
  recovering: LoaderCircle,
};

export interface CardPart {
  readonly node: NodeFrame;
  readonly health: Health;
  readonly t: Translate;
}

export interface RolePartProps {
  readonly part: ReportedRole;
  readonly node: NodeFrame;
  readonly t: Translate;
}

/** The health of a node that is not well; else how each of its roles does, as many as there is room for. */
export function Chips({
  node,
  health,
  t,
  most = Number.POSITIVE_INFINITY,
}: CardPart & { most?: number }): ReactNode {
  if (health === 'up')
    return reportedRoles(node)
      .slice(0, most)
      .map(({ card: { role, Chip: RoleChip }, view }) => (
        <RoleChip key={role} node={node} view={view} t={t} />
      ));
  return (
    <Chip hue={healthHue[health]} solid={health === 'fenced'}>
      {health === 'frozen' && <Snowflake size={12} aria-hidden="true" />}
      {healthText(health, t)}
    </Chip>
  );
}

export function EngineError({ node, error }: { readonly node: string; readonly error: string }): ReactNode {
  return (
    <div className="flex items-center gap-2">
      <span className="line-clamp-2 min-w-0 flex-1 whitespace-normal text-fence leading-4" title={error}>
        {error}
      </span>
      <CopyReproBundle node={node} detail={error} />
    </div>
  );
}
