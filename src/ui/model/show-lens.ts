// Opening a lens from anywhere, or (null) the first of the run: in the first place of the right column, which comes forward.

import { type LensId, setSettings } from '../../state/settings-store.ts';

export const showLens = (id: LensId | null): void =>
  setSettings({ lens: id, rightTab: 'lens', rightOpen: true });
