// Opening a lens from anywhere: in the first place of the right column, which comes forward.

import { type LensId, setSettings } from '../../state/settings-store.ts';

export const showLens = (id: LensId): void => setSettings({ lens: id, rightTab: 'lens', rightOpen: true });
