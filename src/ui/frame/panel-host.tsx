// Host of the open panel or dialog. Side panels are never modal; dialogs are only those that stop all else.

import { lazy, type ReactNode } from 'react';
import { useQuestion } from '../../state/run-store.ts';
import { setPanel, useSelection } from '../../state/selection-store.ts';
import { KeysDialog } from '../commands/keys-dialog.tsx';
import { CrashLosingPanel } from '../dialogs/crash-losing-panel.tsx';
import { CutLinksPanel } from '../dialogs/cut-links-panel.tsx';
import { ElsewhereDialog } from '../dialogs/elsewhere-dialog.tsx';
import { ForgetDialog } from '../dialogs/forget-dialog.tsx';
import { ImportDialog } from '../dialogs/import-dialog.tsx';
import { PartitionPanel } from '../dialogs/partition-panel.tsx';
import { SavedRunDialog } from '../dialogs/saved-run-dialog.tsx';
import { ShareDialog } from '../dialogs/share-dialog.tsx';
import { loadChinese } from '../i18n/i18n.ts';
import { Late } from '../kit/late.tsx';
import { placeOfLink } from '../lens/link-place.ts';
import { SettingsPanel } from './settings-panel.tsx';

const RulesOffPanel = lazy(async () => ({
  default: (await import('../lessons/rules-off.tsx')).RulesOffPanel,
}));
const TypedFaultPanel = lazy(async () => ({
  default: (await import('../dialogs/typed-fault-panel.tsx')).TypedFaultPanel,
}));
const RemovedDialog = lazy(async () => ({
  default: (await import('../dialogs/removed-dialog.tsx')).RemovedDialog,
}));
const EmbedPanel = lazy(async () => ({ default: (await import('../embed/embed-panel.tsx')).EmbedPanel }));
const RecordDialog = lazy(async () => ({
  default: (await import('../record/record-dialog.tsx')).RecordDialog,
}));
/** What is searched is searched in both languages. */
const Palette = lazy(async () => {
  const [{ Palette: component }] = await Promise.all([import('../commands/palette.tsx'), loadChinese()]);
  return { default: component };
});

export function PanelHost(): ReactNode {
  const panel = useSelection((state) => state.panel);
  const question = useQuestion();
  const close = (): void => setPanel(null);
  if (question?.kind === 'openElsewhere') return <ElsewhereDialog asked={question.asked} />;
  if (question?.kind === 'storageRemoved')
    return (
      <Late>
        <RemovedDialog />
      </Late>
    );
  if (question !== null) return <SavedRunDialog notice={question} />;
  if (panel === null) return null;
  switch (panel.kind) {
    case 'partition':
      return <PartitionPanel side={panel.side} onClose={close} />;
    case 'crashLosing':
      return <CrashLosingPanel node={panel.node} onClose={close} />;
    case 'typedFault':
      return (
        <Late>
          <TypedFaultPanel subject={panel.subject} onClose={close} />
        </Late>
      );
    case 'cutLinks':
      return <CutLinksPanel node={panel.node} onClose={close} />;
    case 'share':
      return (
        <ShareDialog onClose={close} place={placeOfLink}>
          <Late>
            <EmbedPanel />
          </Late>
        </ShareDialog>
      );
    case 'record':
      return (
        <Late>
          <RecordDialog of={panel.of} onClose={close} />
        </Late>
      );
    case 'import':
      return <ImportDialog onClose={close} />;
    case 'forget':
      return <ForgetDialog onClose={close} />;
    case 'keys':
      return <KeysDialog onClose={close} />;
    case 'settings':
      return <SettingsPanel onClose={close} />;
    case 'rulesOff':
      return (
        <Late>
          <RulesOffPanel onClose={close} />
        </Late>
      );
    case 'palette':
      return (
        <Late>
          <Palette query={panel.query} onClose={close} />
        </Late>
      );
  }
}
