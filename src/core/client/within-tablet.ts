// A transfer of a load on tablets stays in one of them (docs/spec/pcs.md PCS-54), also when a tablet was split since: who writes an application
// for such tables picks its partners by them.

import type { WorkloadSpec } from '../kernel/workload-spec.ts';
import type { DriverState } from './driver-state.ts';
import type { PlannedRequest } from './workload-kind.ts';

/** With a partner among the rows of the first one's tablet, by the driver's own copy of the definitions. */
export function withinTablet(
  { shards }: Pick<DriverState, 'shards'>,
  { kind, rows }: Pick<WorkloadSpec, 'kind' | 'rows'>,
  request: PlannedRequest,
): PlannedRequest {
  const tablets = shards?.tables.find(({ name }) => name === 'accounts')?.tablets ?? [];
  const [amount = '0', from = '1', to = '1'] = request.params;
  if (kind !== 'tablet-transfer' || request.operation.kind !== 'transfer' || tablets.length === 0)
    return request;
  const at = tablets.findLastIndex((one) => one.from === '' || Number(one.from) <= Number(from));
  const least = Math.max(1, Number(tablets[at]?.from ?? ''));
  const end = Math.min(rows + 1, Number(tablets[at + 1]?.from ?? rows + 1));
  if (Number(to) >= least && Number(to) < end) return request;
  const count = Math.max(1, end - least);
  const offset = Number(to) % count;
  const other = least + offset === Number(from) ? least + ((offset + 1) % count) : least + offset;
  return {
    ...request,
    params: [amount, from, String(other)],
    operation: { ...request.operation, key: `accounts/${from}-${other}` },
  };
}
