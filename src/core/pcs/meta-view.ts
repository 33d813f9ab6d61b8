// What the screen shows of the groups' members and of the change that is open (view.ts): pure.

import type { Time } from '../../base/ids.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { MembershipView } from '../kernel/membership.ts';
import { nodesOf } from '../placement/membership.ts';
import type { VolumeContent } from './meta-log.ts';
import { hasInstalled, isStepComplete, type MoveDriver, reportOf } from './move-driver.ts';
import { moveOf } from './moves.ts';
import type { MetaGroupView } from './pcs-view.ts';

const membershipView = ({ memberEpoch, sets, learners, vw, vr }: Descriptor): MembershipView => ({
  memberEpoch,
  sets,
  learners,
  vw,
  vr,
});

export const groupViews = (volume: VolumeContent, driver: MoveDriver, now: Time): MetaGroupView[] =>
  volume.groups.map((descriptor) => {
    const { group } = descriptor;
    const move = moveOf(volume, group);
    const members = membershipView(descriptor);
    if (!move) return { group, members, move: null };
    const { from, to, phase, isLost, since, before } = move;
    const target = driver.targets.get(group);
    const concerned = [...new Set([...before.flat(), ...nodesOf(descriptor)])];
    return {
      group,
      members,
      move: {
        from,
        to,
        phase,
        isLost,
        sinceUs: Math.max(0, now - since),
        before,
        acked: concerned.filter((node) => hasInstalled(driver, descriptor, node)),
        isComplete: isStepComplete(driver, descriptor, move),
        target: target?.memberEpoch === descriptor.memberEpoch ? target.scl : null,
        scl: reportOf(driver, group, to)?.scl ?? null,
      },
    };
  });
