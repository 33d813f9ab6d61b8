// The configuration as entries of the metadata's log make it (docs/spec/agents.md PCS-91, PCS-92): each entry is the next version. Pure.

import { type Setting, withSetting } from '../agent/settings.ts';
import type { MetaContent, MetaOperation } from './meta-content.ts';

export type ConfigResult =
  | { readonly kind: 'configSet'; readonly setting: Setting }
  /** `version`: the newest one, which is not the expected one. */
  | { readonly kind: 'STALE_VERSION'; readonly version: number };

/** Entries kept for agents that lack some; one further behind is given the whole configuration. */
export const KEPT_PUTS = 32;

type Put = Extract<MetaOperation, { kind: 'putConfig' }>;

export function putConfig(content: MetaContent, { scope, key, value, expect }: Put): ConfigResult {
  const { version } = content.configuration;
  if (expect !== null && expect !== version) return { kind: 'STALE_VERSION', version };
  const setting = { version: version + 1, scope, key, value };
  content.configuration = withSetting(content.configuration, setting);
  content.puts = [...content.puts, setting].slice(-KEPT_PUTS);
  return { kind: 'configSet', setting };
}
