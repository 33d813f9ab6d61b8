// The read points in force, who holds them, and the way to hold and release one: a session of its own begins a
// repeatable read, as any client may. What is done is a statement on the tape.

import { Anchor, Unlink } from 'lucide-react';
import type { ReactNode } from 'react';
import { messageOf } from '../../../../../base/thrown.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { Button } from '../../../../kit/button.tsx';
import { showToast } from '../../../../kit/toast.ts';
import { useLab } from '../../../../lab-context.ts';
import { Section } from '../../../../lens/section.tsx';
import { DataTable } from '../../../../plot/data-table.tsx';
import { heldText } from './describe.ts';
import type { ChainsModel } from './project.ts';

/** Sessions that hold read points from here are called `reader-1`, `reader-2` …; they alone are released from here. */
const prefix = 'reader-';
const hold = 'begin isolation level repeatable read; select 1';

function freeName({ pins }: ChainsModel): string {
  for (let i = 1; ; i++) if (!pins.some(({ session }) => session === `${prefix}${i}`)) return `${prefix}${i}`;
}

export function ReadPoints({ model }: { readonly model: ChainsModel }): ReactNode {
  const t = useT();
  const lab = useLab();
  const run = (session: string, text: string): void => {
    lab.sql(session, text, { runToReply: false }).catch((error: unknown) => {
      showToast({ kind: 'error', text: messageOf(error) });
    });
  };
  return (
    <Section
      className="px-4 pb-3"
      title={t('chains.pins')}
      tools={
        <Button small look="line" icon={Anchor} onClick={() => run(freeName(model), hold)}>
          {t('chains.hold')}
        </Button>
      }
    >
      <p className="pb-1 text-[13px] leading-5">{heldText(model.heldBy, t)}</p>
      <DataTable
        rows={model.pins.slice(0, 12)}
        keyOf={({ session }) => session}
        columns={[
          [
            t('chains.holder'),
            ({ session, holder }) =>
              holder === 'session' ? session : `${session} · ${t(`chains.${holder}Pin`)}`,
          ],
          [t('chains.readPoint'), ({ readPoint }) => readPoint, 'n'],
          [
            null,
            ({ session, holder }) =>
              holder === 'session' &&
              session.startsWith(prefix) && (
                <Button
                  small
                  icon={Unlink}
                  aria-label={t('chains.releaseOf', { session })}
                  onClick={() => run(session, 'commit')}
                >
                  {t('chains.release')}
                </Button>
              ),
          ],
        ]}
      />
    </Section>
  );
}
