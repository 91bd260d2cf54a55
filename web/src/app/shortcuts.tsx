import { Kbd } from '../ui/controls';
import { Dialog } from '../ui/overlays';
import { t } from './texts';
import css from './shell.module.css';

const s = t.shortcuts;
const groups = [
  [s.general, [['?', s.help], ['[', s.sidebar], ['A', s.activity], ['Esc', s.close]]],
  [s.onBoard, [['/', s.search], ['N', s.create], [s.arrows, s.walk], [s.enter, s.open], ['.', s.cardMenu], [s.space, s.lift]]],
  [s.choosing, [['X', s.choose], ['Shift ↑ ↓', s.reach], ['Ctrl A', s.chooseStage], ['B', s.bulk], ['Esc', s.chooseNothing]]],
  [s.inList, [[s.arrows, s.cells], [s.editOr, s.edit], ['Esc', s.giveUp], [s.space, s.open]]],
  [s.moving, [[s.arrows, s.place], [s.space, s.lift], ['Esc', s.giveUp]]],
] as const;

/** Shortcuts is the help sheet of the keyboard. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onClose={onClose} title={s.title}>
      {groups.map(([title, keys]) => (
        <section className={css.keys} key={title}>
          <h3>{title}</h3>
          <dl>
            {keys.map(([key, text]) => (
              <div key={key + text}>
                <dt>{text}</dt>
                <dd>
                  <Kbd>{key}</Kbd>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
