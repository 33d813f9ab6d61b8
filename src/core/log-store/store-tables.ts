// Everything that the storage role takes, by kind, merged from its concerns: messages, completions of disk writes and reads,
// timers, control operations, and what runs at the end of a step. The types make each table whole.

import { forgetArchiver, onArchiveAnswer, onArchiveTimer, onNameArchiver } from './archive/archiver.ts';
import { onArchiveRead } from './archive/archiver-work.ts';
import { base } from './base/base-handlers.ts';
import { healByBase } from './base/base-import.ts';
import { forgetImport, importKeys } from './base/base-install.ts';
import { onDropReplica, onInstallMembers } from './member-orders.ts';
import { armBackground } from './replica/background.ts';
import { pumpControl } from './replica/control.ts';
import type { Concern, ReadHandlers, StoreHooks, WriteHandlers } from './replica/hooks.ts';
import { driveHoles } from './replica/repair.ts';
import { replica } from './replica/replica-handlers.ts';
import type { PendingReads, PendingWrites } from './replica/state.ts';
import { onRestoreMade } from './restore/restore-install.ts';
import { onRestored, onRestorePart, onRestoreReplica, onRestoreTimer } from './restore/restore-load.ts';
import { armScrub } from './scrub/scrub.ts';
import { fetchedKeys, forgetScrub, scrub } from './scrub/scrub-handlers.ts';

/** Messages about a group that this node may not host, or about none. */
export const messages = {
  ...replica.messages,
  ...base.messages,
  InstallMembers: onInstallMembers,
  DropReplica: (state, ctx, _, message) => onDropReplica(state, ctx, message),
  RestoreReplica: onRestoreReplica,
  ManifestIs: (state, ctx, _, message) => void onArchiveAnswer(state, ctx, message),
  ObjectPart(state, ctx, from, message) {
    if (!onArchiveAnswer(state, ctx, message)) onRestorePart(state, ctx, from, message);
  },
  ObjectPut: (state, ctx, _, message) => void onArchiveAnswer(state, ctx, message),
  ManifestSet: (state, ctx, _, message) => void onArchiveAnswer(state, ctx, message),
  ObjectsMissing: (state, ctx, _, message) => void onArchiveAnswer(state, ctx, message),
} satisfies Concern['messages'];

/** Messages that only a hosted replica takes. */
export const groupMessages = {
  ...replica.groupMessages,
  ...base.groupMessages,
  ...scrub.groupMessages,
  NameArchiver: onNameArchiver,
} satisfies Concern['groupMessages'];

export const groupWrites = { ...replica.groupWrites, ...scrub.groupWrites } satisfies Concern['groupWrites'];

export const writes: WriteHandlers<Exclude<keyof PendingWrites, keyof typeof groupWrites>> = {
  ...replica.writes,
  ...base.writes,
  restored: (state, ctx, write, { error }) => onRestored(state, ctx, write.group, error),
  restoreMade(state, ctx, write, { error }) {
    const load = state.restores.get(write.group);
    const made = load ? onRestoreMade(state, ctx, load, error) : null;
    if (made) ctx.hooks.begin(state, made, ctx);
  },
};

export const reads: ReadHandlers<keyof PendingReads> = {
  ...replica.reads,
  ...base.reads,
  ...scrub.reads,
  archive: (state, group, ctx, read, { values, error }) =>
    onArchiveRead(state, group, ctx, read, values, error),
};

export const timers: NonNullable<Concern['timers']> = {
  ...replica.timers,
  ...base.timers,
  restore: onRestoreTimer,
};
export const groupTimers: NonNullable<Concern['groupTimers']> = {
  ...replica.groupTimers,
  ...scrub.groupTimers,
  archive: onArchiveTimer,
};

export const hooks: StoreHooks = {
  control: { ...replica.control, ...base.control },
  begin(state, group, ctx) {
    armScrub(state, group, ctx);
    hooks.settle(state, group, ctx);
  },
  settle(state, group, ctx) {
    pumpControl(state, group, ctx);
    if (state.lifecycle.kind !== 'working' || group.service.kind === 'dropped') return;
    driveHoles(group, ctx);
    healByBase(state, group, ctx);
    armBackground(state, group, ctx);
  },
  heal: healByBase,
  keysOf: (state, group) => [...fetchedKeys(state, group), ...importKeys(state, group)],
  forget(state, group, ctx) {
    forgetScrub(state, group, ctx);
    forgetImport(state, group, ctx);
    forgetArchiver(state, group, ctx);
  },
};
