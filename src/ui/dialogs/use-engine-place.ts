// Where the build of another engine lies on this site, once it has said so.

import { useEffect, useState } from 'react';
import { placeOf } from '../../lab/engine-place.ts';

/** Null: it is not kept, or not asked for. */
export function useEnginePlace(engine: string | null): string | null {
  const [found, setFound] = useState<{ readonly engine: string; readonly place: string | null } | null>(null);
  useEffect(() => {
    if (engine !== null) void placeOf(engine).then((place) => setFound({ engine, place }));
  }, [engine]);
  return found?.engine === engine ? found.place : null;
}
