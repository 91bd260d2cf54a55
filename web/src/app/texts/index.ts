import { board } from './board';
import { bulk } from './bulk';
import { gate } from './gate';
import { general } from './general';
import { pipelines } from './pipelines';
import { record } from './record';
import { work } from './work';

/**
 * Every text a person reads, in one place. A translation is another object of the type Texts; what depends on a number
 * or a name is a function, so that a language can order and inflect it in its own way.
 */
export const en = { ...general, ...gate, ...work, ...board, ...bulk, ...record, ...pipelines };

export type Texts = typeof en;

/** The texts in use. */
export const t: Texts = en;
