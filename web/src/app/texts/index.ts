import { board } from './board';
import { bulk } from './bulk';
import { general } from './general';
import { record } from './record';
import { work } from './work';

/**
 * What people read, in one place. A translation is another object of the type Texts; what depends on a number
 * or a name is a function, so that a language can order and inflect it in its own way. What only one screen says that is
 * loaded when somebody goes there lies beside this, and is loaded with it: gate, pipelines, flow.
 */
export const en = { ...general, ...work, ...board, ...bulk, ...record };

export type Texts = typeof en;

/** The texts in use. */
export const t: Texts = en;
