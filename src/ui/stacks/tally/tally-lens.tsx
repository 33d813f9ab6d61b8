// The lens of the tally: each node's total, as a table.

import { useFrame } from '../../../state/frame-store.ts';
import { viewsIn } from '../../../state/role-views.ts';
import { useT } from '../../i18n/i18n.ts';
import { defineLens } from '../../lens/define-lens.tsx';
import '../../../words/tally/tally.en.json';

export const TallyLens = defineLens<null>({
  legend: [{ label: 'tally.total', text: 'tally.totalText', rules: ['tally.sum'] }],
  useParts: () => {
    const t = useT();
    const frame = useFrame((state) => state.frame);
    if (frame === null) return null;
    const rows = viewsIn(frame, 'tally');
    return {
      keep: () => null,
      without: ['table', 'filter', 'frozen'],
      description: t('tally.described', { count: rows.length }),
      body: (
        <table className="list m-4">
          <thead>
            <tr>
              <th>{t('tally.node')}</th>
              <th className="n">{t('tally.entries')}</th>
              <th className="n">{t('tally.total')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ node, view }) => (
              <tr key={node}>
                <td className="mono">{node}</td>
                <td className="n">{view.entries}</td>
                <td className="n">{view.total}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ),
    };
  },
});
