// A claim in words. The one place where a conclusion becomes a sentence, so that what is said is what `sim says` has judged.

import { unreachable } from '../../base/assert.ts';
import type { Conclusion } from '../../run-model/says/claims.ts';
import { type Translate, translateLoose } from '../i18n/i18n.ts';
import { short } from './caption-table.ts';
import '../../words/story/claim.en.json';

type Of<K extends Conclusion['kind']> = Extract<Conclusion, { readonly kind: K }>;

export function claimWords(claim: Conclusion, t: Translate): string {
  switch (claim.kind) {
    case 'advanced':
      return markWords(claim, t);
    case 'believes': {
      const { node, to, mark, term, newest } = claim;
      return t('story.mark.belief', { node, value: to, mark: mark.toUpperCase(), term, newest });
    }
    case 'durable':
      return commitWords(claim, t);
    case 'quorumLost': {
      const { writer, reached: count, of: n, need: vw, group, cause: node } = claim;
      return claim.by === 'cut'
        ? t('story.action.cutQuorum', { writer, count, n, vw, group })
        : t('story.action.crashQuorum', { node, writer, count, n, vw, group });
    }
    case 'healed': {
      const { node, records } = claim;
      const params = { node, records, from: claim.from.slice(0, 2).join(t('list.comma')) };
      // "No client waited" is said only when commits went on meanwhile.
      return claim.commits > 0 ? t('story.hole.healedUnseen', params) : t('story.hole.healed', params);
    }
    case 'recovered': {
      const { token, acked, vdl, handedOver } = claim;
      if (handedOver !== null) return t('story.recovery.handedOver', { token, ...handedOver });
      return acked < 0
        ? t('story.recovery.done', { token, vdl })
        : t('story.recovery.doneAcked', { token, acked });
    }
    case 'appointed': {
      const { writer, token, state } = claim;
      return t('story.meta.writer', { writer, token, state: translateLoose(`volumeState.${state}`, {}) });
    }
    case 'granted':
      return t('story.token.grant', { token: claim.token, holder: claim.holder });
    case 'installed': {
      const { node, group, token, replicas } = claim;
      return replicas > 1
        ? t('story.token.many', { count: replicas, token })
        : t('story.token.install', { node, group, token });
    }
    default:
      return unreachable(claim);
  }
}

function markWords({ mark, node, of, from, to: value }: Of<'advanced'>, t: Translate): string {
  switch (mark) {
    case 'vdl':
      return from < value ? t('story.mark.vdlMany', { first: from, value }) : t('story.mark.vdl', { value });
    case 'vcl':
      return t('story.mark.vcl', { value });
    case 'pgcl':
      return t('story.mark.pgcl', { group: of, value });
    case 'scl':
      return t('story.mark.scl', { node, group: of, value });
    case 'pgmrpl':
      return t('story.mark.pgmrpl', { value });
    default:
      return unreachable(mark);
  }
}

function commitWords(claim: Of<'durable'>, t: Translate): string {
  const quorum = { scn: claim.lsn, vw: claim.copies, n: claim.of };
  if (claim.commits > 1) return t('story.commit.many', { count: claim.commits, ...quorum });
  if (claim.isBack) return t('story.commit.healed', quorum);
  if (claim.without.length === 0) return t('story.commit.ack', quorum);
  const nodes = short(claim.without.join(t('list.comma')), 24);
  return claim.how === 'down'
    ? t('story.commit.down', { nodes, ...quorum })
    : t('story.commit.cut', { nodes, ...quorum });
}
