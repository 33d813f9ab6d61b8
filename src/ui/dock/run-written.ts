// What is written in the console, done: SQL goes to the session, a backslash command to what it means.

import type { Lab } from '../../lab/api.ts';
import { saveBlob } from '../export/save.ts';
import type { Translate } from '../i18n/i18n.ts';
import { showToast } from '../kit/toast.ts';
import { loadScript } from './dataset-load.ts';
import { META_COMMANDS, type MetaCommand } from './meta-commands.ts';
import { runSql, type SqlRun, type SqlTarget, sqlStore } from './sql-store.ts';
import { startWatch } from './watch.ts';

/** Opens the browser's own choice of a file; null: none was chosen. */
function chooseFile(accept: string): Promise<File | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = accept;
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}

/** A plain dump, or any script of SQL, through the session. */
export async function openScriptFile(lab: Lab, target: SqlTarget): Promise<void> {
  const file = await chooseFile('.sql,.txt');
  if (file !== null) await loadScript(lab, { name: file.name, text: await file.text() }, target);
}

/** What COPY TO has written, as a file. */
function saveCopied({ outcome }: SqlRun, name: string): void {
  const rows = outcome?.result.statements.find((item) => item.kind === 'rows');
  if (rows === undefined) return;
  saveBlob(name, new Blob([rows.rows.map(([line]) => `${line}\n`).join('')], { type: 'text/plain' }));
}

interface Asked {
  readonly lab: Lab;
  readonly target: SqlTarget;
  readonly written: string;
  readonly t: Translate;
}

type Of<K extends NonNullable<MetaCommand>['kind']> = Extract<MetaCommand, { kind: K }>;

async function copy({ lab, target, written }: Asked, { way, file: name, text }: Of<'copy'>): Promise<void> {
  if (way === 'to') {
    saveCopied(await runSql(lab, { text, target, runToReply: true, written }), name);
    return;
  }
  const file = await chooseFile('');
  if (file === null) return;
  const data = (await file.text()).replace(/\r\n/g, '\n').replace(/\n?$/, '\n');
  await loadScript(lab, { name: file.name, text: `${text};\n${data}\\.\n` }, target);
}

function set({ setting, isOn }: Of<'setting'>, t: Translate): void {
  const next = isOn ?? !sqlStore.getState()[setting];
  sqlStore.setState({ [setting]: next });
  showToast({ kind: 'note', text: t(`sql.${setting}${next ? 'On' : 'Off'}`) });
}

/** Does what a backslash command means. `lastText`: what was run last, for `\watch`. */
export function runCommand(
  asked: Asked,
  meta: Exclude<MetaCommand, Of<'statement'> | null>,
  lastText: string | null,
): void {
  const { lab, target, t } = asked;
  switch (meta.kind) {
    case 'unknown': {
      const known = META_COMMANDS.join('  ');
      showToast({ kind: 'error', text: t('sessions.noCommand', { text: meta.text, known }) });
      break;
    }
    case 'setting':
      set(meta, t);
      break;
    case 'copy':
      void copy(asked, meta);
      break;
    case 'watch': {
      const text = meta.text ?? lastText;
      if (text === null) showToast({ kind: 'error', text: t('sql.watchNothing') });
      else void startWatch(lab, text, meta.seconds, target);
    }
  }
}
