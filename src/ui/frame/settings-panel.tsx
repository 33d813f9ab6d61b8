// Settings panel: theme, language, keys, density, motion. All of it stays in this browser.

import type { ReactNode } from 'react';
import { forgetCoach } from '../../state/coach-store.ts';
import { forgetLessons } from '../../state/lesson-store.ts';
import {
  type Density,
  type NarrationLevel,
  narrationLevels,
  resetSettings,
  type SingleKeys,
  setSettings,
  type Theme,
  useSettings,
} from '../../state/settings-store.ts';
import { type Wording, wordings } from '../../state/wording.ts';
import '../../words/commands/commands.en.json';
import '../../words/lessons.en.json';
import '../../words/story/story.en.json';
import { SidePanel } from '../dialogs/side-panel.tsx';
import { currentLanguage, setLanguage, useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { Select, type SelectOption } from '../kit/select.tsx';
import { showToast } from '../kit/toast.ts';

type Motion = 'system' | 'full' | 'reduced';

interface RowProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly SelectOption<Value>[];
  readonly onChange: (value: Value) => void;
}

function Row<Value extends string>(props: RowProps<Value>): ReactNode {
  return (
    <div className="flex items-center justify-between gap-4 py-1.5">
      <span aria-hidden="true">{props.label}</span>
      <Select bare {...props} />
    </div>
  );
}

export function SettingsPanel({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useT();
  const settings = useSettings((state) => state);
  const { reducedMotion } = settings;
  return (
    <SidePanel title={t('settings.title')} onClose={onClose} onSubmit={onClose}>
      <Row<Theme>
        label={t('settings.theme')}
        value={settings.theme}
        options={(['system', 'light', 'dark'] as const).map((value) => ({
          value,
          label: t(`theme.${value}`),
        }))}
        onChange={(theme) => setSettings({ theme })}
      />
      <Row
        label={t('settings.language')}
        value={currentLanguage()}
        options={[
          { value: 'en', label: 'English' },
          { value: 'zh-CN', label: '中文' },
        ]}
        onChange={(language) => {
          void setLanguage(language);
          setSettings({ language });
        }}
      />
      <Row<Wording>
        label={t('settings.wording')}
        value={settings.wording}
        options={wordings.map((value) => ({ value, label: t(`wording.${value}`) }))}
        onChange={(wording) => setSettings({ wording })}
      />
      <Row<SingleKeys>
        label={t('settings.singleKeys')}
        value={settings.singleKeys}
        options={[
          { value: 'on', label: t('settings.keysOn') },
          { value: 'alt', label: t('settings.keysAlt') },
          { value: 'off', label: t('settings.keysOff') },
        ]}
        onChange={(singleKeys) => setSettings({ singleKeys })}
      />
      <Row<Density>
        label={t('settings.density')}
        value={settings.density}
        options={[
          { value: 'comfortable', label: t('settings.comfortable') },
          { value: 'compact', label: t('settings.compact') },
        ]}
        onChange={(density) => setSettings({ density })}
      />
      <Row<Motion>
        label={t('settings.motion')}
        value={reducedMotion === null ? 'system' : reducedMotion ? 'reduced' : 'full'}
        options={[
          { value: 'system', label: t('settings.motionSystem') },
          { value: 'full', label: t('settings.motionFull') },
          { value: 'reduced', label: t('settings.motionReduced') },
        ]}
        onChange={(motion) =>
          setSettings({ reducedMotion: motion === 'system' ? null : motion === 'reduced' })
        }
      />
      <Row<'on' | 'off'>
        label={t('hidden.setting')}
        value={settings.goesOn ? 'on' : 'off'}
        options={[
          { value: 'on', label: t('hidden.goOn') },
          { value: 'off', label: t('hidden.stay') },
        ]}
        onChange={(value) => setSettings({ goesOn: value === 'on' })}
      />
      <Row<NarrationLevel>
        label={t('keys.narration')}
        value={settings.narration}
        options={narrationLevels.map((value) => ({ value, label: t(`narration.${value}`) }))}
        onChange={(narration) => setSettings({ narration })}
      />
      <p className="mt-4 text-[12px] leading-4 text-muted">{t('settings.stored')}</p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button look="line" onClick={resetSettings}>
          {t('settings.reset')}
        </Button>
        <Button
          look="line"
          onClick={() => {
            forgetLessons();
            forgetCoach();
            showToast({ kind: 'done', text: t('lessons.erased') });
          }}
        >
          {t('lessons.erase')}
        </Button>
      </div>
    </SidePanel>
  );
}
