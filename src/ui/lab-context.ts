// The lab that this page talks to. Components take it from here and give commands to nothing else.

import { createContext, useContext } from 'react';
import { assert } from '../base/assert.ts';
import type { Lab } from '../lab/api.ts';
import { makeViewNeeds, type ViewNeeds } from '../state/view-needs.ts';

export const LabContext = createContext<Lab | null>(null);

export function useLab(): Lab {
  const lab = useContext(LabContext);
  assert(lab !== null, 'a component that gives commands stands inside a lab');
  return lab;
}

const needsOf = new WeakMap<Lab, ViewNeeds>();

/** Where a lens or the inspector says what it shows of the nodes. */
export function useViewNeeds(): ViewNeeds {
  const lab = useLab();
  const known = needsOf.get(lab) ?? makeViewNeeds((params) => lab.setView(params));
  needsOf.set(lab, known);
  return known;
}
