// Icons of captions: one icon, one meaning.

import {
  ArchiveX,
  ArrowRightLeft,
  CircleCheck,
  FileText,
  KeyRound,
  Link,
  ListChecks,
  type LucideIcon,
  OctagonX,
  Puzzle,
  RotateCcw,
  Scissors,
  ScrollText,
  Terminal,
  TrendingUp,
  TriangleAlert,
  ZapOff,
} from 'lucide-react';
import type { CaptionIcon } from './caption-table.ts';

export const captionIcons: Readonly<Record<CaptionIcon, LucideIcon>> = {
  mark: TrendingUp,
  commit: CircleCheck,
  hole: TriangleAlert,
  ask: ArrowRightLeft,
  fill: Puzzle,
  page: FileText,
  drop: ArchiveX,
  token: KeyRound,
  recovery: ListChecks,
  cut: Scissors,
  heal: Link,
  down: ZapOff,
  up: RotateCcw,
  refused: OctagonX,
  client: Terminal,
  tape: ScrollText,
};
