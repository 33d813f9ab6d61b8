// The lab elsewhere, in every engine: a presenter with an audience, an embed in a page of another site, a picture, and a stretch of time as a
// film where the engine encodes one, where not as GIF and frames.
import { deep } from '../support/deep.ts';
import { serveForeignPage } from '../support/foreign-page.ts';
import { act } from '../support/lab-page.ts';
import type { EnginePage } from './engine.ts';
import { expect, test } from './engine-fixture.ts';
import { command, pause, waitForLive } from './engine-page.ts';
